#!/usr/bin/env python3
"""Technic by one command: `python3 run.py` serves the shop, `python3 run.py test` runs its tests.

`python3 run.py screenshots` takes pictures of all pages.

Only the standard library is imported here, and nothing newer than Python 3.6 is written here: any Python 3
must be able to say that a newer one is needed. The rest runs in `.venv`, where this file starts itself again.
"""

import argparse
import contextlib
import ctypes
import errno
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

MIN_PYTHON = (3, 11)
PROGRAM_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-test.txt"

# A server that was killed a moment ago may still hold the port.
PORT_PATIENCE_S = 3
HEALTHY_WITHIN_S = 60
# The workers' graceful time (gunicorn.conf.py) and some more.
STOP_WITHIN_S = 15

HELP = """Техник — заявки на ремонт бытовой техники.

  python3 run.py                    запустить программу (всё нужное установится само)
      --host АДРЕС                  на каком адресе отвечать, обычно 127.0.0.1 (или переменная HOST)
      --port ПОРТ                   на каком порту отвечать, обычно 5000 (или переменная PORT)
      --no-demo                     не заполнять пустую базу примером мастерской
  python3 run.py test [ПАРАМЕТРЫ]   запустить тесты; параметры передаются pytest
  python3 run.py screenshots [ПАПКА]  снять все страницы на примере мастерской, обычно в папку screenshots
"""

BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)

NETWORK_FAILURES = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries"
    "|Temporary failure (in name resolution|resolving)|Network is unreachable|Could not connect|Connection reset"
)


class Stop(Exception):
    """We cannot go on; the text tells the user in Russian why and what to do."""


def main(arguments):
    """Run one command and return the exit code of the process."""
    _print_utf8()
    try:
        _check_python(sys.version_info)
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        if arguments[:1] == ["screenshots"]:
            return screenshots(arguments[1:])
        return serve(arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"Нет прав на «{error.filename}»: запустите от имени владельца папки {ROOT}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nПрервано.", file=sys.stderr)
        return 130


def serve(arguments):
    """Install what is missing, then serve the shop until Ctrl-C."""
    options = _options(arguments)
    _prepare_venv(PROGRAM_LOCK)
    _write_env_file()
    if not _in_venv():
        return _become([str(VENV_PYTHON), str(ROOT / "run.py"), *arguments], os.environ)
    settings = _settings(options)
    host, port = settings["HOST"], settings["PORT"]
    _check_port(host, port)
    _on_signals(signal.default_int_handler)
    with _database(settings["DATABASE_URL"]) as embedded:
        _prepare_shop(demo=embedded and not options["no_demo"])
        return _serve_until_ctrl_c(host, port)


def test(arguments):
    """Install what the tests need, a browser too, and run pytest."""
    return _become_tool("pytest", arguments)


def screenshots(arguments):
    """Install the same, and take pictures of all pages of a demo shop into a folder."""
    folder = [str(Path(argument).absolute()) for argument in arguments[:1]]
    return _become_tool("tools.screenshots", folder)


def _become_tool(module, arguments):
    _prepare_venv(PROGRAM_LOCK, TEST_LOCK)
    browser = _browser()
    return _become([str(VENV_PYTHON), "-m", module, *arguments], dict(os.environ, CHROMIUM_PATH=browser), ROOT)


# What the user types and reads


def _print_utf8():
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def _check_python(version):
    if tuple(version[:2]) < MIN_PYTHON:
        raise Stop(
            "Нужен Python {}.{} или новее, а это {}.{}. "
            "Установите его и запустите снова, например: python3.12 run.py".format(*MIN_PYTHON, *version[:2])
        )


