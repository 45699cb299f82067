"""The database handle `db`, its connection options, and `init_db(app)` that brings the schema up to date."""

import logging
import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import psycopg2
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg2 import extensions
from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Empty, Queue
from werkzeug.local import LocalProxy

from config import INSTANCE_DIR, MIGRATIONS_DIR, ConfigError
from embedded_server import ensure_database_url
from runtime import wait_ready

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

REQUEST_SECONDS = 2.4
"""What one request may wait for the database, all its waits together: the contract promises a 503 within 3 s."""

POOL_SECONDS = 1
CONNECT_SECONDS = 1.5
STATEMENT_MS = 2200
LOCK_MS = 1500
"""Single waits end earlier; the server itself ends the last two and keeps the connection usable."""

IDLE_MS = 10_000
"""After this the server takes its locks from a process that began a change and then said nothing (hangs, is frozen)."""

ANSWER_SECONDS = 6
"""How long the program waits, outside of requests, for one answer of a server that says nothing at all."""

_seconds_left = ContextVar("seconds_left", default=None)
"""What the present request may still wait; None outside of requests."""


OUTAGE_SECONDS = 5
"""How often a process tells the log that the database is out of reach: all workers together less than once a second."""

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def connect(app):
    """Give the application its database: the one of DATABASE_URL, or the embedded server."""
    url = ensure_database_url(app.config["DATABASE_URL"], INSTANCE_DIR / "postgres")
    app.config["SQLALCHEMY_DATABASE_URI"] = psycopg2_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    _wait_with_a_deadline()
    app.before_request(_begin_request)
    app.teardown_appcontext(_end_request)
    db.init_app(app)
    app.teardown_appcontext(_end_session)  # These are called in reverse, db's own in between.
    app.extensions["migrate"] = LocalProxy(_migrations)


def init_db(app):
    """Bring the schema of the application's database to the newest migration; changes nothing where it is."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()


@cache
def _migrations():
    """What Flask-Migrate keeps of an application, when it is asked for: without Alembic a server starts sooner."""
    from flask_migrate import Migrate

    holder = Flask("migrations")
    Migrate(holder, db, directory=str(MIGRATIONS_DIR), compare_type=True)
    return holder.extensions["migrate"]


def psycopg2_url(url):
    """Return the URL with the psycopg2 driver named (SQLAlchemy 2.1 takes a bare postgresql:// for psycopg 3)."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("DATABASE_URL: ожидается postgresql://пользователь:пароль@адрес:5432/база") from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError("DATABASE_URL: поддерживается только PostgreSQL")
    return parsed.set(drivername="postgresql+psycopg2")


def engine_options():
    """Pool and session settings: no wait in the program or the server is without an end."""
    timeouts = {"statement": STATEMENT_MS, "lock": LOCK_MS, "idle_in_transaction_session": IDLE_MS}
    return {
        "poolclass": _Pool,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": POOL_SECONDS,
        "pool_recycle": 1800,
        "connect_args": {
            "options": " ".join(["-c timezone=UTC", *(f"-c {name}_timeout={ms}" for name, ms in timeouts.items())]),
            "application_name": "technic",
        },
    }


class _Outage:
    """Lets few lines through, so that a dead database does not fill the disk with its log."""

    def __init__(self):
        self._next_line, self._unsaid = 0.0, 0

    def note(self, error):
        """Write one line of the error, or count it for the next line."""
        if time.monotonic() < self._next_line:
            self._unsaid += 1
            return
        reason = str(error).strip().partition("\n")[0]
        log.error("database unavailable: %s (%d more since the last line)", reason, self._unsaid)
        self._next_line, self._unsaid = time.monotonic() + OUTAGE_SECONDS, 0


note_outage = _Outage().note


def without_transaction():
    """Let each query stand alone until the session's end: BEGIN and ROLLBACK are round trips that a reader can spare.

    Where a transaction has begun, it goes on.
    """
    connection = db.session.connection().connection.dbapi_connection
    if connection.status == extensions.STATUS_READY:
        connection.autocommit = True


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


def _begin_request():
    _seconds_left.set(REQUEST_SECONDS)


def _end_request(_error):
    _seconds_left.set(None)


def _end_session(_error):
    """End the transaction; where its connection has died meanwhile, the answer that is ready still stands."""
    try:
        db.session.rollback()
    except DBAPIError as error:
        note_outage(error)
        db.session().invalidate()


@contextmanager
def _waiting(most):
    """Yield when this wait has to end at the latest; what it takes is taken off what the request has left."""
    began, left = time.monotonic(), _seconds_left.get()
    try:
        yield began + min(most, ANSWER_SECONDS if left is None else left)
    finally:
        if left is not None:
            _seconds_left.set(left - (time.monotonic() - began))


@cache
def _wait_with_a_deadline():
    """Make every wait for PostgreSQL end: under gevent it yields to other requests meanwhile."""
    extensions.set_wait_callback(_wait)


def _wait(connection):
    connecting = connection.status == extensions.STATUS_SETUP
    with _waiting(CONNECT_SECONDS if connecting else math.inf) as deadline:
        while (state := connection.poll()) != extensions.POLL_OK:
            left = deadline - time.monotonic()
            if left <= 0 or not wait_ready(connection.fileno(), state == extensions.POLL_WRITE, left):
                raise psycopg2.OperationalError("no answer from the database in time")


class _Queue(Queue):
    """The connections of a pool; waiting for one is waiting for the database, too, and no matter of the clock's."""

    def get(self, block=True, timeout=None):
        if not block:
            return super().get(block=False)
        with _waiting(timeout) as deadline, self.not_empty:
            if not self.not_empty.wait_for(self._qsize, deadline - time.monotonic()):
                raise Empty
            return self._get()


class _Pool(QueuePool):
    _queue_class = _Queue


logging.getLogger(f"{__name__}.{_Pool.__name__}").setLevel(logging.WARNING)  # It tells of each connection else.


@event.listens_for(_Pool, "checkout")
def _replace_dead_connection(connection, _record, _fairy):
    """Notice, without asking the server, that it went away while the connection lay in the pool: a microsecond."""
    try:
        connection.poll()  # The server's farewell may come first,
        connection.poll()  # and only then the end.
    except psycopg2.Error as error:
        raise InvalidatePoolError from error


@event.listens_for(_Pool, "checkin")
def _with_transactions_again(connection, _record):
    if connection is not None:
        connection.autocommit = False
