"""Audit events of accounts: creation, change, reset; never a password."""

import json

import pytest

from database import db
from models import AuditEvent, Role
from services.accounts import password_reset, users


@pytest.fixture
def boss(make):
    return make.user(Role.ADMIN)


@pytest.fixture
def admin(boss, login):
    return login(boss)


def audit(app):
    with app.app_context():
        events = db.session.query(AuditEvent).order_by(AuditEvent.audit_id)
        return [(e.actor_id, e.kind, e.subject, e.from_value, e.to_value) for e in events]


def test_a_new_account(app, boss, admin):
    body = {"fullname": "Новый Мастер", "email": "new@example.org", "user_type": "Мастер", "password": "Verno-Parol-7"}
    account = admin.post("/api/users/", json=body).json
    noted = {"fullname": "Новый Мастер", "email": "new@example.org", "phone": None, "user_type": "Мастер"}
    assert audit(app) == [(boss.user_id, "account_created", str(account["user_id"]), None, noted)]


def test_only_what_has_changed(app, make, boss, admin):
    master = make.user(Role.MASTER, fullname="Прежнее Имя")
    admin.patch(f"/api/users/{master.user_id}", json={"fullname": "Новое Имя", "email": master.email})
    admin.patch(f"/api/users/{master.user_id}", json={"is_active": False})
    admin.patch(f"/api/users/{master.user_id}", json={"is_active": False})
    subject = str(master.user_id)
    assert audit(app) == [
        (boss.user_id, "account_changed", subject, {"fullname": "Прежнее Имя"}, {"fullname": "Новое Имя"}),
        (boss.user_id, "account_changed", subject, {"is_active": True}, {"is_active": False}),
    ]


def test_a_change_of_ones_own_name_is_ones_own(app, make, login):
    client = make.user(Role.CLIENT, phone=None)
    login(client).patch(f"/api/users/{client.user_id}", json={"phone": "112"})
    assert audit(app) == [
        (client.user_id, "account_changed", str(client.user_id), {"phone": None}, {"phone": "112"}),
    ]


def test_a_reset_password_is_noted_without_the_password(app, make, boss, admin):
    master = make.user(Role.MASTER)
    password = admin.post(f"/api/users/{master.user_id}/password").json["password"]
    (event,) = audit(app)
    assert event == (boss.user_id, "password_reset", str(master.user_id), None, None)
    assert password not in json.dumps(event)


def test_the_command_line_is_nobody(app, make):
    master = make.user(Role.MASTER)
    with app.app_context():
        password_reset.set_password_of(master.email)
        users.deactivate(master.email)
    kinds = [(actor, kind) for actor, kind, *_rest in audit(app)]
    assert kinds == [(None, "password_reset"), (None, "account_changed")]


def test_a_refused_change_leaves_nothing(app, make, login, boss, admin):
    manager = make.user(Role.MANAGER)
    assert login(manager).patch(f"/api/users/{boss.user_id}", json={"fullname": "Не Я"}).status_code == 404
    assert admin.patch(f"/api/users/{boss.user_id}", json={"is_active": False}).status_code == 409
    assert admin.patch(f"/api/users/{manager.user_id}", json={"email": boss.email}).status_code == 409
    assert audit(app) == []
