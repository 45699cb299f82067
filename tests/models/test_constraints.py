"""Database constraints: each CHECK, UNIQUE, foreign key and append-only log rejects invalid rows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from config import SCHEMA_FILE
from database import db
from models import Role, Status
from services.common.clock import now

NOBODY = 999_999


@pytest.fixture
def world(make):
    """Ids for the statements."""
    master = make.user(Role.MASTER)
    client = make.user(email="Vera@Example.org")
    repair, done = make.request(client), make.request(client, master, Status.DONE)
    make.rating(done)
    make.event(repair, client, "created", None, "Новая заявка")
    return {"client": client.user_id, "master": master.user_id, "new": repair.requestid, "done": done.requestid,
            "nobody": NOBODY, "tomorrow": now() + timedelta(days=1)}  # fmt: skip


def run(app, statement, world):
    with app.app_context(), db.engine.begin() as connection:
        return connection.execute(text(statement), world)


NEW_USER = "INSERT INTO users (fullname, email, user_type, password_hash) VALUES "
NEW_COMMENT = "INSERT INTO comments (requestid, masterid, message) VALUES "
NEW_RATING = "INSERT INTO ratings (requestid, score) VALUES "
NEW_EVENT = "INSERT INTO request_events (requestid, actor_id, kind, version) VALUES "
NEW_SESSION = "INSERT INTO sessions (jti, user_id, expires_at) VALUES "
NEW_KEY = "INSERT INTO idempotency_keys (user_id, action, key, body_digest) VALUES "
CHANGE_NEW = "UPDATE repair_requests SET {} WHERE requestid = :new"
CHANGE_DONE = "UPDATE repair_requests SET {} WHERE requestid = :done"

REFUSED = [
    ("ck_users_fullname_not_blank", NEW_USER + "('  ', 'a@b', 'Клиент', 'x')"),
    ("ck_users_email_has_at", NEW_USER + "('Имя', 'без собаки', 'Клиент', 'x')"),
    ("ck_users_email_has_at", NEW_USER + "('Имя', '@b', 'Клиент', 'x')"),
    ("ck_users_role", NEW_USER + "('Имя', 'a@b', 'Директор', 'x')"),
    ("uq_users_email", NEW_USER + "('Имя', 'vERA@example.ORG', 'Клиент', 'x')"),
    ("pk_users", "UPDATE users SET user_id = :client WHERE user_id = :master"),
    ("fk_repair_requests_clientid", "DELETE FROM users WHERE user_id = :client"),
    ("fk_repair_requests_masterid", "DELETE FROM users WHERE user_id = :master"),
    ("fk_repair_requests_clientid", CHANGE_NEW.format("clientid = :nobody")),
    ("fk_repair_requests_masterid", CHANGE_NEW.format("masterid = :nobody")),
    ("ck_repair_requests_status", CHANGE_NEW.format("requeststatus = 'Готово'")),
    ("ck_repair_requests_priority", CHANGE_NEW.format("priority = 'Высокий'")),
    ("ck_repair_requests_techtype_not_blank", CHANGE_NEW.format("techtype = ' '")),
    ("ck_repair_requests_techmodel_not_blank", CHANGE_NEW.format("techmodel = ''")),
    ("ck_repair_requests_problemdescription_not_blank", CHANGE_NEW.format("problemdescription = ' '")),
    ("ck_repair_requests_work_has_a_master", CHANGE_NEW.format("requeststatus = 'В работе'")),
    ("ck_repair_requests_work_has_a_master", CHANGE_DONE.format("masterid = NULL")),
    ("ck_repair_requests_completiondate_when_done", CHANGE_DONE.format("completiondate = NULL")),
    ("ck_repair_requests_completiondate_when_done", CHANGE_DONE.format("requeststatus = 'В работе'")),
    ("ck_repair_requests_completiondate_when_done", CHANGE_NEW.format("completiondate = now()")),
    ("ck_repair_requests_completiondate_after_startdate", CHANGE_DONE.format("startdate = :tomorrow")),
    ("ck_repair_requests_version_positive", CHANGE_NEW.format("version = 0")),
    ("ck_repair_requests_startdate_in_range", CHANGE_NEW.format("startdate = '1999-12-31 23:59:59+00'")),
    ("ck_repair_requests_startdate_in_range", CHANGE_NEW.format("startdate = 'infinity'")),
    ("ck_repair_requests_startdate_in_range", CHANGE_NEW.format("startdate = '0044-03-15 BC'")),
    ("ck_repair_requests_duedate_in_range", CHANGE_NEW.format("duedate = '2100-01-01 00:00:00+00'")),
    ("ck_repair_requests_duedate_in_range", CHANGE_NEW.format("duedate = '-infinity'")),
    ("ck_repair_requests_completiondate_in_range", CHANGE_DONE.format("completiondate = 'infinity'")),
    ("pk_repair_requests", CHANGE_NEW.format("requestid = :done")),
    ("fk_comments_requestid", NEW_COMMENT + "(:nobody, :client, 'Текст')"),
    ("fk_comments_masterid", NEW_COMMENT + "(:new, :nobody, 'Текст')"),
    ("ck_comments_message_not_blank", NEW_COMMENT + "(:new, :client, ' ')"),
    ("pk_comments", "INSERT INTO comments (commentid, requestid, masterid, message) VALUES (7, :new, :client, 'а'),"
                    " (7, :new, :client, 'б')"),
    ("ck_ratings_score_in_range", NEW_RATING + "(:new, 0)"),
    ("ck_ratings_score_in_range", NEW_RATING + "(:new, 6)"),
    ("pk_ratings", NEW_RATING + "(:done, 5)"),
    ("fk_ratings_requestid", NEW_RATING + "(:nobody, 5)"),
    ("fk_request_events_requestid", NEW_EVENT + "(:nobody, NULL, 'created', 1)"),
    ("fk_request_events_actor_id", NEW_EVENT + "(:new, :nobody, 'created', 1)"),
    ("ck_request_events_eventkind", NEW_EVENT + "(:new, NULL, 'deleted', 1)"),
    ("ck_sessions_scope", "INSERT INTO sessions (jti, user_id, expires_at, scope) VALUES ('a', :client, now(), 'all')"),
    ("fk_sessions_user_id", NEW_SESSION + "('a', :nobody, now())"),
    ("pk_sessions", NEW_SESSION + "('a', :client, now()), ('a', :client, now())"),
    ("fk_idempotency_keys_user_id", NEW_KEY + "(:nobody, 'a', 'k', 'd')"),
    ("pk_idempotency_keys", NEW_KEY + "(:client, 'a', 'k', 'd'), (:client, 'a', 'k', 'd')"),
    ("pk_settings", "INSERT INTO settings (name, value) VALUES ('a', '1'), ('a', '2')"),
    ("pk_throttle_counters", "INSERT INTO throttle_counters VALUES ('a', 1, now()), ('a', 1, now())"),
    ("ck_imported_rows_kind_known", "INSERT INTO imported_rows VALUES ('b', 'master', 1, 1)"),
    ("pk_imported_rows", "INSERT INTO imported_rows VALUES ('b', 'user', 1, 1), ('b', 'user', 1, 2)"),
    ("fk_audit_events_actor_id", "INSERT INTO audit_events (actor_id, kind, subject) VALUES"
                                 " (:nobody, 'setting_changed', 'a')"),
    ("ck_audit_events_auditkind", "INSERT INTO audit_events (kind, subject) VALUES ('deleted', 'a')"),
    ("pk_request_counts", "INSERT INTO request_counts VALUES (-1, 'a', 1), (-1, 'a', 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "statement"), REFUSED)
def test_constraint_refuses_what_must_never_be(app, world, constraint, statement):
    with pytest.raises(DBAPIError, match=f'"{constraint}"'):
        run(app, statement, world)


NOT_TESTED = {
    "pk_request_events",  # A trigger assigns the id.
    "pk_audit_events",  # Identity columns, like that of comments.
    "pk_request_count_deltas",
}


def test_every_constraint_of_the_schema_is_tried():
    names = re.findall(r"(?:CONSTRAINT|UNIQUE INDEX) ((?:ck|uq|pk|fk)_\w+)", SCHEMA_FILE.read_text(encoding="utf-8"))
    assert set(names) - {name for name, _ in REFUSED} == NOT_TESTED


NOT_NULL = re.compile(r"^    ([a-z_]+) (?!.*GENERATED ALWAYS).* NOT NULL", re.MULTILINE)


def test_columns_that_must_not_be_empty_are_not(app, world):
    for table in ("users", "repair_requests", "comments", "ratings", "sessions"):
        script = SCHEMA_FILE.read_text(encoding="utf-8").partition(f"CREATE TABLE {table} (")[2].partition(");")[0]
        columns = NOT_NULL.findall(script)
        assert columns
        for column in columns:
            with pytest.raises(DBAPIError, match="violates not-null"):
                run(app, f"INSERT INTO {table} ({column}) VALUES (NULL)", world)


@pytest.mark.parametrize("log", ["request_events", "audit_events"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET kind = kind", "UPDATE {} SET at = now()"])
def test_log_is_only_added_to(app, make, login, world, log, change):
    admin = make.user(Role.ADMIN)
    login(admin).patch("/api/settings/", json={"due_soon_hours": 48})
    with pytest.raises(DBAPIError, match="append-only"):
        run(app, change.format(log), world)
    assert run(app, f"SELECT kind FROM {log}", world) is not None


def test_events_are_numbered_by_the_database_in_the_order_of_their_commits(app, make, world):
    with app.app_context():
        first, second = db.engine.connect(), db.engine.connect()
        insert = text(NEW_EVENT + "(:new, NULL, 'edited', 2) RETURNING event_id")
        early = first.execute(insert, world).scalar_one()
        second.execute(text("SET lock_timeout = '100ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):  # It waits for the first transaction.
            second.execute(insert, world)
        second.rollback()
        first.commit()
        assert second.execute(insert, world).scalar_one() > early
        second.rollback()
        first.close()
        second.close()


def test_number_that_a_writer_gives_to_an_event_is_not_taken(app, world):
    statement = "INSERT INTO request_events (event_id, requestid, kind, version) VALUES (-5, :new, 'edited', 1)"
    with app.app_context(), db.engine.begin() as connection:
        assert connection.execute(text(statement + " RETURNING event_id"), world).scalar_one() > 0


@pytest.mark.parametrize("field", ["fullname", "email", "phone", "password_hash"])
def test_texts_have_the_lengths_of_the_contract(app, world, field):
    lengths = {"fullname": 200, "email": 254, "phone": 32, "password_hash": 255}
    longest = "@".rjust(lengths[field] - 1, "x") + "y"
    statement = f"UPDATE users SET {field} = :text WHERE user_id = :client"
    run(app, statement, world | {"text": longest})
    with pytest.raises(DBAPIError, match="value too long"):
        run(app, statement, world | {"text": longest + "z"})


def test_keys_are_bigint_and_times_have_a_zone(app, world):
    rows = run(app, "SELECT table_name, column_name, data_type FROM information_schema.columns"
                    " WHERE table_schema = 'public' AND table_name <> 'alembic_version'", world).all()  # fmt: skip
    for table, column, kind in rows:
        if column in ("user_id", "clientid", "masterid", "requestid", "commentid", "event_id", "actor_id", "audit_id"):
            assert kind == "bigint", (table, column)
        assert kind != "timestamp without time zone", (table, column)