def _options(arguments):
    """Return the options of `serve` as a dict; print the help and leave where it is asked for."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--host")
    parser.add_argument("--port")
    parser.add_argument("--no-demo", action="store_true")
    parser.error = _unknown_arguments
    options = vars(parser.parse_args(arguments))
    if options["help"]:
        print(HELP)
        sys.exit(0)
    return options


def _unknown_arguments(_message):
    raise Stop("Таких параметров нет.\n\n" + HELP)


def _run_logged(title, command, log):
    """Run a long command with its output in `log`, show the seconds that pass, return its exit code."""
    started = time.monotonic()
    terminal = sys.stdout.isatty()
    print(title + "…", end="" if terminal else "\n", flush=True)
    # Root's umask may be 077, and the account that runs PostgreSQL has to read what is installed here.
    umask = {} if WINDOWS else {"umask": 0o022}
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT, **umask
        )
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1 if terminal else 15)
            seconds = round(time.monotonic() - started)
            print(f"\r{title}… {seconds} с" if terminal else f"  {seconds} с", end="" if terminal else "\n", flush=True)
    if terminal:
        print()
    return process.returncode


# The virtual environment


def _in_venv():
    return VENV.exists() and Path(sys.prefix).resolve() == VENV.resolve()


def _prepare_venv(*locks):
    """Bring .venv to the locked packages; where it already is, touch nothing."""
    if not _in_venv() and not _venv_works():
        _create_venv()
    if any(not _is_installed(lock) for lock in locks):
        _install(locks)


def _venv_works():
    """Say whether .venv was made to its end and its Python is still the one it was made with."""
    if not VENV_PYTHON.exists():
        return False
    probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    return subprocess.call([str(VENV_PYTHON), "-c", probe], stderr=subprocess.DEVNULL) == 0


def _create_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Stop(
            "В этом Python нет модуля venv. Установите его командой apt install python3-venv "
            "и запустите программу снова."
        ) from None
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    log = ROOT / "instance" / "install.log"
    log.parent.mkdir(exist_ok=True)
    if _run_logged("Создаю окружение .venv", command, log):
        raise Stop(f"Не удалось создать .venv. Подробности: {log}")


def _marker(lock):
    return VENV / (lock.name + ".installed")


def _fingerprint(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_installed(lock):
    marker = _marker(lock)
    return marker.exists() and marker.read_text(encoding="ascii") == _fingerprint(lock)


def _install(locks):
    log = VENV / "install.log"
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input"]
    command += ["--disable-pip-version-check", "--retries=2", "--timeout=30"]
    for lock in locks:
        command += ["-r", str(lock)]
    if _run_logged("Устанавливаю пакеты", command, log):
        _explain_failure(log, "Не удалось установить пакеты.")
    for lock in locks:
        _marker(lock).write_text(_fingerprint(lock), encoding="ascii")


def _explain_failure(log, otherwise):
    if NETWORK_FAILURES.search(log.read_text(encoding="utf-8", errors="replace")):
        raise Stop(
            "Нет связи с хранилищем пакетов: проверьте интернет (или настройки прокси) "
            f"и запустите снова. Подробности: {log}"
        )
    raise Stop(f"{otherwise} Подробности: {log}")


def _become(command, environment, folder=None):
    """Let this process become `command`; Windows cannot, there we wait for it and return its code."""
    if folder:
        os.chdir(folder)
    if WINDOWS:
        return _wait_past_ctrl_c(subprocess.Popen(command, env=environment))
    sys.stdout.flush()
    return os.execve(command[0], command, environment)


def _wait_past_ctrl_c(process):
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


# Settings, port, database


def _write_env_file():
    """Write .env from its example with a secret key of its own, unless there is one."""
    target = ROOT / ".env"
    if target.exists():
        return
    key = "SECRET_KEY=" + secrets.token_urlsafe(48)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^SECRET_KEY=.*$", key, example)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    print("Создан файл настроек .env со случайным SECRET_KEY.")


def _settings(options):
    from config import ConfigError, load_settings

    given = {name.upper(): options[name] for name in ("host", "port") if options[name] is not None}
    try:
        return load_settings(given)
    except ConfigError as error:
        raise Stop(str(error)) from None


def _check_port(host, port):
    """Take the port for a moment: a taken one must be said before anything is started."""
    deadline = time.monotonic() + PORT_PATIENCE_S
    while True:
        try:
            return _bind(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise Stop(_port_problem(host, port, error)) from None
        time.sleep(0.2)


def _bind(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if not WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _port_problem(host, port, error):
    if error.errno == errno.EADDRINUSE:
        return f"Порт {port} занят другой программой. Укажите свободный: python3 run.py --port {port + 1}"
    if isinstance(error, PermissionError):
        return f"Порт {port} доступен только администратору. Укажите другой: python3 run.py --port 5000"
    return f"Адрес {host} не принадлежит этому компьютеру. Укажите другой: python3 run.py --host 127.0.0.1"


@contextlib.contextmanager
def _database(url):
    """Hold the database while we serve; yield whether it is the embedded one."""
    if url:
        yield False
        return
    from config import INSTANCE_DIR
    from embedded_server import EmbeddedServer, EmbeddedServerError

    try:
        with EmbeddedServer(INSTANCE_DIR / "postgres") as server:
            # Whoever is started from here finds the server by its address.
            os.environ["DATABASE_URL"] = server.url()
            yield True
    except EmbeddedServerError as error:
        raise Stop(str(error)) from None


def _prepare_shop(demo):
    """Bring the schema up to date and fill an empty shop with its example."""
    from sqlalchemy.exc import OperationalError

    from app import create_app
    from database import init_db

    try:
        app = create_app()
        init_db(app)
        if demo:
            with app.app_context():
                _fill_empty_shop()
    except OperationalError as error:
        raise Stop(f"Нет связи с базой данных, проверьте DATABASE_URL в .env: {error.orig}") from None


def _fill_empty_shop():
    from database import db
    from models.user import User
    from services import demo_service

    if db.session.query(User.user_id).first():
        return
    print("Заполняю пустую базу примером мастерской…")
    accounts = demo_service.fill()
    print("Учётные записи примера; пароли показаны один раз, запишите их:")
    width = max(len(account.email) for account in accounts)
    for account in accounts:
        print(f"  {account.user_type:<14} {account.email:<{width}}  {account.password}")


# The server


def _serve_until_ctrl_c(host, port):
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    process = subprocess.Popen(_server_command(address), cwd=ROOT, **_own_group())
    try:
        shown = _wait_until_healthy(process, host, port)
        print(f"Техник работает: {shown} (Ctrl-C — остановить)")
        process.wait()
        raise Stop(f"Сервер остановился сам, код {process.returncode}. Подробности выше и в журнале logs/.")
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # The terminal may be closed already.
            print("\nОстанавливаю…")
        return 0
    finally:
        # A second, impatient Ctrl-C must not interrupt this: the database would be left running.
        _on_signals(signal.SIG_IGN)
        _stop(process)


def _server_command(address):
    if WINDOWS:
        # Else waitress takes away what a proxy says of the caller before `middleware/trusted_proxy.py` reads it.
        options = [f"--listen={address}", "--no-clear-untrusted-proxy-headers"]
        return [sys.executable, "-m", "waitress", *options, "--call", "app:create_app"]
    return [
        sys.executable, "-m", "gunicorn", "--bind", address, "--log-level", "warning", "app:create_app()"
    ]  # fmt: skip


def _own_group():
    """Keep Ctrl-C in the terminal from the server: we stop it ourselves, before its database."""
    if WINDOWS:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True, "preexec_fn": _die_with_parent}


def _die_with_parent():
    """Ask Linux to end the server when we are killed: else it would hold the port against the next start."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option:
        pr_set_pdeathsig = 1
        set_option(pr_set_pdeathsig, signal.SIGQUIT)


