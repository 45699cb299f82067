"""The pool of connections: a wait for one counts as a wait for the database, and a dead one is replaced."""

import logging
import time

import psycopg2
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Empty, Queue

from postgres.deadlines import waiting


class _Queue(Queue):
    """The connections of a pool; waiting for one is waiting for the database, too, and no matter of the clock's."""

    def get(self, block=True, timeout=None):
        if not block:
            return super().get(block=False)
        with waiting(timeout) as deadline, self.not_empty:
            if not self.not_empty.wait_for(self._qsize, deadline - time.monotonic()):
                raise Empty
            return self._get()


class Pool(QueuePool):
    """The pool that every engine of the program uses."""

    _queue_class = _Queue


logging.getLogger(f"{__name__}.{Pool.__name__}").setLevel(logging.WARNING)  # It tells of each connection else.


@event.listens_for(Pool, "checkout")
def _replace_dead_connection(connection, _record, _fairy):
    """Notice, without asking the server, that it went away while the connection lay in the pool: a microsecond."""
    try:
        connection.poll()  # The server's farewell may come first,
        connection.poll()  # and only then the end.
    except psycopg2.Error as error:
        raise InvalidatePoolError from error


@event.listens_for(Pool, "checkin")
def _with_transactions_again(connection, _record):
    if connection is not None:
        connection.autocommit = False
