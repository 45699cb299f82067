"""Processes, signals and the sentence that ends a start: what all parts of the launcher use."""

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
    """We cannot go on; the text tells the user in Russian why and what to do."""


def run_logged(title, command, log):
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


def explain_failure(log, otherwise):
    """Raise `Stop` for a command that failed: a network failure in its log has a text of its own."""
    if NETWORK_FAILURES.search(log.read_text(encoding="utf-8", errors="replace")):
        raise Stop(
            "Нет связи с хранилищем пакетов: проверьте интернет (или настройки прокси) "
            f"и запустите снова. Подробности: {log}"
        )
    raise Stop(f"{otherwise} Подробности: {log}")


def become(command, environment, folder=None):
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


def on_signals(handler):
    """Treat a stop by the system and a closed terminal as Ctrl-C is treated."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)
