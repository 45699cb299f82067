"""Deadlines: every wait for PostgreSQL ends, and all waits of one request together, too."""

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
"""What one request may wait for the database, all its waits together: the contract promises a 503 within 3 s."""

CONNECT_SECONDS = 1.5

ANSWER_SECONDS = 6
"""How long the program waits, outside of requests, for one answer of a server that says nothing at all."""

_seconds_left = ContextVar("seconds_left", default=None)
"""What the present request may still wait; None outside of requests."""


@contextmanager
def patience(connection, seconds):
    """Within it the statements of a connection (or session) may take that long: reports, imports, migrations.

    The longer timeout holds until the end of the present transaction.
    """
    connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
    token = _seconds_left.set(seconds + 1)
    try:
        yield
    finally:
        _seconds_left.reset(token)


def begin_request():
    """Give the request that begins its time for the database."""
    _seconds_left.set(REQUEST_SECONDS)


def end_request(_error):
    """Lift the deadline of the request that ends."""
    _seconds_left.set(None)


@contextmanager
def waiting(most):
    """Yield when this wait has to end at the latest; what it takes is taken off what the request has left."""
    began, left = time.monotonic(), _seconds_left.get()
    try:
        yield began + min(most, ANSWER_SECONDS if left is None else left)
    finally:
        if left is not None:
            _seconds_left.set(left - (time.monotonic() - began))


@cache
def wait_with_a_deadline():
    """Make every wait for PostgreSQL end: under gevent it yields to other requests meanwhile."""
    extensions.set_wait_callback(_wait)


def _wait(connection):
    connecting = connection.status == extensions.STATUS_SETUP
    with waiting(CONNECT_SECONDS if connecting else math.inf) as deadline:
        while (state := connection.poll()) != extensions.POLL_OK:
            left = deadline - time.monotonic()
            if left <= 0 or not wait_ready(connection.fileno(), state == extensions.POLL_WRITE, left):
                raise psycopg2.OperationalError("no answer from the database in time")
