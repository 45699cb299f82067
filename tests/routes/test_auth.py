"""Registration, sign-in, sign-out and passwords over the API."""

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from werkzeug.security import generate_password_hash

from app import create_app
from models import IdempotencyKey, Role, Session, ThrottleCounter, User
from models.password import HASH_METHOD, needs_rehash
from services.accounts import throttle
from services.common.clock import now
from tests.kit.factories import PASSWORD
from tests.kit.helpers import at_once, one, rows, snapshot
from tools.local_server import SECRET_KEY

NEW_PASSWORD = "Sovsem-Drugoj-8"
PERSON = {"fullname": "Орлова Вера", "email": "Orlova@Example.org", "password": PASSWORD, "phone": "+7 900 111-22-33"}


def register(client, **fields):
    return client.post("/api/auth/register", json=PERSON | fields)


JSON = "application/json"


def sign_in(client, email, password=PASSWORD, **options):
    return client.post("/api/auth/login", json={"email": email, "password": password}, **options)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def me(client, token):
    return client.get("/api/auth/me", headers=bearer(token))


def change_password(caller, old=PASSWORD, new=NEW_PASSWORD):
    return caller.post("/api/auth/change-password", json={"old_password": old, "new_password": new})


def code(answer):
    return answer.get_json()["code"]


# Registration


def test_registration_makes_a_client_and_signs_them_in(app, client):
    answer = register(client)
    body = answer.get_json()
    assert answer.status_code == 201
    assert body["user"]["user_type"] == "Клиент"
    assert body["user"]["fullname"] == "Орлова Вера"
    assert body["user"]["phone"] == "+7 900 111-22-33"
    assert me(client, body["token"]).get_json() == body["user"]
    assert one(app, User).user_type == Role.CLIENT


def test_token_of_a_registration_lives_for_24_hours(client):
    body = register(client).get_json()
    left = datetime.fromisoformat(body["expires_at"]) - now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)


@pytest.mark.real_hashes
def test_password_is_stored_as_a_strong_hash_only(app, client):
    register(client)
    assert one(app, User).password_hash.startswith(HASH_METHOD + "$")
    assert PASSWORD not in one(app, User).password_hash


@pytest.mark.parametrize("field", ["user_type", "is_active", "user_id", "password_changed_at"])
def test_registration_cannot_choose_what_is_not_its_business(app, client, field):
    answer = register(client, **{field: "Администратор"})
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {field}
    assert rows(app, User) == []


def test_email_is_unique_without_regard_to_case(app, client, make):
    make.user(email="orlova@example.org")
    before = snapshot(app)
    answer = register(client)
    assert (answer.status_code, code(answer)) == (409, "email_taken")
    assert snapshot(app) == before
    assert register(client, email="drugaya@example.org").status_code == 201


def test_two_registrations_at_once_make_one_account(app):
    answers = at_once(*[lambda: register(app.test_client())] * 2)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {code(answer) for answer in answers if answer.status_code == 409} == {"email_taken"}
    assert len(rows(app, User)) == 1


def test_registration_names_all_bad_fields_at_once(app, client):
    answer = client.post("/api/auth/register", json={"fullname": "  ", "email": "нет", "phone": 7, "role": "x"})
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {"fullname", "email", "password", "phone", "role"}
    assert rows(app, User) == []


@pytest.mark.parametrize(
    "email",
    ["", "нет", "a@b", "@example.org", "a@", "a b@example.org", "a@exa mple.org", "a@@example.org", "a@example..org",
     "a@.org", "a@example.org,b@example.org", "<a@example.org>", "a@example.org\n", "a" * 250 + "@b.ru", None, 5, []],
)  # fmt: skip
def test_email_that_is_none_is_refused(app, client, email):
    answer = register(client, email=email)
    if email == "a@example.org\n":  # White space around texts is trimmed.
        assert answer.status_code == 201
        return
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {"email"}
    assert rows(app, User) == []


@pytest.mark.parametrize(
    "password",
    ["Short-7", "verno-parol-7", "VERNO-PAROL-7", "Verno-Parol-X", "VernoParol7", "Password1!", "Пароль123!",
     "A1-" + "x" * 126, "Orlova@Example1.org"],
)  # fmt: skip
def test_password_that_the_policy_refuses_is_refused(app, client, password):
    answer = register(client, password=password, email="orlova@example1.org")
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {"password"}
    assert password not in answer.get_data(as_text=True)
    assert rows(app, User) == []


