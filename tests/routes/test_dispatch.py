"""Dispatch over the API: candidates, assignment, workload of all masters, automatic assignment."""

from datetime import timedelta

import pytest

from database import db
from models import RequestEvent, Role, Setting, Status
from services.common.clock import now
from tests.kit.counting import statements_of
from tests.kit.helpers import at_once, rows

REQUEST = {"techtype": "Холодильник", "techmodel": "Indesit", "problemdescription": "Не морозит"}


@pytest.fixture
def manager(make, login):
    return login(make.user(Role.MANAGER))


@pytest.fixture
def automatic(app):
    """Turn on automatic assignment of new requests."""
    with app.app_context():
        db.session.add(Setting(name="auto_assign", value=True))
        db.session.commit()


def test_one_click_gives_the_request_to_the_first_candidate(make, manager):
    busy, free = make.user(Role.MASTER), make.user(Role.MASTER)
    make.request(master=busy)
    repair = make.request()
    items = manager.get(f"/api/requests/{repair.requestid}/candidates").json["items"]
    assert [item["user_id"] for item in items] == [free.user_id, busy.user_id]
    answer = manager.put(f"/api/requests/{repair.requestid}/master", json={"masterid": items[0]["user_id"]})
    assert answer.status_code == 200 and repair.reload().masterid == free.user_id
    assert repair.requeststatus is Status.NEW, "assigned is not yet accepted"


def test_a_request_that_does_not_exist_has_no_candidates(manager):
    assert manager.get("/api/requests/4711/candidates").status_code == 404


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MASTER])
def test_who_judges_masters_is_the_office_alone(make, login, role):
    person = make.user(role)
    fields = {"client": person} if role == Role.CLIENT else {"master": person}
    repair = make.request(**fields)
    assert login(person).get(f"/api/requests/{repair.requestid}").status_code == 200
    assert login(person).get(f"/api/requests/{repair.requestid}/candidates").status_code == 403
    assert login(person).get("/api/requests/load").status_code == 403


def test_candidates_cost_three_queries_however_many_there_are(app, make, manager):
    client, repair = make.user(Role.CLIENT), make.request()
    for _ in range(4):
        make.request(client, make.user(Role.MASTER), status=Status.DONE)
    with statements_of(app) as statements:
        assert len(manager.get(f"/api/requests/{repair.requestid}/candidates").json["items"]) == 4
    assert len(statements) == 3, "the token's, the request's and the masters'"


def test_the_load_counts_each_masters_open_and_recently_finished_work(make, manager):
    client = make.user(Role.CLIENT)
    anna, boris = make.user(Role.MASTER, fullname="Анна"), make.user(Role.MASTER, fullname="Борис")
    soon, missed = now() + timedelta(days=3), now() - timedelta(hours=1)
    make.request(client, boris, status=Status.NEW, duedate=missed)
    make.request(client, boris, status=Status.IN_PROGRESS, duedate=soon)
    make.request(client, boris, status=Status.IN_PROGRESS)
    make.request(client, boris, status=Status.WAITING_PARTS, duedate=missed)
    make.request(client, boris, status=Status.CANCELLED)
    for days, hours in ((6, 23), (7, 1)):
        end = now() - timedelta(days=days, hours=hours)
        make.request(client, anna, status=Status.DONE, startdate=end, completiondate=end, duedate=end)
    make.request(client)
    assert manager.get("/api/requests/load").json["items"] == [
        {
            "user_id": boris.user_id,
            "fullname": "Борис",
            "is_active": True,
            "new": 1,
            "in_progress": 2,
            "waiting_parts": 1,
            "overdue": 2,
            "completed_7_days": 0,
        },
        {
            "user_id": anna.user_id,
            "fullname": "Анна",
            "is_active": True,
            "new": 0,
            "in_progress": 0,
            "waiting_parts": 0,
            "overdue": 0,
            "completed_7_days": 1,
        },
    ]


