"""Work on a request: acceptance, assignment, status, deadline, rating, each with its event."""

from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise

import psycopg2
import pytest
import time_machine
from sqlalchemy import event as sa_event

from database import db
from models import Rating, RequestEvent, Role, Status
from services.common.clock import now
from tests.kit.helpers import at_once, one, rows, snapshot

COMMENT = {"comment": "Так договорились"}


def path(repair):
    return f"/api/requests/{repair.requestid}"


def accept(caller, repair):
    return caller.post(f"{path(repair)}/accept")


def assign(caller, repair, master):
    return caller.put(f"{path(repair)}/master", json={"masterid": master.user_id if master else None})


def move(caller, repair, status, **body):
    return caller.put(f"{path(repair)}/status", json={"requeststatus": status} | body)


def set_deadline(caller, repair, duedate, **body):
    return caller.put(f"{path(repair)}/deadline", json={"duedate": duedate} | body)


def rate(caller, repair, score, **body):
    return caller.put(f"{path(repair)}/rating", json={"score": score} | body)


def code(answer):
    return answer.status_code, answer.get_json()["code"]


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


@pytest.fixture
def master(sign_in):
    return sign_in(Role.MASTER)


# Acceptance


def test_master_takes_a_new_request(app, make, master):
    repair = make.request()
    body = accept(master, repair).get_json()
    assert (body["requeststatus"], body["masterid"], body["version"]) == ("В работе", master.user.user_id, 2)
    assert (repair.reload().requeststatus, repair.masterid) == (Status.IN_PROGRESS, master.user.user_id)
    event = one(app, RequestEvent)
    assert (event.kind, event.actor_id, event.from_value, event.to_value, event.version) == (
        "accepted", master.user.user_id, "Новая заявка", "В работе", 2,
    )  # fmt: skip


def test_of_eight_masters_at_once_exactly_one_gets_the_request(app, make, login):
    repair = make.request()
    masters = [login(make.user(Role.MASTER)) for _ in range(8)]
    answers = at_once(*[lambda caller=caller: accept(caller, repair) for caller in masters])
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.get_json()["code"] for answer in answers if answer.status_code == 409} == {"already_taken"}
    (winner,) = (caller for caller, answer in zip(masters, answers, strict=True) if answer.status_code == 200)
    assert repair.reload().masterid == winner.user.user_id
    assert one(app, RequestEvent).actor_id == winner.user.user_id


def test_request_that_is_no_longer_theirs_to_see_is_still_told_to_be_taken(app, make, master, login):
    repair = make.request()
    accept(login(make.user(Role.MASTER)), repair)
    before = snapshot(app)
    assert code(accept(master, repair)) == (409, "already_taken")
    assert master.get(path(repair)).status_code == 404
    assert snapshot(app) == before


def test_request_that_was_never_theirs_to_take_does_not_exist(app, make, master):
    cancelled = make.request(status=Status.CANCELLED)
    before = snapshot(app)
    assert code(accept(master, cancelled)) == (404, "not_found")
    assert master.post("/api/requests/999999/accept").status_code == 404
    assert snapshot(app) == before


def test_moving_to_work_is_taking(app, make, master):
    repair = make.request()
    body = move(master, repair, "В работе", comment="Буду завтра").get_json()
    assert body["masterid"] == master.user.user_id
    event = one(app, RequestEvent)
    assert (event.kind, event.comment) == ("accepted", "Буду завтра")


def test_of_masters_who_move_it_to_work_at_once_one_gets_it(app, make, login):
    repair = make.request()
    callers = [login(make.user(Role.MASTER)) for _ in range(4)]
    answers = at_once(*[lambda caller=caller: move(caller, repair, "В работе") for caller in callers])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200 and set(statuses[1:]) <= {404, 409}
    assert len(rows(app, RequestEvent)) == 1


# Assignment


