"""`run.py` from its user's view: real starts in a copy of the project, real signals and messages."""

import ast
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from importlib import metadata
from pathlib import Path

import psutil
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from launcher import checks, commands, venv

ROOT = Path(run.__file__).parent
NOT_COPIED = (".git", ".venv", "venv", ".env", "instance", "logs", "__pycache__", "*_cache", ".hypothesis")

posix_only = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")


def copy_project(folder):
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    return folder


@pytest.fixture(scope="module")
def project():
    """A copy of the project that shares our packages, so that nothing is reinstalled."""
    with tempfile.TemporaryDirectory(prefix="technic-") as folder:
        project = copy_project(Path(folder) / "p")
        (project / ".venv").symlink_to(sys.prefix, target_is_directory=True)
        yield project


@pytest.fixture
def bare_project():
    """A copy without a virtual environment."""
    with tempfile.TemporaryDirectory(prefix="technic-") as folder:
        yield copy_project(Path(folder) / "p")


def environment(**more):
    ours = {"DATABASE_URL", "HOST", "PORT", "FLASK_ENV", "SECRET_KEY", "DEBUG", "CHROMIUM", "CHROMIUM_PATH"}
    return {name: value for name, value in os.environ.items() if name not in ours} | more


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_to_the_end(project, *arguments, **env):
    """Run `run.py` with a Python without packages, as a user does."""
    return subprocess.run(
        [sys._base_executable, "run.py", *arguments],
        cwd=project,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
    )


