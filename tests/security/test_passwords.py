"""One password policy on every path, one hash format, and no path that reveals whether an account exists."""

from datetime import timedelta

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

import models.password
from app import create_app
from config import ConfigError, load_settings
from database import db
from models import Role, User
from models.password import HASH_METHOD, hash_password, needs_rehash
from services.common.clock import now
from tests.kit.clients import SignedIn
from tests.kit.factories import PASSWORD, password_hash
from tests.kit.helpers import rows

FULLNAME, EMAIL = "Orlova-Vera7 Анна", "Vera.Orlova7@example.org"
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(33, 127)})
DECOMPOSED = "и\u0306"
"""«й» as two code points, as some systems encode it."""

GOOD = [
    "Verno-7a", "Вернопа-7", "верноПА 7!", "Ünter-Way7", "Ἀθῆναι-77", "Ремонт№2026", "Вер7на😀я", "Verno_7a",
    f"Верно{DECOMPOSED}-7", "Verno7'; DROP TABLE users --", "A1-" + "x" * 125, "Aa1-" + "😀" * 124,
    "Verno-7a".translate(FULL_WIDTH), "Orlova-77", "Verno-٣a", "P@ssazh-1r", "Tr0pin@-v-lesu", "Adm1ral-Verno",
]  # fmt: skip
BAD = {
    "Ver-7aб": "не менее 8", f"Верн{DECOMPOSED}-7": "не менее 8", "😀aA7": "не менее 8", "-": "не менее 8",
    "verno-7a": "прописную", "вернопа-7": "прописную", "VERNO-7A": "строчную", "ВЕРНО-7А": "строчную",
    "Verno-aa": "цифру", "Verno²-aa": "цифру", "Verno①-aa": "цифру",
    "Verno77aa": "специальный", "Verno 77 aa": "специальный", "Вернопа77": "специальный",
    "A1-" + "x" * 126: "длиннее 128", "Aa1-" + "😀" * 125: "длиннее 128",
    "Password1!": "распространённый", "pASSWORD-2026": "распространённый", "!1Qwerty1!": "распространённый",
    "Пароль123!": "распространённый", "Йцукен-12": "распространённый", "Техник-2026": "распространённый",
    "Password1!".translate(FULL_WIDTH): "распространённый",
    "W3lc0me1!": "распространённый", "Welcome1!": "распространённый", "#Q1w2e3r4_": "распространённый",
    "P@ssw0rd1": "распространённый", "Pa$$w0rd!": "распространённый", "P@55w0rd-7": "распространённый",
    "!Раsswоrd1": "распространённый", "L3tm3!n-7": "распространённый", "@Dm1n-2026": "распространённый",
    "П@роль-123": "распространённый", "Пaр0ль-123": "распространённый", "М0сква-77": "распространённый",
    "Tru$tn01": "распространённый", "Т3хник-2026": "распространённый",
    EMAIL: "почтой", "Vera.Orlova7": "почтой", "vERA-oRLOVA7": "почтой",
    "Orlova-Vera7 Анна": "именем", "Orlova-Vera7": "именем", "Orlova-Vera7".translate(FULL_WIDTH): "именем",
}  # fmt: skip


@pytest.fixture
def cheap(monkeypatch):
    """Cheap hashes for tests that are not about hashes; the shared ones remain real."""
    password_hash()
    monkeypatch.setattr(models.password, "HASH_METHOD", "scrypt:256:8:1")


class Doors:
    """Each way to set a password: takes a password and an e-mail, returns the refusal or None."""

    def __init__(self, app, make):
        self.app, self.make, self.client = app, make, app.test_client()
        self.admin = SignedIn(app, make.user(Role.ADMIN))

    def registration(self, password, email):
        return refusal(self.client.post("/api/auth/register", json=self.person(email) | {"password": password}))

    def new_account(self, password, email):
        return refusal(self.admin.post("/api/users/", json=self.person(email) | {"password": password}))

    def change(self, password, email):
        change = {"old_password": PASSWORD, "new_password": password}
        return refusal(SignedIn(self.app, self.account(email)).post("/api/auth/change-password", json=change))

    def create_user(self, password, email):
        return self.command("create-user", "--fullname", FULLNAME, "--email", email, "--role", "Клиент", password)

    def set_password(self, password, email):
        return self.command("set-password", self.account(email).email, password)

    def account(self, email):
        found = rows(self.app, User, User.email == email)
        return found[0] if found else self.make.user(fullname=FULLNAME, email=email, password=hash_password(PASSWORD))

    def person(self, email):
        return {"fullname": FULLNAME, "email": email}

    def command(self, *words):
        result = self.app.test_cli_runner().invoke(args=[*words[:-1], "--password", words[-1]])
        assert isinstance(result.exception, SystemExit | None), result.exception
        return None if result.exit_code == 0 else result.output.strip().partition("password: ")[2]