def test_manager_assigns_reassigns_and_takes_away(app, make, manager):
    first, second = make.user(Role.MASTER), make.user(Role.MASTER)
    repair = make.request()
    assert assign(manager, repair, first).get_json()["master"]["user_id"] == first.user_id
    assert assign(manager, repair, second).get_json()["master"]["user_id"] == second.user_id
    taken_away = assign(manager, repair, None).get_json()
    assert (taken_away["master"], taken_away["requeststatus"]) == (None, "Новая заявка")
    events = rows(app, RequestEvent)
    people = [None, first, second, None]
    values = [person and {"user_id": person.user_id, "fullname": person.fullname} for person in people]
    assert [(event.kind, event.from_value, event.to_value) for event in events] == [
        ("assigned", before, after) for before, after in pairwise(values)
    ]


def test_reassigned_request_in_work_stays_in_work(make, manager, login):
    first, second = make.user(Role.MASTER), make.user(Role.MASTER)
    repair = make.request(master=first)
    assert assign(manager, repair, second).get_json()["requeststatus"] == "В работе"
    assert login(first).get(path(repair)).status_code == 404
    assert login(second).get(path(repair)).status_code == 200


def test_only_an_active_master_can_be_assigned(app, make, manager):
    repair = make.request()
    nobody = [make.user(Role.MASTER, is_active=False).user_id, make.user(Role.MANAGER).user_id, repair.clientid]
    before = snapshot(app)
    for masterid in [*nobody, 0, -1, 999_999, 2**63, 10**40]:
        answer = manager.put(f"{path(repair)}/master", json={"masterid": masterid})
        assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"masterid"}), masterid
    for body in ({}, {"masterid": "1"}, {"masterid": True}, {"masterid": 1.0}, {"masterid": [1]}, {"master": 1}):
        assert manager.put(f"{path(repair)}/master", json=body).status_code == 422, body
    assert snapshot(app) == before


def test_master_at_work_cannot_be_taken_away_only_replaced(app, make, manager):
    for status in (Status.IN_PROGRESS, Status.WAITING_PARTS):
        repair = make.request(status=status)
        before = snapshot(app)
        assert code(assign(manager, repair, None)) == (409, "conflict")
        assert snapshot(app) == before
        assert assign(manager, repair, make.user(Role.MASTER)).status_code == 200


def test_assigning_whom_it_has_changes_nothing(app, make, manager):
    master = make.user(Role.MASTER)
    repair = make.request(master=master)
    assert assign(manager, repair, master).get_json()["version"] == 1
    assert rows(app, RequestEvent) == []


def test_assigning_and_taking_at_once_leave_one_master(app, make, manager, login):
    repair, chosen = make.request(), make.user(Role.MASTER)
    quick = login(make.user(Role.MASTER))
    answers = at_once(lambda: assign(manager, repair, chosen), lambda: accept(quick, repair))
    assert answers[0].status_code == 200
    assert answers[1].status_code in (200, 409)
    assert repair.reload().masterid == chosen.user_id
    assert repair.version == 1 + len(rows(app, RequestEvent))


