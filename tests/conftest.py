"""Fixtures: a real PostgreSQL, the application, clients, factories.

Without DATABASE_URL the embedded server is used; with it temporary databases on that server.
"""

import os
import signal
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
from tests.kit.lanes import Lanes, Progress
from tools.local_server import SECRET_KEY, run_server, stop_server

_LOGS = ("request_events", "audit_events")


def pytest_addoption(parser):
    parser.addoption("--fuzz-examples", type=int, help="made-up calls an operation and role; without it a short run")


def pytest_configure(config):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Else servers would outlive a run that is stopped.
    clusters.make_run_folder(config)
    if config.getoption("numprocesses", None):
        config.pluginmanager.register(Progress(config))


def pytest_unconfigure(config):
    clusters.remove_run_folder(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    clusters.share_run_folder(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Lanes(config, log)


@pytest.fixture(scope="session")
def template_cluster(pytestconfig):
    """A stopped PostgreSQL cluster, created once per run: a server on a copy of it needs no initdb."""
    return clusters.template_cluster(clusters.run_folder(pytestconfig))


@pytest.fixture(scope="session")
def server_url(pytestconfig):
    """URL of a PostgreSQL server for temporary databases, shared by all workers of a run."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    folder = clusters.shared_server_folder(clusters.run_folder(pytestconfig))
    with EmbeddedServer(folder, durable=False) as server:
        yield server.url()


@pytest.fixture
def own_postgres(template_cluster):
    """A PostgreSQL server that a test may start and stop."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        clusters.copy_cluster(template_cluster, folder)
        yield EmbeddedServer(folder, durable=False)


@pytest.fixture(scope="session")
def make_database(server_url):
    """Call it for the URL of a new, empty database; all are dropped at the end."""
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
    """Settings of the tested application."""
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
    """Use cheap hashes except in tests marked `real_hashes`."""
    if not request.node.get_closest_marker("real_hashes"):
        monkeypatch.setattr(models.password, "HASH_METHOD", "scrypt:256:8:1")
    decoy = password_hash("Nikogo-Net-Doma-0")
    monkeypatch.setattr("services.accounts.sign_in._placeholder_hash", lambda: decoy)


@pytest.fixture(autouse=True)
def clean(request):
    """Empty all tables after each test that used the database.

    Sessions roll back uncommitted changes, so that a forgotten commit fails the test.
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
    """A client without a token."""
    return app.test_client()


@pytest.fixture
def login(app):
    """Call it with a user: a client with their token."""
    return lambda user: SignedIn(app, user)


@pytest.fixture
def sign_in(make, login):
    """Call it with a role: a client with the token of a new user."""
    return lambda role=Role.CLIENT, **fields: login(make.user(role, **fields))


@pytest.fixture(scope="session")
def live_server(app, settings):
    """The real server on the tests' database: `.url`. It is shared by tests, its data is not."""
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
        "LOCK TABLE users IN EXCLUSIVE MODE",  # Wait for running sign-ins: their sessions would follow the DELETE.
        *(f"ALTER TABLE {log} DISABLE TRIGGER {log}_keep" for log in _LOGS),
        *(f"DELETE FROM {table.name}" for table in reversed(tables)),
        *(f"ALTER TABLE {log} ENABLE TRIGGER {log}_keep" for log in _LOGS),
        *(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)" for table, column in counters),
    ]
    with app.app_context(), db.engine.begin() as connection, statement_timeout(connection, 60):
        connection.execute(text("; ".join(statements)))
