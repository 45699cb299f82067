"""Rules of requests: the contract's table of moves; `allowed` and commands use the same predicates."""

import itertools
from types import SimpleNamespace

import pytest

from models import RepairRequest, Role, Status
from models.enums import MASTERLESS_STATUSES, OPEN_STATUSES, WORKING_STATUSES
from services.common.current_user import CurrentUser
from services.common.errors import AppError, Conflict, Forbidden, Invalid
from services.requests import rules, visibility
from services.requests.rules import MOVES
from tests.kit.helpers import snapshot

CONTRACT = """
Новая заявка     | В работе         | Мастер Менеджер Администратор
Новая заявка     | Отменена         | Клиент Менеджер Администратор | comment
В работе         | Ожидает запчасти | Мастер Менеджер Администратор
В работе         | Завершена        | Мастер Менеджер Администратор
В работе         | Отменена         | Менеджер Администратор | comment
Ожидает запчасти | Отменена         | Менеджер Администратор | comment
Ожидает запчасти | В работе         | Мастер Менеджер Администратор
Завершена        | В работе         | Менеджер Администратор | comment
"""
ME, ANOTHER = 1, 2


def user(role):
    return CurrentUser(user_id=ME, fullname="", email="", user_type=role)


def repair(status=Status.NEW, clientid=ANOTHER, masterid=None, rated_at=None):
    return SimpleNamespace(requeststatus=status, clientid=clientid, masterid=masterid, rated_at=rated_at)


@pytest.fixture
def fresh_rules():
    """Clear cached results before and after a test that changes the rules."""
    rules._allowed.cache_clear()
    yield
    rules._allowed.cache_clear()


# Table of moves


def test_transitions_are_those_of_the_contract():
    rows = [[cell.strip() for cell in line.split("|")] for line in CONTRACT.strip().splitlines()]
    told = {(row[0], row[1]): set(row[2].split()) for row in rows}
    assert {(str(a), str(b)): {str(role) for role in move.roles} for (a, b), move in MOVES.items()} == told
    with_comment = {(str(a), str(b)) for (a, b), move in MOVES.items() if move.comment_required}
    assert with_comment == {(row[0], row[1]) for row in rows if len(row) > 3}


def test_request_knows_its_next_statuses_and_who_may_take_it():
    assert [status for status in Status if (Status.NEW, status) in MOVES] == [Status.IN_PROGRESS, Status.CANCELLED]
    assert visibility.is_takeable(RepairRequest(requeststatus=Status.NEW))
    assert not visibility.is_takeable(RepairRequest(requeststatus=Status.NEW, masterid=1))
    assert not visibility.is_takeable(RepairRequest(requeststatus=Status.CANCELLED))
    assert set(OPEN_STATUSES) == {Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS}
    assert set(WORKING_STATUSES) == {Status.IN_PROGRESS, Status.WAITING_PARTS}


def test_a_move_out_of_a_status_without_a_master_into_work_requires_one():
    """The database rejects work without a master (`work_has_a_master`), so these moves must require one."""
    for (source, target), move in MOVES.items():
        assert move.master_required == (source in MASTERLESS_STATUSES and target not in MASTERLESS_STATUSES)


def test_every_status_can_be_reached_from_a_new_request_by_moves():
    assert rules.steps_to(Status.NEW) == ()
    for status in Status:
        way = (Status.NEW, *rules.steps_to(status))
        assert way[-1] == status
        assert set(itertools.pairwise(way)) <= MOVES.keys()
    assert rules.steps_to(Status.WAITING_PARTS) == (Status.IN_PROGRESS, Status.WAITING_PARTS)


# Predicates