class Shop:
    """A started `run.py` in a new terminal; always stopped at the end."""

    def __init__(self, project, demo=False, port=None, **env):
        self.project = project
        self.env = env
        self.arguments = [] if demo else ["--no-demo"]
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = Path(f"{project}-{time.monotonic_ns()}.log")

    def __enter__(self):
        with self.log.open("wb") as log:
            self._start(log)
        try:
            self.wait_for("Техник работает")
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, log):
        self.process = subprocess.Popen(
            [sys._base_executable, "run.py", *self.arguments],
            cwd=self.project,
            env=environment(PORT=str(self.port), WEB_CONCURRENCY="1", **self.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.ctrl_c()

    @property
    def output(self):
        return self.log.read_text("utf-8")

    def wait_for(self, words):
        deadline = time.monotonic() + 60
        while words not in self.output:
            assert self.process.poll() is None and time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def signal(self, number):
        """Send a signal to the terminal's foreground process group, and return the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(60)

    def ctrl_c(self):
        return self.signal(signal.SIGINT)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            return json.load(response)

    def sign_in(self, email, password):
        body = json.dumps({"email": email, "password": password}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + "/api/auth/login", body, headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status

    def accounts(self):
        return re.findall(r"^  (Клиент|Мастер|Менеджер|Администратор) +(\S+@\S+) +(\S+)$", self.output, re.M)


def processes_of(project):
    """Command lines of the running processes of this copy: program, gunicorn, PostgreSQL."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        at_home = (process.info["cwd"] or "").startswith(str(project))
        if process.info["status"] != psutil.STATUS_ZOMBIE and (at_home or str(project) in words):
            found.append(words)
    return found


@posix_only
def test_two_starts_keep_the_shop(project):
    with Shop(project, demo=True) as first:
        assert first.get("/api/health")
        roles = [role for role, _, _ in first.accounts()]
        assert {"Клиент", "Мастер", "Менеджер", "Администратор"} <= set(roles)
        assert first.output.count("Техник работает: " + first.url) == 1
        assert first.ctrl_c() == 0
        assert "Traceback" not in first.output
    assert processes_of(project) == []

    started = time.monotonic()
    with Shop(project, demo=True) as second:
        assert time.monotonic() - started < 30
        assert second.accounts() == []
        for _, email, password in first.accounts():
            assert second.sign_in(email, password) == 200
            assert password not in second.output


@posix_only
def test_settings_file_is_private_and_kept(project):
    with Shop(project):
        pass
    env = project / ".env"
    written = env.read_text("utf-8")
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert "your-secret-key" not in re.search(r"(?m)^SECRET_KEY=(.*)$", written)[1]
    with Shop(project):
        assert env.read_text("utf-8") == written


@posix_only
def test_locale_and_time_zone_of_the_machine_do_not_matter(project):
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Kiritimati"}
    with Shop(project, **plain) as shop:
        assert shop.get("/api/health")
        assert shop.ctrl_c() == 0
        assert "Останавливаю" in shop.output
    done = run_to_the_end(project, "--prot", "5000", **plain)
    assert "Таких параметров нет" in done.stderr


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_stop_is_orderly(project, number):
    with Shop(project) as shop:
        assert shop.signal(number) == 0
        assert "Traceback" not in shop.output
    assert processes_of(project) == []


@posix_only
def test_impatient_second_ctrl_c_leaves_nothing_running(project):
    with Shop(project) as shop:
        os.killpg(shop.process.pid, signal.SIGINT)
        shop.wait_for("Останавливаю")
        assert shop.ctrl_c() == 0
        assert "Traceback" not in shop.output
    assert processes_of(project) == []


@posix_only
def test_start_after_kill_9(project):
    with Shop(project) as killed:
        killed.process.kill()
        killed.process.wait()
        with Shop(project, port=killed.port) as shop:
            assert shop.get("/api/health")
    assert processes_of(project) == []


@posix_only
def test_dead_server_is_told_and_its_database_stopped(project):
    with Shop(project) as shop:
        for child in psutil.Process(shop.process.pid).children():
            child.kill()
        assert shop.process.wait(60) == 1
        assert "Сервер остановился сам" in shop.output
        assert "Traceback" not in shop.output
    assert [words for words in processes_of(project) if "postgres" in words] == []


@posix_only
def test_neighbour_keeps_the_database_of_the_first(project):
    with Shop(project) as first:
        with Shop(project) as second:
            assert first.ctrl_c() == 0
            assert second.get("/api/health")
        assert processes_of(project) == []


def test_taken_port_is_one_sentence(project):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_to_the_end(project, "--port", str(port))
    assert done.returncode == 1
    assert f"Порт {port} занят другой программой. Укажите свободный: python3 run.py --port {port + 1}\n" == done.stderr
    assert processes_of(project) == []


def test_address_of_another_computer_is_one_sentence(project):
    done = run_to_the_end(project, "--host", "192.0.2.1")
    assert done.returncode == 1
    assert done.stderr.startswith("Адрес 192.0.2.1 не принадлежит этому компьютеру.")


def test_database_that_does_not_answer_is_one_sentence(project):
    nobody = f"postgresql://shop:secret-word@127.0.0.1:{free_port()}/technic_db"
    done = run_to_the_end(project, PORT=str(free_port()), DATABASE_URL=nobody)
    assert done.returncode == 1
    assert "Нет связи с базой данных" in done.stderr
    assert "Traceback" not in done.stderr and "secret-word" not in done.stderr


def test_unknown_parameter_shows_the_help(project):
    done = run_to_the_end(project, "--prot", "5000")
    assert done.returncode == 1
    assert "Таких параметров нет" in done.stderr and "--port" in done.stderr


def test_any_python_3_can_read_the_file_and_hear_that_a_newer_is_needed():
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 6))
    with pytest.raises(SystemExit, match=r"Нужен Python 3\.11 или новее, а это 3\.8"):
        run._check_python((3, 8, 10, "final", 0))
    run._check_python((3, 11, 0, "final", 0))


def test_missing_venv_module_is_one_sentence_with_the_remedy(bare_project):
    (bare_project / "ensurepip.py").write_text("raise ImportError('as in Debian without python3-venv')")
    done = run_to_the_end(bare_project)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (bare_project / ".venv").exists()


def test_no_network_is_one_sentence(bare_project):
    nowhere = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple", "PIP_CONFIG_FILE": os.devnull}
    done = run_to_the_end(bare_project, **nowhere, PIP_FIND_LINKS="", PIP_NO_INDEX="")
    assert done.returncode == 1
    assert done.stderr.startswith("Нет связи с хранилищем пакетов")
    assert len(done.stderr.splitlines()) == 1


def test_changed_lock_is_installed_again(tmp_path, monkeypatch):
    monkeypatch.setattr(venv, "VENV", tmp_path)
    lock = tmp_path / "requirements.txt"
    lock.write_text("flask==3.1.3\n")
    assert not venv._is_installed(lock)
    venv._marker(lock).write_text(venv._fingerprint(lock))
    assert venv._is_installed(lock)
    lock.write_text("flask==3.1.4\n")
    assert not venv._is_installed(lock)


