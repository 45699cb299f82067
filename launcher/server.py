"""The server process: port, start, first answer and stop."""

import contextlib
import ctypes
import errno
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from launcher.process import ROOT, WINDOWS, Stop, on_signals

# A server killed a moment ago may still hold the port.
PORT_TIMEOUT_S = 3
HEALTHY_WITHIN_S = 60
# More than the workers' graceful time (gunicorn.conf.py).
STOP_WITHIN_S = 15


def check_port(host, port):
    """Probe the port first, to report «in use» before starting anything."""
    deadline = time.monotonic() + PORT_TIMEOUT_S
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


def serve_until_ctrl_c(host, port):
    """Run the server until Ctrl-C; raise `Stop` if it exits by itself."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    process = subprocess.Popen(_server_command(address), cwd=ROOT, **_own_group())
    try:
        shown = _wait_until_healthy(process, host, port)
        print(f"Техник работает: {shown} (Ctrl-C — остановить)")
        process.wait()
        raise Stop(f"Сервер остановился сам, код {process.returncode}. Подробности выше и в журнале logs/.")
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # The terminal may be closed.
            print("\nОстанавливаю…")
        return 0
    finally:
        # A second Ctrl-C must not interrupt the stop: the database would keep running.
        on_signals(signal.SIG_IGN)
        _stop(process)


def _server_command(address):
    if WINDOWS:
        # Otherwise waitress removes the proxy's headers before `middleware/trusted_proxy.py` reads them.
        options = [f"--listen={address}", "--no-clear-untrusted-proxy-headers"]
        return [sys.executable, "-m", "waitress", *options, "--call", "app:create_app"]
    return [
        sys.executable, "-m", "gunicorn", "--bind", address, "--log-level", "warning", "app:create_app()"
    ]  # fmt: skip


def _own_group():
    """Protect the server from Ctrl-C in the terminal: this process stops it before the database."""
    if WINDOWS:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True, "preexec_fn": _die_with_parent}


def _die_with_parent():
    """On Linux, end the server when this process is killed: it would block the port for the next start."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option:
        pr_set_pdeathsig = 1
        set_option(pr_set_pdeathsig, signal.SIGQUIT)


def _wait_until_healthy(process, host, port):
    """Return the URL to show, once the program answers."""
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