@pytest.mark.parametrize(
    ("role", "what", "given", "kind", "code"),
    [
        (Role.MASTER, rules.edit, {}, Forbidden, "forbidden"),
        (Role.CLIENT, rules.edit, {"status": Status.DONE, "clientid": ME}, Conflict, "conflict"),
        (Role.CLIENT, rules.accept, {"clientid": ME}, Forbidden, "forbidden"),
        (Role.MASTER, rules.accept, {"masterid": ANOTHER}, Conflict, "already_taken"),
        (Role.MASTER, rules.accept, {"status": Status.IN_PROGRESS, "masterid": ME}, Conflict, "already_taken"),
        (Role.MASTER, rules.assign, {}, Forbidden, "forbidden"),
        (Role.MANAGER, rules.assign, {"status": Status.CANCELLED}, Conflict, "conflict"),
        (Role.MASTER, rules.take_away, {"masterid": ME}, Forbidden, "forbidden"),
        (Role.MANAGER, rules.take_away, {"status": Status.IN_PROGRESS, "masterid": ME}, Conflict, "conflict"),
        (Role.MANAGER, rules.take_away, {}, Conflict, "conflict"),
        (Role.CLIENT, rules.deadline, {"clientid": ME}, Forbidden, "forbidden"),
        (Role.ADMIN, rules.deadline, {"status": Status.DONE}, Conflict, "conflict"),
        (Role.MANAGER, rules.rate, {"status": Status.DONE, "clientid": ME}, Forbidden, "forbidden"),
        (Role.CLIENT, rules.rate, {"status": Status.DONE}, Forbidden, "forbidden"),
        (Role.CLIENT, rules.rate, {"clientid": ME}, Conflict, "conflict"),
        (Role.MASTER, rules.comment, {}, Forbidden, "forbidden"),
        (Role.MASTER, rules.comment_internal, {}, Forbidden, "forbidden"),
        (Role.CLIENT, rules.comment_internal, {"clientid": ME}, Invalid, "invalid"),
    ],
)
def test_a_predicate_returns_its_refusal(role, what, given, kind, code):
    refusal = what(user(role), repair(**given))
    assert (type(refusal), refusal.code) == (kind, code)
    with pytest.raises(kind):
        rules.enforce(refusal)


@pytest.mark.parametrize(
    ("role", "what", "given"),
    [
        (Role.MANAGER, rules.edit, {"status": Status.DONE}),
        (Role.CLIENT, rules.edit, {"clientid": ME}),
        (Role.MASTER, rules.accept, {}),
        (Role.MASTER, rules.accept, {"masterid": ME}),
        (Role.MANAGER, rules.assign, {"status": Status.IN_PROGRESS, "masterid": ME}),
        (Role.MANAGER, rules.take_away, {"masterid": ANOTHER}),
        (Role.ADMIN, rules.deadline, {}),
        (Role.CLIENT, rules.rate, {"status": Status.DONE, "clientid": ME}),
        (Role.CLIENT, rules.comment, {"clientid": ME}),
        (Role.MASTER, rules.comment_internal, {"masterid": ME}),
    ],
)
def test_a_predicate_returns_none_for_what_is_allowed(role, what, given):
    assert what(user(role), repair(**given)) is None
    rules.enforce(None)


@pytest.mark.parametrize(
    ("role", "given", "target", "comment", "kind"),
    [
        (Role.MANAGER, {"status": Status.CANCELLED}, Status.IN_PROGRESS, "Ошибка", Conflict),
        (Role.CLIENT, {"clientid": ME}, Status.IN_PROGRESS, None, Forbidden),
        (Role.MANAGER, {}, Status.IN_PROGRESS, None, Conflict),
        (Role.MANAGER, {}, Status.CANCELLED, None, Invalid),
        (Role.MANAGER, {}, Status.CANCELLED, "Починил сам", type(None)),
        (Role.MANAGER, {"masterid": ME}, Status.IN_PROGRESS, None, type(None)),
        (Role.MASTER, {}, Status.IN_PROGRESS, None, type(None)),
    ],
)
def test_a_move_is_refused_by_table_role_comment_and_master(role, given, target, comment, kind):
    assert type(rules.explained_move(user(role), repair(**given), target, comment)) is kind


# `allowed`


def test_a_list_and_a_request_allow_the_same(make, login):
    client, master = make.user(), make.user(Role.MASTER)
    for status in Status:
        make.request(client, None if status == Status.NEW else master, status)
    make.request(client, master, Status.NEW)
    for role in Role:
        caller = login({Role.CLIENT: client, Role.MASTER: master}.get(role) or make.user(role))
        rows = caller.get("/api/requests/").json["items"]
        assert len(rows) == len(Status) + 1
        for row in rows:
            assert row == caller.get(f"/api/requests/{row['requestid']}").json