def test_who_took_a_request_is_told_so_though_it_is_given_away_the_next_moment(app, make, master):
    repair, other = make.request(), make.user(Role.MASTER)

    def give_away(_session):
        with closing(psycopg2.connect(app.config["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE repair_requests SET masterid = %s", [other.user_id])
            connection.commit()

    sa_event.listen(db.session, "after_commit", give_away)
    answer = accept(master, repair)
    sa_event.remove(db.session, "after_commit", give_away)
    assert (answer.status_code, answer.get_json()["masterid"]) == (200, master.user.user_id)
    assert repair.reload().masterid == other.user_id


def test_master_who_is_leaving_is_not_assigned(app, make, manager, sign_in):
    """Concurrent assignment and demotion: a request never has a master of another role."""
    admin, master, repair = sign_in(Role.ADMIN), make.user(Role.MASTER), make.request()
    at_once(
        lambda: assign(manager, repair, master),
        lambda: admin.patch(f"/api/users/{master.user_id}", json={"user_type": "Клиент"}),
    )
    assert (repair.reload().masterid, master.reload().user_type) in [
        (None, Role.CLIENT),
        (master.user_id, Role.MASTER),
    ]


# Status


def test_whole_way_of_a_request(app, make, master, manager, login):
    client = make.user()
    repair = make.request(client)
    accept(master, repair)
    for status in ("Ожидает запчасти", "В работе", "Завершена"):
        assert move(master, repair, status).get_json()["requeststatus"] == status
    finished = repair.reload().completiondate
    assert abs(finished - now()) < timedelta(minutes=1)
    reopened = move(manager, repair, "В работе", comment="Опять течёт").get_json()
    assert (reopened["requeststatus"], reopened["completiondate"]) == ("В работе", None)
    again = move(master, repair, "Завершена").get_json()
    assert datetime.fromisoformat(again["completiondate"]) > finished
    kinds = [(event.kind, event.from_value, event.to_value, event.comment) for event in rows(app, RequestEvent)]
    assert kinds == [
        ("accepted", "Новая заявка", "В работе", None),
        ("status", "В работе", "Ожидает запчасти", None),
        ("status", "Ожидает запчасти", "В работе", None),
        ("status", "В работе", "Завершена", None),
        ("status", "Завершена", "В работе", "Опять течёт"),
        ("status", "В работе", "Завершена", None),
    ]


def test_history_keeps_the_first_completion_of_a_reopened_request(make, master, manager):
    repair = make.request(master=master.user)
    first = move(master, repair, "Завершена").get_json()["completiondate"]
    move(manager, repair, "В работе", comment="Гарантия")
    events = manager.get(f"{path(repair)}/history").get_json()["items"]
    completions = [event for event in events if event["to"] == "Завершена"]
    assert len(completions) == 1
    assert abs(datetime.fromisoformat(completions[0]["at"]) - datetime.fromisoformat(first)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("status", "target"),
    [(Status.NEW, "Отменена"), (Status.IN_PROGRESS, "Отменена"), (Status.WAITING_PARTS, "Отменена"),
     (Status.DONE, "В работе")],
)  # fmt: skip
@pytest.mark.parametrize("comment", [{}, {"comment": None}, {"comment": "  "}])
def test_moves_that_must_be_explained_want_a_comment(app, make, manager, status, target, comment):
    repair = make.request(status=status)
    before = snapshot(app)
    answer = move(manager, repair, target, **comment)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"comment"})
    assert snapshot(app) == before
    assert move(manager, repair, target, **COMMENT).status_code == 200


def test_client_cancels_their_new_request_with_a_reason(app, make, login):
    client = make.user()
    repair = make.request(client)
    assert move(login(client), repair, "Отменена").status_code == 422
    assert move(login(client), repair, "Отменена", comment="Починил сам").get_json()["requeststatus"] == "Отменена"
    assert one(app, RequestEvent).comment == "Починил сам"


def test_office_starts_work_only_where_there_is_a_master(app, make, manager):
    repair = make.request()
    before = snapshot(app)
    assert code(move(manager, repair, "В работе")) == (409, "conflict")
    assert snapshot(app) == before
    given = make.request(master=make.user(Role.MASTER), status=Status.NEW)
    assert move(manager, given, "В работе").get_json()["masterid"] == given.masterid


def test_move_that_the_table_does_not_know_names_both_ends(make, manager):
    answer = move(manager, make.request(status=Status.CANCELLED), "В работе", **COMMENT)
    assert code(answer) == (409, "bad_transition")
    assert "«Отменена»" in answer.get_json()["error"] and "«В работе»" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "body",
    [{}, {"requeststatus": None}, {"requeststatus": "Готово"}, {"requeststatus": 1}, {"requeststatus": ["В работе"]},
     {"requeststatus": "в работе"}, {"requeststatus": "Завершена", "completiondate": "2026-01-01T00:00:00Z"},
     {"requeststatus": "Завершена", "comment": 1}, {"requeststatus": "Завершена", "comment": "x" * 2001}],
)  # fmt: skip
def test_status_that_is_none_is_refused(app, make, manager, body):
    repair = make.request(status=Status.IN_PROGRESS)
    before = snapshot(app)
    assert manager.put(f"{path(repair)}/status", json=body).status_code == 422
    assert snapshot(app) == before


