"""The SQL and Python versions of visibility agree."""

import itertools

import pytest

from models import Role, Status
from services.common.current_user import CurrentUser
from services.common.errors import NotFound
from services.requests import lists, visibility


@pytest.fixture
def people(make):
    roles = {"client": Role.CLIENT, "stranger": Role.CLIENT, "master": Role.MASTER, "colleague": Role.MASTER}
    return {name: make.user(role) for name, role in (roles | {"manager": Role.MANAGER, "admin": Role.ADMIN}).items()}


@pytest.fixture
def repairs(make, people):
    client, master = people["client"], people["master"]
    given = [make.request(client, master, status) for status in Status]
    return [make.request(client), make.request(client, status=Status.CANCELLED), *given]


def caller(person):
    return CurrentUser(person.user_id, person.fullname, person.email, Role(person.user_type))


def test_sql_and_python_select_the_same_requests(app, people, repairs):
    for person in people.values():
        user = caller(person)
        with app.app_context():
            selected = {item["requestid"] for item in lists.list_requests(user, {}, limit=100)["items"]}
        assert selected == {repair.requestid for repair in repairs if visibility.sees(user, repair)}, person.user_type


def test_every_user_who_sees_an_event_is_in_one_of_its_groups(people, repairs):
    for repair, person in itertools.product(repairs, people.values()):
        user, event = caller(person), repair
        event.former_masterid, event.was_takeable = None, False
        groups = visibility.groups_concerned(event)
        is_in = visibility.group_of(user) in groups or (visibility.EVERY_MASTER in groups and user.is_master)
        assert is_in or not visibility.sees(user, event)
        assert not is_in or visibility.sees(user, event), "nobody else is asked"


def test_only_masters_lose_sight_of_a_request(people, repairs):
    repair = repairs[0]
    event = visibility.audience(repair)
    repair.former_masterid, repair.was_takeable = event["former_masterid"], event["was_takeable"]
    lost = {name for name, person in people.items() if visibility.saw_before(caller(person), repair)}
    assert lost == {"master", "colleague"}
    repair.former_masterid, repair.was_takeable = people["master"].user_id, False
    assert {name for name, person in people.items() if visibility.saw_before(caller(person), repair)} == {"master"}


def test_a_request_that_another_has_taken_is_found_to_be_refused_and_a_cancelled_one_is_not(app, people, repairs):
    colleague = caller(people["colleague"])
    new, cancelled, taken = repairs[0], repairs[1], repairs[3]
    with app.app_context():
        for found in (new, taken):
            assert visibility.find_to_accept(colleague, found.requestid).requestid == found.requestid
        for lost in (cancelled.requestid, 999_999):
            with pytest.raises(NotFound):
                visibility.find_to_accept(colleague, lost)
