"""Processes, signals and start errors, shared by the launcher's modules."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
VENV_PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

NETWORK_FAILURES = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries"
    "|Temporary failure (in name resolution|resolving)|Network is unreachable|Could not connect|Connection reset"
)


class Stop(Exception):
    """The start cannot continue; the text gives the reason and an instruction in Russian."""


def run_logged(title, command, log):
    """Run a long command with its output in `log`, show the elapsed seconds, return its exit code."""
    started = time.monotonic()
    terminal = sys.stdout.isatty()
    print(title + "…", end="" if terminal else "\n", flush=True)
    # With root's umask 077 PostgreSQL's account could not read the installed packages.
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


def explain_failure(log, otherwise):
    """Raise `Stop` for a failed command; network failures, found in its log, have their own text."""
    if NETWORK_FAILURES.search(log.read_text(encoding="utf-8", errors="replace")):
        raise Stop(
            "Нет связи с хранилищем пакетов: проверьте интернет (или настройки прокси) "
            f"и запустите снова. Подробности: {log}"
        )
    raise Stop(f"{otherwise} Подробности: {log}")


def become(command, environment, folder=None):
    """Replace this process by `command`; on Windows run it, wait and return its exit code."""
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


def on_signals(handler):
    """Handle a stop by the system and a closed terminal like Ctrl-C."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)
