"""The real server on a free port, with its CPU and memory usage."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench import client
from bench.scale import WORKERS

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
HEALTH = client.get("/api/health")


class Server:
    """One gunicorn with `gunicorn.conf.py` and 2 workers; `program` is the WSGI app's import path."""

    def __init__(self, program, environment, folder):
        self.program = program
        self.port = _free_port()
        self._log = Path(folder) / f"server-{self.port}.log"
        given = {"HOST": "127.0.0.1", "PORT": str(self.port), "WEB_CONCURRENCY": str(WORKERS)}
        given |= {"LOG_FILE": str(self._log.with_suffix(".requests.log")), "DEBUG": "False", "TRUSTED_PROXIES": ""}
        self._environment = os.environ | environment | given
        self._process = None

    def __enter__(self):
        """Launch it without waiting, so that several servers can start in parallel."""
        self._launch()
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self, call):
        """Start it; return the seconds until `call` is first answered with 200. Raises RuntimeError."""
        begun = time.monotonic()
        self._launch()
        self.wait(call)
        return time.monotonic() - begun

    def _launch(self):
        command = [sys.executable, "-m", "gunicorn", self.program]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, call=HEALTH):
        """Wait until it answers a call with 200. Raises RuntimeError."""
        begun = time.monotonic()
        while not client.answers(self.port, call):
            if self._process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(f"{self.program} does not answer:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.01)
        self.workers()

    def stop(self):
        """Stop it by SIGTERM; kill its process group if it does not exit."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def workers(self):
        """Worker processes, after all have started."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            children = psutil.Process(self._process.pid).children()
            if len(children) == WORKERS:
                return children
            time.sleep(0.05)
        raise RuntimeError(f"{self.program} has not {WORKERS} workers")

    def cpu(self):
        """CPU seconds (user and system) used by the workers."""
        return sum(_seconds(worker) for worker in self.workers())

    def memory(self):
        """Proportional set size (PSS) of each worker, KiB: shared pages are divided among processes."""
        return [worker.memory_full_info().pss / 1024 for worker in self.workers()]

    def resident(self):
        """Resident set size (RSS) of each worker, MiB: shared pages count fully."""
        return [worker.memory_info().rss / 2**20 for worker in self.workers()]

    def balanced(self, number):
        """Open `number` connections spread evenly over the workers, by suspending all but one at a time."""
        workers = self.workers()
        connections = []
        for worker in workers:
            with _suspended([other for other in workers if other != worker]):
                connections += [self._served() for _ in range(number // len(workers))]
        return connections

    def _served(self):
        connection = client.Connection(self.port)
        connection.call(HEALTH)
        return connection


@contextmanager
def _suspended(processes):
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


class PostgresMeter:
    """CPU seconds of all processes of a PostgreSQL server; None if it is on another machine."""

    def __init__(self, pid):
        self._process = psutil.Process(pid) if pid else None

    def cpu(self):
        if self._process is None:
            return None
        ended = self._process.cpu_times()
        return sum(map(_seconds, self._process.children())) + ended.children_user + ended.children_system


def _seconds(process):
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
