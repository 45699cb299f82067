"""Statistics compared with figures counted by hand; day borders by time zone, links, one snapshot."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from models import Role, Status
from services.common.clock import now

PERIOD = "from=2026-05-10&to=2026-05-12"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def figures(caller, query=PERIOD):
    answer = caller.get(f"/api/statistics/?{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


@pytest.fixture
def shop(make):
    """Eight requests around three Moscow days, 10 to 12 May 2026: from 9 May 21:00 to 12 May 21:00 UTC."""
    first = make.user(Role.MASTER, fullname="Первый Мастер")
    second = make.user(Role.MASTER, fullname="Второй Мастер")
    done = {"status": Status.DONE}
    return {
        "first": first,
        "second": second,
        "on the first moment": make.request(
            master=first, techtype="Фен", startdate=utc("2026-05-09T21:00:00"), **done,
            completiondate=utc("2026-05-10T07:00:00"), duedate=utc("2026-05-10T07:00:00"),
        ),
        "before, done on the last second": make.request(
            master=first, techtype="Фен", startdate=utc("2026-05-09T20:59:59"), **done,
            completiondate=utc("2026-05-12T20:59:59"), duedate=utc("2026-05-11T00:00:00"),
        ),
        "done on the first moment after": make.request(
            master=second, techtype="Утюг", startdate=utc("2026-05-12T20:59:00"), **done,
            completiondate=utc("2026-05-12T21:00:00"), duedate=utc("2026-05-13T00:00:00"),
        ),
        "new and late": make.request(
            techtype="Утюг", startdate=utc("2026-05-11T12:00:00"), duedate=now() - timedelta(days=1)
        ),
        "after, in work": make.request(master=second, techtype="Фен", startdate=utc("2026-05-12T21:00:00")),
        "cancelled": make.request(
            techtype="Утюг", startdate=utc("2026-05-10T10:00:00"), status=Status.CANCELLED,
            duedate=now() - timedelta(days=1),
        ),
        "waiting": make.request(
            master=second, techtype="Утюг", startdate=utc("2026-05-11T20:59:00"), status=Status.WAITING_PARTS,
            duedate=now() + timedelta(days=1),
        ),
        "no deadline": make.request(
            master=second, techtype="Фен", startdate=utc("2026-05-11T00:00:00"), **done,
            completiondate=utc("2026-05-11T04:00:00"),
        ),
    }  # fmt: skip


@pytest.fixture
def rated_shop(make, shop):
    make.rating(shop["on the first moment"], 5)
    make.rating(shop["before, done on the last second"], 2)
    make.rating(shop["done on the first moment after"], 1)
    return shop


def test_figures_are_those_counted_by_hand(manager, rated_shop):
    answer = figures(manager)
    links = answer["totals"].pop("links")
    assert set(links) == {"created", "completed", "cancelled", "open", "overdue"}
    assert answer["period"] == {"from": "2026-05-10", "to": "2026-05-12", "timezone": "Europe/Moscow"}
    assert answer["totals"] == {"created": 6, "completed": 3, "cancelled": 1, "open": 3, "overdue": 1}
    assert {row["requeststatus"]: row["count"] for row in answer["by_status"]} == {
        "Новая заявка": 1, "В работе": 0, "Ожидает запчасти": 1, "Завершена": 3, "Отменена": 1,
    }  # fmt: skip
    assert answer["completion"] == {"mean_hours": 28.67, "median_hours": 10.0, "p90_hours": 59.6, "n": 3}
    assert answer["on_time"] == {"share": 0.5, "n": 2}
    assert answer["rating"] == {"mean": 3.5, "n": 2, "distribution": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}}
    assert answer["timeline"] == [
        {"date": "2026-05-10", "created": 2, "completed": 1},
        {"date": "2026-05-11", "created": 3, "completed": 1},
        {"date": "2026-05-12", "created": 1, "completed": 1},
    ]


def test_figures_by_techtype_and_master_are_those_counted_by_hand(manager, rated_shop):
    answer = figures(manager)
    for row in [*answer["by_techtype"], *answer["by_master"]]:
        del row["link"]
    assert answer["by_techtype"] == [
        {"techtype": "Утюг", "created": 4, "completed": 0, "mean_hours": None},
        {"techtype": "Фен", "created": 2, "completed": 3, "mean_hours": 28.67},
    ]
    first, second = rated_shop["first"], rated_shop["second"]
    assert answer["by_master"] == [
        {"user_id": first.user_id, "fullname": "Первый Мастер", "completed": 2, "in_progress": 0, "mean_hours": 41.0,
         "rating_mean": 3.5, "rating_n": 2},
        {"user_id": second.user_id, "fullname": "Второй Мастер", "completed": 1, "in_progress": 2, "mean_hours": 4.0,
         "rating_mean": None, "rating_n": 0},
    ]  # fmt: skip


def test_period_without_anything_is_zeros_and_nulls(manager, shop):
    answer = figures(manager, "from=2020-01-01&to=2020-01-02&techtype=Тостер")
    del answer["totals"]["links"]
    assert answer["totals"] == {"created": 0, "completed": 0, "cancelled": 0, "open": 0, "overdue": 0}
    assert answer["completion"] == {"mean_hours": None, "median_hours": None, "p90_hours": None, "n": 0}
    assert answer["on_time"] == {"share": None, "n": 0}
    assert answer["rating"] == {"mean": None, "n": 0, "distribution": dict.fromkeys("12345", 0)}
    assert answer["by_techtype"] == answer["by_master"] == []
    assert [row["count"] for row in answer["by_status"]] == [0] * 5
    assert [day["date"] for day in answer["timeline"]] == ["2020-01-01", "2020-01-02"]


def test_parts_add_up_to_the_totals(manager, rated_shop):
    for query in (PERIOD, f"{PERIOD}&techtype=Фен", f"{PERIOD}&masterid={rated_shop['second'].user_id}", ""):
        check_sums(figures(manager, query))


def check_sums(answer):
    totals = answer["totals"]
    for parts in ("by_techtype", "timeline"):
        for name in ("created", "completed"):
            assert sum(row[name] for row in answer[parts]) == totals[name], (parts, name)
    assert sum(row["count"] for row in answer["by_status"]) == totals["created"]
    assert sum(row["completed"] for row in answer["by_master"]) == totals["completed"] == answer["completion"]["n"]
    assert sum(row["rating_n"] for row in answer["by_master"]) == answer["rating"]["n"]
    assert sum(answer["rating"]["distribution"].values()) == answer["rating"]["n"]


def test_filters_narrow_every_figure(manager, rated_shop):
    hair_dryers = figures(manager, f"{PERIOD}&techtype=Фен")
    assert (hair_dryers["totals"]["created"], hair_dryers["totals"]["completed"]) == (2, 3)
    assert (hair_dryers["totals"]["open"], hair_dryers["totals"]["overdue"]) == (1, 0)
    assert [row["techtype"] for row in hair_dryers["by_techtype"]] == ["Фен"]
    second = figures(manager, f"{PERIOD}&masterid={rated_shop['second'].user_id}")
    assert (second["totals"]["created"], second["totals"]["completed"]) == (3, 1)
    assert [row["fullname"] for row in second["by_master"]] == ["Второй Мастер"]
    assert second["rating"]["n"] == 0


@pytest.mark.parametrize("query", [PERIOD, f"{PERIOD}&techtype=Фен", f"{PERIOD}&techtype=Утюг"])
def test_every_link_lists_the_requests_behind_its_figure(manager, rated_shop, query):
    answer = figures(manager, query)
    totals = answer["totals"]
    links = [(totals["links"][name], totals[name]) for name in totals["links"]]
    links += [(row["link"], row["count"]) for row in answer["by_status"]]
    links += [(row["link"], row["created"] or row["completed"]) for row in answer["by_techtype"]]
    links += [(row["link"], row["completed"]) for row in answer["by_master"]]
    for link, figure in links:
        listed = manager.get(f"{link}&count=1")
        assert listed.status_code == 200, link
        assert listed.get_json()["total"] == figure, link


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize("query", ["from=2000-01-01&to=2000-01-01", "from=2099-12-31&to=2099-12-31", "to=2000-01-01"])
def test_links_work_at_both_ends_of_time(app, make, manager, monkeypatch, zone, query):
    monkeypatch.setitem(app.config, "TIMEZONE", ZoneInfo(zone))
    make.request(startdate=utc("2000-01-01T00:00:00"))
    answer = figures(manager, query)
    for link in answer["totals"]["links"].values():
        assert manager.get(link).status_code == 200, link


@pytest.mark.parametrize(
    ("day", "begin", "end"),
    [
        ("2026-03-29", "2026-03-28T23:00:00", "2026-03-29T22:00:00"),  # 23 hours: the clocks go forward.
        ("2026-10-25", "2026-10-24T22:00:00", "2026-10-25T23:00:00"),  # 25 hours: they go back.
    ],
)
def test_days_on_which_the_clocks_change_have_their_own_length(app, make, manager, monkeypatch, day, begin, end):
    monkeypatch.setitem(app.config, "TIMEZONE", ZoneInfo("Europe/Berlin"))
    second = timedelta(seconds=1)
    for moment in (utc(begin) - second, utc(begin), utc(end) - second, utc(end)):
        make.request(startdate=moment)
    answer = figures(manager, f"from={day}&to={day}")
    assert answer["totals"]["created"] == 2
    assert answer["timeline"] == [{"date": day, "created": 2, "completed": 0}]


def test_days_of_the_timeline_are_those_of_the_organisation(app, make, manager, monkeypatch):
    monkeypatch.setitem(app.config, "TIMEZONE", ZoneInfo("Asia/Vladivostok"))
    make.request(startdate=utc("2026-05-10T14:00:00"))  # Midnight in Vladivostok.
    timeline = figures(manager, "from=2026-05-10&to=2026-05-11")["timeline"]
    assert [day["created"] for day in timeline] == [0, 1]


def test_default_are_the_last_30_days_of_the_organisation(make, login):
    with time_machine.travel(utc("2026-05-31T21:30:00")):  # Already June in Moscow.
        period = figures(login(make.user(Role.ADMIN)), "")["period"]
    assert (period["from"], period["to"]) == ("2026-05-03", "2026-06-01")


def test_end_alone_means_the_30_days_before_it_and_a_start_alone_the_30_days_after_it(manager):
    assert figures(manager, "to=2026-05-30")["period"]["from"] == "2026-05-01"
    assert figures(manager, "from=2026-05-01")["period"]["to"] == "2026-05-30"


def test_completion_counts_once_at_its_last_move_for_the_master_who_completed_it(make, login, manager):
    first, second = make.user(Role.MASTER, fullname="Первый"), make.user(Role.MASTER, fullname="Второй")
    repair = make.request(master=first)
    where = f"/api/requests/{repair.requestid}"

    def completed():
        answer = figures(manager, "")
        check_sums(answer)
        return {row["fullname"]: row["completed"] for row in answer["by_master"]}

    login(first).put(f"{where}/status", json={"requeststatus": "Завершена"})
    assert completed() == {"Первый": 1}
    manager.put(f"{where}/status", json={"requeststatus": "В работе", "comment": "Гарантия"})
    assert completed() == {"Первый": 0}
    manager.put(f"{where}/master", json={"masterid": second.user_id})
    login(second).put(f"{where}/status", json={"requeststatus": "Завершена"})
    assert completed() == {"Второй": 1}


def test_figures_are_of_one_moment_while_the_shop_works(app, make, login, manager):
    client, master = login(make.user()), make.user(Role.MASTER)
    hands, stop = login(master), threading.Event()
    body = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}

    def work():
        while not stop.is_set():
            where = client.post("/api/requests/", json=body).headers["Location"]
            hands.post(f"{where}/accept")
            hands.put(f"{where}/status", json={"requeststatus": "Завершена"})

    worker = threading.Thread(target=work)
    worker.start()
    try:
        answers = [figures(manager, "") for _ in range(12)]
    finally:
        stop.set()
        worker.join()
    for answer in answers:
        check_sums(answer)
    assert answers[-1]["totals"]["created"] > answers[0]["totals"]["created"], "the shop worked meanwhile"


# Rights


def test_master_sees_their_own_figures_only(shop, login):
    caller = login(shop["second"])
    own = figures(caller)
    assert own == figures(caller, f"{PERIOD}&masterid={shop['second'].user_id}")
    assert (own["totals"]["created"], own["totals"]["completed"]) == (3, 1)
    assert [row["fullname"] for row in own["by_master"]] == ["Второй Мастер"]
    answer = caller.get(f"/api/statistics/?{PERIOD}&masterid={shop['first'].user_id}")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")


def test_master_s_links_list_what_is_theirs(shop, login):
    caller = login(shop["second"])
    answer = figures(caller)
    for name, link in answer["totals"]["links"].items():
        assert caller.get(f"{link}&count=1").get_json()["total"] == answer["totals"][name], name


@pytest.mark.parametrize(
    "query",
    ["from=2026-05-12&to=2026-05-10", "from=2026-5-1", "from=yesterday", "from=2026-02-30", "from=1999-12-31",
     "to=2100-01-01", "from=", "from=2026-05-10T00:00:00Z", "from=2020-01-01&to=2026-01-01", "masterid=none",
     "masterid=x", "techtype=", "first=2026-05-10", "last=2026-05-10", "from=2026-05-10&from=2026-05-11", "format=csv",
     "from=٢٠٢٦-05-10", "from=0", "from=infinity"],
)  # fmt: skip
def test_unknown_or_malformed_parameter_is_refused(manager, query):
    answer = manager.get(f"/api/statistics/?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("masterid", ["0", "999999", "9223372036854775808"])
def test_master_that_is_none_has_no_figures(manager, shop, masterid):
    assert figures(manager, f"{PERIOD}&masterid={masterid}")["totals"]["created"] == 0


def test_statistics_answer_without_their_slash_too(manager, shop):
    assert manager.get(f"/api/statistics?{PERIOD}").get_json() == figures(manager)
