"""Format and lint checks of Python, scripts and styles; test installation of both locks."""

import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launcher.process import NETWORK_FAILURES, ROOT, VENV_PYTHON, WINDOWS
from launcher.venv import PROGRAM_LOCK, TEST_LOCK, install_command

CHECKS = (
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["biome", "format", "frontend"],
    ["oxlint", "--quiet", "frontend"],
)
PYTHONS = ("3.11", "3.12", "3.13")


def lint():
    """Run all checks, print the output of failed ones, and return their number."""
    failed = 0
    for name, *arguments in CHECKS:
        started = time.monotonic()
        program = str(VENV_PYTHON.with_name(name + (".exe" if WINDOWS else "")))
        done = subprocess.run(
            [program, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        verdict = "есть замечания" if done.returncode else "в порядке"
        print(f"{' '.join([name, *arguments])}: {verdict}, {time.monotonic() - started:.1f} с")
        if done.returncode:
            failed += 1
            print(done.stdout.decode("utf-8", "replace"))
    print(f"Проверок с замечаниями: {failed} из {len(CHECKS)}." if failed else "Все проверки пройдены.")
    return failed


def try_locks():
    """Install both locks into an empty environment of each available Python; return the number of failures."""
    with ThreadPoolExecutor(len(PYTHONS)) as pool:
        results = list(pool.map(_try_locks, PYTHONS))
    return results.count(False)


def _try_locks(version):
    """True if the locks can be installed; None if this machine lacks the version."""
    python, started = find_python(version), time.monotonic()
    if not python:
        print(f"Python {version}: на этом компьютере не найден, установка пакетов не проверена")
        return None
    with tempfile.TemporaryDirectory(prefix="technic-locks-") as folder:
        new_python = Path(folder) / VENV_PYTHON.relative_to(VENV_PYTHON.parent.parent)
        options = ["--no-cache-dir", "--no-compile"]
        for command in (
            [python, "-m", "venv", folder],
            install_command(new_python, PROGRAM_LOCK, TEST_LOCK) + options,
            [str(new_python), "-m", "pip", "--disable-pip-version-check", "check"],
        ):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                print(f"Python {version}: пакеты не устанавливаются{_reason(done.stdout.decode('utf-8', 'replace'))}")
                return False
    print(f"Python {version}: пакеты устанавливаются, {round(time.monotonic() - started)} с")
    return True


def _reason(output):
    network = ", нет связи с хранилищем пакетов" if NETWORK_FAILURES.search(output) else ""
    return f"{network}\n{output[-3000:]}"


def find_python(version):
    """Return the path of a working Python of this version, or None."""
    paths = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    for path in [str(path) for path in paths if path]:
        # pyenv puts shims of versions on the PATH that it cannot start.
        probe = [path, "-c", "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(probe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.stdout.decode("ascii", "replace").strip() == version:
            return path
    return None
