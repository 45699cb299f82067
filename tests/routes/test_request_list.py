"""List of requests: visibility, filters, sort order, pages, search, totals."""

from datetime import UTC, datetime, timedelta

import pytest

from models import Priority, Role, Status
from services.common import paging
from services.common.clock import now

DAY = timedelta(days=1)


def items(caller, query=""):
    answer = caller.get(f"/api/requests/{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["items"]


def ids(caller, query=""):
    return [item["requestid"] for item in items(caller, query)]


def ids_of(*repairs):
    return [repair.requestid for repair in repairs]


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


# Visibility


def test_client_sees_their_own_only(make, login):
    owner = make.user()
    own = [make.request(owner) for _ in range(2)]
    stranger = login(make.user())
    assert set(ids(login(owner))) == set(ids_of(*own))
    assert ids(stranger) == []


def test_master_sees_their_own_and_the_new_ones_without_a_master(make, login):
    master, colleague = make.user(Role.MASTER), make.user(Role.MASTER)
    free = make.request()
    own = [make.request(master=master, status=status) for status in Status]
    make.request(master=colleague)
    make.request(master=colleague, status=Status.NEW)
    make.request(status=Status.CANCELLED)
    assert set(ids(login(master))) == set(ids_of(free, *own))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_office_sees_all(make, sign_in, role):
    repairs = [make.request(status=status) for status in Status]
    assert set(ids(sign_in(role))) == set(ids_of(*repairs))


def test_request_has_the_columns_of_the_manual_and_the_contract(make, login):
    client, master = make.user(), make.user(Role.MASTER)
    repair = make.request(client, master, project="Кухня", serialnumber="SN-1", phone="+7 1", address="Лесная, 5")
    (item,) = items(login(client))
    assert item["client"] == {"user_id": client.user_id, "fullname": client.fullname, "phone": client.phone}
    assert item["master"] == {"user_id": master.user_id, "fullname": master.fullname}
    assert item["rating"] is None and item["is_overdue"] is False and item["version"] == 1
    texts = ["project", "techtype", "techmodel", "problemdescription", "serialnumber", "phone", "address"]
    for name in ["requestid", "clientid", "masterid", "requeststatus", "priority", *texts]:
        assert item[name] == getattr(repair, name)
    assert datetime.fromisoformat(item["startdate"]) == repair.startdate
    assert item["startdate"].endswith("Z") and item["completiondate"] is None


def test_master_learns_the_client_of_assigned_requests_only(make, login):
    master, client = make.user(Role.MASTER), make.user(phone="+7 900 777-77-77", fullname="Тайная Клиентка")
    free = make.request(client, phone="+7 900 888-88-88", address="Секретная, 1")
    own = make.request(client, master, phone="+7 900 888-88-88", address="Секретная, 1")
    seen = {item["requestid"]: item for item in items(login(master))}
    hidden = seen[free.requestid]
    assert (hidden["phone"], hidden["address"]) == (None, None)
    assert hidden["client"] == {"user_id": client.user_id, "fullname": None, "phone": None}
    known = seen[own.requestid]
    assert (known["phone"], known["address"]) == ("+7 900 888-88-88", "Секретная, 1")
    assert known["client"] == {"user_id": client.user_id, "fullname": "Тайная Клиентка", "phone": "+7 900 777-77-77"}


def test_list_answers_with_and_without_its_slash_and_without_a_redirect(make, manager):
    make.request()
    assert manager.get("/api/requests").get_json() == manager.get("/api/requests/").get_json()


# Filters


@pytest.fixture
def shop(make):
    """Requests that differ in every filtered column."""
    master = make.user(Role.MASTER, fullname="Мастеров Олег")
    start = datetime(2026, 5, 1, 9, tzinfo=UTC)
    return {
        "new": make.request(techtype="Фен", startdate=start, priority=Priority.LOW),
        "late": make.request(master=master, startdate=start + DAY, duedate=now() - DAY, priority=Priority.URGENT),
        "waiting": make.request(
            master=master, status=Status.WAITING_PARTS, startdate=start + 2 * DAY, duedate=now() + 9 * DAY
        ),
        "done": make.request(
            status=Status.DONE, startdate=start + 3 * DAY, duedate=now() - DAY, completiondate=start + 4 * DAY
        ),
        "cancelled": make.request(status=Status.CANCELLED, startdate=start + 5 * DAY, duedate=now() - DAY),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("requeststatus=В работе", ["late"]),
        ("requeststatus=В работе&requeststatus=Завершена", ["done", "late"]),
        ("masterid=none", ["cancelled", "new"]),
        ("techtype=Фен", ["new"]),
        ("techtype=фен", []),
        ("priority=Срочный", ["late"]),
        ("overdue=1", ["late"]),
        ("overdue=0", ["cancelled", "done", "waiting", "new"]),
        ("created_from=2026-05-03T09:00:00Z", ["cancelled", "done", "waiting"]),
        ("created_to=2026-05-02T09:00:00Z", ["new"]),
        ("created_from=2026-05-02T09:00:00Z&created_to=2026-05-03T09:00:00Z", ["late"]),
        ("created_from=2026-05-03T12:00:00%2B03:00", ["cancelled", "done", "waiting"]),
        ("completed_from=2026-05-05T09:00:00Z", ["done"]),
        ("completed_from=2026-05-05T09:00:01Z", []),
        ("completed_from=2000-01-01T00:00:00Z", ["done"]),
        ("completed_to=2026-05-05T09:00:00Z", []),
        ("completed_to=2026-05-05T09:00:01Z", ["done"]),
        ("requeststatus=В работе&priority=Низкий", []),
        ("clientid=9223372036854775807", []),
        ("clientid=9223372036854775808", []),
        ("masterid=99999999999999999999999", []),
        ("masterid=0", []),
    ],
)
def test_filter_selects_what_it_says(manager, shop, query, names):
    wanted = ids_of(*(shop[name] for name in names))
    assert ids(manager, f"?{query}") == wanted
    assert manager.get(f"/api/requests/?{query}&count=1").get_json()["total"] == len(wanted)


