"""History of a request, and counters of the visible requests."""

from datetime import timedelta

import pytest

from models import Role, Status
from services.common.clock import now


def history(caller, repair, query=""):
    return caller.get(f"/api/requests/{repair.requestid}/history{query}")


def summary(caller):
    answer = caller.get("/api/requests/summary")
    assert answer.status_code == 200
    return answer.get_json()


# History


def test_history_tells_who_did_what_from_where_to_where_oldest_first(make, login):
    client, master, manager = make.user(), make.user(Role.MASTER), make.user(Role.MANAGER)
    body = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}
    repair = type("Repair", (), login(client).post("/api/requests/", json=body).get_json())
    where = f"/api/requests/{repair.requestid}"
    login(manager).put(f"{where}/master", json={"masterid": master.user_id})
    login(master).post(f"{where}/accept")
    login(client).post("/api/comments/", json={"requestid": repair.requestid, "message": "Жду"})
    items = history(login(client), repair).get_json()["items"]
    assert [(item["kind"], item["actor"]["user_id"]) for item in items] == [
        ("created", client.user_id),
        ("assigned", manager.user_id),
        ("accepted", master.user_id),
        ("comment", client.user_id),
    ]
    assert items[0]["actor"] == {"user_id": client.user_id, "fullname": client.fullname, "user_type": "Клиент"}
    assert (items[2]["from"], items[2]["to"]) == ("Новая заявка", "В работе")
    assert items[3]["comment"] == "Жду"
    assert [item["event_id"] for item in items] == sorted(item["event_id"] for item in items)


def test_event_of_the_program_itself_has_no_actor(make, login):
    client = make.user()
    repair = make.request(client)
    make.event(repair, None, "created", None, {"original": 17}, comment="Из старого журнала")
    (item,) = history(login(client), repair).get_json()["items"]
    assert (item["actor"], item["to"], item["comment"]) == (None, {"original": 17}, "Из старого журнала")


