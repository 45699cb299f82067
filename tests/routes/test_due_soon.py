"""Requests with a near deadline: flag, filter, counter."""

from datetime import timedelta

import pytest

from database import db
from models import Priority, Role, Setting, Status
from services.common.clock import now


@pytest.fixture
def manager(make, login):
    return login(make.user(Role.MANAGER))


def due_in(make, hours, **fields):
    return make.request(duedate=now() + timedelta(hours=hours), **fields).requestid


def ids(client, query):
    return {item["requestid"] for item in client.get(f"/api/requests/?{query}").json["items"]}


def store(app, name, value):
    with app.app_context():
        db.session.merge(Setting(name=name, value=value))
        db.session.commit()


def test_near_is_open_and_not_missed_and_within_the_hours_of_the_setting(make, manager):
    near = due_in(make, 23)
    far, missed, none = due_in(make, 25), due_in(make, -1), make.request().requestid
    done = due_in(make, 23, status=Status.DONE)
    assert ids(manager, "due_soon=1") == {near}
    assert ids(manager, "due_soon=0") == {far, missed, none, done}


def test_each_request_says_whether_its_deadline_is_near(make, manager):
    near, far, missed = due_in(make, 23), due_in(make, 25), due_in(make, -1)
    marks = {item["requestid"]: item["is_due_soon"] for item in manager.get("/api/requests/").json["items"]}
    assert marks == {near: True, far: False, missed: False}
    assert manager.get(f"/api/requests/{near}").json["is_due_soon"] is True


def test_how_near_is_a_setting(app, make, manager):
    request = due_in(make, 30)
    assert manager.get(f"/api/requests/{request}").json["is_due_soon"] is False
    store(app, "due_soon_hours", 48)
    assert manager.get(f"/api/requests/{request}").json["is_due_soon"] is True
    assert ids(manager, "due_soon=1") == {request}
    assert manager.get("/api/requests/summary").json["due_soon"] == 1


def test_the_filter_shows_a_master_only_what_they_may_see(make, login):
    master, colleague = make.user(Role.MASTER), make.user(Role.MASTER)
    own, takeable = due_in(make, 5, master=master), due_in(make, 5)
    due_in(make, 5, master=colleague)
    assert ids(login(master), "due_soon=1") == {own, takeable}


@pytest.mark.parametrize("sort", ["duedate", "-duedate", "startdate", "-startdate", "priority", "-priority"])
@pytest.mark.parametrize("query", ["overdue=1", "overdue=1&q=морозит", "requeststatus=Новая заявка"])
def test_open_work_is_read_page_by_page_in_any_order(make, manager, query, sort):
    client = make.user(Role.CLIENT)
    missed = [make.request(client, duedate=now() - timedelta(hours=n), priority=Priority.URGENT) for n in (1, 2, 2)]
    missed += [make.request(client, duedate=now() - timedelta(days=5, hours=n)) for n in range(4)]
    make.request(client, status=Status.CANCELLED, duedate=now() - timedelta(days=1))
    seen, cursor = [], ""
    while cursor is not None:
        page = manager.get(f"/api/requests/?{query}&sort={sort}&limit=2{cursor and f'&cursor={cursor}'}").json
        seen, cursor = seen + page["items"], page["next_cursor"]
    assert sorted(item["requestid"] for item in seen) == sorted(repair.requestid for repair in missed)
    if sort.endswith("duedate"):
        assert [item["duedate"] for item in seen] == sorted(
            (item["duedate"] for item in seen), reverse=sort.startswith("-")
        )
