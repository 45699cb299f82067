"""One request: its fields, allowed actions, and concurrent changes."""

import pytest

from models import Priority, RequestEvent, Role, Status
from tests.kit.helpers import at_once, one, rows, snapshot


def path(repair):
    return f"/api/requests/{repair.requestid}"


def edit(caller, repair, changes, version='"1"'):
    headers = {} if version is None else {"If-Match": version}
    return caller.patch(path(repair), json=changes, headers=headers)


def allowed(caller, repair):
    body = caller.get(path(repair)).get_json()["allowed"]
    return set(body["actions"]), set(body["requeststatus"])


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


# Allowed actions


ALLOWED = [
    # state, user, actions, statuses
    ("new", "client", "edit comment", "Отменена"),
    ("new", "colleague", "accept", "В работе"),
    ("new", "office", "edit assign deadline comment comment_internal", "Отменена"),
    ("given", "client", "edit comment", "Отменена"),
    ("given", "master", "accept comment comment_internal", "В работе"),
    ("given", "office", "edit assign take_away deadline comment comment_internal", "В работе|Отменена"),
    ("work", "client", "comment", ""),
    ("work", "master", "comment comment_internal", "Ожидает запчасти|Завершена"),
    ("work", "office", "edit assign deadline comment comment_internal", "Ожидает запчасти|Завершена|Отменена"),
    ("waiting", "client", "comment", ""),
    ("waiting", "master", "comment comment_internal", "В работе"),
    ("waiting", "office", "edit assign deadline comment comment_internal", "В работе|Отменена"),
    ("done", "client", "comment rate", ""),
    ("done", "master", "comment comment_internal", ""),
    ("done", "office", "edit comment comment_internal", "В работе"),
    ("cancelled", "client", "comment", ""),
    ("cancelled", "master", "comment comment_internal", ""),
    ("cancelled", "office", "edit comment comment_internal", ""),
]
STATES = {
    "new": Status.NEW,
    "given": Status.NEW,
    "work": Status.IN_PROGRESS,
    "waiting": Status.WAITING_PARTS,
    "done": Status.DONE,
    "cancelled": Status.CANCELLED,
}


@pytest.mark.parametrize(("state", "whose", "actions", "statuses"), ALLOWED)
def test_allowed_says_what_this_user_may_do_now(make, login, state, whose, actions, statuses):
    people = {"client": make.user(), "master": make.user(Role.MASTER)}
    repair = make.request(people["client"], None if state == "new" else people["master"], STATES[state])
    callers = [people[whose]] if whose in people else []
    callers += [make.user(Role.MASTER)] if whose == "colleague" else []
    callers += [make.user(Role.MANAGER), make.user(Role.ADMIN)] if whose == "office" else []
    for user in callers:
        assert allowed(login(user), repair) == (set(actions.split()), set(filter(None, statuses.split("|"))))


def test_one_request_shows_what_the_list_shows_and_what_is_allowed(make, manager):
    repair = make.request(status=Status.DONE)
    make.rating(repair)
    answer = manager.get(path(repair))
    body = answer.get_json()
    assert manager.get("/api/requests/").get_json()["items"] == [body]
    assert body["allowed"] == {"actions": ["edit", "comment", "comment_internal"], "requeststatus": ["В работе"]}
    assert answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    "number", ["0", "-1", "9223372036854775807", "9223372036854775808", "9" * 40, "x", "1.0", "1e3"]
)
def test_number_that_is_none_is_not_found(make, manager, number):
    repair = make.request()
    for suffix in ("", "/history"):
        answer = manager.get(f"/api/requests/{number}{suffix}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert manager.get(path(repair)).status_code == 200


def test_master_without_the_request_learns_no_person_and_loses_the_request_when_another_has_it(make, login):
    client, master, colleague = make.user(phone="+7 900 555"), make.user(Role.MASTER), make.user(Role.MASTER)
    repair = make.request(client, phone="+7 900 666", address="Секретная, 1")
    caller = login(colleague)
    text = caller.get(path(repair)).get_data(as_text=True)
    assert client.fullname not in text and "+7 900" not in text and "Секретная" not in text
    login(master).post(f"{path(repair)}/accept")
    assert caller.get(path(repair)).status_code == 404
    known = login(master).get(path(repair)).get_json()
    assert (known["client"]["fullname"], known["phone"]) == (client.fullname, "+7 900 666")


# Edits


def test_client_edits_their_new_request(app, make, login):
    client = make.user()
    repair = make.request(client)
    changes = {"techtype": "Утюг", "problemdescription": "Течёт", "project": "Дача", "serialnumber": "7",
               "phone": "+7", "address": "Лесная, 5", "techmodel": "Tefal"}  # fmt: skip
    answer = edit(login(client), repair, changes)
    assert answer.status_code == 200
    assert changes.items() <= answer.get_json().items()
    assert (answer.get_json()["version"], answer.headers["ETag"]) == (2, '"2"')
    event = one(app, RequestEvent)
    assert event.kind == "edited"
    assert event.to_value == changes
    assert event.from_value == {name: getattr(repair, name) for name in changes}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_office_edits_texts_and_priority_in_every_state(make, sign_in, role):
    caller = sign_in(role)
    for status in Status:
        repair = make.request(status=status)
        assert edit(caller, repair, {"priority": "Низкий", "techmodel": "Другая"}).status_code == 200
        assert (repair.reload().priority, repair.techmodel) == (Priority.LOW, "Другая")


@pytest.mark.parametrize("field", ["clientid", "masterid", "requeststatus", "startdate", "completiondate", "duedate",
                                   "version", "requestid", "rating"])  # fmt: skip
def test_fields_with_a_call_of_their_own_cannot_be_edited(app, make, manager, field):
    repair = make.request()
    before = snapshot(app)
    answer = edit(manager, repair, {field: None, "techmodel": "Другая"})
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {field})
    assert snapshot(app) == before


