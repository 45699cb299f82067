"""The tests' own helpers detect what they should."""

import pytest
from sqlalchemy import text

from database import db
from tests.kit.helpers import contents, snapshot

NAME = "UPDATE users SET fullname = 'Орлова Вера'"
INSERT = (
    "INSERT INTO users (fullname, email, user_type, password_hash) VALUES ('Орлова', 'o@example.org', 'Клиент', '-')"
)


def run(app, *statements):
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def user(make):
    return make.user()


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("fingerprint", [snapshot, contents])
@pytest.mark.parametrize(
    "statements",
    [
        [INSERT],
        [NAME],
        ["DELETE FROM users"],
        ["BEGIN", "DELETE FROM users", INSERT, "COMMIT"],
        ["VACUUM (FREEZE) users", NAME],
    ],
    ids=["insert", "update", "delete", "a row in another's place", "update of a frozen row"],
)
def test_every_change_of_a_row_is_seen(app, fingerprint, statements):
    before = fingerprint(app)
    run(app, *statements)
    assert fingerprint(app) != before


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    "statements",
    [
        ["SELECT * FROM users"],
        ["SELECT * FROM users FOR UPDATE"],
        ["BEGIN", NAME, INSERT, "ROLLBACK"],
        ["VACUUM (FREEZE) users", "ANALYZE users"],
    ],
    ids=["read", "lock", "rollback", "vacuum"],
)
def test_what_changes_no_row_is_not_seen(app, statements):
    before = snapshot(app)
    run(app, *statements)
    assert snapshot(app) == before


@pytest.mark.usefixtures("user")
def test_an_update_to_the_same_values_is_a_change_of_versions_only(app):
    versions, values = snapshot(app), contents(app)
    run(app, "UPDATE users SET fullname = fullname")
    assert (snapshot(app) != versions, contents(app) != values) == (True, False)
