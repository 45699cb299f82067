"""Accounts: visibility, changes, one-time passwords, and the last administrator."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from models import Role, Session, Status, User
from services.common.clock import now
from tests.kit.factories import PASSWORD
from tests.kit.helpers import at_once, one, rows, snapshot

PERSON = {"fullname": "Орлова Вера", "email": "orlova@example.org"}


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.ADMIN, fullname="Админова Ада")


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, fullname="Менеджерова Мая")


def names(caller, query=""):
    answer = caller.get(f"/api/users/{query}")
    assert answer.status_code == 200, answer.get_json()
    return [item["fullname"] for item in answer.get_json()["items"]]


def create(caller, **fields):
    return caller.post("/api/users/", json=PERSON | fields)


def change(caller, user, **changes):
    return caller.patch(f"/api/users/{user.user_id}", json=changes)


def sign_in_with(client, email, password):
    return client.post("/api/auth/login", json={"email": email, "password": password})


def code(answer):
    return answer.status_code, answer.get_json()["code"]


# Lists


@pytest.fixture
def staff(make, admin, manager):
    make.user(Role.CLIENT, fullname="Клиентова Клара")
    make.user(Role.MASTER, fullname="Мастеров Марк")
    make.user(Role.MASTER, fullname="Мастерова Бывшая", is_active=False)
    make.user(Role.MANAGER, fullname="Менеджеров Второй")


def test_administrator_sees_everybody_and_a_manager_clients_masters_and_themselves(staff, admin, manager):
    clients_and_masters = ["Клиентова Клара", "Мастеров Марк", "Мастерова Бывшая"]
    everybody = ["Админова Ада", *clients_and_masters, "Менеджеров Второй", "Менеджерова Мая"]
    assert sorted(names(admin)) == everybody
    assert sorted(names(manager)) == [*clients_and_masters, "Менеджерова Мая"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?user_type=Мастер", ["Мастеров Марк", "Мастерова Бывшая"]),
        ("?user_type=Мастер&user_type=Клиент", ["Клиентова Клара", "Мастеров Марк", "Мастерова Бывшая"]),
        ("?is_active=0", ["Мастерова Бывшая"]),
        ("?user_type=Мастер&is_active=1", ["Мастеров Марк"]),
        ("?q=мар", ["Мастеров Марк"]),
        ("?q=МАСТЕРОВ", ["Мастеров Марк", "Мастерова Бывшая"]),
        ("?sort=-fullname&limit=2", ["Менеджерова Мая", "Менеджеров Второй"]),
    ],
)
def test_list_filters_searches_and_sorts(staff, admin, query, found):
    listed = names(admin, query)
    assert listed == found
    assert admin.get(f"/api/users/{query}&count=1").get_json()["total"] >= len(found)


@pytest.mark.parametrize("q", ["+7 916 555-01-23", "8 (916) 555-01-23", "5550123", "01-23"])
def test_people_are_found_by_their_phone_however_it_is_written(make, admin, q):
    make.user(Role.CLIENT, fullname="Яковлева Яна", phone="+7 (916) 555-01-23")
    make.user(Role.CLIENT, fullname="Другая Дарья", phone="+7 (916) 555-99-99")
    assert names(admin, f"?q={quote(q)}") == ["Яковлева Яна"]


def test_few_digits_or_a_word_among_them_are_no_phone(make, admin):
    make.user(Role.CLIENT, fullname="Яковлева Яна", phone="+7 (916) 555-01-23")
    assert names(admin, "?q=555") == names(admin, "?q=дом5550123") == []


def test_filter_shows_a_manager_no_more_than_they_may_see(staff, manager):
    assert names(manager, "?user_type=Администратор") == []
    assert names(manager, "?user_type=Менеджер") == ["Менеджерова Мая"]


@pytest.mark.parametrize(
    "query",
    ["user_type=Директор", "user_type=", "is_active=true", "q=", "sort=email", "limit=0", "cursor=x", "role=Мастер"],
)
def test_unknown_or_malformed_parameter_is_refused(admin, query):
    assert code(admin.get(f"/api/users/?{query}")) == (400, "bad_request")


STRANGE_NAMES = [
    "Иванов\u00a0Иван", "Иванов\tИван", "Иванов\nИван", "Иван\u200bов", "\u202eИванов", "Иванов 🧊", "'; DROP TABLE",
    "%", "_", "\\", "Ёлкина", "ёлкина", "ИВАНОВ", "iванов", "Zoë", "李",
]  # fmt: skip


@pytest.mark.parametrize("sort", ["fullname", "-fullname", "user_id", "-user_id"])
def test_pages_go_on_behind_every_name_that_a_person_may_have(make, admin, sort):
    for name in STRANGE_NAMES:
        person = change(admin, make.user(), fullname=name).get_json()
        assert person["fullname"] == name
    found, cursor = [], None
    while True:
        query = {"limit": 1, "sort": sort} | ({"cursor": cursor} if cursor else {})
        page = admin.get("/api/users/", query_string=query)
        assert page.status_code == 200, page.get_json()
        found += [item["fullname"] for item in page.get_json()["items"]]
        cursor = page.get_json()["next_cursor"]
        if cursor is None:
            break
    assert sorted(found) == sorted([*STRANGE_NAMES, "Админова Ада"])
    whole = admin.get("/api/users/", query_string={"limit": 100, "sort": sort}).get_json()["items"]
    assert [item["fullname"] for item in whole] == found


# Creation


@pytest.mark.parametrize("role", Role)
def test_administrator_opens_an_account_of_any_role_with_a_one_time_password(app, client, admin, role):
    answer = create(admin, user_type=role, phone="+7 900 1")
    body = answer.get_json()
    assert answer.status_code == 201
    assert (body["user_type"], body["phone"], body["is_active"]) == (role, "+7 900 1", True)
    assert answer.headers["Location"] == f"/api/users/{body['user_id']}"
    signed_in = sign_in_with(client, PERSON["email"], body["password"]).get_json()
    assert signed_in["password_expired"] is True
    assert "password" not in admin.get(answer.headers["Location"]).get_json()
    assert one(app, User, User.user_id == body["user_id"]).user_type == role


def test_given_password_is_taken_and_not_repeated_in_the_answer(client, admin):
    answer = create(admin, password=PASSWORD)
    assert "password" not in answer.get_json()
    assert "password_expired" not in sign_in_with(client, PERSON["email"], PASSWORD).get_json()


def test_manager_opens_accounts_of_clients_only(app, manager):
    before = snapshot(app)
    for role in (Role.MASTER, Role.MANAGER, Role.ADMIN):
        answer = create(manager, user_type=role)
        assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"user_type"})
    assert snapshot(app) == before
    assert create(manager).get_json()["user_type"] == "Клиент"


@pytest.mark.parametrize(
    ("fields", "bad"),
    [({"fullname": " "}, {"fullname"}), ({"fullname": "x" * 201}, {"fullname"}), ({"email": "нет"}, {"email"}),
     ({"phone": "1" * 33}, {"phone"}), ({"user_type": "Директор"}, {"user_type"}), ({"user_type": None}, {"user_type"}),
     ({"password": "Password1!"}, {"password"}), ({"password": ""}, {"password"}), ({"user_id": 7}, {"user_id"}),
     ({"is_active": False}, {"is_active"}), ({"fullname": 5, "email": [], "x": 1}, {"fullname", "email", "x"})],
)  # fmt: skip
def test_bad_fields_of_a_new_account_are_all_named(app, admin, fields, bad):
    before = snapshot(app)
    answer = create(admin, **fields)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, bad)
    assert snapshot(app) == before


def test_taken_email_is_a_conflict(app, make, admin):
    make.user(email="ORLOVA@example.org")
    before = snapshot(app)
    assert code(create(admin)) == (409, "email_taken")
    assert snapshot(app) == before


def test_two_accounts_at_once_with_one_email_make_one(app, admin):
    answers = at_once(*[lambda: create(admin, password=PASSWORD)] * 3)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(rows(app, User, User.email == PERSON["email"])) == 1


# Changes


def test_person_changes_their_own_name_and_phone(make, login):
    for role in Role:
        user = make.user(role)
        body = change(login(user), user, fullname=" Новое Имя ", phone=" ").get_json()
        assert (body["fullname"], body["phone"]) == ("Новое Имя", None)
        assert user.reload().fullname == "Новое Имя"


@pytest.mark.parametrize(
    "changes", [{"email": "x@example.org"}, {"user_type": "Администратор"}, {"is_active": True}, {"email": "a@b.ru",
                                                                                               "fullname": "Имя"}]
)  # fmt: skip
def test_person_changes_nothing_else_of_their_own(app, make, login, changes):
    for role in (Role.CLIENT, Role.MASTER, Role.MANAGER):
        user = make.user(role)
        caller = login(user)
        before = snapshot(app)
        answer = change(caller, user, **changes)
        assert (answer.status_code, set(answer.get_json()["fields"])) == (422, set(changes) - {"fullname"})
        assert snapshot(app) == before


def test_administrator_changes_everything_of_an_account(client, make, admin):
    user = make.user()
    body = change(admin, user, fullname="Имя", email="novaya@example.org", phone="+7", user_type="Мастер").get_json()
    assert (body["fullname"], body["email"], body["phone"], body["user_type"]) == (
        "Имя", "novaya@example.org", "+7", "Мастер",
    )  # fmt: skip
    assert sign_in_with(client, "novaya@example.org", PASSWORD).get_json()["user"]["user_type"] == "Мастер"
    assert sign_in_with(client, user.email, PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("changes", "bad"),
    [({"fullname": None}, {"fullname"}), ({"email": None}, {"email"}), ({"user_type": None}, {"user_type"}),
     ({"is_active": None}, {"is_active"}), ({"is_active": 1}, {"is_active"}), ({"is_active": "false"}, {"is_active"}),
     ({"password": PASSWORD}, {"password"}), ({"password_changed_at": None}, {"password_changed_at"})],
)  # fmt: skip
def test_bad_change_is_refused(app, make, admin, changes, bad):
    user = make.user()
    before = snapshot(app)
    answer = change(admin, user, **changes)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, bad)
    assert snapshot(app) == before


def test_email_may_change_its_case_but_not_become_another_s(app, make, admin):
    user, other = make.user(email="vera@example.org"), make.user(email="oleg@example.org")
    assert change(admin, user, email="Vera@Example.org").status_code == 200
    before = snapshot(app)
    assert code(change(admin, user, email="OLEG@example.org")) == (409, "email_taken")
    assert snapshot(app) == before
    assert other.reload().email == "oleg@example.org"


def test_two_accounts_cannot_take_one_email_at_once(app, make, admin):
    users = [make.user() for _ in range(2)]
    answers = at_once(*[lambda user=user: change(admin, user, email="odna@example.org") for user in users])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(rows(app, User, User.email == "odna@example.org")) == 1


@pytest.mark.parametrize("user_id", ["0", "999999", "9223372036854775808", "9" * 5000, "x"])
def test_account_that_is_none_is_not_found(admin, user_id):
    assert admin.get(f"/api/users/{user_id}").status_code == 404
    assert admin.patch(f"/api/users/{user_id}", json={}).status_code == 404
    assert admin.post(f"/api/users/{user_id}/password").status_code == 404


def test_nothing_is_deleted(make, admin):
    user = make.user()
    assert admin.open("DELETE", f"/api/users/{user.user_id}").status_code == 405
    assert user.reload().is_active


# Deactivation


def test_deactivation_ends_every_token_at_once_and_the_way_in(app, client, make, login, admin):
    user = make.user()
    callers = [login(user) for _ in range(2)]
    assert change(admin, user, is_active=False).get_json()["is_active"] is False
    assert [code(caller.get("/api/auth/me")) for caller in callers] == [(401, "token_revoked")] * 2
    assert sign_in_with(client, user.email, PASSWORD).status_code == 401
    assert all(session.revoked_at for session in rows(app, Session, Session.user_id == user.user_id))
    change(admin, user, is_active=True)
    assert [caller.get("/api/auth/me").status_code for caller in callers] == [401] * 2
    assert sign_in_with(client, user.email, PASSWORD).status_code == 200


def test_history_still_names_who_left(make, login, admin, manager):
    client = make.user(fullname="Ушедшая Анна")
    repair = make.request(client)
    make.event(repair, client, "created", None, "Новая заявка")
    change(admin, client, is_active=False)
    (item,) = manager.get(f"/api/requests/{repair.requestid}/history").get_json()["items"]
    assert item["actor"]["fullname"] == "Ушедшая Анна"


def test_last_administrator_stays(app, make, admin):
    make.user(Role.ADMIN, is_active=False)
    before = snapshot(app)
    for changes in ({"is_active": False}, {"user_type": "Менеджер"}, {"is_active": False, "user_type": "Менеджер"}):
        assert code(change(admin, admin.user, **changes)) == (409, "last_admin")
    assert snapshot(app) == before
    make.user(Role.ADMIN)
    assert change(admin, admin.user, is_active=False).status_code == 200


def test_two_administrators_who_deactivate_each_other_leave_one(app, make, login):
    first, second = make.user(Role.ADMIN), make.user(Role.ADMIN)
    one_caller, other_caller = login(first), login(second)
    answers = at_once(
        lambda: change(one_caller, second, is_active=False), lambda: change(other_caller, first, is_active=False)
    )
    assert 200 in {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} <= {200, 401, 409}
    assert len(rows(app, User, User.user_type == Role.ADMIN, User.is_active)) == 1


def test_two_administrators_who_step_down_at_once_leave_one(app, make, login):
    admins = [make.user(Role.ADMIN) for _ in range(3)]
    callers = [login(user) for user in admins]
    answers = at_once(
        *[
            lambda pair=pair: change(pair[0], pair[1], user_type="Менеджер")
            for pair in zip(callers, admins, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409]
    assert len(rows(app, User, User.user_type == Role.ADMIN)) == 1


@pytest.mark.parametrize("status", [Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS])
def test_person_with_open_requests_keeps_the_role_that_they_need(app, make, admin, status):
    master = make.user(Role.MASTER)
    repair = make.request(master=master, status=status)
    before = snapshot(app)
    for user_id, role in ((master.user_id, "Клиент"), (repair.clientid, "Мастер")):
        assert code(admin.patch(f"/api/users/{user_id}", json={"user_type": role})) == (409, "conflict")
    assert snapshot(app) == before
    make.request(master=(free := make.user(Role.MASTER)), status=Status.DONE)
    assert change(admin, free, user_type="Менеджер").status_code == 200


# One-time passwords


def test_administrator_gives_a_one_time_password(client, make, login, admin):
    user = make.user()
    caller = login(user)
    password = admin.post(f"/api/users/{user.user_id}/password").get_json()["password"]
    assert code(caller.get("/api/auth/me")) == (401, "token_revoked")
    assert sign_in_with(client, user.email, PASSWORD).status_code == 401
    assert sign_in_with(client, user.email, password).get_json()["password_expired"] is True


def test_one_time_passwords_differ_and_satisfy_the_policy():
    from services.accounts.passwords import one_time_password
    from services.common import password_policy

    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    assert {password_policy.problem_with(password) for password in passwords} == {None}


def test_account_tells_when_its_password_ends(make, admin):
    changed = now() - timedelta(days=10)
    body = admin.get(f"/api/users/{make.user(password_changed_at=changed).user_id}").get_json()
    assert body["password_expires_at"].startswith((changed + timedelta(days=90)).isoformat()[:19])


@pytest.mark.parametrize(
    "name", ["Анна\tПетрова", "Анна\u200bПетрова", "Анна\u2028Петрова", "Анна\u00adПетрова", "\U0010ffff"]
)
def test_name_of_any_characters_is_the_end_of_a_page(make, login, name):
    """The key of a cursor must produce the same cursor; otherwise the list could not continue from it."""
    admin = login(make.user(Role.ADMIN, fullname="Я"))
    for _ in range(2):
        make.user(fullname=name)
    first = admin.get("/api/users/?limit=1&user_type=Клиент").get_json()
    second = admin.get("/api/users/", query_string={"limit": 1, "user_type": "Клиент", "cursor": first["next_cursor"]})
    assert second.status_code == 200
    assert second.get_json()["items"][0]["user_id"] != first["items"][0]["user_id"]
