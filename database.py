"""The database handle `db`, its connection options, and `init_db(app)` that brings the schema up to date."""

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
"""Single waits end earlier; the server itself ends the last two and keeps the connection usable."""

IDLE_MS = 10_000
"""After this the server takes its locks from a process that began a change and then said nothing (hangs, is frozen)."""

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
    wait_with_a_deadline()
    app.before_request(begin_request)
    app.teardown_appcontext(end_request)
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


def ping():
    """Ask the database for a sign of life; its errors are the caller's answer."""
    db.session.execute(text("SELECT 1"))


def without_transaction():
    """Let each query stand alone until the session's end: BEGIN and ROLLBACK are round trips that a reader can spare.

    Where a transaction has begun, it goes on.
    """
    connection = db.session.connection().connection.dbapi_connection
    if connection.status == extensions.STATUS_READY:
        connection.autocommit = True


def _end_session(_error):
    """End the transaction; where its connection has died meanwhile, the answer that is ready still stands."""
    try:
        db.session.rollback()
    except DBAPIError as error:
        note_outage(error)
        db.session().invalidate()
