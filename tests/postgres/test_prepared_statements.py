"""Statements prepared once per connection."""

import pytest
from sqlalchemy import text

from database import autocommit, db
from models import Role
from postgres.prepared_statements import MAX_STATEMENTS, prepared

PLANS = "SELECT statement FROM pg_prepared_statements WHERE starts_with(name, 'technic_')"
TWICE = "SELECT CAST(:given AS integer) * 2 + {constant}"


@pytest.fixture
def connection(app):
    """A connection in autocommit, as for reading requests, without prepared statements."""
    with app.app_context():
        autocommit()
        connection = db.session.connection()
        connection.exec_driver_sql("DEALLOCATE ALL")
        connection.info.pop("plans", None)
        yield connection


def ask(connection, given, constant=0):
    statement = text(TWICE.format(constant=constant)).execution_options(**prepared("given"))
    return connection.execute(statement, {"given": given}).scalar_one()


def plans(connection):
    return connection.exec_driver_sql(PLANS).scalars().all()


def test_a_statement_is_planned_once_for_all_values(connection):
    assert [ask(connection, number) for number in range(10)] == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert len(plans(connection)) == 1


def test_a_plan_that_the_server_forgot_is_no_failure(connection):
    assert ask(connection, 1) == 2
    connection.exec_driver_sql("DEALLOCATE ALL")
    assert [ask(connection, 2), ask(connection, 3)] == [4, 6]
    assert len(plans(connection)) == 1


def test_a_connection_keeps_a_bounded_number_of_plans(connection):
    assert [ask(connection, 1, number) for number in range(MAX_STATEMENTS + 5)] == [
        2 + n for n in range(MAX_STATEMENTS + 5)
    ]
    assert len(plans(connection)) == MAX_STATEMENTS


def test_within_a_transaction_nothing_is_planned_ahead(app):
    with app.app_context():
        connection = db.session.connection()
        before = plans(connection)
        assert ask(connection, 4) == 8
        assert plans(connection) == before


@pytest.mark.parametrize("role", list(Role))
def test_pages_of_a_role_are_the_same_from_the_plan(role, make, login):
    """From the sixth execution on, PostgreSQL may use a generic plan."""
    me = make.user(role)
    mine = {"client": me} if role is Role.CLIENT else {"master": me} if role is Role.MASTER else {}
    made = [make.request(**mine).requestid for _ in range(3)]
    seen = [[item["requestid"] for item in login(me).get("/api/requests/?limit=2").json["items"]] for _ in range(8)]
    assert seen == [made[:0:-1]] * 8