@pytest.mark.parametrize("password", ["Вернопа-7", "A1-" + "x" * 125, "Ремонт№2026", "Ünter-Way7"])
def test_password_with_letters_of_any_alphabet_opens_the_door_again(client, password):
    assert register(client, password=password).status_code == 201
    assert sign_in(client, "orlova@example.org", password).status_code == 200


def test_blank_phone_is_no_phone(client):
    assert register(client, phone="   ").get_json()["user"]["phone"] is None


def test_registrations_of_one_address_are_limited(app, client, make):
    key = "register:127.0.0.1"
    make._saved(ThrottleCounter(key=key, hits=throttle.REGISTRATIONS_PER_ADDRESS, window_ends=in_ten_minutes()))
    answer = register(client)
    assert (answer.status_code, code(answer)) == (429, "too_many")
    assert rows(app, User) == []
    assert register(client, email="b@example.org") is not None
    other = client.post("/api/auth/register", json=PERSON, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert other.status_code == 201


def in_ten_minutes():
    return now() + timedelta(minutes=10)


# Sign-in


def test_sign_in_answers_with_token_account_and_the_password_s_end(client, make):
    user = make.user(Role.MASTER)
    body = sign_in(client, user.email).get_json()
    assert body["user"]["user_id"] == user.user_id
    assert "password_expired" not in body
    ends = datetime.fromisoformat(body["password_expires_at"])
    assert ends == user.password_changed_at + timedelta(days=90)
    assert me(client, body["token"]).status_code == 200


def test_sign_in_does_not_ask_for_the_case_of_the_email(client, make):
    user = make.user(email="Vera.Orlova@example.org")
    answer = sign_in(client, "  vERA.oRLOVA@EXAMPLE.ORG ")
    assert answer.get_json()["user"]["user_id"] == user.user_id


def test_claims_are_those_of_the_contract_signed_with_the_secret_key_itself(client, make):
    user = make.user()
    token = sign_in(client, user.email).get_json()["token"]
    claims = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert claims["sub"] == str(user.user_id)
    assert {"sub", "jti", "iat", "exp"} <= set(claims)
    assert claims["exp"] - claims["iat"] == 24 * 3600


def test_wrong_password_unknown_and_deactivated_account_get_the_same_answer(app, client, make):
    user, off = make.user(), make.user(is_active=False)
    answers = [
        sign_in(client, user.email, "Ne-Tot-Parol-7"),
        sign_in(client, "nobody@example.org"),
        sign_in(client, off.email),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.get_data() for answer in answers}) == 1
    assert code(answers[0]) == "wrong_credentials"
    assert rows(app, Session) == []
    assert sign_in(client, user.email).status_code == 200


def test_unknown_account_costs_a_hash_too(client, make, monkeypatch):
    hashed = []
    monkeypatch.setattr("services.accounts.sign_in.verify_password", lambda *given: hashed.append(given))
    sign_in(client, "nobody@example.org")
    sign_in(client, make.user(is_active=False).email)
    assert [needs_rehash(stored) for stored, _password in hashed] == [False, False]


def test_password_of_89_days_is_good_and_of_90_has_expired(client, make):
    good = make.user(password_changed_at=now() - timedelta(days=89))
    old = make.user(password_changed_at=now() - timedelta(days=90))
    assert "password_expired" not in sign_in(client, good.email).get_json()
    assert sign_in(client, old.email).get_json()["password_expired"] is True


def test_token_of_an_expired_password_can_only_change_it(app, client, make):
    user = make.user()
    set_column(app, user, password_changed_at=None)
    token = sign_in(client, user.email).get_json()["token"]
    refused = client.get("/api/requests/", headers=bearer(token))
    assert (refused.status_code, code(refused)) == (403, "password_expired")
    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    changed = client.post("/api/auth/change-password", json=change, headers=bearer(token)).get_json()
    assert client.get("/api/requests/", headers=bearer(changed["token"])).status_code == 200
    assert "password_expired" not in sign_in(client, user.email, NEW_PASSWORD).get_json()


def test_password_may_expire_while_its_owner_is_signed_in(client, make, login):
    signed_in = login(make.user(password_changed_at=now() - timedelta(days=90) + timedelta(hours=1)))
    assert signed_in.get("/api/requests/").status_code == 200
    with time_machine.travel(now() + timedelta(hours=2)):
        assert code(signed_in.get("/api/requests/")) == "password_expired"


def test_password_that_the_policy_refuses_must_be_changed_at_the_next_sign_in(app, client, make):
    user = make.user(password="hashed_password")
    body = sign_in(client, user.email, "hashed_password").get_json()
    assert body["password_expired"] is True
    assert user.reload().password_changed_at is None


