"""A token is valid only if this program signed it and its session lasts."""

import base64
import hmac
import http.client
import json
import string
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import jwt
import pytest

from app import create_app
from config import ConfigError, load_settings
from database import db
from models import Role, Session, User
from models.password import hash_password, verify_password
from services.common.clock import now
from tests.kit.factories import PASSWORD
from tests.kit.helpers import rows
from tools.local_server import SECRET_KEY, run_server, stop_server

NEW_PASSWORD = "Sovsem-Drugoj-8"
FOREIGN_KEY = "a-key-of-somebody-else-" + "0123456789abcdef" * 2
BASE64URL = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def me(client, token):
    return client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})


def refusal(answer):
    return answer.status_code, answer.get_json()["code"]


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def signed(claims, key=SECRET_KEY, **header):
    """A token with any claims, key and header."""
    parts = ({"alg": "HS256", "typ": "JWT"} | header, claims)
    text = b".".join(_base64url(json.dumps(part).encode()) for part in parts)
    return (text + b"." + _base64url(hmac.digest(key.encode(), text, "sha256"))).decode()


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@pytest.fixture
def token(make):
    """A valid token of a client."""
    return make.token(make.user())


# Validity


def test_token_signed_as_ours_with_the_claims_of_a_live_session_is_one(client, token):
    assert me(client, token).status_code == 200
    assert me(client, signed(claims_of(token))).status_code == 200


@pytest.mark.parametrize("name", ["exp", "iat", "sub", "jti"])
def test_token_without_one_of_its_claims_is_none(client, token, name):
    claims = {key: value for key, value in claims_of(token).items() if key != name}
    assert refusal(me(client, signed(claims))) == (401, "token_invalid")


WRONG_CLAIMS = (
    [{"sub": value} for value in (1, None, ["1"], "0", "")]
    + [{"jti": value} for value in (7, "", {"a": 1}, "0" * 32, "\x00" * 32, "\ud800" * 32, "x" * 100_000)]
    + [{"exp": value} for value in ("soon", None, True, [])]
    + [{"iat": "now"}, {"iat": 4e9}, {"nbf": 4e9}]
)


@pytest.mark.parametrize("claim", WRONG_CLAIMS, ids=lambda claim: ascii(claim)[:30])
def test_token_with_a_wrong_claim_is_none(client, token, claim):
    assert refusal(me(client, signed(claims_of(token) | claim))) in {(401, "token_invalid"), (401, "token_expired")}


def test_token_that_has_ended_is_told_from_one_that_never_was(client, token):
    past = int(now().timestamp()) - 1
    assert refusal(me(client, signed(claims_of(token) | {"exp": past}))) == (401, "token_expired")


def test_session_of_another_user_is_none_of_this_user(make, client):
    mine, theirs = (claims_of(make.token(make.user())) for _ in range(2))
    assert refusal(me(client, signed(mine | {"jti": theirs["jti"]}))) == (401, "token_invalid")
    assert me(client, signed(mine)).status_code == 200


@pytest.mark.filterwarnings("ignore:The HMAC key")
@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "", None])
def test_token_that_names_another_algorithm_is_none(client, token, algorithm):
    claims = claims_of(token)
    unsigned = b".".join([_base64url(json.dumps(part).encode()) for part in ({"alg": algorithm}, claims)]).decode()
    forged = [signed(claims, alg=algorithm), f"{unsigned}.", unsigned]
    if algorithm in ("HS384", "HS512"):
        forged.append(jwt.encode(claims, SECRET_KEY, algorithm=algorithm))
    assert {refusal(me(client, text)) for text in forged} == {(401, "token_invalid")}


@pytest.mark.parametrize("header", [{"jwk": {"kty": "oct", "k": "YQ"}}, {"jku": "http://127.0.0.1/"}, {"kid": "../x"}])
def test_key_that_the_token_brings_along_is_not_used(client, token, header):
    assert refusal(me(client, signed(claims_of(token), FOREIGN_KEY, **header))) == (401, "token_invalid")


@pytest.mark.parametrize("key", [FOREIGN_KEY, "", SECRET_KEY + " ", SECRET_KEY[:-1], "change-me"])
def test_token_signed_with_a_foreign_key_is_none(client, token, key):
    assert refusal(me(client, signed(claims_of(token), key))) == (401, "token_invalid")


