"""Database outages as context managers over a shop."""

import os
import signal
from contextlib import ExitStack, closing, contextmanager, suppress

import psutil
import psycopg2

from postgres.embedded_server import SUPERUSER
from tests.faults.shop import kill, wait_until

SLEEP_ON_INSERT = """
CREATE FUNCTION sleep_long() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
CREATE TRIGGER sleep_long BEFORE INSERT ON repair_requests FOR EACH ROW EXECUTE FUNCTION sleep_long()
"""


@contextmanager
def stopped(shop):
    """PostgreSQL is shut down."""
    shop.postgres.stop()
    yield
    shop.start_database()


@contextmanager
def killed(shop):
    """PostgreSQL and all its processes are killed."""
    kill(shop.postmaster().pid)
    yield
    shop.start_database()


@contextmanager
def frozen(shop):
    """All processes of PostgreSQL are suspended: connections are accepted, but nothing answers."""
    processes = [shop.postmaster(), *shop.postmaster().children(recursive=True)]
    _signal(processes, signal.SIGSTOP)
    yield
    _signal(processes, signal.SIGCONT)


@contextmanager
def out_of_connections(shop):
    """All connections are taken while the program needs new ones."""
    with ExitStack() as held:
        shop.cut_connections()
        wait_until(lambda: not shop.backends(), "the program's connections do not end")
        with suppress(psycopg2.OperationalError):
            while True:
                held.enter_context(closing(shop.connect()))
        yield


@contextmanager
def locked(shop):
    """Another transaction locks the table of requests."""
    with shop.transaction("LOCK TABLE repair_requests IN ACCESS EXCLUSIVE MODE"):
        yield


@contextmanager
def slow(shop):
    """An INSERT takes a minute."""
    shop.query(SLEEP_ON_INSERT, user=SUPERUSER)
    yield
    shop.query("DROP FUNCTION sleep_long CASCADE", user=SUPERUSER)


def _signal(processes, number):
    for process in processes:
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            os.kill(process.pid, number)