def test_filters_by_people_find_theirs(manager, shop):
    assert ids(manager, f"?masterid={shop['late'].masterid}") == ids_of(shop["waiting"], shop["late"])
    assert ids(manager, f"?clientid={shop['new'].clientid}") == ids_of(shop["new"])


def test_filter_never_shows_more_than_the_user_may_see(shop, sign_in):
    stranger = sign_in(Role.CLIENT)
    for query in ("?overdue=1", "?masterid=none", f"?clientid={shop['new'].clientid}", "?q=Indesit"):
        assert ids(stranger, query) == []
    colleague = sign_in(Role.MASTER)
    assert ids(colleague, "?overdue=1") == []
    assert ids(colleague, f"?clientid={shop['new'].clientid}") == ids_of(shop["new"])


@pytest.mark.parametrize(
    "query",
    ["requeststatus=Готово", "requeststatus=", "masterid=all", "masterid=-1", "clientid=x", "clientid=1&clientid=2",
     "techtype=", "techtype=%00", "priority=urgent", "overdue=true", "overdue=2", "overdue=", "created_from=2026-05-01",
     "created_from=yesterday", "created_from=1999-12-31T23:59:59Z", "created_to=2100-01-01T00:00:00Z",
     "created_from=2026-02-30T00:00:00Z", "created_from=2026-05-01T00:00:00", "created_from=0", "q=", "q=%20",
     "q=" + "x" * 201, "limit=0", "limit=101", "limit=x", "limit=-1", "limit=1.5", "limit=", "limit=%D9%A1",
     "limit=" + "9" * 5000, "count=yes", "sort=fullname", "sort=", "sort=--startdate", "sort=startdate,requestid",
     "cursor=", "cursor=x", "unknown=1", "token=abc", "Limit=5"],
)  # fmt: skip
def test_unknown_or_malformed_parameter_is_refused(manager, query):
    answer = manager.get(f"/api/requests/?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


# Order and pages


@pytest.fixture
def many(make):
    """Requests with many equal values in every sort column."""
    client, master = make.user(), make.user(Role.MASTER)
    start = datetime(2026, 5, 1, tzinfo=UTC)
    priorities = [Priority.LOW, Priority.NORMAL, Priority.URGENT]
    return [
        make.request(
            client,
            master,
            Status.DONE if number % 4 == 0 else Status.IN_PROGRESS,
            startdate=start + number % 3 * DAY,
            duedate=[None, start + DAY, start + 2 * DAY][number % 3],
            completiondate=start + 9 * DAY if number % 4 == 0 else None,
            priority=priorities[number % 3],
        )
        for number in range(23)
    ]


RANK = {"Низкий": 0, "Обычный": 1, "Срочный": 2}
KEYS = {
    "startdate": lambda item: item["startdate"],
    "completiondate": lambda item: item["completiondate"] or "2000",
    "duedate": lambda item: item["duedate"] or "2100",
    "priority": lambda item: RANK[item["priority"]],
    "requestid": lambda item: 0,
}


@pytest.mark.parametrize("sort", [sign + name for name in KEYS for sign in ("", "-")])
def test_every_sort_gives_a_total_order_and_pages_that_add_up(manager, many, sort):
    whole = items(manager, f"?limit=100&sort={sort}")
    key = KEYS[sort.removeprefix("-")]
    expected = sorted(whole, key=lambda item: (key(item), item["requestid"]), reverse=sort.startswith("-"))
    assert whole == expected
    assert len(whole) == len(many)
    for limit in (1, 7, 23):
        assert pages(manager, f"?sort={sort}&limit={limit}") == [item["requestid"] for item in whole]


def pages(caller, query, cursor=""):
    """Yield the ids of each page, starting at the cursor."""
    found = []
    while cursor is not None:
        body = caller.get(f"/api/requests/{query}{cursor and '&cursor=' + cursor}").get_json()
        found += [item["requestid"] for item in body["items"]]
        cursor = body["next_cursor"]
    return found


def test_newest_come_first_and_20_on_a_page(manager, many):
    newest = sorted(many, key=lambda repair: (repair.startdate, repair.requestid), reverse=True)
    assert ids(manager) == ids_of(*newest[:20])


def test_master_s_two_parts_make_one_order(make, login):
    master = make.user(Role.MASTER)
    start = datetime(2026, 5, 1, tzinfo=UTC)
    repairs = [make.request(master=[None, master][number % 2], startdate=start + number * DAY) for number in range(9)]
    newest = ids_of(*reversed(repairs))
    caller = login(master)
    assert ids(caller) == newest
    assert pages(caller, "?limit=2") == newest
    assert caller.get("/api/requests/?count=1").get_json()["total"] == 9


def test_nothing_is_shown_twice_or_missed_while_requests_come_in(make, manager, many):
    body = manager.get("/api/requests/?limit=10").get_json()
    newer = make.request()
    rest = pages(manager, "?limit=10", body["next_cursor"])
    seen = [item["requestid"] for item in body["items"]] + rest
    assert sorted(seen) == sorted(ids_of(*many))
    assert newer.requestid not in seen


def test_row_that_a_cursor_names_may_be_gone(make, manager, many, login):
    client = login(make.user())
    body = manager.get("/api/requests/?limit=5&sort=requestid").get_json()
    assert client.get(f"/api/requests/?limit=5&sort=requestid&cursor={body['next_cursor']}").get_json()["items"] == []


def test_cursor_of_another_order_is_refused(manager, many):
    cursor = manager.get("/api/requests/?limit=5&sort=duedate").get_json()["next_cursor"]
    for sort in ("-duedate", "startdate", "requestid", "priority"):
        assert manager.get(f"/api/requests/?sort={sort}&cursor={cursor}").status_code == 400
    assert manager.get(f"/api/requests/?sort=duedate&cursor={cursor}").status_code == 200


def test_total_is_given_when_asked_for(manager, many):
    assert manager.get("/api/requests/?count=1&limit=1").get_json()["total"] == 23
    assert "total" not in manager.get("/api/requests/?count=0").get_json()
    assert "total" not in manager.get("/api/requests/").get_json()


def test_total_is_capped(manager, many, monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 22)
    assert {"total": 22, "total_is_capped": True}.items() <= manager.get("/api/requests/?count=1").get_json().items()
    monkeypatch.setattr(paging, "COUNT_CAP", 23)
    body = manager.get("/api/requests/?count=1").get_json()
    assert body["total"] == 23 and "total_is_capped" not in body


# Flags


def test_only_open_requests_are_overdue(make, manager):
    late = {status: make.request(status=status, duedate=now() - DAY) for status in Status}
    marked = {item["requestid"]: item["is_overdue"] for item in items(manager)}
    open_ones = (Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS)
    assert {status: marked[repair.requestid] for status, repair in late.items()} == {
        status: status in open_ones for status in Status
    }


def test_rating_stands_in_the_list(make, manager):
    repair = make.request(status=Status.DONE)
    make.rating(repair, 4, comment="Хорошо")
    (item,) = items(manager)
    assert (item["rating"]["score"], item["rating"]["comment"]) == (4, "Хорошо")
