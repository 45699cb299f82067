"""The common error format, without internal details, also for database errors."""

import logging
import time

import pytest
from sqlalchemy import text

import database
from app import create_app
from database import db
from models import Role
from tests.kit import contract


@pytest.fixture(scope="module")
def failing_app(app, settings):
    """The program with production settings and routes that fail."""
    app = create_app(settings | {"TESTING": False})

    @app.get("/api/bug")
    def bug():
        raise ZeroDivisionError("secret detail of /srv/technic/app.py")

    @app.get("/api/sql/<path:statement>")
    def sql(statement):
        db.session.execute(text(statement))
        return {}

    return app


@pytest.fixture
def failing(failing_app):
    return failing_app.test_client()


def check_unavailable(answer):
    contract.check_error(answer)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["X-Request-ID"]


def test_bug_is_told_to_the_log_and_not_to_the_caller(failing, caplog):
    answer = failing.get("/api/bug")
    check_unavailable(answer)
    for detail in ("secret", "ZeroDivisionError", "Traceback", ".py", "/srv"):
        assert detail not in answer.get_data(as_text=True)
    assert "ZeroDivisionError: secret detail" in caplog.text
    assert failing.get("/api/health/ready").status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_sleep(9)",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53300'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '55P03'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P01'; END $$",
        "SELECT secret FROM nowhere",
    ],
)
def test_failure_of_the_database_is_a_503_without_sql(failing, caplog, statement):
    answer = failing.get(f"/api/sql/{statement}")
    check_unavailable(answer)
    for detail in ("SELECT", "secret", "psycopg2", "ERRCODE", "pg_"):
        assert detail not in answer.get_data(as_text=True)
    assert failing.get("/api/health/ready").status_code == 200


def test_constraint_that_refuses_a_change_is_a_conflict(failing):
    answer = failing.get("/api/sql/INSERT INTO ratings (requestid, score) VALUES (999999, 5)")
    contract.check_error(answer)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")
    assert "ratings" not in answer.get_data(as_text=True)


def test_answer_carries_the_connection_back_to_the_pool_clean(failing, failing_app):
    for _ in range(30):  # More than the pool's size.
        failing.get("/api/sql/SELECT secret FROM nowhere")
    with failing_app.app_context():
        assert db.engine.pool.checkedout() == 0


def test_serialization_failure_is_tried_again(settings):
    tries, losing_app = [], create_app(settings)

    @losing_app.get("/api/loses")
    def loses():
        tries.append(1)
        if len(tries) < 3:
            db.session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))
        return {"tries": len(tries)}

    assert losing_app.test_client().get("/api/loses").get_json() == {"tries": 3}


@pytest.mark.parametrize("path", ["/nope", "/dashboard/", "/nope.html", "/js/nope.js"])
def test_page_that_is_none_gets_the_page_not_found(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "<!doctype html>" in answer.get_data(as_text=True).lower()


@pytest.mark.parametrize("path", ["/api/nope", "/api/", "/api"])
def test_route_that_is_none_gets_the_one_shape(client, path):
    answer = client.get(path)
    contract.check_error(answer)
    assert answer.get_json() == {"error": "Не найдено", "code": "not_found"}


def test_error_of_one_field_names_it_in_russian(sign_in):
    answer = sign_in(Role.CLIENT).post("/api/requests/", json={"techtype": 5})
    fields = answer.get_json()["fields"]
    assert fields["techtype"] == "Должно быть строкой"
    assert fields["techmodel"] == "Обязательное поле"


def test_unknown_failure_is_a_bug_in_tests(app):
    assert Exception not in app.error_handler_spec[None].get(None, {}), "tests shall see the traceback"


def test_outage_writes_few_lines(failing, caplog, monkeypatch):
    monkeypatch.setattr(database.log_outage.__self__, "_next_line", 0.0)
    caplog.set_level(logging.ERROR)
    begun = time.monotonic()
    for _ in range(20):
        failing.get("/api/sql/SELECT pg_terminate_backend(pg_backend_pid())")
    lines = [line for line in caplog.messages if "unavailable" in line]
    assert 1 <= len(lines) <= 1 + (time.monotonic() - begun) / database.OUTAGE_SECONDS