def test_older_hash_is_renewed_at_sign_in(client, make):
    user = make.user(password=generate_password_hash(PASSWORD, "pbkdf2:sha256:1000"))
    assert sign_in(client, user.email).status_code == 200
    assert not needs_rehash(user.reload().password_hash)
    assert sign_in(client, user.email).status_code == 200


def test_longest_person_fits_into_a_body(client):
    """JSON may spell a character in twelve bytes; a longer body is refused before it is read."""
    person = {"fullname": "😀" * 200, "email": f"{'é' * 240}@example.org", "phone": "😀" * 32}
    text = json.dumps(person | {"password": "Aa1-" + "😀" * 124})
    assert client.post("/api/auth/register", data=text + " " * 8192, content_type=JSON).status_code == 413
    assert client.post("/api/auth/register", data=text, content_type=JSON).status_code == 201


# Guessing


def guess(client, email, address="10.0.0.1", password="Ne-Tot-Parol-7"):
    return sign_in(client, email, password, environ_base={"REMOTE_ADDR": address})


@pytest.fixture
def cheap_hash(monkeypatch):
    """Replace hashing: these tests are about the count."""
    monkeypatch.setattr("services.accounts.sign_in.verify_password", lambda _stored, password: password == PASSWORD)
    monkeypatch.setattr("services.accounts.sign_in._placeholder_hash", str)


