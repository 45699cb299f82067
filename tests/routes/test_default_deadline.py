"""Deadline of a new request: the office's choice, otherwise the default of the appliance type."""

from datetime import UTC, datetime

import pytest
import time_machine

from database import db
from models import Role, Setting

MONDAY_NOON = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
"""12:00:30 in Moscow, the time zone of the shop."""

REQUEST = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Не греет"}


@pytest.fixture(autouse=True)
def monday_noon():
    with time_machine.travel(MONDAY_NOON, tick=False):
        yield


@pytest.fixture
def manager(make, login):
    return login(make.user(Role.MANAGER))


def store(app, **values):
    with app.app_context():
        for name, value in values.items():
            db.session.merge(Setting(name=name, value=value))
        db.session.commit()


def test_a_client_gets_the_default_of_forty_working_hours(make, login):
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST)
    assert answer.status_code == 201
    assert answer.json["duedate"] == "2026-11-27T13:00:00Z"  # 6 + 9 + 9 + 9 hours, and 7 on Friday: 16:00 in Moscow.


def test_a_type_may_have_hours_of_its_own(app, make, login):
    store(app, deadline_hours={"Фен": 3})
    client = login(make.user(Role.CLIENT))
    assert client.post("/api/requests/", json=REQUEST).json["duedate"] == "2026-11-23T12:00:00Z"
    other = client.post("/api/requests/", json=REQUEST | {"techtype": "Утюг"}).json
    assert other["duedate"] == "2026-11-27T13:00:00Z"


def test_the_calendar_of_the_shop_counts(app, make, login):
    store(
        app,
        default_deadline_hours=12,
        working_calendar={"days": [1, 3, 4], "from": "10:00", "to": "20:00", "holidays": ["2026-11-25"]},
    )
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST).json
    assert answer["duedate"] == "2026-11-26T11:00:00Z"  # 8 hours on Monday, 4 on Thursday: 14:00 in Moscow.


def test_without_a_default_there_is_no_deadline(app, make, login):
    store(app, default_deadline_hours=None)
    assert login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST).json["duedate"] is None


def test_the_office_may_choose_another_or_none(make, manager):
    request = REQUEST | {"clientid": make.user(Role.CLIENT).user_id}
    chosen = manager.post("/api/requests/", json=request | {"duedate": "2026-12-31T09:00:00Z"}).json
    assert chosen["duedate"] == "2026-12-31T09:00:00Z"
    assert manager.post("/api/requests/", json=request | {"duedate": None}).json["duedate"] is None
    assert manager.post("/api/requests/", json=request).json["duedate"] == "2026-11-27T13:00:00Z"


def test_a_client_may_not_choose(make, login):
    answer = login(make.user(Role.CLIENT)).post("/api/requests/", json=REQUEST | {"duedate": None})
    assert answer.status_code == 422 and set(answer.json["fields"]) == {"duedate"}


def test_moving_the_default_deadline_is_in_the_history_with_the_reason(make, manager):
    request = manager.post("/api/requests/", json=REQUEST | {"clientid": make.user(Role.CLIENT).user_id}).json
    path = f"/api/requests/{request['requestid']}"
    body = {"duedate": "2026-11-30T13:00:00Z", "reason": "Ждём деталь"}
    assert manager.put(f"{path}/deadline", json=body).status_code == 200
    event = manager.get(f"{path}/history").json["items"][-1]
    assert (event["kind"], event["from"], event["to"], event["comment"]) == (
        "deadline",
        "2026-11-27T13:00:00Z",
        "2026-11-30T13:00:00Z",
        "Ждём деталь",
    )