def refusal(answer):
    if answer.status_code < 300:
        return None
    ((_, sentence),) = answer.get_json()["fields"].items()
    return sentence


DOORS = ["registration", "new_account", "change", "create_user", "set_password"]


@pytest.mark.parametrize("door", DOORS)
def test_good_password_is_taken_at_every_door_and_opens(app, make, client, cheap, door):
    enter = getattr(Doors(app, make), door)
    for number, password in enumerate(GOOD):
        email = f"orlova{number}@example.org"
        assert enter(password, email) is None, password
        answer = client.post("/api/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, password
        assert "password_expired" not in answer.get_json(), password


@pytest.mark.parametrize("door", DOORS)
def test_bad_password_is_refused_at_every_door_for_the_same_reason(app, make, cheap, door):
    enter = getattr(Doors(app, make), door)
    for password, reason in BAD.items():
        assert reason in (enter(password, EMAIL) or ""), password
    hashes = [user.password_hash for user in rows(app, User, User.email == EMAIL)]
    assert all(check_password_hash(stored, PASSWORD) for stored in hashes), "and nothing was changed"


@pytest.mark.parametrize("door", DOORS)
def test_composition_is_a_setting_at_every_door(app, make, client, cheap, door):
    """Without it length, leaks and the user's own words still count; with it, weak passwords must be changed."""
    doors = Doors(app, make)
    enter, password = getattr(doors, door), "тихий вечер у моря"
    assert "прописную букву" in enter(password, EMAIL)
    assert doors.admin.patch("/api/settings", json={"password_composition": False}).status_code == 200
    rules = client.get("/api/config").json["password_rules"]
    assert not any(rules[part] for part in ("upper", "lower", "digit", "special")) and "прописная" not in rules["text"]
    assert "не менее 8" in enter("вечер", EMAIL) and "распространённый" in enter("12345678", EMAIL)
    assert enter(password, EMAIL) is None
    login = {"email": EMAIL, "password": password}
    assert "password_expired" not in client.post("/api/auth/login", json=login).json
    doors.admin.patch("/api/settings", json={"password_composition": True})
    assert client.post("/api/auth/login", json=login).json["password_expired"] is True


def test_what_is_no_text_is_no_password(app, make, cheap):
    doors = Doors(app, make)
    for enter in (doors.set_password, doors.create_user):
        assert enter("Verno-7a\udcd0", EMAIL) is not None
    for password in ("", None, 7, ["Verno-7a"], "Verno-7a\x00"):
        assert refusal(doors.client.post("/api/auth/register", json=doors.person(EMAIL) | {"password": password}))


@pytest.mark.parametrize(
    ("typed", "as_well"),
    [
        ("Verno-7a", "Verno-7a".translate(FULL_WIDTH)),
        ("Вернойпа-7", f"Верно{DECOMPOSED}па-7"),
        ("Ångström-7", "A\u030angstro\u0308m-7"),
        ("ﬁrma-Verno7", "firma-Verno7"),
    ],
)
def test_equivalent_spellings_are_one_password(client, make, cheap, typed, as_well):
    for set_as, entered in [(typed, as_well), (as_well, typed)]:
        user = make.user(password=hash_password(set_as))
        assert client.post("/api/auth/login", json={"email": user.email, "password": entered}).status_code == 200
        for other in (entered.swapcase(), entered + " ", " " + entered, entered[:-1]):
            assert client.post("/api/auth/login", json={"email": user.email, "password": other}).status_code == 401


def test_another_spelling_of_the_old_password_is_no_new_one(app, make, cheap):
    caller = SignedIn(app, make.user(password=hash_password("Verno-7a")))
    change = {"old_password": "Verno-7a", "new_password": "Verno-7a".translate(FULL_WIDTH)}
    answer = caller.post("/api/auth/change-password", json=change)
    assert list(answer.get_json()["fields"]) == ["new_password"]


# Expiry


@pytest.mark.parametrize(("days", "age", "expired"), [(90, 89, False), (90, 91, True), (1, 2, True), (0, 3650, False)])
def test_age_of_a_password_is_a_setting_and_0_is_never(settings, make, cheap, days, age, expired):
    client = create_app(settings | {"PASSWORD_MAX_AGE_DAYS": days}).test_client()
    user = make.user(password=hash_password(PASSWORD), password_changed_at=now() - timedelta(days=age))
    body = client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).get_json()
    assert body.get("password_expired", False) is expired
    assert (body["password_expires_at"] is None) == (days == 0)
    assert client.get("/api/config").get_json()["password_rules"]["max_age_days"] == days


