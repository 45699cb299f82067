"""Every row of `tests/kit/roles.py`: each route, role, relation and state, with a check of the database."""

import re

import pytest

from models import Role, Status
from tests.kit import roles
from tests.kit.helpers import contents, snapshot

STATES = {
    "new": Status.NEW,
    "given": Status.NEW,
    "work": Status.IN_PROGRESS,
    "waiting": Status.WAITING_PARTS,
    "done": Status.DONE,
    "cancelled": Status.CANCELLED,
}
ROLES = {"client": Role.CLIENT, "master": Role.MASTER, "manager": Role.MANAGER, "admin": Role.ADMIN}


def row_id(row):
    return f"{row.action} {row.where}".strip()


@pytest.fixture
def people(make):
    roles_of = ROLES | {"stranger": Role.CLIENT, "colleague": Role.MASTER, "spare_master": Role.MASTER}
    return dict(zip(roles_of, make.users(*roles_of.values()), strict=True))


@pytest.fixture
def ask(app, client, login):
    """Send a call as a user (None: anonymous) and compare its answer and the database with the table."""

    def ask(row, user, world, expected):
        call = roles.CALLS[row.action]
        method, path = call.route.split()
        path = re.sub(r"<int:(\w+)>", r"{\1}", path) + call.query
        options = {"headers": call.headers}
        if call.body:
            options["json"] = {name: filled_in(value, world) for name, value in call.body.items()}
        caller = login(user) if user else Nobody(client)
        fingerprint = snapshot if expected >= 400 else contents
        before = fingerprint(app)
        answer = caller.open(method, path.format_map(world), **options)
        answer.close()
        assert answer.status_code == expected, answer.get_data(as_text=True)
        if expected >= 400:
            assert fingerprint(app) == before, "refused, and yet something was changed"
        elif method != "GET":
            assert fingerprint(app) != before, "nothing was done"

    return ask


class Nobody:
    """A client without a token."""

    def __init__(self, client):
        self.client = client

    def open(self, method, path, **options):
        return self.client.open(path, method=method, **options)


def filled_in(value, world):
    return world[value[1:-1]] if isinstance(value, str) and value.startswith("{") else value


@pytest.mark.parametrize("row", roles.request_rows(), ids=row_id)
def test_action_on_a_request_answers_as_the_table_says(make, people, ask, row):
    for column, expected in ({"nobody": 401} | row.statuses).items():
        if expected is None:
            continue
        repair = make.request(people["client"], None if row.where == "new" else people["master"], STATES[row.where])
        world = {"requestid": repair.requestid, "spare_master": people["spare_master"].user_id}
        ask(row, people.get(column), world, expected)


@pytest.mark.parametrize("row", roles.account_rows(), ids=row_id)
def test_action_on_an_account_answers_as_the_table_says(make, ask, row):
    make.user(Role.ADMIN)
    for column, expected in row.statuses.items():
        user = make.user(ROLES[column])
        target = user if row.where == "self" else make.user(ROLES[row.where])
        world = {
            "user_id": target.user_id,
            "another_role": Role.MANAGER if target.user_type == Role.CLIENT else Role.CLIENT,
            "new_email": f"new-{target.user_id}@example.org",
        }
        ask(row, user, world, expected)
    ask(row, None, world, 401)


@pytest.mark.parametrize("row", roles.other_rows(), ids=row_id)
@pytest.mark.parametrize("column", roles.ROLE_COLUMNS)
def test_action_without_an_object_answers_as_the_table_says(people, ask, row, column):
    ask(row, people[column], others_world(people), row.statuses[column])


@pytest.mark.parametrize("row", roles.other_rows(), ids=row_id)
def test_action_without_an_object_and_a_token_is_refused_unless_public(people, ask, row):
    call = roles.CALLS[row.action]
    ask(row, None, others_world(people), row.statuses["client"] if call.route in roles.PUBLIC else 401)


def others_world(people):
    return {name: person.user_id for name, person in people.items()} | {"email": people["stranger"].email}


def test_every_action_on_a_request_is_told_for_every_state():
    found = {(row.action, row.where) for row in roles.request_rows()}
    actions = {action for action, _ in found}
    missing = {(action, state) for action in actions for state in STATES} - found
    assert missing == {("take away", "new")}, "nobody can be taken away where nobody is"


def test_every_action_on_an_account_is_told_for_every_kind_of_account():
    found = {(row.action, row.where) for row in roles.account_rows()}
    assert {(action, account) for action, _ in found for account in ["self", *ROLES]} == found


def test_every_call_is_in_a_table():
    rows = [*roles.request_rows(), *roles.account_rows(), *roles.other_rows()]
    assert {row.action for row in rows} == set(roles.CALLS)


def test_every_route_is_in_a_table(app):
    routes = {
        f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {call.route for call in roles.CALLS.values()}