def test_changed_claims_under_the_old_signature_are_no_token(make, client, token):
    header, _, signature = token.split(".")
    payload = _base64url(json.dumps(claims_of(token) | {"sub": str(make.user(Role.ADMIN).user_id)}).encode()).decode()
    assert refusal(me(client, f"{header}.{payload}.{signature}")) == (401, "token_invalid")


def test_token_has_one_spelling(client, token):
    """Base64 has several spellings of the same bytes; another spelling of a valid token is rejected."""
    last = BASE64URL.index(token[-1])
    others = [token[:-1] + BASE64URL[last ^ bit] for bit in (1, 2, 3, 4, 32)]
    others += [token + tail for tail in ("=", "==", "A", ".", "!", "%3D", "\u00e9", ".A", "\t\u00a0")]
    others += [token[:-1], token[:-9] + "\n" + token[-9:], token.replace(".", "=.", 1), f".{token}", token.swapcase()]
    others += [token.replace(".", " .", 1), f'"{token}"', token[:50] + "*" + token[50:]]
    assert {refusal(answer) for answer in sent(client, others)} == {(401, "token_invalid")}
    assert me(client, token).status_code == 200


def sent(client, tokens):
    """Answers to those tokens that fit into a header."""
    for text in tokens:
        header = f"Bearer {text}".encode().decode("latin-1")
        yield client.get("/api/auth/me", environ_overrides={"HTTP_AUTHORIZATION": header})


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dTpw", "Token {0}", "{0}", "bearer\t", "Bearer\x00{0}"]
)
def test_header_without_a_bearer_token_is_none(client, token, header):
    overrides = {"HTTP_AUTHORIZATION": header.format(token)}
    answer = client.get("/api/auth/me", environ_overrides=overrides)
    assert refusal(answer) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("nonsense", ["x", "a.b.c", "..", "{}", "null", "\ufffd", "A" * 60_000, "a." * 900, "é.é.é"])
def test_nonsense_is_no_token(client, nonsense):
    assert [refusal(answer) for answer in sent(client, [nonsense])] == [(401, "token_invalid")]


def test_token_is_too_random_to_be_guessed(make):
    jtis = {claims_of(make.token(make.user()))["jti"] for _ in range(20)}
    assert len(jtis) == 20
    assert len({jti[position] for jti in jtis for position in (12, 16)}) > 8, "all 128 bits are random, no UUID's marks"


# Key rotation


def test_former_key_opens_until_it_is_taken_away(make, settings):
    user = make.user()
    before, new_key = make.token(user), "the-next-key-" + "fedcba9876543210" * 2
    rotated = create_app(settings | {"SECRET_KEY": new_key, "SECRET_KEY_PREVIOUS": SECRET_KEY})
    after = sign_in(rotated.test_client(), user)
    assert [me(rotated.test_client(), token).status_code for token in (before, after)] == [200, 200]
    assert me(create_app(settings).test_client(), after).status_code == 401, "new tokens are signed with the new key"
    finished = create_app(settings | {"SECRET_KEY": new_key}).test_client()
    assert refusal(me(finished, before)) == (401, "token_invalid")
    assert me(finished, after).status_code == 200
    assert refusal(me(rotated.test_client(), signed(claims_of(before), FOREIGN_KEY))) == (401, "token_invalid")