def test_one_time_password_must_be_changed_though_passwords_never_expire(app, settings, make, login):
    user = make.user()
    password = login(make.user(Role.ADMIN)).post(f"/api/users/{user.user_id}/password").get_json()["password"]
    client = create_app(settings | {"PASSWORD_MAX_AGE_DAYS": 0}).test_client()
    body = client.post("/api/auth/login", json={"email": user.email, "password": password}).get_json()
    bearer = {"Authorization": f"Bearer {body['token']}"}
    assert body["password_expired"] is True
    assert client.get("/api/requests/", headers=bearer).status_code == 403
    same = {"old_password": password, "new_password": password}
    assert client.post("/api/auth/change-password", json=same, headers=bearer).status_code == 422
    change = same | {"new_password": "Sovsem-Drugoj-8"}
    answer = client.post("/api/auth/change-password", json=change, headers=bearer)
    assert (
        client.get("/api/requests/", headers={"Authorization": f"Bearer {answer.get_json()['token']}"}).status_code
        == 200
    )


@pytest.mark.parametrize("days", ["-1", "3651", "девяносто", "", "1.5"])
def test_senseless_age_does_not_start(settings, days):
    with pytest.raises(ConfigError, match="PASSWORD_MAX_AGE_DAYS"):
        load_settings(settings | {"PASSWORD_MAX_AGE_DAYS": days})


# Storage


@pytest.mark.real_hashes
def test_hash_is_on_the_floor_of_owasp():
    name, cost, blocks, parallel = HASH_METHOD.split(":")
    assert (name, int(cost), int(blocks), int(parallel)) == ("scrypt", 2**15, 8, 3)
    assert hash_password(PASSWORD).startswith(HASH_METHOD + "$")
    assert hash_password(PASSWORD) != hash_password(PASSWORD), "each has its own salt"


@pytest.mark.real_hashes
@pytest.mark.parametrize("method", ["pbkdf2:sha256:1000", "pbkdf2:sha512:5000", "scrypt:16384:8:1", "scrypt:32768:8:1"])
def test_weaker_hash_is_renewed_by_the_right_password_only(client, make, method):
    user = make.user(password=generate_password_hash(PASSWORD, method))
    stored = user.password_hash
    assert client.post("/api/auth/login", json={"email": user.email, "password": "Ne-Tot-7a"}).status_code == 401
    assert user.reload().password_hash == stored
    assert client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).status_code == 200
    assert not needs_rehash(user.reload().password_hash)
    assert check_password_hash(user.password_hash, PASSWORD)


@pytest.mark.real_hashes
def test_no_connection_of_the_database_waits_for_a_hash(app, make, client, monkeypatch):
    """Otherwise twenty parallel sign-ins would hold all database connections."""
    held = []
    for name in ("check_password_hash", "generate_password_hash"):
        monkeypatch.setattr(models.password, name, while_watching(app, held, getattr(models.password, name)))
    caller = SignedIn(app, make.user())
    person = {"fullname": FULLNAME, "email": EMAIL, "password": "Verno-7a"}
    assert client.post("/api/auth/register", json=person).status_code == 201
    assert sign_in(client, EMAIL, "Verno-7a").status_code == 200
    assert sign_in(client, EMAIL, "Ne-Tot-7a").status_code == 401
    assert sign_in(client, "nobody@example.org", "Ne-Tot-7a").status_code == 401
    change = {"old_password": PASSWORD, "new_password": "Verno-7a"}
    assert caller.post("/api/auth/change-password", json=change).status_code == 200
    assert held == [0] * 6


def while_watching(app, held, function):
    def watched(*given):
        with app.app_context():
            held.append(db.engine.pool.checkedout())
        return function(*given)

    return watched


# What a sign-in reveals


def sign_in(client, email, password):
    return client.post("/api/auth/login", json={"email": email, "password": password})


@pytest.mark.real_hashes
@pytest.mark.parametrize("password", ["Ne-Tot-Parol-7", f"Ne-Tot-Parol-7{DECOMPOSED}", "x"])
def test_door_says_and_costs_the_same_whoever_lives_here(client, make, monkeypatch, password):
    computed = []
    monkeypatch.setattr(
        models.password, "check_password_hash", lambda stored, _: computed.append(stored.partition("$")[0]) or False
    )
    emails = [make.user().email, make.user(Role.ADMIN).email, make.user(is_active=False).email, "nobody@example.org"]
    sign_in(client, "warm-up@example.org", password)
    seen = []
    for email in emails:
        computed.clear()
        answer = sign_in(client, email, password)
        headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Date")}
        seen.append((answer.status_code, answer.get_data(), headers, list(computed)))
    assert all(entry == seen[0] for entry in seen), seen
    assert set(seen[0][3]) == {HASH_METHOD}


def test_nobody_is_slowed_as_somebody_is(client, make, cheap):
    for email in (make.user(password=hash_password(PASSWORD)).email, "nobody@example.org"):
        assert [sign_in(client, email, "x").status_code for _ in range(12)] == [401] * 10 + [429] * 2