def test_locks_carry_no_registry_address():
    for lock in (venv.PROGRAM_LOCK, venv.TEST_LOCK):
        text = lock.read_text("utf-8")
        assert "://" not in text and "--index-url" not in text and "--hash=sha256:" in text


def test_locks_name_the_extras_that_packages_ask_for():
    """Without `pydantic[email]` in the lock, pip looks for its newest release, and refuses it without a hash."""
    text = "".join(lock.read_text("utf-8") for lock in (venv.PROGRAM_LOCK, venv.TEST_LOCK))
    locked = [Requirement(line) for line in re.findall(r"^([\w.\[\],-]+==\S+)", text, re.M)]
    extras = {canonicalize_name(package.name): package.extras for package in locked}
    asked = {
        (canonicalize_name(wanted.name), extra)
        for package in locked
        for wanted in map(Requirement, _requires(package.name))
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        for extra in wanted.extras
    }
    assert asked and [(name, extra) for name, extra in asked if extra not in extras.get(name, ())] == []


def _requires(name):
    """Requirements of an installed package that apply to this system."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def test_pytest_gets_the_arguments_and_gives_the_exit_code(project):
    done = run_to_the_end(project, "test", "--version")
    assert done.returncode == 0 and "pytest 9" in done.stdout + done.stderr
    assert run_to_the_end(project, "test", "tests/no_such_test.py").returncode == 4


def test_tests_without_a_browser_fail_aloud(project, tmp_path):
    done = run_to_the_end(project, "test", "--version", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "Для тестов нужен браузер" in done.stderr and "apt install chromium" in done.stderr


def test_wrong_browser_is_told(project):
    done = run_to_the_end(project, "test", "--version", CHROMIUM="no-such-browser")
    assert done.returncode == 1
    assert "no-such-browser" in done.stderr


def arguments_of_pytest(monkeypatch, *arguments):
    """What pytest gets for `run.py test` with these arguments."""
    given = []
    monkeypatch.setattr(commands, "_become_tool", lambda module, arguments: given.extend(arguments))
    commands.test(list(arguments))
    return given


@pytest.mark.parametrize("arguments", [[], ["-x"], ["--durations=60", "-v"], ["--rounds=20", "--zones"]], ids=str)
def test_all_tests_run_in_lanes(monkeypatch, arguments):
    assert arguments_of_pytest(monkeypatch, *arguments) == ["--numprocesses=2", "--quiet", *arguments]


@pytest.mark.parametrize(
    "arguments", [["tests/models"], ["-k", "role"], ["--version"], ["-x", "tests/models"]], ids=str
)
def test_part_of_the_tests_runs_in_one_process(monkeypatch, arguments):
    assert arguments_of_pytest(monkeypatch, *arguments) == arguments


def test_check_shows_what_is_wrong_and_fails(monkeypatch, capsys):
    good, bad = ["python", "-c", "print('fine')"], ["python", "-c", "raise SystemExit('E501 line too long')"]
    monkeypatch.setattr(checks, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setattr(commands, "prepare_venv", lambda *locks: None)
    monkeypatch.setattr(checks, "CHECKS", [good, bad, good])
    assert commands.check([]) == 1
    shown = capsys.readouterr().out
    assert shown.count("в порядке") == 2 and "есть замечания" in shown
    assert "E501 line too long" in shown and "fine" not in shown.replace("print('fine')", "")
    assert shown.endswith("Проверок с замечаниями: 1 из 3.\n")
    monkeypatch.setattr(checks, "CHECKS", [good])
    assert commands.check([]) == 0


def test_lock_that_cannot_be_installed_fails_and_a_missing_python_is_named(monkeypatch, tmp_path, capsys):
    lock = tmp_path / "requirements.txt"
    lock.write_text("nothing==1 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(checks, "PROGRAM_LOCK", lock)
    monkeypatch.setattr(checks, "find_python", {"3.12": sys._base_executable}.get)
    assert commands.locks([]) == 1
    lines = sorted(line for line in capsys.readouterr().out.splitlines() if line.startswith("Python "))
    absent = "на этом компьютере не найден, установка пакетов не проверена"
    assert lines == [f"Python 3.11: {absent}", "Python 3.12: пакеты не устанавливаются", f"Python 3.13: {absent}"]


def test_python_is_found_by_its_version_and_only_if_it_starts():
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = checks.find_python(version)
    if found:
        shown = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
        assert shown.startswith(f"Python {version}.")
    assert checks.find_python("3.99") is None
