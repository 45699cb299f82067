"""Creating requests: by the client, by the office, and repeated with the same `Idempotency-Key`."""

from datetime import timedelta

import pytest
import time_machine

from models import IdempotencyKey, Priority, RepairRequest, RequestEvent, Role, Status
from services.common.clock import now
from tests.kit.helpers import at_once, one, rows, snapshot

BODY = {"techtype": "Фен", "techmodel": "Philips 5000", "problemdescription": "Не включается"}
EVERYTHING = BODY | {"project": "Дача", "serialnumber": "SN-1", "phone": "+7 900 1", "address": "Лесная, 5"}


def create(caller, body=BODY, key=None, **fields):
    headers = {"Idempotency-Key": key} if key is not None else {}
    return caller.post("/api/requests/", json=body | fields, headers=headers)


@pytest.fixture
def owner(sign_in):
    return sign_in(Role.CLIENT)


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


def test_client_hands_in_a_request_of_their_own(app, owner):
    answer = create(owner, EVERYTHING)
    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/requests/{body['requestid']}"
    assert answer.headers["ETag"] == '"1"'
    assert EVERYTHING.items() <= body.items()
    assert (body["clientid"], body["masterid"]) == (owner.user.user_id, None)
    assert (body["requeststatus"], body["priority"]) == ("Новая заявка", "Обычный")
    assert owner.get(answer.headers["Location"]).get_json() == body
    assert one(app, RepairRequest).requestid == body["requestid"]


def test_handing_in_stands_in_the_history(app, owner):
    requestid = create(owner).get_json()["requestid"]
    event = one(app, RequestEvent)
    assert (event.requestid, event.actor_id, event.kind) == (requestid, owner.user.user_id, "created")
    assert (event.from_value, event.to_value) == (None, Status.NEW)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_office_hands_in_for_a_client_with_priority_and_deadline(make, sign_in, role):
    client = make.user()
    caller = sign_in(role)
    answer = create(caller, clientid=client.user_id, priority="Срочный", duedate="2030-01-01T12:00:00+03:00")
    body = answer.get_json()
    assert answer.status_code == 201
    assert (body["clientid"], body["priority"], body["duedate"]) == (client.user_id, "Срочный", "2030-01-01T09:00:00Z")


@pytest.mark.parametrize(
    ("field", "value"), [("clientid", 1), ("clientid", None), ("priority", "Срочный"), ("duedate", None)]
)
def test_client_may_not_set_what_is_the_office_s(app, owner, field, value):
    before = snapshot(app)
    answer = create(owner, **{field: value})
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {field}
    assert snapshot(app) == before
    assert create(owner).status_code == 201


def test_office_must_name_an_active_client(app, make, manager):
    master, off = make.user(Role.MASTER), make.user(is_active=False)
    before = snapshot(app)
    for clientid in (None, 0, -1, 2**63, 10**30, 999_999, master.user_id, off.user_id, manager.user.user_id):
        answer = create(manager, clientid=clientid)
        assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"clientid"}), clientid
    assert set(create(manager).get_json()["fields"]) == {"clientid"}
    assert snapshot(app) == before
    assert create(manager, clientid=make.user().user_id).status_code == 201


def test_master_hands_in_nothing(app, sign_in):
    assert create(sign_in(Role.MASTER)).status_code == 403
    assert rows(app, RepairRequest) == []


def test_all_bad_fields_are_named_at_once(app, owner):
    answer = owner.post(
        "/api/requests/",
        json={"techtype": " ", "techmodel": 5, "serialnumber": "x" * 101, "requeststatus": "Завершена", "master": None},
    )
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {
        "techtype", "techmodel", "problemdescription", "serialnumber", "requeststatus", "master",
    }  # fmt: skip
    assert rows(app, RepairRequest) == []


@pytest.mark.parametrize("field", ["requestid", "masterid", "requeststatus", "startdate", "completiondate", "version"])
def test_what_the_program_keeps_cannot_be_set(app, owner, field):
    assert set(create(owner, **{field: 1}).get_json()["fields"]) == {field}
    assert rows(app, RepairRequest) == []


LENGTHS = {
    "techtype": 100,
    "techmodel": 200,
    "problemdescription": 10_000,
    "project": 200,
    "serialnumber": 100,
    "phone": 32,
    "address": 300,
}


@pytest.mark.parametrize("field", LENGTHS)
def test_length_is_counted_in_code_points(owner, field):
    longest = "🧊" * LENGTHS[field]
    assert create(owner, **{field: longest}).get_json()[field] == longest
    assert set(create(owner, **{field: longest + "🧊"}).get_json()["fields"]) == {field}


def test_texts_are_trimmed_and_blank_optional_ones_are_empty(owner):
    body = create(owner, techtype="  Фен\n", project=" \t ", serialnumber="", phone=None).get_json()
    assert (body["techtype"], body["project"], body["serialnumber"], body["phone"]) == ("Фен", None, None, None)