@pytest.mark.parametrize("key", ["short", "change-me", "your-secret-key-here-change-in-production"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_PREVIOUS"])
def test_weak_key_does_not_start(settings, name, key):
    with pytest.raises(ConfigError, match=name):
        load_settings(settings | {name: key})
    assert load_settings(settings | {name: FOREIGN_KEY})[name] == FOREIGN_KEY


def sign_in(client, user, password=PASSWORD):
    answer = client.post("/api/auth/login", json={"email": user.email, "password": password})
    return answer.get_json()["token"]


# Revocation, in all workers and after a restart


def put_on_another_role(app, user):
    with app.app_context():
        db.session.execute(db.update(User).where(User.user_id == user.user_id).values(user_type=Role.CLIENT))
        db.session.commit()


ENDS = {
    "logout": lambda caller, admin: caller.post("/api/auth/logout"),
    "logout-all": lambda caller, admin: caller.post("/api/auth/logout-all"),
    "change of password": lambda caller, admin: caller.post(
        "/api/auth/change-password", json={"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    ),
    "reset": lambda caller, admin: admin.post(f"/api/users/{caller.user.user_id}/password"),
    "deactivation": lambda caller, admin: admin.patch(f"/api/users/{caller.user.user_id}", json={"is_active": False}),
}


def test_ended_tokens_are_dead_in_every_worker_and_after_a_restart(make, login, live_server, settings):
    admin = login(make.user(Role.ADMIN))
    callers = {way: login(make.user(Role.MANAGER)) for way in ENDS}
    assert {status(live_server, caller.token) for caller in callers.values()} == {200}
    for way, end in ENDS.items():
        assert end(callers[way], admin).status_code < 300, way
    assert {way: statuses(live_server, caller.token) for way, caller in callers.items()} == {way: {401} for way in ENDS}
    restarted = run_server(settings, WEB_CONCURRENCY="1")
    try:
        assert {status(restarted, caller.token) for caller in callers.values()} == {401}
        assert status(restarted, admin.token) == 200
    finally:
        stop_server(restarted)


def test_change_of_role_and_of_state_holds_from_the_next_request_in_every_worker(make, login, live_server):
    admin, person = login(make.user(Role.ADMIN)), login(make.user(Role.MASTER))
    assert statuses(live_server, person.token, "/api/users/") == {403}
    for change, expected in [
        ({"user_type": "Менеджер"}, {200}),
        ({"user_type": "Клиент"}, {403}),
        ({"is_active": False}, {401}),
        ({"is_active": True}, {401}),
    ]:
        assert admin.patch(f"/api/users/{person.user.user_id}", json=change).status_code == 200
        assert statuses(live_server, person.token, "/api/users/") == expected, change


def statuses(server, token, path="/api/auth/me"):
    """Answers of the workers: each connection may reach another one."""
    return {status(server, token, path) for _ in range(8)}


def status(server, token, path="/api/auth/me"):
    connection, answer = ask(server, token, path)
    connection.close()
    return answer.status


def ask(server, token, path):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    return connection, connection.getresponse()


def test_open_streams_end_with_their_token(app, make, login, live_server):
    admin = login(make.user(Role.ADMIN))
    callers = {way: login(make.user(Role.MANAGER)) for way in [*ENDS, "role", "nothing"]}
    streams = {way: Listener(live_server, caller.token) for way, caller in callers.items()}
    for way, end in ENDS.items():
        assert end(callers[way], admin).status_code < 300, way
    put_on_another_role(app, callers["role"].user)
    deadline = time.monotonic() + 5
    while sum(stream.ended for stream in streams.values()) < len(ENDS) + 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {way for way, stream in streams.items() if not stream.ended} == {"nothing"}
    callers["nothing"].post("/api/auth/logout-all")
    streams["nothing"].join(timeout=5)
    assert streams["nothing"].ended


class Listener(threading.Thread):
    """Reads an event stream of a real server until it ends."""

    def __init__(self, server, token):
        super().__init__(daemon=True)
        self.ended = False
        self.connection, self.answer = ask(server, token, "/api/events")
        assert self.answer.status == 200
        self.start()

    def run(self):
        try:
            while self.answer.readline():
                pass
        finally:
            self.ended = True
            self.connection.close()


# Changes during the hashing, which takes a tenth of a second


@pytest.mark.parametrize("change", ["password_hash", "is_active"])
def test_password_checked_before_a_change_signs_nobody_in_after_it(app, make, client, monkeypatch, change):
    user, another, check = make.user(), make.user(), verify_password
    changed = {"password_hash": hash_password(NEW_PASSWORD), "is_active": False}

    def verified_while_somebody_changes_the_account(*given):
        verified = check(*given)
        with db.engine.begin() as connection:
            statement = db.update(User).where(User.user_id == user.user_id)
            connection.execute(statement.values({change: changed[change]}))
        return verified

    monkeypatch.setattr("services.accounts.sign_in.verify_password", verified_while_somebody_changes_the_account)
    answer = client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD})
    assert refusal(answer) == (401, "wrong_credentials")
    assert rows(app, Session) == []
    assert sign_in(client, another)


def test_session_of_the_database_ends_when_its_token_does(app, make):
    make.token(make.user())
    (session,) = rows(app, Session)
    assert session.expires_at - session.issued_at == timedelta(hours=24)
