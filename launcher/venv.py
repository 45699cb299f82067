"""Virtual environment `.venv` with the locked packages."""

import hashlib
import subprocess
import sys
from pathlib import Path

from launcher.process import ROOT, VENV, VENV_PYTHON, Stop, explain_failure, run_logged

PROGRAM_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "requirements-test.txt"


def in_venv():
    """True if this process runs with the Python of `.venv`."""
    return VENV.exists() and Path(sys.prefix).resolve() == VENV.resolve()


def prepare_venv(*locks):
    """Install the locked packages into .venv, if they are not there yet."""
    if not in_venv() and not _venv_works():
        _create_venv()
    if any(not _is_installed(lock) for lock in locks):
        _install(locks)


def _venv_works():
    """True if .venv was created completely and its Python still works."""
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
    if run_logged("Создаю окружение .venv", command, log):
        raise Stop(f"Не удалось создать .venv. Подробности: {log}")


def _marker(lock):
    return VENV / (lock.name + ".installed")


def _fingerprint(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_installed(lock):
    marker = _marker(lock)
    return marker.exists() and marker.read_text(encoding="ascii") == _fingerprint(lock)


def install_command(python, *locks):
    """Return pip's command that installs exactly the locked packages.

    Wheels only: to build a package, pip would fetch the newest build tools, which no lock pins.
    """
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--retries=2", "--timeout=30"]
    for lock in locks:
        command += ["-r", str(lock)]
    return command


def _install(locks):
    log = VENV / "install.log"
    if run_logged("Устанавливаю пакеты", install_command(VENV_PYTHON, *locks), log):
        explain_failure(log, _why_not_installed(log))
    for lock in locks:
        _marker(lock).write_text(_fingerprint(lock), encoding="ascii")


def _why_not_installed(log):
    if "No matching distribution found" in log.read_text(encoding="utf-8", errors="replace"):
        return "Для этого Python на этой системе нет готовых пакетов. Попробуйте другой, например: python3.12 run.py."
    return "Не удалось установить пакеты."