def test_of_two_equal_moves_at_once_one_is_done(app, make, login):
    repair = make.request(status=Status.IN_PROGRESS)
    callers = [login(make.user(Role.MANAGER)) for _ in range(2)]
    answers = at_once(*[lambda caller=caller: move(caller, repair, "Завершена") for caller in callers])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(rows(app, RequestEvent)) == 1


# Deadline


def test_manager_sets_moves_and_lifts_the_deadline(app, make, manager):
    repair = make.request()
    first = set_deadline(manager, repair, "2020-01-01T00:00:00Z").get_json()
    assert (first["duedate"], first["is_overdue"]) == ("2020-01-01T00:00:00Z", True)
    set_deadline(manager, repair, "2030-01-01T03:00:00+03:00", reason="Ждём деталь")
    assert set_deadline(manager, repair, None).get_json()["duedate"] is None
    events = [(event.kind, event.from_value, event.to_value, event.comment) for event in rows(app, RequestEvent)]
    assert events == [
        ("deadline", None, "2020-01-01T00:00:00Z", None),
        ("deadline", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "Ждём деталь"),
        ("deadline", "2030-01-01T00:00:00Z", None, None),
    ]


@pytest.mark.parametrize(
    "duedate",
    ["", "2026-01-01", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z",
     "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "infinity", "now", "epoch", "-4713-01-01T00:00:00Z", 0,
     1700000000, True, [], {}, "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+99:00",
     "2026-01-01T00:00:00", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00Z\x00"],
)  # fmt: skip
def test_moment_that_is_none_is_refused_and_lists_still_work(app, make, manager, duedate):
    repair = make.request()
    before = snapshot(app)
    answer = set_deadline(manager, repair, duedate)
    assert answer.status_code in (400, 422)
    assert snapshot(app) == before
    assert manager.get("/api/requests/?sort=duedate").status_code == 200


@pytest.mark.parametrize(
    ("duedate", "stored"),
    [("2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z"), ("2099-12-31T23:59:59.999999Z", "2099-12-31T23:59:59.999999Z"),
     ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"), ("2026-01-01 03:00:00+03:00", "2026-01-01T00:00:00Z")],
)  # fmt: skip
def test_every_spelling_of_rfc_3339_in_the_range_is_taken(make, manager, duedate, stored):
    assert set_deadline(manager, make.request(), duedate).get_json()["duedate"] == stored


def test_deadline_that_is_the_same_changes_nothing(app, make, manager):
    repair = make.request(duedate=datetime.fromisoformat("2030-01-01T00:00:00Z"))
    assert set_deadline(manager, repair, "2030-01-01T00:00:00Z").get_json()["version"] == 1
    assert set_deadline(manager, repair, "2030-01-01T05:00:00+05:00").get_json()["version"] == 1
    assert rows(app, RequestEvent) == []


def test_deadline_must_be_named(make, manager):
    repair = make.request()
    answer = manager.put(f"{path(repair)}/deadline", json={"reason": "просто"})
    assert set(answer.get_json()["fields"]) == {"duedate"}


# If-Match: the office names the version it has seen

WISHES = {
    "master": lambda make: {"masterid": make.user(Role.MASTER).user_id},
    "deadline": lambda make: {"duedate": "2030-01-01T09:00:00Z", "reason": "Ждём деталь"},
}


@pytest.mark.parametrize("what", WISHES)
def test_of_two_managers_the_second_is_shown_what_the_first_has_done(app, make, manager, sign_in, what):
    repair, seen = make.request(), {"If-Match": '"1"'}
    first = manager.put(f"{path(repair)}/{what}", json=WISHES[what](make), headers=seen)
    assert first.status_code == 200 and first.headers["ETag"] == '"2"'
    wish, other = WISHES[what](make) | LATER[what], sign_in(Role.MANAGER)
    before = snapshot(app)
    second = other.put(f"{path(repair)}/{what}", json=wish, headers=seen)
    assert code(second) == (412, "stale")
    assert second.json["current"] == manager.get(path(repair)).json
    assert snapshot(app) == before


LATER = {"master": {}, "deadline": {"duedate": "2030-02-01T09:00:00Z"}}


@pytest.mark.parametrize("what", WISHES)
@pytest.mark.parametrize("seen", [{}, {"If-Match": "*"}, {"If-Match": '"3", "1"'}])
def test_a_version_that_fits_or_none_at_all_is_as_before(make, manager, what, seen):
    repair = make.request()
    answer = manager.put(f"{path(repair)}/{what}", json=WISHES[what](make), headers=seen)
    assert answer.status_code == 200 and repair.reload().version == 2


@pytest.mark.parametrize("what", WISHES)
def test_a_wish_whose_answer_was_lost_is_not_refused_when_it_is_repeated(app, make, manager, what):
    repair, wish, seen = make.request(), WISHES[what](make), {"If-Match": '"1"'}
    answers = [manager.put(f"{path(repair)}/{what}", json=wish, headers=seen) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(rows(app, RequestEvent)) == 1


def test_a_stale_version_of_a_request_that_is_not_theirs_tells_nothing(make, sign_in):
    repair = make.request()
    answer = sign_in(Role.MASTER).put(f"{path(repair)}/master", json={"masterid": None}, headers={"If-Match": '"9"'})
    assert (answer.status_code, "current" in answer.json) == (403, False)


# Rating


def test_client_rates_finished_work_and_may_change_the_rating_for_14_days(app, make, login):
    client = make.user()
    repair = make.request(client, status=Status.DONE)
    first = rate(login(client), repair, 4, comment="Хорошо").get_json()["rating"]
    assert (first["score"], first["comment"]) == (4, "Хорошо")
    with time_machine.travel(now() + timedelta(days=13, hours=23)):
        changed = rate(login(client), repair, 2).get_json()["rating"]
        assert (changed["score"], changed["comment"], changed["rated_at"]) == (2, None, first["rated_at"])
    with time_machine.travel(now() + timedelta(days=14, minutes=1)):
        caller = login(client)
        assert "rate" not in caller.get(path(repair)).get_json()["allowed"]["actions"]
        before = snapshot(app)
        assert code(rate(caller, repair, 5)) == (409, "conflict")
        assert snapshot(app) == before
    assert one(app, Rating).score == 2
    assert [(event.kind, event.from_value, event.to_value, event.comment) for event in rows(app, RequestEvent)] == [
        ("rating", None, 4, "Хорошо"),
        ("rating", 4, 2, None),
    ]


@pytest.mark.parametrize("score", [0, 6, -1, 1.5, "5", True, None, [], 10**30])
def test_score_that_is_none_is_refused(app, make, login, score):
    client = make.user()
    repair = make.request(client, status=Status.DONE)
    caller = login(client)
    before = snapshot(app)
    answer = rate(caller, repair, score)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"score"})
    assert snapshot(app) == before
    assert rate(caller, repair, 1).status_code == 200


def test_two_ratings_at_once_make_one_row(app, make, login):
    client = make.user()
    repair = make.request(client, status=Status.DONE)
    callers = [login(client) for _ in range(2)]
    answers = at_once(lambda: rate(callers[0], repair, 1), lambda: rate(callers[1], repair, 5))
    assert {answer.status_code for answer in answers} == {200}
    assert repair.reload().version == 3
    assert one(app, Rating).score in (1, 5)
