"""Deadlines: every wait for PostgreSQL has a limit, and so has the sum of a request's waits."""

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import psycopg2
from psycopg2 import extensions
from sqlalchemy import text

from postgres.greenlets import wait_ready

REQUEST_SECONDS = 2.4
"""Total time, in seconds, that a request may wait for the database: the API promises a 503 within 3 s."""

CONNECT_SECONDS = 1.5

ANSWER_SECONDS = 6
"""Seconds to wait for one answer of an unresponsive server outside of requests."""

_seconds_left = ContextVar("seconds_left", default=None)
"""Remaining waiting time of the current request; None outside of requests."""


@contextmanager
def statement_timeout(connection, seconds):
    """Raise the limit for statements of a connection or session, within the block: reports, imports, migrations.

    The statement timeout itself lasts until the end of the transaction.
    """
    connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
    token = _seconds_left.set(seconds + 1)
    try:
        yield
    finally:
        _seconds_left.reset(token)


def begin_request():
    """Start the time limit of a request."""
    _seconds_left.set(REQUEST_SECONDS)


def end_request(_error):
    """Remove the time limit at the end of a request."""
    _seconds_left.set(None)


@contextmanager
def waiting(most):
    """Yield the end of this wait (monotonic s); the time waited is deducted from the request's remaining time."""
    began, left = time.monotonic(), _seconds_left.get()
    try:
        yield began + min(most, ANSWER_SECONDS if left is None else left)
    finally:
        if left is not None:
            _seconds_left.set(left - (time.monotonic() - began))


@cache
def wait_with_a_deadline():
    """Limit every wait for PostgreSQL; under gevent other requests run meanwhile."""
    extensions.set_wait_callback(_wait)


def _wait(connection):
    connecting = connection.status == extensions.STATUS_SETUP
    with waiting(CONNECT_SECONDS if connecting else math.inf) as deadline:
        while (state := connection.poll()) != extensions.POLL_OK:
            left = deadline - time.monotonic()
            if left <= 0 or not wait_ready(connection.fileno(), state == extensions.POLL_WRITE, left):
                raise psycopg2.OperationalError("no answer from the database in time")