def test_required_text_cannot_be_emptied_and_an_optional_one_can(make, manager):
    repair = make.request(project="Дача")
    refused = edit(manager, repair, {"techtype": None, "techmodel": " ", "problemdescription": "", "priority": None})
    assert set(refused.get_json()["fields"]) == {"techtype", "techmodel", "problemdescription", "priority"}
    assert edit(manager, repair, {"project": None}).get_json()["project"] is None


def test_change_without_the_version_is_refused(app, make, manager):
    repair = make.request()
    before = snapshot(app)
    answer = edit(manager, repair, {"techmodel": "Другая"}, version=None)
    assert (answer.status_code, answer.get_json()["code"]) == (428, "precondition_required")
    assert snapshot(app) == before
    assert edit(manager, repair, {"techmodel": "Другая"}).status_code == 200


@pytest.mark.parametrize("version", ['"2"', '"0"', 'W/"1"', '"01x"', "1", '""', '"1', '"9999999999999999999"', "x", ""])
def test_change_of_another_version_is_refused_and_shows_the_present_one(app, make, manager, version):
    repair = make.request()
    before = snapshot(app)
    answer = edit(manager, repair, {"techmodel": "Другая"}, version=version)
    assert (answer.status_code, answer.get_json()["code"]) == (412, "stale")
    assert answer.get_json()["current"] == manager.get(path(repair)).get_json()
    assert snapshot(app) == before


@pytest.mark.parametrize("version", ['"1"', "*", '"7", "1"', ' "1" ', 'W/"1", "1"'])
def test_change_of_the_present_version_is_taken(make, manager, version):
    assert edit(manager, make.request(), {"techmodel": "Другая"}, version=version).status_code == 200


def test_of_two_edits_of_one_version_one_is_stale(app, make, login):
    repair = make.request()
    callers = [login(make.user(Role.MANAGER)) for _ in range(2)]
    answers = at_once(
        lambda: edit(callers[0], repair, {"techmodel": "Первая"}),
        lambda: edit(callers[1], repair, {"project": "Вторая"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert repair.reload().version == 2
    assert len(rows(app, RequestEvent)) == 1


def test_edit_that_changes_nothing_leaves_no_event_and_no_version(app, make, manager):
    repair = make.request()
    for changes in ({}, {"techmodel": repair.techmodel}, {"project": ""}):
        answer = edit(manager, repair, changes)
        assert (answer.status_code, answer.get_json()["version"]) == (200, 1)
    assert rows(app, RequestEvent) == []


def test_every_change_gives_a_new_version(make, login):
    client, master, manager = make.user(), make.user(Role.MASTER), login(make.user(Role.MANAGER))
    repair = make.request(client)
    where = path(repair)
    versions = [
        edit(login(client), repair, {"project": "Дача"}),
        manager.put(f"{where}/master", json={"masterid": master.user_id}),
        manager.put(f"{where}/deadline", json={"duedate": "2030-01-01T00:00:00Z"}),
        login(master).post(f"{where}/accept"),
        login(master).put(f"{where}/status", json={"requeststatus": "Завершена"}),
        login(client).put(f"{where}/rating", json={"score": 5}),
    ]
    assert [answer.headers["ETag"] for answer in versions] == [f'"{number}"' for number in range(2, 8)]
    assert [answer.get_json()["version"] for answer in versions] == list(range(2, 8))
