"""Connection pool: waits count against the request's deadline, dead connections are replaced."""

import logging
import time

import psycopg2
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Empty, Queue

from postgres.deadlines import waiting


class _Queue(Queue):
    """Pool queue whose waits count against the request's deadline (monotonic clock)."""

    def get(self, block=True, timeout=None):
        if not block:
            return super().get(block=False)
        with waiting(timeout) as deadline, self.not_empty:
            if not self.not_empty.wait_for(self._qsize, deadline - time.monotonic()):
                raise Empty
            return self._get()


class Pool(QueuePool):
    """Connection pool of every engine in the program."""

    _queue_class = _Queue


logging.getLogger(f"{__name__}.{Pool.__name__}").setLevel(logging.WARNING)  # Otherwise it logs every connection.


@event.listens_for(Pool, "checkout")
def _replace_dead_connection(connection, _record, _fairy):
    """Detect a closed pooled connection without a round trip, in a microsecond."""
    try:
        connection.poll()  # The first poll may only read the server's termination message,
        connection.poll()  # the second one detects the closed socket.
    except psycopg2.Error as error:
        raise InvalidatePoolError from error


@event.listens_for(Pool, "checkin")
def _restore_transactions(connection, _record):
    if connection is not None:
        connection.autocommit = False