def test_every_allowed_move_succeeds_and_every_other_is_refused(app, make, login):
    """Compare `allowed` with the server's answers for all roles and statuses: no false promises, no missing actions."""
    client, master = make.user(), make.user(Role.MASTER)
    callers = [login(person) for person in (client, master, make.user(Role.MANAGER), make.user(Role.ADMIN))]
    for caller, status, target in itertools.product(callers, Status, Status):
        made = make.request(client, None if status == Status.NEW else master, status)
        path = f"/api/requests/{made.requestid}"
        answer = caller.get(path)
        before = snapshot(app)
        moved = caller.put(f"{path}/status", json={"requeststatus": target, "comment": "Так договорились"})
        is_allowed = answer.status_code == 200 and target in answer.json["allowed"]["requeststatus"]
        assert (moved.status_code == 200) == is_allowed, (caller.user.user_type, status, target)
        assert (snapshot(app) == before) != is_allowed


def test_positions_differ_in_what_they_allow_though_the_answers_are_cached(make, login):
    client, first, second = make.user(), make.user(Role.MASTER), make.user(Role.MASTER)
    make.request(client, first)
    manager = login(make.user(Role.MANAGER))
    assert login(first).get("/api/requests/").json["items"][0]["allowed"]["requeststatus"] == [
        "Ожидает запчасти",
        "Завершена",
    ]
    assert login(second).get("/api/requests/").json["items"] == []
    assert login(client).get("/api/requests/").json["items"][0]["allowed"]["requeststatus"] == []
    assert "Отменена" in manager.get("/api/requests/").json["items"][0]["allowed"]["requeststatus"]


def test_a_rule_that_reads_more_than_its_subject_fails(fresh_rules, monkeypatch):
    """Results are cached by position, so a rule must not depend on anything else."""
    monkeypatch.setitem(rules.ACTIONS, "hurry", lambda _user, repair: repair.priority)
    with pytest.raises(AttributeError, match="priority"):
        rules.allowed(user(Role.MANAGER), repair(), None)


def test_an_invented_action_is_found_in_answers_and_rows(fresh_rules, make, login, monkeypatch):
    def weigh(user, _repair):
        return None if user.is_office else AppError("Взвешивает менеджер")

    monkeypatch.setitem(rules.ACTIONS, "weigh", weigh)
    client = make.user()
    made = make.request(client)
    for caller, is_allowed in ((login(make.user(Role.MANAGER)), True), (login(client), False)):
        for body in (
            caller.get(f"/api/requests/{made.requestid}").json,
            *caller.get("/api/requests/").json["items"],
        ):
            assert ("weigh" in body["allowed"]["actions"]) == is_allowed


def test_an_invented_move_is_offered_made_and_documented(fresh_rules, app, make, login, monkeypatch):
    move = rules.Move(Status.WAITING_PARTS, Status.DONE, frozenset({Role.MASTER}), comment_required=True)
    monkeypatch.setitem(rules.MOVES, (Status.WAITING_PARTS, Status.DONE), move)
    master = make.user(Role.MASTER)
    made = make.request(master=master, status=Status.WAITING_PARTS)
    path, body = f"/api/requests/{made.requestid}/status", {"requeststatus": "Завершена"}
    manager, caller = login(make.user(Role.MANAGER)), login(master)
    assert caller.get("/api/requests/").json["items"][0]["allowed"]["requeststatus"] == ["В работе", "Завершена"]
    assert manager.get("/api/config").json["moves"][-1] == {
        "from": "Ожидает запчасти",
        "to": "Завершена",
        "roles": ["Мастер"],
        "comment_required": True,
        "master_required": False,
    }
    before = snapshot(app)
    assert manager.put(path, json=body | {"comment": "Деталь не нужна"}).status_code == 403
    assert caller.put(path, json=body).status_code == 422
    assert snapshot(app) == before
    assert caller.put(path, json=body | {"comment": "Деталь не нужна"}).json["requeststatus"] == "Завершена"


def test_the_configuration_tells_statuses_and_moves(client):
    config = client.get("/api/config").json
    assert config["statuses"] == [status.value for status in Status]
    assert config["open_statuses"] == ["Новая заявка", "В работе", "Ожидает запчасти"]
    assert {(move["from"], move["to"]) for move in config["moves"]} == {(str(a), str(b)) for a, b in MOVES}
    explained = {(move["from"], move["to"]) for move in config["moves"] if move["comment_required"]}
    assert ("Завершена", "В работе") in explained and ("В работе", "Завершена") not in explained
    assert [move["to"] for move in config["moves"] if move["master_required"]] == ["В работе"]
