"""Every error code of the contract, provoked once, in the common error format."""

from datetime import timedelta

import pytest
import time_machine

from database import db
from models import Role, Status
from services.accounts import throttle
from services.common.clock import now
from tests.kit import contract

NEW_REQUEST = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}


def bad_request(w):
    return w.admin.get("/api/requests/?unknown=1")


def token_missing(w):
    return w.client.get("/api/requests/")


def token_invalid(w):
    return w.client.get("/api/requests/", headers={"Authorization": "Bearer nonsense"})


def token_expired(w):
    with time_machine.travel(now() + timedelta(hours=25)):
        return w.admin.get("/api/requests/")


def token_revoked(w):
    w.admin.post("/api/auth/logout")
    return w.admin.get("/api/requests/")


def wrong_credentials(w):
    return w.client.post("/api/auth/login", json={"email": "nobody@example.org", "password": "x"})


def forbidden(w):
    return w.sign_in(Role.CLIENT).get("/api/statistics/")


def password_expired(w):
    return w.sign_in(Role.CLIENT, password_changed_at=now() - timedelta(days=91)).get("/api/requests/")


def not_found(w):
    return w.sign_in(Role.CLIENT).get(f"/api/requests/{w.make.request().requestid}")


def method_not_allowed(w):
    return w.admin.open("DELETE", "/api/requests/")


def already_taken(w):
    return w.sign_in(Role.MASTER).post(f"/api/requests/{w.make.request(status=Status.IN_PROGRESS).requestid}/accept")


def bad_transition(w):
    where = f"/api/requests/{w.make.request(status=Status.CANCELLED).requestid}/status"
    return w.admin.put(where, json={"requeststatus": "В работе"})


def email_taken(w):
    person = {"fullname": "Имя", "email": w.make.user().email, "password": "Verno-Parol-7"}
    return w.client.post("/api/auth/register", json=person)


def last_admin(w):
    return w.admin.patch(f"/api/users/{w.admin.user.user_id}", json={"is_active": False})


def conflict(w):
    where = f"/api/requests/{w.make.request(status=Status.IN_PROGRESS).requestid}/master"
    return w.admin.put(where, json={"masterid": None})


def stale(w):
    where = f"/api/requests/{w.make.request().requestid}"
    return w.admin.patch(where, json={"project": "Дача"}, headers={"If-Match": '"7"'})


def too_large(w):
    return w.client.post("/api/auth/login", data=b" " * (1024 * 1024 + 1), content_type="application/json")


def unsupported_media_type(w):
    return w.client.post("/api/auth/login", data="email=a")


def invalid(w):
    return w.client.post("/api/auth/login", json={})


def precondition_required(w):
    return w.admin.patch(f"/api/requests/{w.make.request().requestid}", json={"project": "Дача"})


def too_many(w):
    for _ in range(throttle.GUESSES_PER_ACCOUNT_AND_ADDRESS):
        wrong_credentials(w)
    return wrong_credentials(w)


def unavailable(w):
    """The database is up but blocked: another transaction locks the row."""
    repair = w.make.request()
    with w.app.app_context(), db.engine.begin() as connection:
        connection.execute(db.text("SELECT 1 FROM repair_requests WHERE requestid = :id FOR UPDATE"),
                           {"id": repair.requestid})  # fmt: skip
        return w.admin.put(f"/api/requests/{repair.requestid}/deadline", json={"duedate": None})


TABLE = [(status, code) for status, codes in contract.CODES.items() for code in sorted(codes)]


class World:
    """Objects used by the provocations."""

    def __init__(self, **things):
        self.__dict__ |= things


@pytest.mark.parametrize(("status", "code"), TABLE)
def test_line_of_the_table_of_errors(app, client, make, sign_in, status, code):
    answer = globals()[code](World(app=app, client=client, make=make, sign_in=sign_in, admin=sign_in(Role.ADMIN)))
    contract.check_error(answer)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.headers["X-Request-ID"]