def test_who_left_is_in_the_load_while_work_is_left_with_them(make, manager):
    left_work, left = make.user(Role.MASTER, is_active=False), make.user(Role.MASTER, is_active=False)
    make.request(master=left_work)
    make.request(master=left, status=Status.DONE)
    (item,) = manager.get("/api/requests/load").json["items"]
    assert item["user_id"] == left_work.user_id and item["is_active"] is False and item["in_progress"] == 1


def test_a_shop_without_masters_has_no_load(manager):
    assert manager.get("/api/requests/load").json == {"items": []}


def test_by_itself_nothing_is_assigned(make, login):
    make.user(Role.MASTER)
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST)
    assert answer.json["masterid"] is None


def test_a_new_request_is_assigned_where_the_shop_wants_it(app, automatic, make, login):
    busy, free = make.user(Role.MASTER), make.user(Role.MASTER, fullname="Свободин Пётр")
    make.request(master=busy)
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST)
    assert answer.status_code == 201
    assert answer.json["master"] == {"user_id": free.user_id, "fullname": "Свободин Пётр"}
    assert answer.json["requeststatus"] == "Новая заявка", "assigned is not yet accepted"
    assert answer.headers["ETag"] == '"2"'
    created, assigned = rows(app, RequestEvent, RequestEvent.requestid == answer.json["requestid"])
    assert (created.kind, created.version) == ("created", 1)
    assert (assigned.kind, assigned.version, assigned.actor_id) == ("assigned", 2, None)
    assert assigned.to_value == {"user_id": free.user_id, "fullname": "Свободин Пётр"}
    assert assigned.comment == "Мастер назначен автоматически"


def test_what_was_assigned_by_itself_is_accepted_by_its_master_only(automatic, make, login):
    chosen, client = make.user(Role.MASTER), make.user(Role.CLIENT)
    path = f"/api/requests/{login(client).post('/api/requests/', json=REQUEST).json['requestid']}"
    colleague = login(make.user(Role.MASTER))
    assert colleague.get(path).status_code == 404
    assert colleague.post(f"{path}/accept").status_code == 409
    assert login(chosen).post(f"{path}/accept").json["requeststatus"] == "В работе"
    history = login(client).get(f"{path}/history").json["items"]
    assert [(event["kind"], event["actor"] and event["actor"]["user_id"]) for event in history] == [
        ("created", client.user_id),
        ("assigned", None),
        ("accepted", chosen.user_id),
    ]


def test_without_masters_a_request_waits(app, automatic, make, login):
    make.user(Role.MASTER, is_active=False)
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST)
    assert answer.status_code == 201 and answer.json["masterid"] is None
    assert [event.kind for event in rows(app, RequestEvent)] == ["created"]


def test_a_repeated_call_assigns_once(app, automatic, make, login):
    make.user(Role.MASTER)
    client, key = login(make.user(Role.CLIENT)), {"Idempotency-Key": "k1"}
    first, second = (client.post("/api/requests/", json=REQUEST, headers=key) for _ in range(2))
    assert first.json == second.json and first.json["masterid"] is not None
    assert [event.kind for event in rows(app, RequestEvent)] == ["created", "assigned"]


def test_work_that_comes_one_by_one_is_shared(automatic, make, login):
    masters = {make.user(Role.MASTER).user_id for _ in range(3)}
    client = login(make.user(Role.CLIENT))
    assert {client.post("/api/requests/", json=REQUEST).json["masterid"] for _ in range(3)} == masters


def test_work_that_comes_at_once_is_all_assigned(app, automatic, make, login):
    make.user(Role.MASTER), make.user(Role.MASTER)
    clients = [login(make.user(Role.CLIENT)) for _ in range(8)]
    answers = at_once(*(lambda who=who: who.post("/api/requests/", json=REQUEST) for who in clients))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert all(answer.json["masterid"] for answer in answers)
    assert len(rows(app, RequestEvent)) == 16
