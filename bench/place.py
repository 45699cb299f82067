"""PostgreSQL server for the bench: temporary, or an existing one given by its URL."""

import shutil
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import extensions
from sqlalchemy.engine import make_url

from app import create_app
from bench import data
from database import init_db
from postgres.embedded_server import EmbeddedServer

SECRET_KEY = "only-for-the-bench-" + "0123456789abcdef" * 3
VERSION = 1
"""Increase it when `data.py` generates other rows: kept databases are then rebuilt."""

MAX_AGE_DAYS = 2
"""Kept databases older than this, in days, are rebuilt: «the last 30 days» would have no rows."""


@contextmanager
def open_place(keep, database_url, say):
    """Yield a Place; at the end drop its databases and the temporary folder, unless `keep` names one."""
    if database_url:
        place = Place(database_url, keep=None, say=say)
        try:
            yield place
        finally:
            place.drop_all()
        return
    folder = Path(keep or tempfile.mkdtemp(prefix="technic-bench-"))
    try:
        with EmbeddedServer(folder, say=say) as server:
            yield Place(server.url(), keep=keep, say=say)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


class Place:
    """A server and the bench databases created on it."""

    def __init__(self, url, keep, say):
        self._url, self._keep, self._say, self._made = make_url(url), keep, say, []

    def database(self, n, days):
        """Return the URL of a database with n requests; build it unless `keep` has a fresh one."""
        name = f"technic_bench_{n}"
        url = self._url.set(database=name).render_as_string(hide_password=False)
        if self._keep and self._is_fresh(url, n):
            self._say(f"{n:,} requests: kept from an earlier run")
            init_db(make_app(url))
            return url
        self._administer(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE template0")
        self._made.append(name)
        self._build(url, n, days)
        return url

    def drop_all(self):
        """Drop the databases created by this Place."""
        self._administer(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in self._made))

    def server_pid(self):
        """Return the id of PostgreSQL's main process, or None if it is on another machine."""
        import psutil

        pid = self._one(self._url, "SELECT pg_backend_pid()")
        try:
            parent = psutil.Process(pid).parent()
            return parent.pid if "postgres" in parent.name() else None
        except (psutil.Error, AttributeError):
            return None

    def version(self):
        """PostgreSQL's version, for the report."""
        return self._one(self._url, "SHOW server_version")

    def _build(self, url, n, days):
        begun = time.monotonic()
        init_db(make_app(url))
        data.fill(url, n, days, lambda line: self._say(f"{n:,} requests: {line}"))
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_built AS SELECT %s AS version, now() AS at", (VERSION,))
            connection.commit()
        self._say(f"{n:,} requests: built in {time.monotonic() - begun:.0f} s")

    def _is_fresh(self, url, n):
        query = f"SELECT version = {VERSION} AND at > now() - interval '{MAX_AGE_DAYS} days' FROM bench_built"
        try:
            return self._one(make_url(url), query)
        except psycopg2.Error:
            return False

    def _administer(self, *statements):
        with closing(psycopg2.connect(self._url.render_as_string(hide_password=False))) as connection:
            connection.autocommit = True
            for statement in statements:
                connection.cursor().execute(statement)

    def _one(self, url, query):
        with closing(psycopg2.connect(url.render_as_string(hide_password=False))) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchone()[0]


def settings(url):
    """Environment settings of the program for a database."""
    return {"FLASK_ENV": "production", "SECRET_KEY": SECRET_KEY, "DATABASE_URL": url, "LOG_FILE": ""}


def make_app(url):
    """The program in this process: for migrations, tokens and captured queries."""
    app = create_app(settings(url))
    extensions.set_wait_callback(None)  # No request deadline applies here.
    return app