def test_history_comes_in_pages(make, login):
    manager = make.user(Role.MANAGER)
    repair = make.request()
    for number in range(7):
        make.event(repair, manager, "comment", None, {"commentid": number})
    caller = login(manager)
    assert len(history(caller, repair).get_json()["items"]) == 7
    found, cursor = [], None
    while True:
        page = history(caller, repair, f"?limit=3{'&cursor=' + cursor if cursor else ''}").get_json()
        found += [item["to"]["commentid"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == list(range(7))


def test_client_never_reads_of_internal_comments(make, login):
    client, master = make.user(), make.user(Role.MASTER)
    repair = make.request(client, master)
    comment = {"requestid": repair.requestid, "message": "Клиент скандальный", "is_internal": True}
    assert login(master).post("/api/comments/", json=comment).status_code == 201
    assert history(login(client), repair).get_json()["items"] == []
    (item,) = history(login(master), repair).get_json()["items"]
    assert item["comment"] == "Клиент скандальный"


def test_master_reads_no_name_phone_or_address_of_the_client_before_the_request_is_theirs(make, login):
    client, master = make.user(fullname="Тайная Клиентка"), make.user(Role.MASTER)
    caller = login(client)
    body = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}
    created = caller.post("/api/requests/", json=body).get_json()
    changes = {"phone": "+7 900 444", "address": "Секретная, 1", "techmodel": "Braun"}
    where = f"/api/requests/{created['requestid']}"
    assert caller.patch(where, json=changes, headers={"If-Match": '"1"'}).status_code == 200
    caller.post("/api/comments/", json={"requestid": created["requestid"], "message": "Жду"})
    repair = type("Repair", (), created)
    hidden = history(login(master), repair)
    assert hidden.get_json()["items"][1]["to"] == {"techmodel": "Braun"}
    for secret in ("Тайная", "+7 900 444", "Секретная"):
        assert secret not in hidden.get_data(as_text=True)
    login(master).post(f"{where}/accept")
    known = history(login(master), repair).get_data(as_text=True)
    for secret in ("Тайная", "+7 900 444", "Секретная"):
        assert secret in known


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?cursor=x", "?sort=-event_id", "?count=1"])
def test_unknown_or_malformed_parameter_of_the_history_is_refused(make, login, query):
    assert history(login(make.user(Role.ADMIN)), make.request(), query).status_code == 400


# Counters


def test_summary_of_an_empty_shop_names_every_status(sign_in):
    for role in Role:
        assert summary(sign_in(role)) == {
            "by_status": {status.value: 0 for status in Status},
            "overdue": 0,
            "due_soon": 0,
            "without_master": 0,
            "total": 0,
        }


def test_summary_counts_what_each_user_may_see(make, login, sign_in):
    client, master = make.user(), make.user(Role.MASTER)
    yesterday, tonight = now() - timedelta(days=1), now() + timedelta(hours=6)
    make.request(client, duedate=yesterday)
    make.request(duedate=tonight)
    make.request(client, master, duedate=yesterday)
    make.request(master=master, status=Status.DONE, duedate=yesterday)
    make.request(status=Status.WAITING_PARTS, duedate=tonight)
    make.request(status=Status.CANCELLED, duedate=yesterday)
    by_status = lambda *numbers: dict(zip([status.value for status in Status], numbers, strict=True))  # noqa: E731
    office = {"by_status": by_status(2, 1, 1, 1, 1), "overdue": 2, "due_soon": 2, "without_master": 2, "total": 6}
    assert summary(sign_in(Role.MANAGER)) == summary(sign_in(Role.ADMIN)) == office
    assert summary(login(master)) == {
        "by_status": by_status(2, 1, 0, 1, 0), "overdue": 2, "due_soon": 1, "without_master": 2, "total": 4,
    }  # fmt: skip
    assert summary(login(client)) == {
        "by_status": by_status(1, 1, 0, 0, 0), "overdue": 2, "due_soon": 0, "without_master": 1, "total": 2,
    }  # fmt: skip


def test_summary_follows_every_change(make, login):
    client, first, second = make.user(), make.user(Role.MASTER), make.user(Role.MASTER)
    manager = login(make.user(Role.MANAGER))
    body = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}
    where = login(client).post("/api/requests/", json=body).headers["Location"]
    callers = {"office": manager, "first": login(first), "second": login(second), "client": login(client)}

    def totals():
        counted = {name: summary(caller) for name, caller in callers.items()}
        for name, caller in callers.items():
            listed = caller.get("/api/requests/?limit=100").get_json()["items"]
            assert counted[name]["total"] == len(listed)
            for status, number in counted[name]["by_status"].items():
                assert number == sum(item["requeststatus"] == status for item in listed), (name, status)
        return {name: counted[name]["total"] for name in counted}

    assert totals() == {"office": 1, "first": 1, "second": 1, "client": 1}
    callers["first"].post(f"{where}/accept")
    assert totals() == {"office": 1, "first": 1, "second": 0, "client": 1}
    manager.put(f"{where}/master", json={"masterid": second.user_id})
    assert totals() == {"office": 1, "first": 0, "second": 1, "client": 1}
    callers["second"].put(f"{where}/status", json={"requeststatus": "Завершена"})
    manager.put(f"{where}/status", json={"requeststatus": "В работе", "comment": "Гарантия"})
    manager.put(f"{where}/status", json={"requeststatus": "Отменена", "comment": "Не чинится"})
    assert totals() == {"office": 1, "first": 0, "second": 1, "client": 1}


def test_counters_stay_true_over_many_changes_and_foldings(make, login):
    """The deltas are folded with every 64th event; this must not change the sum."""
    master = make.user(Role.MASTER)
    repair = make.request(master=master)
    caller, manager = login(master), login(make.user(Role.MANAGER))
    for status in ["Ожидает запчасти", "В работе"] * 35:
        where = f"/api/requests/{repair.requestid}/status"
        assert caller.put(where, json={"requeststatus": status}).status_code == 200
        assert summary(caller)["by_status"][status] == summary(manager)["by_status"][status] == 1
        assert summary(caller)["total"] == summary(manager)["total"] == 1
