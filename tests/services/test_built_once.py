"""Cached statements and signatures keep nothing of a single use."""

from datetime import timedelta

import time_machine
from psycopg2 import extensions
from sqlalchemy import text

from database import autocommit, db
from models import Role, Status
from services.common.clock import now


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [item["requestid"] for item in answer.json["items"]]


def test_a_list_shows_each_client_their_own_though_the_statement_is_the_same(make, login):
    first, second = make.user(Role.CLIENT), make.user(Role.CLIENT)
    own, others = make.request(client=first), make.request(client=second)
    assert ids(login(first).get("/api/requests/")) == [own.requestid]
    assert ids(login(second).get("/api/requests/")) == [others.requestid]
    assert login(second).get(f"/api/requests/{own.requestid}").status_code == 404
    assert login(second).get(f"/api/requests/{others.requestid}").status_code == 200


def test_counters_are_those_of_each_master(make, login):
    first, second = make.user(Role.MASTER), make.user(Role.MASTER)
    make.request(master=first, duedate=now() - timedelta(hours=1))
    assert login(first).get("/api/requests/summary").json["overdue"] == 1
    assert login(second).get("/api/requests/summary").json["overdue"] == 0


def test_filters_and_cursors_are_those_of_each_call(make, login):
    manager = login(make.user(Role.MANAGER))
    clients = [make.user(Role.CLIENT) for _ in range(2)]
    made = {client.user_id: [make.request(client=client).requestid for _ in range(3)] for client in clients}
    for clientid, numbers in made.items():
        page = manager.get(f"/api/requests/?clientid={clientid}&limit=2&sort=requestid")
        rest = manager.get(f"/api/requests/?clientid={clientid}&sort=requestid&cursor={page.json['next_cursor']}")
        assert (ids(page), ids(rest)) == (numbers[:2], numbers[2:])


def test_a_master_of_nobody_and_of_somebody_are_different_lists(make, login):
    manager, master = login(make.user(Role.MANAGER)), make.user(Role.MASTER)
    taken, free = make.request(master=master), make.request()
    assert ids(manager.get("/api/requests/?masterid=none")) == [free.requestid]
    assert ids(manager.get(f"/api/requests/?masterid={master.user_id}")) == [taken.requestid]
    assert ids(manager.get("/api/requests/?requeststatus=" + Status.IN_PROGRESS.value)) == [taken.requestid]


def test_overdue_is_asked_for_the_time_of_each_call(make, login):
    manager = login(make.user(Role.MANAGER))
    repair = make.request(duedate=now() + timedelta(minutes=30))
    assert ids(manager.get("/api/requests/?overdue=1")) == []
    with time_machine.travel(now() + timedelta(hours=1)):
        assert ids(manager.get("/api/requests/?overdue=1")) == [repair.requestid]
        assert ids(manager.get("/api/requests/?overdue=0")) == []


def test_a_token_ends_though_its_signature_was_checked_before(make, login):
    user = login(make.user(Role.MANAGER))
    assert user.get("/api/auth/me").status_code == 200
    with time_machine.travel(now() + timedelta(hours=25)):
        assert user.get("/api/auth/me").json["code"] == "token_expired"


def test_a_reader_needs_no_transaction_and_the_next_user_of_the_connection_gets_one(app):
    def transaction_status():
        db.session.execute(text("SELECT 1"))
        return db.session.connection().connection.dbapi_connection.info.transaction_status

    with app.app_context():
        autocommit()
        assert transaction_status() == extensions.TRANSACTION_STATUS_IDLE
        db.session.rollback()
        assert transaction_status() == extensions.TRANSACTION_STATUS_INTRANS
        autocommit()
        assert transaction_status() == extensions.TRANSACTION_STATUS_INTRANS
