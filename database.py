"""The database handle `db`, its connection options, and `init_db(app)` that brings the schema up to date."""

import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import psycopg2
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from psycopg2 import extensions
from sqlalchemy import MetaData, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase

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

POOL_SECONDS = 1.2
CONNECT_SECONDS = 1.5
STATEMENT_MS = 2500
LOCK_MS = 2000
"""Each wait has an end well below the 3 seconds in which the contract promises an answer or a 503."""

ANSWER_SECONDS = 6
"""How long the program waits for one answer of a server that says nothing at all (a frozen one never does)."""

_answer_seconds = ContextVar("answer_seconds", default=ANSWER_SECONDS)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(directory=str(MIGRATIONS_DIR), compare_type=True)


def connect(app):
    """Give the application its database: the one of DATABASE_URL, or the embedded server."""
    url = ensure_database_url(app.config["DATABASE_URL"], INSTANCE_DIR / "postgres")
    app.config["SQLALCHEMY_DATABASE_URI"] = psycopg2_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    _wait_with_a_deadline()
    db.init_app(app)
    migrate.init_app(app, db)


def init_db(app):
    """Bring the schema of the application's database to the newest migration; changes nothing where it is."""
    with app.app_context():
        upgrade()


def psycopg2_url(url):
    """Return the URL with the psycopg2 driver named (SQLAlchemy 2.1 takes a bare postgresql:// for psycopg 3)."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("DATABASE_URL: ожидается postgresql://пользователь:пароль@адрес:5432/база") from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError("DATABASE_URL: поддерживается только PostgreSQL")
    return parsed.set(drivername="postgresql+psycopg2")


def engine_options():
    """Pool and session settings: no wait in the program or the server is without an end."""
    session = f"-c timezone=UTC -c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
    return {
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": POOL_SECONDS,
        "pool_recycle": 1800,
        "connect_args": {
            "options": session + " -c idle_in_transaction_session_timeout=60000",
            "application_name": "technic",
        },
    }


@contextmanager
def patience(connection, seconds):
    """Within it the statements of a connection (or session) may take that long: reports, imports, migrations.

    The longer timeout holds until the end of the present transaction.
    """
    connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
    token = _answer_seconds.set(seconds + 1)
    try:
        yield
    finally:
        _answer_seconds.reset(token)


@cache
def _wait_with_a_deadline():
    """Make every wait for PostgreSQL end: under gevent it yields to other requests meanwhile."""
    extensions.set_wait_callback(_wait)


def _wait(connection):
    connecting = connection.status == extensions.STATUS_SETUP
    deadline = time.monotonic() + (CONNECT_SECONDS if connecting else _answer_seconds.get())
    while (state := connection.poll()) != extensions.POLL_OK:
        left = deadline - time.monotonic()
        if left <= 0 or not wait_ready(connection.fileno(), state == extensions.POLL_WRITE, left):
            raise psycopg2.OperationalError("no answer from the database in time")
