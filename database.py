"""The database handle `db`, its engine options, and `init_db(app)`, which migrates the schema."""

import logging
import time
from functools import cache

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg2 import extensions
from sqlalchemy import MetaData, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase
from werkzeug.local import LocalProxy

from config import INSTANCE_DIR, MIGRATIONS_DIR, ConfigError
from postgres.deadlines import begin_request, end_request, wait_with_a_deadline
from postgres.embedded_server import ensure_database_url
from postgres.pool import Pool

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

POOL_SECONDS = 1
STATEMENT_MS = 2200
LOCK_MS = 1500
"""The server's own timeouts end earlier than the request's deadline, and keep the connection usable."""

IDLE_MS = 10_000
"""Idle-in-transaction timeout: releases locks held by a hung process."""

OUTAGE_SECONDS = 5
"""Seconds between two log lines of an outage per process: all workers together log less than one line a second."""

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def connect(app):
    """Connect the application to DATABASE_URL, or to the embedded server."""
    url = ensure_database_url(app.config["DATABASE_URL"], INSTANCE_DIR / "postgres")
    app.config["SQLALCHEMY_DATABASE_URI"] = psycopg2_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    wait_with_a_deadline()
    app.before_request(begin_request)
    app.teardown_appcontext(end_request)
    db.init_app(app)
    app.teardown_appcontext(_end_session)  # Called in reverse order, with db's own in between.
    app.extensions["migrate"] = LocalProxy(_migrations)


def init_db(app):
    """Migrate the database's schema to the newest version; no changes if it is current."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()


@cache
def _migrations():
    """Set up Flask-Migrate on demand: a server starts faster without Alembic."""
    from flask_migrate import Migrate

    holder = Flask("migrations")
    Migrate(holder, db, directory=str(MIGRATIONS_DIR), compare_type=True)
    return holder.extensions["migrate"]


def psycopg2_url(url):
    """Return the URL with the driver psycopg2: SQLAlchemy 2.1 maps postgresql:// to psycopg 3."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("DATABASE_URL: ожидается postgresql://пользователь:пароль@адрес:5432/база") from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError("DATABASE_URL: поддерживается только PostgreSQL")
    return parsed.set(drivername="postgresql+psycopg2")


def engine_options():
    """Engine options; every wait has a timeout."""
    timeouts = {"statement": STATEMENT_MS, "lock": LOCK_MS, "idle_in_transaction_session": IDLE_MS}
    return {
        "poolclass": Pool,
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
    """Rate limit for log lines, so that an outage does not fill the disk."""

    def __init__(self):
        self._next_line, self._suppressed = 0.0, 0

    def report(self, error):
        """Log the error, or count it for the next line."""
        if time.monotonic() < self._next_line:
            self._suppressed += 1
            return
        reason = str(error).strip().partition("\n")[0]
        log.error("database unavailable: %s (%d more since the last line)", reason, self._suppressed)
        self._next_line, self._suppressed = time.monotonic() + OUTAGE_SECONDS, 0


log_outage = _Outage().report


def ping():
    """Ping the database; errors propagate."""
    db.session.execute(text("SELECT 1"))


def autocommit():
    """Run queries without transactions until the session's end, which saves the round trips of BEGIN and ROLLBACK.

    A transaction in progress continues.
    """
    connection = db.session.connection().connection.dbapi_connection
    if connection.status == extensions.STATUS_READY:
        connection.autocommit = True


def _end_session(_error):
    """Roll back; ignore a lost connection, because the answer is ready."""
    try:
        db.session.rollback()
    except DBAPIError as error:
        log_outage(error)
        db.session().invalidate()
