"""A shop for fault injection: a durable PostgreSQL and the real server, in one folder."""

import signal
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2

from app import create_app
from database import db, init_db
from postgres.embedded_server import SUPERUSER, EmbeddedServer, EmbeddedServerError
from tests.kit.factories import Factory
from tools.local_server import SECRET_KEY, free_port, run_server

WORKERS = 2
TIMEOUT_S = 60
"""Time limit of a test's waits in seconds, for busy machines; the contract's limits are measured separately."""


class Shop:
    """The database `.postgres`, the program (`.port`, `.log`), and the factory `.make`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.log = self.folder / "logs" / "app.log"
        self.port = free_port()
        self.postgres = EmbeddedServer(self.folder / "postgres", say=lambda line: None)

    def __enter__(self):
        self.postgres.start()
        self.settings = {
            "FLASK_ENV": "production",
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": self.postgres.url(),
            "LOG_FILE": str(self.log),
        }
        self.app = create_app(self.settings | {"LOG_FILE": "", "TESTING": True})
        init_db(self.app)
        self.make = Factory(self.app)
        self.start_program()
        return self

    def __exit__(self, *exception):
        self.stop_program()
        self.app.extensions["live_feed"].close()
        with self.app.app_context():
            db.engine.dispose()
        self.postgres.stop()

    # Program

    def start_program(self):
        """Start the server on the shop's port, and return when it answers."""
        self.process = run_server(self.settings, port=self.port, WEB_CONCURRENCY=str(WORKERS)).process
        self.wait_for_workers()

    def stop_program(self, how=signal.SIGTERM):
        """Send the master a signal and wait until it and its workers have exited."""
        workers = self.workers()
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        self.process.wait(timeout=TIMEOUT_S)
        psutil.wait_procs(workers, timeout=TIMEOUT_S)

    def workers(self):
        """Running worker processes."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []

    def wait_for_workers(self, other_than=()):
        """Wait until all workers run and none of them is one of the given."""

        def all_new():
            workers = self.workers()
            return len(workers) == WORKERS and not set(workers) & set(other_than)

        wait_until(all_new, "the workers are not there")

    def log_lines(self):
        """Lines of the program's log."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    # Database

    def query(self, statement, *values, user=None):
        """Run one statement on a new connection and return its rows."""
        with closing(self.connect(user)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def connect(self, user=None):
        """Direct connection in autocommit; the last slots are reserved for SUPERUSER."""
        connection = psycopg2.connect(self.postgres.url(), **({"user": user} if user else {}))
        connection.autocommit = True
        return connection

    @contextmanager
    def transaction(self, *statements):
        """Keep a transaction with these statements open; yield its cursor, roll back at the end."""
        with closing(self.connect(SUPERUSER)) as connection:
            connection.autocommit = False
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            yield cursor

    def postmaster(self):
        """PostgreSQL's main process."""
        return psutil.Process(int((self.postgres.cluster / "postmaster.pid").read_text().split()[0]))

    def backends(self):
        """Process ids of the backends that serve the program."""
        query = "SELECT pid FROM pg_stat_activity WHERE application_name = 'technic'"
        return [pid for (pid,) in self.query(query, user=SUPERUSER)]

    def cut_connections(self):
        """Terminate all database connections of the program, including the live feed's."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'technic%'"
        self.query(query, user=SUPERUSER)

    def start_database(self):
        """Start PostgreSQL after a stop or kill; killed processes may hold shared memory for a moment."""
        self.postgres.stop()
        wait_until(self._database_starts, "PostgreSQL does not start")

    def database_answers(self):
        """True if a new connection gets an answer."""
        with suppress(psycopg2.OperationalError):
            return bool(self.query("SELECT 1"))

    def _database_starts(self):
        with suppress(EmbeddedServerError):
            return bool(self.postgres.start())


def wait_until(condition, complaint, seconds=TIMEOUT_S):
    """Wait until `condition()` is true and return its result."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, complaint
        time.sleep(0.02)
    return found


def kill(pid):
    """kill -9, and wait until the process is gone."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.kill()
        wait_until(lambda: _is_gone(process), f"{pid} lives")


def _is_gone(process):
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True
