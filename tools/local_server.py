"""The real server on a local port, for tests and tools."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

from config import ROOT

SECRET_KEY = "only-for-tests-" + "0123456789abcdef" * 3


def run_server(settings, port=None, root=ROOT, **extra):
    """Start the program in `root` as an administrator would; return its `.url` and `.process`."""
    port = port or free_port()
    environment = os.environ | {name: str(value) for name, value in settings.items() if name != "TESTING"}
    environment |= {"HOST": "127.0.0.1", "PORT": str(port)} | extra
    process = subprocess.Popen(_serve_command(port), cwd=root, env=environment, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    _wait_until_it_answers(url, process)
    return SimpleNamespace(url=url, process=process)


def stop_server(server):
    """Stop a server of `run_server` and wait until it exits."""
    server.process.terminate()
    server.process.wait(timeout=30)


def free_port():
    """Return a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve_command(port):
    if sys.platform == "win32":
        return [sys.executable, "-m", "waitress", "--listen", f"127.0.0.1:{port}", "--call", "app:create_app"]
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]


def _wait_until_it_answers(url, process):
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(url + "/api/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