def _wait_until_healthy(process, host, port):
    """Return the address to show once the program answers there."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    url = f"http://{shown}:{port}"
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Stop(f"Сервер не запустился, код {process.returncode}. Подробности выше.")
        if _answers(url + "/api/health"):
            return url
        time.sleep(0.1)
    raise Stop(f"Программа не ответила за {HEALTHY_WITHIN_S} с. Подробности в журнале logs/.")


def _answers(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _stop(process):
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _on_signals(handler):
    """Treat a stop by the system and a closed terminal as Ctrl-C is treated."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)


# The browser of the tests


def _browser():
    """Return the path of the browser for the tests; install what is missing for it."""
    missing = _missing_packages()
    if missing:
        _apt_install(missing)
        if _missing_packages():
            raise Stop("Браузер из apt не запускается. " + _browser_remedy(missing))
    return _find_browser()


def _missing_packages():
    """Return the Debian packages without which no page can be driven."""
    missing = [] if _find_browser() else ["chromium"]
    # The driver of Playwright needs this library, which a small Debian does not have.
    driver = [str(VENV_PYTHON), "-m", "playwright", "--version"]
    if subprocess.run(driver, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        missing.append("libatomic1")
    return missing


def _browser_remedy(missing):
    packages = " ".join(missing)
    return f"Установите Chromium или Google Chrome (в Debian: apt install {packages}) и запустите снова."


def _find_browser():
    """Return the path of a Chromium or Chrome that starts, or None."""
    wanted = os.environ.get("CHROMIUM")
    for name in [wanted] if wanted else BROWSER_NAMES:
        path = shutil.which(name)
        if path and _browser_starts(path):
            return path
    if wanted:
        raise Stop(f"Браузер из переменной CHROMIUM не запускается: {wanted}")
    return None


def _browser_starts(path):
    """Weed out Ubuntu's `chromium-browser`, which only tells to install a snap."""
    if WINDOWS:  # There it would open a window.
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _apt_install(packages):
    remedy = _browser_remedy(packages)
    if not shutil.which("apt-get") or not _may_install():
        raise Stop("Для тестов нужен браузер. " + remedy)
    log = VENV / "browser.log"
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    for title, command in (
        ("Обновляю списки apt", ["update"]),
        ("Ставлю браузер для тестов", ["install", *packages]),
    ):
        if _run_logged(title, apt + command, log):
            _explain_failure(log, "Не удалось установить браузер. " + remedy)


def _may_install():
    if os.geteuid() == 0:
        return True
    sudo = shutil.which("sudo")
    return bool(sudo) and subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
