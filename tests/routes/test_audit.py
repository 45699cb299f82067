"""The audit log of settings and accounts: readers, entries, filters, and what it never contains."""

from datetime import UTC, datetime, timedelta

import pytest

from database import db
from models import AuditEvent, Role
from services.accounts import password_reset
from services.common.clock import now
from tests.kit.counting import statements_of
from tests.kit.factories import PASSWORD


@pytest.fixture
def boss(make):
    return make.user(Role.ADMIN, fullname="Главный Админ")


@pytest.fixture
def admin(boss, login):
    return login(boss)


def entries(admin, **query):
    answer = admin.get("/api/audit", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def kinds(admin, **query):
    return [entry["kind"] for entry in entries(admin, **query)]


def noted(app, *events):
    """Insert events with the given times and values."""
    with app.app_context():
        db.session.add_all(AuditEvent(**{"subject": "1", "kind": "account_changed"} | event) for event in events)
        db.session.commit()


def named(user):
    return {"user_id": user.user_id, "fullname": user.fullname, "user_type": user.user_type.value}


@pytest.fixture
def story(app, make, boss, admin):
    """A master whose role and name change, a changed setting, an account from the command line."""
    master = make.user(Role.MASTER, fullname="Петров Пётр")
    admin.patch(f"/api/users/{master.user_id}", json={"user_type": "Менеджер"})
    admin.patch(f"/api/users/{master.user_id}", json={"phone": "112"})
    admin.patch("/api/settings", json={"due_soon_hours": 48})
    admin.post(f"/api/users/{master.user_id}/password")
    with app.app_context():
        password_reset.set_password_of(boss.email, PASSWORD)
    return master.reload()


def test_it_tells_who_changed_what_of_whom_the_newest_first(app, login, boss, story):
    by_operator, reset, setting, phone, role = entries(login(boss))
    assert (by_operator["kind"], by_operator["actor"], by_operator["user"]) == ("password_reset", None, named(boss))
    assert (reset["kind"], reset["actor"], reset["user"]) == ("password_reset", named(boss), named(story))
    assert setting["kind"] == "setting_changed" and setting["user"] is None
    assert (setting["setting"], setting["from"], setting["to"]) == ("due_soon_hours", 24, 48)
    assert phone["to"] == {"phone": "112"} and phone["setting"] is None
    assert (role["from"], role["to"]) == ({"user_type": "Мастер"}, {"user_type": "Менеджер"})


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MASTER, Role.MANAGER])
def test_nobody_else_reads_it(story, sign_in, role):
    answer = sign_in(role).get("/api/audit/")
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert len(sign_in(Role.ADMIN).get("/api/audit/").json["items"]) == 5


def test_filters(app, make, login, boss, story):
    admin, changed = login(boss), ["account_changed", "account_changed"]
    assert kinds(admin, user_id=story.user_id) == ["password_reset", *changed]
    assert kinds(admin, user_id=boss.user_id) == ["password_reset"]
    assert kinds(admin, actor="none") == ["password_reset"]
    assert kinds(admin, actor=boss.user_id, kind="account_changed") == changed
    assert kinds(admin, kind=["setting_changed", "password_reset"]) == [
        "password_reset",
        "password_reset",
        "setting_changed",
    ]
    assert [entry["to"] for entry in entries(admin, field="user_type")] == [{"user_type": "Менеджер"}]
    assert kinds(admin, setting="due_soon_hours") == ["setting_changed"] and kinds(admin, setting="techtypes") == []
    assert kinds(admin, actor=10**30) == kinds(admin, user_id=0) == []


def test_days_are_those_of_the_organisation_and_both_included(app, admin):
    """Midnight in Moscow is 21:00 of the day before in UTC."""
    first, last = datetime(2026, 3, 9, 21, tzinfo=UTC), datetime(2026, 3, 11, 20, 59, 59, tzinfo=UTC)
    moments = [first - timedelta(seconds=1), first, last, last + timedelta(seconds=1)]
    noted(app, *({"at": moment} for moment in moments))
    found = entries(admin, **{"from": "2026-03-10", "to": "2026-03-11"})
    assert [entry["at"] for entry in found] == ["2026-03-11T20:59:59Z", "2026-03-09T21:00:00Z"]
    admin.patch("/api/settings", json={"timezone": "UTC"})
    assert len(entries(admin, **{"from": "2026-03-10", "to": "2026-03-11"})) == 2
    assert {entry["at"] for entry in entries(admin, to="2026-03-09")} == {
        "2026-03-09T20:59:59Z",
        "2026-03-09T21:00:00Z",
    }


def test_pages_follow_each_other_without_gap_or_repetition(app, admin):
    noted(app, *({"at": now()} for _ in range(25)))
    page = admin.get("/api/audit/?limit=10&count=1").json
    assert page["total"] == 25
    numbers = [entry["audit_id"] for entry in page["items"]]
    while page["next_cursor"]:
        page = admin.get(f"/api/audit/?limit=10&cursor={page['next_cursor']}").json
        numbers += [entry["audit_id"] for entry in page["items"]]
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == 25


@pytest.mark.parametrize(
    "query",
    ["kind=deleted", "field=password_hash", "actor=me", "user_id=x", "from=2026-02-30", "setting='", "cursor=x", "q=1"],
)
def test_a_filter_that_cannot_be_is_refused(admin, query):
    answer = admin.get(f"/api/audit/?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_page_names_everybody_by_one_query(app, make, admin):
    for _ in range(5):
        admin.patch(f"/api/users/{make.user().user_id}", json={"phone": "112"})
    with statements_of(app) as statements:
        assert len(entries(admin)) == 5
    assert len([sql for sql in statements if sql.lstrip().startswith("SELECT")]) == 2, "the session, and the page"


def test_what_people_do_themselves_is_told_too(app, client, admin):
    """Registration and password change are logged, without the passwords."""
    person = {"fullname": "Яковлева Яна", "email": "yana@example.org", "password": PASSWORD}
    token = client.post("/api/auth/register", json=person).json["token"]
    change = {"old_password": PASSWORD, "new_password": "Sovsem-Drugoj-8"}
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/auth/change-password", json=change | {"old_password": "x"}, headers=bearer).is_json
    client.post("/api/auth/change-password", json=change, headers=bearer)
    answer = admin.get("/api/audit/")
    changed, created = answer.json["items"]
    assert (changed["kind"], changed["from"], changed["to"]) == ("password_changed", None, None)
    assert created["kind"] == "account_created" and created["actor"] == created["user"] == changed["actor"]
    assert created["to"] == {
        "fullname": "Яковлева Яна",
        "email": "yana@example.org",
        "phone": None,
        "user_type": "Клиент",
    }
    for secret in (PASSWORD, "Sovsem-Drugoj-8", token):
        assert secret not in answer.get_data(as_text=True)


def test_what_must_not_be_in_the_log_is_not_shown_even_if_it_is(app, admin):
    values = {"fullname": "Было", "password_hash": "scrypt:kanareika", "token": "kanareika"}
    noted(app, {"from_value": values, "to_value": values | {"jti": "kanareika"}}, {"to_value": "kanareika"})
    answer = admin.get("/api/audit/")
    assert "kanareika" not in answer.get_data(as_text=True)
    assert answer.json["items"][1]["from"] == answer.json["items"][1]["to"] == {"fullname": "Было"}


def test_an_account_that_the_log_names_wrongly_is_nobody(app, admin):
    noted(app, {"subject": "999999"})
    (entry,) = entries(admin)
    assert entry["user"] is None and entry["setting"] is None
