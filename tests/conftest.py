"""The tests' world: a real PostgreSQL, the application on it, people and requests made to order.

Without DATABASE_URL the embedded server is used; with it a temporary database beside the named one.
"""

import os
import tempfile
import uuid

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

import models.password
from app import create_app
from database import db, init_db
from models import Role
from postgres.deadlines import statement_timeout
from postgres.embedded_server import EmbeddedServer
from tests.kit import clusters, contract
from tests.kit.clients import SignedIn
from tests.kit.factories import Factory, password_hash
from tools.local_server import SECRET_KEY, run_server, stop_server

_LOGS = ("request_events", "audit_events")


def pytest_addoption(parser):
    parser.addoption("--fuzz-examples", type=int, help="made-up calls an operation and role; without it a short run")


def pytest_configure(config):
    clusters.make_run_folder(config)


def pytest_unconfigure(config):
    clusters.remove_run_folder(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    clusters.share_run_folder(node)


@pytest.fixture(scope="session")
def template_cluster(pytestconfig):
    """A stopped cluster of PostgreSQL, made once a run: a server on a copy of it needs no initdb."""
    return clusters.template_cluster(clusters.run_folder(pytestconfig))


@pytest.fixture(scope="session")
def server_url(pytestconfig):
    """Address of a PostgreSQL server on which the tests may make databases; all workers of a run share it."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    folder = clusters.shared_server_folder(clusters.run_folder(pytestconfig))
    with EmbeddedServer(folder, durable=False) as server:
        yield server.url()


@pytest.fixture
def own_postgres(template_cluster):
    """A PostgreSQL that is the test's own, to be started and stopped."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        clusters.copy_cluster(template_cluster, folder)
        yield EmbeddedServer(folder, durable=False)


@pytest.fixture(scope="session")
def make_database(server_url):
    """Call it for the URL of a new, empty database; all of them are dropped at the end."""
    names = []

    def make():
        names.append(f"technic_test_{uuid.uuid4().hex[:12]}")
        _administer(server_url, f'CREATE DATABASE "{names[-1]}" TEMPLATE template0')
        return make_url(server_url).set(database=names[-1]).render_as_string(hide_password=False)

    yield make
    for name in names:
        _administer(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def settings(make_database):
    """The settings of the application under test."""
    return {
        "TESTING": True,
        "FLASK_ENV": "production",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": make_database(),
        "FEEDBACK_FORM_URL": "https://forms.example.org/otzyv",
        "LOG_FILE": "",
    }


@pytest.fixture(scope="session")
def app(settings):
    app = create_app(settings)
    init_db(app)
    contract.watch(app)
    yield app
    app.extensions["live_feed"].close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def cost_of_hashes(request, monkeypatch):
    """A hash takes a fifth of a second, as it should; tests that are not about hashes (`real_hashes`) do without."""
    if not request.node.get_closest_marker("real_hashes"):
        monkeypatch.setattr(models.password, "HASH_METHOD", "scrypt:256:8:1")
    decoy = password_hash("Nikogo-Net-Doma-0")
    monkeypatch.setattr("services.accounts.sign_in._placeholder_hash", lambda: decoy)


@pytest.fixture(autouse=True)
def clean(request):
    """After each test that touched the database every table is empty again.

    What a test or a route did not commit was rolled back with its session, so a forgotten commit shows.
    """
    yield
    if "app" in request.fixturenames:
        _empty_tables(request.getfixturevalue("app"))


@pytest.fixture
def make(app):
    """The factories: `make.user(Role.MASTER)`, `make.request(master=…)`, …"""
    return Factory(app)


@pytest.fixture
def client(app):
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def login(app):
    """Call it with a made user for a client that sends their token."""
    return lambda user: SignedIn(app, user)


@pytest.fixture
def sign_in(make, login):
    """Call it with a role for a client of a new account of that role."""
    return lambda role=Role.CLIENT, **fields: login(make.user(role, **fields))


@pytest.fixture(scope="session")
def live_server(app, settings):
    """The real server on the tests' database: `.url`. It outlives a test, its data does not."""
    server = run_server(settings)
    yield server
    stop_server(server)


def _administer(server_url, statement):
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _empty_tables(app):
    """Delete every row: ten times faster than TRUNCATE, which makes new files for all tables and indexes."""
    tables = db.metadata.sorted_tables
    counters = [(table.name, column.name) for table in tables for column in table.columns if column.identity]
    statements = [
        "LOCK TABLE users IN EXCLUSIVE MODE",  # A sign-in may still be on its way: its session comes before or never.
        *(f"ALTER TABLE {log} DISABLE TRIGGER {log}_keep" for log in _LOGS),
        *(f"DELETE FROM {table.name}" for table in reversed(tables)),
        *(f"ALTER TABLE {log} ENABLE TRIGGER {log}_keep" for log in _LOGS),
        *(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)" for table, column in counters),
    ]
    with app.app_context(), db.engine.begin() as connection, statement_timeout(connection, 60):
        connection.execute(text("; ".join(statements)))
