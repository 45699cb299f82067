"""Settings: readers, editors, validation, effects, and the audit log."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database import db
from models import AuditEvent, Role, Setting
from services.common.clock import now
from tests.kit.counting import statements_of

ORGANISATION = {
    "name": "Мастерская на Лесной",
    "phone": "+7 495 000-00-00",
    "email": "office@example.org",
    "address": None,
    "hours": "Пн–Сб 10–20",
}
CALENDAR = {"days": [1, 2, 3], "from": "10:00", "to": "20:00", "holidays": ["2027-01-01"]}


@pytest.fixture
def administrator(make):
    return make.user(Role.ADMIN)


@pytest.fixture
def admin(administrator, login):
    return login(administrator)


def audit(app):
    """(actor_id, kind, subject, from_value, to_value) of every audit event, oldest first."""
    with app.app_context():
        events = db.session.query(AuditEvent).order_by(AuditEvent.audit_id)
        return [(e.actor_id, e.kind, e.subject, e.from_value, e.to_value) for e in events]


def stored(app):
    with app.app_context():
        return {setting.name: setting.value for setting in db.session.query(Setting)}


def refused(client, body):
    answer = client.patch("/api/settings", json=body)
    assert answer.status_code == 422, answer.json
    return answer.json["fields"]


def test_a_new_shop_has_defaults(admin):
    settings = admin.get("/api/settings").json
    assert settings["working_calendar"] == {"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": []}
    assert settings["default_deadline_hours"] == 40 and settings["deadline_hours"] == {}
    assert settings["due_soon_hours"] == 24
    assert settings["auto_assign"] is False and settings["feedback_url"] is None
    assert "Холодильник" in settings["techtypes"] and settings["organisation"]["name"] == "Техник"


def test_the_administrator_changes_all_of_them_at_once(app, admin):
    changes = {
        "organisation": ORGANISATION,
        "techtypes": ["Фен", "Утюг"],
        "due_soon_hours": 48,
        "deadline_hours": {"Фен": 9},
        "default_deadline_hours": None,
        "working_calendar": CALENDAR,
        "timezone": "Asia/Vladivostok",
        "comment_templates": ["Жду деталь:"],
        "auto_assign": True,
        "feedback_url": "https://forms.example.org/new",
        "password_max_age_days": 30,
        "password_composition": False,
    }
    answer = admin.patch("/api/settings", json=changes)
    assert answer.status_code == 200
    assert answer.json == changes == admin.get("/api/settings/").json == stored(app)


def test_what_is_not_named_stays(app, admin):
    admin.patch("/api/settings", json={"due_soon_hours": 48})
    assert admin.patch("/api/settings", json={"auto_assign": True}).json["due_soon_hours"] == 48
    assert stored(app) == {"due_soon_hours": 48, "auto_assign": True}


def test_lists_of_days_are_stored_in_order(admin):
    calendar = CALENDAR | {"days": [5, 1], "holidays": ["2027-05-09", "2027-01-01"]}
    settings = admin.patch("/api/settings", json={"working_calendar": calendar}).json
    assert settings["working_calendar"]["days"] == [1, 5]
    assert settings["working_calendar"]["holidays"] == ["2027-01-01", "2027-05-09"]


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MASTER, Role.MANAGER])
def test_nobody_else_reads_or_changes_them(app, make, login, role):
    other = login(make.user(role))
    assert other.get("/api/settings").status_code == 403
    assert other.patch("/api/settings", json={"auto_assign": True}).status_code == 403
    assert stored(app) == {} and audit(app) == []


def test_without_a_token_they_are_not_shown(app, client):
    assert client.get("/api/settings").status_code == 401
    assert client.patch("/api/settings", json={"auto_assign": True}).status_code == 401
    assert stored(app) == {}


def test_all_wrong_fields_are_named_at_once_and_nothing_is_stored(app, admin):
    fields = refused(
        admin,
        {
            "organisation": ORGANISATION | {"name": " ", "email": "nobody"},
            "techtypes": [],
            "due_soon_hours": 721,
            "deadline_hours": {"Фен": 0},
            "default_deadline_hours": "40",
            "working_calendar": {"days": [], "from": "18:00", "to": "09:00", "holidays": ["2027-02-30"]},
            "auto_assign": 1,
            "feedback_url": "javascript:alert(1)",
            "colour": "red",
        },
    )
    assert fields == {
        "organisation.name": "Обязательное поле",
        "organisation.email": "Неправильный адрес почты",
        "techtypes": "Нужно хотя бы одно значение",
        "due_soon_hours": "Не больше 720",
        "deadline_hours.Фен": "Не меньше 1",
        "default_deadline_hours": "Должно быть целым числом",
        "working_calendar.days": "Нужно хотя бы одно значение",
        "working_calendar.to": "Должно быть позже начала дня",
        "working_calendar.holidays": "Такого дня не бывает",
        "auto_assign": "Должно быть true или false",
        "feedback_url": "Адрес вида https://example.org/forma",
        "colour": "Неизвестное поле",
    }
    assert stored(app) == {} and audit(app) == []


@pytest.mark.parametrize(
    "body",
    [
        {"techtypes": ["Фен", "фен "]},
        {"techtypes": ["Фен", " "]},
        {"techtypes": ["Ф" * 101]},
        {"techtypes": [f"Тип {number}" for number in range(201)]},
        {"techtypes": None},
        {"comment_templates": ["Жду деталь:", "жду деталь:"]},
        {"comment_templates": [f"Фраза {number}" for number in range(31)]},
        {"comment_templates": ["Ф" * 201]},
        {"due_soon_hours": 0},
        {"due_soon_hours": True},
        {"due_soon_hours": 1.5},
        {"deadline_hours": {"Фен": 1001}},
        {"deadline_hours": {" ": 5}},
        {"deadline_hours": {"Ф" * 101: 5}},
        {"deadline_hours": {"Фен\x00": 5}},
        {"deadline_hours": [["Фен", 5]]},
        {"default_deadline_hours": 0},
        {"working_calendar": CALENDAR | {"days": [0]}},
        {"working_calendar": CALENDAR | {"days": [1, 8]}},
        {"working_calendar": CALENDAR | {"days": [1, 1]}},
        {"working_calendar": CALENDAR | {"from": "9:00"}},
        {"working_calendar": CALENDAR | {"from": "10:00", "to": "10:00"}},
        {"working_calendar": CALENDAR | {"to": "24:01"}},
        {"working_calendar": CALENDAR | {"from": "24:00", "to": "24:00"}},
        {"working_calendar": CALENDAR | {"holidays": ["2027-01-01"] * 2}},
        {"working_calendar": CALENDAR | {"holidays": [20270101]}},
        {"working_calendar": CALENDAR | {"holidays": [f"{2001 + n // 28}-01-{1 + n % 28:02}" for n in range(401)]}},
        {"working_calendar": {"days": [1], "from": "10:00", "to": "20:00"}},
        {"organisation": ORGANISATION | {"site": "example.org"}},
        {"organisation": ORGANISATION | {"phone": "1" * 33}},
        {"organisation": None},
        {"timezone": "Europe/Nowhere"},
        {"timezone": "Europe"},
        {"timezone": "../../etc/passwd"},
        {"timezone": ""},
        {"auto_assign": None},
        {"auto_assign": "true"},
        {"feedback_url": "example.org"},
        {"feedback_url": "https://"},
        {"feedback_url": "ftp://example.org/"},
        {"feedback_url": "https://example.org/a b"},
        {"feedback_url": "https://example.org/\na"},
        {"feedback_url": "https://example.org:99999/"},
        {"feedback_url": "https://example.org/" + "a" * 2000},
        {"feedback_url": "https://example.org/" + "ы" * 1500},
        {"password_max_age_days": -1},
        {"password_max_age_days": 3651},
        {"password_max_age_days": "90"},
        {"password_composition": None},
        {"password_composition": 0},
    ],
    ids=lambda body: str(body)[:60],
)
def test_what_cannot_be_right_is_refused(app, admin, body):
    (field,) = refused(admin, body)
    assert field.split(".")[0] in body
    assert stored(app) == {}


@pytest.mark.parametrize(
    "body",
    [
        {"techtypes": ["Ф" * 100]},
        {"comment_templates": ["Ф" * 200]},
        {"comment_templates": []},
        {"due_soon_hours": 1},
        {"due_soon_hours": 720},
        {"deadline_hours": {"Фен": 1000, "Утюг": 1}},
        {"working_calendar": CALENDAR | {"from": "00:00", "to": "24:00", "days": [1, 2, 3, 4, 5, 6, 7]}},
        {"feedback_url": "http://localhost:8080/форма?a=1"},
        {"feedback_url": "https://example.org/" + "a" * 1980},
        {"timezone": "UTC"},
        {"password_max_age_days": 0},
        {"password_max_age_days": 3650},
    ],
    ids=lambda body: str(body)[:60],
)
def test_the_limits_themselves_are_allowed(app, admin, body):
    assert admin.patch("/api/settings", json=body).status_code == 200
    assert stored(app) == body


def test_a_setting_is_replaced_as_a_whole_so_it_must_be_named_as_a_whole(app, admin):
    fields = refused(admin, {"organisation": {"name": "Мастерская"}, "working_calendar": {}})
    missing = ["phone", "email", "address", "hours"]
    assert fields == {f"organisation.{name}": "Обязательное поле" for name in missing} | {
        f"working_calendar.{name}": "Обязательное поле" for name in CALENDAR
    }
    assert stored(app) == {}


def test_an_empty_feedback_address_means_the_one_of_the_environment(admin, client):
    admin.patch("/api/settings", json={"feedback_url": "https://forms.example.org/new"})
    assert client.get("/api/config").json["feedback_url"] == "https://forms.example.org/new"
    qr_of_setting = client.get("/api/feedback/qr.svg").data
    assert admin.patch("/api/settings", json={"feedback_url": " "}).json["feedback_url"] is None
    assert client.get("/api/config").json["feedback_url"] == "https://forms.example.org/otzyv"
    assert client.get("/api/feedback/qr.svg").data != qr_of_setting


def test_the_longest_address_fits_its_qr_code(admin, client):
    admin.patch("/api/settings", json={"feedback_url": "https://example.org/" + "a" * 1980})
    assert client.get("/api/feedback/qr.svg").status_code == 200


def test_everybody_sees_the_new_organisation_and_types(admin, client):
    admin.patch("/api/settings", json={"organisation": ORGANISATION, "techtypes": ["Фен"]})
    config = client.get("/api/config").json
    assert config["organisation"] == ORGANISATION and config["techtypes"] == ["Фен"]


def test_each_change_is_in_the_log_with_who_and_from_what_to_what(app, administrator, admin):
    admin.patch("/api/settings", json={"due_soon_hours": 48, "auto_assign": False})
    admin.patch("/api/settings", json={"due_soon_hours": 12})
    assert audit(app) == [
        (administrator.user_id, "setting_changed", "due_soon_hours", 24, 48),
        (administrator.user_id, "setting_changed", "due_soon_hours", 48, 12),
    ]


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET subject = 'x'", "DELETE FROM audit_events"])
def test_the_log_cannot_be_rewritten(app, admin, statement):
    admin.patch("/api/settings", json={"due_soon_hours": 48})
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    assert len(audit(app)) == 1


def test_all_settings_are_read_by_one_query(app, admin):
    with statements_of(app) as statements:
        admin.get("/api/settings")
    assert len(statements) == 2 and "FROM sessions" in statements[0] and "FROM settings" in statements[1]


# Two administrators in parallel


def test_of_two_administrators_the_second_is_shown_what_the_first_has_changed(app, admin, sign_in):
    seen = {"If-Match": admin.get("/api/settings/").headers["ETag"]}
    first = admin.patch("/api/settings", json={"due_soon_hours": 48}, headers=seen)
    assert first.status_code == 200 and first.headers["ETag"] != seen["If-Match"]
    second = sign_in(Role.ADMIN).patch("/api/settings", json={"due_soon_hours": 12}, headers=seen)
    assert (second.status_code, second.json["code"]) == (412, "stale")
    assert second.json["current"] == admin.get("/api/settings/").json
    assert stored(app) == {"due_soon_hours": 48} and len(audit(app)) == 1


def test_the_version_seen_is_the_version_changed(app, admin):
    for hours in (48, 12, 24):
        seen = {"If-Match": admin.get("/api/settings/").headers["ETag"]}
        assert admin.patch("/api/settings", json={"due_soon_hours": hours}, headers=seen).status_code == 200
    assert stored(app) == {"due_soon_hours": 24}


def test_the_same_values_have_the_same_version(admin):
    before = admin.get("/api/settings/").headers["ETag"]
    admin.patch("/api/settings", json={"due_soon_hours": 48})
    assert admin.patch("/api/settings", json={"due_soon_hours": 24}).headers["ETag"] == before


# Defaults and environment


def test_defaults_are_told_though_others_are_stored(admin):
    before = admin.get("/api/settings/").json
    admin.patch("/api/settings", json={"due_soon_hours": 48, "feedback_url": "https://example.org/a"})
    answer = admin.get("/api/settings/defaults").json
    assert answer["settings"] == before
    assert answer["environment"] == {
        "timezone": "Europe/Moscow",
        "feedback_url": "https://forms.example.org/otzyv",
        "password_max_age_days": 90,
    }


# Preview of deadlines by a calendar


def tried(admin, query):
    answer = admin.get("/api/settings/deadlines", query_string=query)
    assert answer.status_code == 200, answer.json
    return {item["hours"]: item["duedate"] for item in answer.json["items"]}


MONDAY_NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = {"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00"}


def test_a_calendar_is_tried_before_it_is_stored(app, administrator, login):
    with time_machine.travel(MONDAY_NOON, tick=False):
        admin = login(administrator)  # On that Monday a token issued today is not valid yet.
        assert tried(admin, WEEK | {"hours": [3, 8]}) == {3: "2026-11-23T12:00:00Z", 8: "2026-11-24T08:00:00Z"}
        assert tried(admin, WEEK | {"hours": [8], "holidays": ["2026-11-24"]}) == {8: "2026-11-25T08:00:00Z"}
        assert tried(admin, WEEK | {"hours": [3], "timezone": "Asia/Vladivostok"}) == {3: "2026-11-24T02:00:00Z"}
    assert stored(app) == {}


def test_what_is_tried_is_what_a_new_request_gets(make, admin, login):
    admin.patch("/api/settings", json={"working_calendar": CALENDAR, "timezone": "Asia/Vladivostok"})
    body = {"techtype": "Фен", "techmodel": "x", "problemdescription": "y", "clientid": make.user().user_id}
    with time_machine.travel(MONDAY_NOON, tick=False):
        admin = login(admin.user)
        expected = tried(admin, CALENDAR | {"hours": [40], "timezone": "Asia/Vladivostok"})
        assert admin.post("/api/requests/", json=body).json["duedate"] == expected[40]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": []},
        {"hours": [0]},
        {"hours": ["x"]},
        {"days": []},
        {"days": [8]},
        {"days": [1, 1]},
        {"to": "09:00"},
        {"from": "9"},
        {"holidays": ["2026-02-30"]},
        {"timezone": "Europe/Nowhere"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_calendar_that_cannot_be_is_refused(admin, wrong):
    answer = admin.get("/api/settings/deadlines", query_string=WEEK | {"hours": [8]} | wrong)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


# Effects of the time zone and of the passwords' age


def test_the_days_of_the_statistics_are_those_of_the_time_zone(admin, client):
    admin.patch("/api/settings", json={"timezone": "Asia/Vladivostok"})
    assert admin.get("/api/statistics/").json["period"]["timezone"] == "Asia/Vladivostok"
    assert client.get("/api/config").json["timezone"] == "Asia/Vladivostok"
    admin.patch("/api/settings", json={"timezone": None})
    assert client.get("/api/config").json["timezone"] == "Europe/Moscow"


def test_a_shorter_age_of_passwords_holds_from_the_next_call_on(make, login, admin, client):
    owner = login(make.user(Role.MASTER, password_changed_at=now() - timedelta(days=40)))
    assert owner.get("/api/requests/").status_code == 200
    admin.patch("/api/settings", json={"password_max_age_days": 30})
    assert owner.get("/api/requests/").json["code"] == "password_expired"
    assert owner.get("/api/auth/me").json["password_expires_at"] < now().isoformat()
    assert client.get("/api/config").json["password_rules"]["max_age_days"] == 30
    admin.patch("/api/settings", json={"password_max_age_days": 0})
    assert owner.get("/api/requests/").status_code == 200
    assert owner.get("/api/auth/me").json["password_expires_at"] is None
    assert admin.patch("/api/settings", json={"password_max_age_days": None}).status_code == 200
    assert owner.get("/api/requests/").status_code == 200 and owner.get("/api/auth/me").json["password_expires_at"]
