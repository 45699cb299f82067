"""The session's scope decides what a token may do; a claim in the token has no effect."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from database import db
from models import Role, Scope, Session
from services.common.clock import now
from tests.kit.factories import PASSWORD
from tests.kit.helpers import one
from tests.security.test_tokens import NEW_PASSWORD, claims_of, signed


def list_requests(client, token):
    answer = client.get("/api/requests/", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json.get("code")


def sign_in(client, user, password=PASSWORD):
    return client.post("/api/auth/login", json={"email": user.email, "password": password}).json


@pytest.mark.parametrize(("age", "scope"), [(1, "full"), (91, "password_change")])
def test_answer_claim_and_session_have_the_same_scope(app, client, make, age, scope):
    user = make.user(Role.MANAGER, password_changed_at=now() - timedelta(days=age))
    answer = sign_in(client, user)
    assert answer["scope"] == claims_of(answer["token"])["scope"] == one(app, Session).scope == scope
    assert answer.get("password_expired", False) is (scope == "password_change")


def test_registration_and_a_changed_password_open_everything(client):
    person = {"fullname": "Орлова Анна", "email": "orlova@example.org", "password": PASSWORD}
    registered = client.post("/api/auth/register", json=person).json
    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    bearer = {"Authorization": f"Bearer {registered['token']}"}
    changed = client.post("/api/auth/change-password", json=change, headers=bearer).json
    assert registered["scope"] == changed["scope"] == "full"
    assert list_requests(client, changed["token"]) == (200, None)


@pytest.mark.parametrize("claim", ["full", "password_change", "x", 1, None, ["full"]])
def test_the_session_decides_and_not_the_claim(client, make, claim):
    for scope, expected in ((Scope.FULL, (200, None)), (Scope.PASSWORD_CHANGE, (403, "password_expired"))):
        token = make.token(make.user(Role.MANAGER), scope)
        assert list_requests(client, signed(claims_of(token) | {"scope": claim})) == expected


def test_token_of_before_scopes_opens_everything_until_its_password_expires(app, client, make):
    user = make.user(Role.MANAGER, password_changed_at=now() - timedelta(days=89))
    claims = claims_of(make.token(user))
    del claims["scope"]
    with app.app_context():
        db.session.execute(text("DELETE FROM sessions"))
        row = {"jti": claims["jti"], "user_id": user.user_id}
        row |= {"ends": now() + timedelta(days=3)}
        db.session.execute(text("INSERT INTO sessions (jti, user_id, expires_at) VALUES (:jti, :user_id, :ends)"), row)
        db.session.commit()
    token = signed(claims | {"exp": claims["exp"] + 3 * 86400})
    assert list_requests(client, token) == (200, None)
    with time_machine.travel(now() + timedelta(days=2)):
        assert list_requests(client, token) == (403, "password_expired")


def test_limited_token_stays_limited_and_its_owner_signs_in_for_more(client, make, login):
    user = make.user(Role.MANAGER, password_changed_at=now() - timedelta(days=91))
    limited = sign_in(client, user)["token"]
    login(make.user(Role.ADMIN)).patch("/api/settings", json={"password_max_age_days": 0})
    assert list_requests(client, limited) == (403, "password_expired")
    assert list_requests(client, sign_in(client, user)["token"]) == (200, None)


def test_database_knows_no_other_scope(app, make):
    make.token(make.user())
    with app.app_context(), pytest.raises(db.exc.IntegrityError, match="ck_sessions_scope"):
        db.session.execute(text("UPDATE sessions SET scope = 'everything'"))