def test_line_ends_and_quotes_come_back_as_they_were(owner):
    text = "Строка 1\r\nСтрока 2\t<b>&amp;</b> \"'\\ \u2028 =1+1"
    assert create(owner, problemdescription=text).get_json()["problemdescription"] == text


# Idempotency


def test_same_key_and_body_give_the_same_answer_and_one_request(app, owner):
    first, second = create(owner, key="k-1"), create(owner, key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_data() == second.get_data()
    assert [first.headers[name] for name in ("Location", "ETag")] == [
        second.headers[name] for name in ("Location", "ETag")
    ]
    assert len(rows(app, RepairRequest)) == len(rows(app, RequestEvent)) == 1


@pytest.mark.parametrize(
    "again",
    [
        {name: BODY[name] for name in reversed(BODY)},
        BODY | {"techtype": " Фен "},
        BODY | {"project": None},
        BODY | {"project": "  ", "phone": ""},
    ],
)
def test_body_that_means_the_same_is_the_same(app, owner, again):
    first = create(owner, key="k-1").get_json()
    assert create(owner, again, key="k-1").get_json() == first
    assert len(rows(app, RepairRequest)) == 1


def test_priority_that_is_the_default_is_the_same_as_none(make, manager):
    body = BODY | {"clientid": make.user().user_id}
    first = create(manager, body, key="k-1").get_json()
    assert create(manager, body, key="k-1", priority="Обычный").get_json() == first
    assert create(manager, body, key="k-1", priority="Низкий").status_code == 422


def test_moment_in_another_offset_is_the_same_but_no_deadline_is_not_the_default_one(make, manager):
    body = BODY | {"clientid": make.user().user_id}
    first = create(manager, body, key="k-1", duedate="2030-01-01T12:00:00+03:00").get_json()
    assert create(manager, body, key="k-1", duedate="2030-01-01T09:00:00.000Z").get_json() == first
    assert create(manager, body, key="k-2").get_json()["duedate"] is not None
    assert create(manager, body, key="k-2", duedate=None).status_code == 422


def test_same_key_with_another_body_is_refused(app, owner):
    create(owner, key="k-1")
    before = snapshot(app)
    answer = create(owner, key="k-1", techmodel="Другая")
    assert answer.status_code == 422
    assert snapshot(app) == before
    assert create(owner, key="k-2", techmodel="Другая").status_code == 201


def test_two_calls_at_once_with_one_key_make_one_request(app, owner):
    answers = at_once(*[lambda: create(owner, key="k-1")] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) == 1
    assert len(rows(app, RepairRequest)) == 1


def test_calls_without_a_key_are_calls_of_their_own(app, owner):
    create(owner)
    create(owner)
    assert len(rows(app, RepairRequest)) == 2


def test_key_belongs_to_its_user(app, owner, sign_in):
    first, second = create(owner, key="k-1").get_json(), create(sign_in(Role.CLIENT), key="k-1").get_json()
    assert first["requestid"] != second["requestid"]
    assert first["clientid"] != second["clientid"]


def test_refused_call_frees_its_key(app, owner, manager):
    assert create(owner, key="k-1", priority="Срочный").status_code == 422
    assert create(owner, key="k-1", techtype="").status_code == 422
    assert rows(app, IdempotencyKey) == []
    assert create(owner, key="k-1").status_code == 201


def test_key_is_forgotten_after_24_hours(app, owner, login):
    first = create(owner, key="k-1").get_json()["requestid"]
    with time_machine.travel(now() + timedelta(hours=23)):
        again = login(owner.user)
        assert create(again, key="k-1").get_json()["requestid"] == first
    with time_machine.travel(now() + timedelta(hours=24, minutes=1)):
        again = login(owner.user)
        assert create(again, key="k-1").get_json()["requestid"] != first
    assert len(rows(app, RepairRequest)) == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "две", "a\tb", "a b"])
def test_key_that_is_none_is_refused(app, owner, key):
    assert create(owner, key=key.encode().decode("latin-1")).status_code == 400
    assert rows(app, RepairRequest) == []


def test_longest_key_is_taken(owner):
    assert create(owner, key="~" * 255).status_code == 201


def test_answer_under_a_key_stays_what_it_was_when_the_request_moved_on(app, make, owner, manager):
    first = create(owner, key="k-1").get_json()
    path = f"/api/requests/{first['requestid']}"
    manager.patch(path, json={"priority": "Срочный"}, headers={"If-Match": '"1"'})
    again = create(owner, key="k-1")
    assert again.get_json() == first
    assert again.headers["ETag"] == '"1"'
    assert one(app, RepairRequest).priority == Priority.URGENT