def test_guesses_are_limited_per_account_and_address_without_locking_the_owner_out(client, make, cheap_hash):
    user = make.user()
    statuses = [guess(client, user.email).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    right_but_late = guess(client, user.email, password=PASSWORD)
    assert right_but_late.status_code == 429
    assert 0 < int(right_but_late.headers["Retry-After"]) <= 15 * 60
    assert guess(client, user.email, address="10.0.0.2", password=PASSWORD).status_code == 200
    assert guess(client, make.user().email, password=PASSWORD).status_code == 200


def test_guessing_may_go_on_after_the_window(client, make, cheap_hash):
    user = make.user()
    for _ in range(11):
        guess(client, user.email)
    with time_machine.travel(now() + timedelta(minutes=14)):
        assert guess(client, user.email).status_code == 429
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert guess(client, user.email, password=PASSWORD).status_code == 200


def test_right_password_starts_the_count_afresh(client, make, cheap_hash):
    user = make.user()
    for _ in range(3):
        assert [guess(client, user.email).status_code for _ in range(9)] == [401] * 9
        assert guess(client, user.email, password=PASSWORD).status_code == 200


def test_no_spelling_of_the_email_gives_further_guesses(app, client, make, cheap_hash):
    make.user(email="maria@example.org")
    spellings = ["maria@example.org", "MARIA@example.org", "mArIa@Example.org", "marİa@example.org"]
    spellings = [spelling for spelling in spellings if guess(client, spelling, password=PASSWORD).status_code == 200]
    statuses = [guess(client, spelling).status_code for _ in range(4) for spelling in spellings]
    assert statuses == [401] * 10 + [429] * (len(spellings) * 4 - 10)


def test_parallel_guesses_are_counted_exactly(app, make, cheap_hash):
    user = make.user()
    statuses = [answer.status_code for answer in at_once(*[lambda: guess(app.test_client(), user.email)] * 16)]
    assert (statuses.count(401), statuses.count(429)) == (10, 6)


def test_guesses_of_one_address_are_limited_over_all_accounts(client, make, cheap_hash):
    limit = throttle.GUESSES_PER_ADDRESS
    make._saved(ThrottleCounter(key="address:10.0.0.1", hits=limit - 1, window_ends=in_ten_minutes()))
    assert guess(client, make.user().email).status_code == 401
    assert guess(client, make.user().email).status_code == 429
    assert guess(client, make.user().email, address="10.0.0.2").status_code == 401


@pytest.mark.parametrize("email", ["İ" * 254, "ẞ" * 254, "x" * 254, "'; DROP TABLE users --", "a\u0301" * 100])
def test_strange_email_is_only_a_wrong_one(client, email):
    assert sign_in(client, email).status_code == 401


# Sign-out


def test_sign_out_ends_this_token_only(client, make):
    user = make.user()
    first, second = (sign_in(client, user.email).get_json()["token"] for _ in range(2))
    assert client.post("/api/auth/logout", headers=bearer(first)).status_code == 204
    assert code(me(client, first)) == "token_revoked"
    assert me(client, second).status_code == 200


def test_sign_out_everywhere_ends_every_token_of_this_user_only(client, make, login):
    user, other = make.user(), login(make.user())
    tokens = [sign_in(client, user.email).get_json()["token"] for _ in range(2)]
    assert client.post("/api/auth/logout-all", headers=bearer(tokens[0])).status_code == 204
    assert [code(me(client, token)) for token in tokens] == ["token_revoked"] * 2
    assert other.get("/api/auth/me").status_code == 200


def test_dead_token_is_dead_in_another_worker_too(make, login, settings):
    dead, alive = login(make.user()), login(make.user())
    dead.post("/api/auth/logout")
    worker = create_app(settings).test_client()
    assert me(worker, dead.token).status_code == 401
    assert me(worker, alive.token).status_code == 200


def test_token_ends_after_24_hours(make, login):
    signed_in = login(make.user())
    with time_machine.travel(now() + timedelta(hours=23, minutes=59)):
        assert signed_in.get("/api/auth/me").status_code == 200
    with time_machine.travel(now() + timedelta(hours=24, seconds=1)):
        answer = signed_in.get("/api/auth/me")
        assert (answer.status_code, code(answer)) == (401, "token_expired")


@pytest.mark.parametrize("name", ["token", "access_token", "jwt", "Authorization"])
def test_token_in_the_address_is_no_token(make, login, client, name):
    token = login(make.user()).token
    for value in (token, f"Bearer {token}"):
        answer = client.get("/api/auth/me", query_string={name: value})
        assert (answer.status_code, code(answer)) == (401, "token_missing")


# Password change


def test_new_password_ends_all_older_tokens_and_gives_a_new_one(client, make, login):
    user = make.user()
    here, elsewhere = login(user), login(user)
    answer = change_password(here)
    assert answer.status_code == 200
    assert set(answer.get_json()) == {"token", "expires_at", "scope"}
    assert [code(me(client, caller.token)) for caller in (here, elsewhere)] == ["token_revoked"] * 2
    assert me(client, answer.get_json()["token"]).status_code == 200
    assert sign_in(client, user.email).status_code == 401
    assert sign_in(client, user.email, NEW_PASSWORD).status_code == 200


def test_new_password_starts_its_90_days(make, login):
    user = make.user(password_changed_at=now() - timedelta(days=80))
    change_password(login(user))
    assert now() - user.reload().password_changed_at < timedelta(minutes=1)


def test_wrong_old_password_is_refused_and_counts_as_a_guess(app, make, login, cheap_hash):
    caller = login(make.user())
    before = snapshot(app)
    answers = [change_password(caller, old="Ne-Tot-Parol-7") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert set(answers[0].get_json()["fields"]) == {"old_password"}
    assert snapshot(app) == before
    assert change_password(login(make.user())).status_code == 200


@pytest.mark.parametrize("new", ["коротко", PASSWORD, "Password1!"])
def test_bad_new_password_is_refused_and_its_owner_may_go_on_trying(app, make, login, cheap_hash, new):
    caller = login(make.user())
    before = snapshot(app)
    answers = [change_password(caller, new=new) for _ in range(11)]
    assert {answer.status_code for answer in answers} == {422}
    assert set(answers[0].get_json()["fields"]) == {"new_password"}
    assert snapshot(app) == before
    assert change_password(caller).status_code == 200


def test_two_changes_at_once_leave_one_password_and_one_token(app, make, login, client):
    user = make.user()
    caller = login(user)
    answers = at_once(
        lambda: change_password(caller, new="Pervyj-Parol-1"), lambda: change_password(caller, new="Vtoroj-Parol-2")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    (token,) = (answer.get_json()["token"] for answer in answers if answer.status_code == 200)
    assert me(client, token).status_code == 200


# Current account


def test_change_of_role_holds_from_the_next_request_on(app, make, login):
    user = make.user(Role.MANAGER)
    caller = login(user)
    assert caller.get("/api/users/").status_code == 200
    set_column(app, user, user_type=Role.CLIENT)
    assert caller.get("/api/users/").status_code == 403
    assert caller.get("/api/auth/me").get_json()["user_type"] == "Клиент"


def test_deactivation_holds_from_the_next_request_on(app, make, login):
    user = make.user()
    caller = login(user)
    set_column(app, user, is_active=False)
    assert code(caller.get("/api/auth/me")) == "token_revoked"
    set_column(app, user, is_active=True)
    assert caller.get("/api/auth/me").status_code == 200


def set_column(app, user, **values):
    from database import db

    with app.app_context():
        db.session.execute(db.update(User).where(User.user_id == user.user_id).values(**values))
        db.session.commit()


def test_expired_sessions_of_a_user_are_swept_at_the_next_sign_in(app, client, make):
    user = make.user()
    sign_in(client, user.email)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        sign_in(client, user.email)
        assert len(rows(app, Session)) == 1
    assert rows(app, IdempotencyKey) == []
