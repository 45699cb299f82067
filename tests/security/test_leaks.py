"""Canaries in every private column: nobody may read one that is not meant for them, anywhere."""

import io
import itertools
import json
import logging
import threading
import time
import zipfile

import pytest
from sqlalchemy import text

from app import create_app
from database import db
from models import Role, Status
from models.idempotency import IdempotencyKey
from routes.http import openapi
from services.accounts import users
from tests.kit.factories import PASSWORD
from tests.kit.helpers import rows, snapshot

_numbers = itertools.count(1)


def canary(name):
    """A unique word in the form of a name, so that every search finds it."""
    return f"Canary{name}{next(_numbers)}x"


class Shop:
    """All objects of a request, and the readers allowed for each canary."""

    def __init__(self, app, make, login):
        self.app, self.make = app, make
        self.people = {name: self.person(name, role) for name, role in PEOPLE.items()}
        self.callers = {name: login(person) for name, person in self.people.items()}
        self.readers = {}
        self.write_requests()
        self.write_secrets()
        self.note_people()

    def person(self, name, role):
        name = name.capitalize()
        return self.make.user(
            role, fullname=canary(f"{name}Fullname"), phone=canary("Phone"), email=f"{canary('Email')}@example.org"
        )

    def write_requests(self):
        """Create a takeable request and the master's own one, each with all related rows."""
        client, master = self.people["client"], self.people["master"]
        self.fresh = self.make.request(self.people["newcomer"], **self.texts("newcomer", *OFFICE))
        self.taken = self.make.request(client, master, **self.texts("client", "master", *OFFICE))
        self.done = self.make.request(client, master, Status.DONE, **self.texts("client", "master", *OFFICE))
        self.make.rating(self.done, comment=self.seen_by("Rating", "client", "master", *OFFICE))
        for repair in (self.fresh, self.taken, self.done):
            self.callers["manager"].post("/api/comments/", json=self.internal_comment(repair))
            changes = {"phone": canary("OldPhone"), "address": canary("OldAddress")}
            before = {"phone": repair.phone, "address": repair.address}
            self.make.event(repair, self.people["manager"], "edited", changes, before)
        self.callers["newcomer"].post("/api/comments/", json={"requestid": self.fresh.requestid, "message": "Жду вас"})

    def texts(self, *readers):
        return {"phone": self.seen_by("Contact", *readers), "address": self.seen_by("Address", *readers)}

    def internal_comment(self, repair):
        masters = ("master", "colleague") if repair is self.fresh else ("master",)
        message = self.seen_by("Internal", *masters, *OFFICE)
        return {"requestid": repair.requestid, "message": message, "is_internal": True}

    def write_secrets(self):
        """Create data that nobody may read (hashes, tokens, keys, old settings), and data for an Администратор only."""
        secret = {"techtype": "Фен", "techmodel": "x", "problemdescription": "y"}
        key = {"Idempotency-Key": self.seen_by("Key")}
        assert self.callers["client"].post("/api/requests/", json=secret, headers=key).status_code == 201
        hours = {"deadline_hours": {self.seen_by("Setting", "admin"): 5}}
        assert self.callers["admin"].patch("/api/settings/", json=hours).status_code == 200
        assert self.callers["admin"].patch("/api/settings/", json={"deadline_hours": {}}).status_code == 200
        colleague, former = self.people["colleague"], self.seen_by("FormerPhone", "admin")
        for phone in (former, colleague.phone):
            path = f"/api/users/{colleague.user_id}"
            assert self.callers["admin"].patch(path, json={"phone": phone}).status_code == 200
        for row in rows_of(self.app, "SELECT password_hash FROM users UNION SELECT jti FROM sessions"):
            self.readers[row[0]] = set()
        self.readers[rows(self.app, IdempotencyKey)[0].body_digest] = set()
        self.readers[self.app.config["SECRET_KEY"]] = set()

    def note_people(self):
        names_of = {
            "client": {"client", "master", *OFFICE},
            "newcomer": {"newcomer", *OFFICE},
            "master": {"client", "master", *OFFICE},
            "colleague": {"colleague", *OFFICE},
            "other_manager": {"other_manager", "admin"},
        }
        for name, readers in names_of.items():
            self.readers[self.people[name].fullname] = readers
        for name, person in self.people.items():
            staff = {"admin"} if PEOPLE[name] in (Role.MANAGER, Role.ADMIN) else set(OFFICE)
            self.readers[person.email] = {name} | staff
            self.readers[person.phone] = {name} | staff | ({"master"} if name == "client" else set())

    def seen_by(self, name, *readers):
        """A new canary for these readers."""
        word = canary(name)
        self.readers[word] = set(readers)
        return word

    def wrongly_in(self, read, name):
        """The canaries in a text that this user must not read."""
        return {word for word, readers in self.readers.items() if word in read and name not in readers}


OFFICE = ("manager", "other_manager", "admin")
PEOPLE = {
    "client": Role.CLIENT,
    "newcomer": Role.CLIENT,
    "master": Role.MASTER,
    "colleague": Role.MASTER,
    "manager": Role.MANAGER,
    "other_manager": Role.MANAGER,
    "admin": Role.ADMIN,
}


def rows_of(app, statement):
    with app.app_context():
        return db.session.execute(text(statement)).all()


@pytest.fixture
def shop(app, make, login):
    return Shop(app, make, login)


def addresses(shop):
    """URLs of every GET route: each object of the shop, each filter that could leak something."""
    ids = {"requestid": [shop.fresh.requestid, shop.taken.requestid, shop.done.requestid]}
    ids["user_id"] = [person.user_id for person in shop.people.values()]
    for rule in shop.app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.rule.startswith("/api") or rule.rule == "/api/events/":
            continue
        for values in itertools.product(*(ids[name] for name in sorted(rule.arguments))):
            path = rule.build(dict(zip(sorted(rule.arguments), values, strict=True)))[1]
            yield from (path + query for query in QUERIES.get(rule.rule, lambda _: [""])(shop))


def searched(shop):
    words = [person.fullname for person in shop.people.values()] + [shop.fresh.phone, shop.fresh.address]
    return [f"?q={word}" for word in words]


QUERIES = {
    "/api/requests/": lambda shop: ["", "?count=1", f"?clientid={shop.fresh.clientid}", *searched(shop)],
    "/api/requests/export": lambda shop: ["?format=csv", "?format=xlsx", *searched(shop)],
    "/api/statistics/export": lambda shop: ["?format=csv", "?format=xlsx"],
    "/api/audit/": lambda shop: ["?limit=100&count=1", f"?user_id={shop.people['colleague'].user_id}&limit=100"],
    "/api/users/": lambda shop: ["?count=1", "?user_type=Администратор", *searched(shop)],
    "/api/comments/": lambda shop: [f"?requestid={repair.requestid}" for repair in (shop.fresh, shop.taken, shop.done)],
}


def read(answer):
    """All text of an answer with its headers; for a workbook the texts of its files."""
    data = answer.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return data.decode("utf-8", "replace") + str(answer.headers)


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_reads_what_is_not_for_them(shop, name):
    found, seen = {}, ""
    for address in addresses(shop):
        answer = read(shop.callers[name].get(address))
        seen += answer
        found |= dict.fromkeys(shop.wrongly_in(answer, name), address)
    assert found == {}
    hidden = {word for word, readers in shop.readers.items() if name in readers and word not in seen}
    assert not hidden, "and yet what is theirs they do read"


def test_a_stranger_reads_nothing(shop, client):
    for address in addresses(shop):
        answer = read(client.get(address))
        assert not {word for word in shop.readers if word in answer}, address


def test_search_tells_a_master_nothing_of_the_client_of_a_new_request(shop):
    master = shop.callers["colleague"]
    for word in (shop.people["newcomer"].fullname, shop.fresh.phone, shop.fresh.address, shop.people["newcomer"].phone):
        assert master.get("/api/requests/", query_string={"q": word, "count": 1}).get_json()["total"] == 0
    found = shop.callers["manager"].get("/api/requests/", query_string={"q": shop.people["newcomer"].fullname})
    assert len(found.get_json()["items"]) == 1


def test_answers_to_changes_hide_the_same(shop):
    """Refusals and successes show the object too: taken, too late, stale."""
    colleague, client = shop.callers["colleague"], shop.callers["client"]
    answers = {
        "colleague": [
            colleague.put(f"/api/requests/{shop.fresh.requestid}/status", json={"requeststatus": "Отменена"}),
            colleague.post(f"/api/requests/{shop.taken.requestid}/accept"),
            colleague.post("/api/comments/", json={"requestid": shop.taken.requestid, "message": "x"}),
        ],
        "client": [
            client.patch(f"/api/requests/{shop.taken.requestid}", json={"phone": "1"}, headers={"If-Match": '"7"'}),
            client.put(f"/api/requests/{shop.done.requestid}/rating", json={"score": 4}),
            client.patch(f"/api/users/{shop.people['client'].user_id}", json={"phone": shop.people["client"].phone}),
        ],
    }
    for name, given in answers.items():
        for answer in given:
            assert shop.wrongly_in(read(answer), name) == set()


# Event stream


def test_stream_carries_no_private_word(shop):
    streams = {name: Reader(caller) for name, caller in shop.callers.items()}
    shop.callers["manager"].post("/api/comments/", json=shop.internal_comment(shop.taken))
    version = {"If-Match": "*"}
    for repair in (shop.fresh, shop.taken):
        change = {"phone": canary("NewPhone"), "address": canary("NewAddress")}
        answer = shop.callers["admin"].patch(f"/api/requests/{repair.requestid}", json=change, headers=version)
        assert answer.status_code == 200
    time.sleep(0.5)
    for stream in streams.values():
        stream.end()
    for stream in streams.values():
        stream.wait()
    told = {name: stream.text for name, stream in streams.items()}
    assert not [name for name, words in told.items() if "Canary" in words]
    assert '"type":"comment"' in told["master"] and '"type":"comment"' not in told["client"]
    fresh = f'"requestid":{shop.fresh.requestid},"type":"edited"'
    assert {name for name, words in told.items() if fresh in words} == set(PEOPLE) - {"client"}


class Reader(threading.Thread):
    """Reads a user's stream until its session ends."""

    def __init__(self, caller):
        super().__init__(daemon=True)
        self.text, self.caller = "", caller
        self.answer = caller.get("/api/events", buffered=False)
        self.start()

    def run(self):
        for chunk in self.answer.response:
            self.text += chunk.decode()

    def end(self):
        self.caller.post("/api/auth/logout")

    def wait(self):
        self.join(timeout=8)
        assert not self.is_alive()


# Log


@pytest.fixture
def failing(settings, monkeypatch):
    """The program with production settings, and statements that the database rejects."""
    app = create_app(settings | {"TESTING": False})

    def break_down(email):
        db.session.execute(text("SELECT 1 FROM users WHERE user_id = :email || :email"), {"email": email})

    monkeypatch.setattr(users, "check_email_is_free", break_down)
    return app.test_client()


def test_log_names_no_person_password_or_token(shop, client, failing, caplog):
    caplog.set_level(logging.INFO)
    password, person = "Kanareika-7x", shop.people["client"]
    body, strange = {"email": person.email, "password": password}, {"fullname": canary("A"), "email": "kanareika@e.ru"}
    client.post("/api/auth/login", json=body)
    client.post("/api/auth/login", json=body | {"password": PASSWORD})
    client.post("/api/auth/login", data=json.dumps(body)[:-1], content_type="application/json")
    client.post("/api/auth/login", json={"email": [person.email], "password": {password: password}})
    client.get("/api/requests/", query_string={"q": person.fullname, "token": "kanareika"})
    client.get("/api/auth/me", headers={"Authorization": "Bearer kanareika.kanareika.kanareika"})
    assert failing.post("/api/auth/register", json=strange | {"password": password}).status_code == 503
    shop.callers["client"].post("/api/auth/change-password", json={"old_password": PASSWORD, "new_password": password})
    tokens = [caller.token for caller in shop.callers.values()]
    for secret in (password, PASSWORD, "kanareika", "Canary", *tokens):
        assert secret not in caplog.text, secret
    assert "UndefinedFunction" in caplog.text, "what went wrong is told"
    assert f"sign-in refused: user={person.user_id} from=127.0.0.1" in caplog.text, "and whose door was tried"
    assert f"signed in: user={person.user_id} from=127.0.0.1" in caplog.text


# Fields that users cannot set


def bodies(app):
    """(method, path, schema) of every operation with a body."""
    document = openapi.document(app)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                yield method.upper(), path, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def test_every_column_that_is_not_of_a_body_is_refused_by_name(app, shop):
    columns = {column.name for table in db.metadata.sorted_tables for column in table.columns}
    columns |= {"password_hash", "role", "is_admin", "actor_id", "authorid", "client", "master", "id", "__proto__"}
    checked = 0
    for method, path, schema in bodies(app):
        before = snapshot(app)
        for name in ("client", "master", *OFFICE):
            foreign = sorted(columns - schema["properties"].keys())
            address = path.format(requestid=shop.taken.requestid, user_id=shop.people[name].user_id)
            body, headers = dict.fromkeys(foreign, "1"), {"If-Match": "*"}
            answer = shop.callers[name].open(method, address, json=body, headers=headers)
            if answer.status_code != 403:
                assert answer.status_code == 422, (method, path, name)
                assert set(foreign) <= set(answer.get_json()["fields"]), (method, path, name)
                checked += 1
        assert snapshot(app) == before, (method, path)
    assert checked > 20


ROLE_FIELDS = [
    ("client", "POST", "/api/requests/", {"clientid": 1}),
    ("client", "POST", "/api/requests/", {"priority": "Срочный"}),
    ("client", "POST", "/api/requests/", {"duedate": "2030-01-01T00:00:00Z"}),
    ("newcomer", "PATCH", "/api/requests/{fresh}", {"priority": "Срочный"}),
    ("client", "POST", "/api/comments/", {"requestid": "{taken}", "message": "x", "is_internal": True}),
    ("client", "PATCH", "/api/users/{self}", {"email": "new@example.org"}),
    ("client", "PATCH", "/api/users/{self}", {"user_type": "Администратор"}),
    ("client", "PATCH", "/api/users/{self}", {"is_active": False}),
    ("master", "PATCH", "/api/users/{self}", {"user_type": "Менеджер"}),
    ("manager", "PATCH", "/api/users/{self}", {"user_type": "Администратор"}),
    ("manager", "POST", "/api/users/", {"user_type": "Менеджер"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method", "path", "body"), ROLE_FIELDS, ids=str)
def test_field_that_this_role_may_not_set_is_refused_by_name(app, shop, name, method, path, body):
    world = {"fresh": shop.fresh.requestid, "taken": shop.taken.requestid, "self": shop.people[name].user_id}
    whole = dict(body)
    if path == "/api/requests/":
        whole |= {"techtype": "Фен", "techmodel": "x", "problemdescription": "y"}
    elif path == "/api/users/":
        whole |= {"fullname": "Орлова Вера", "email": "orlova@example.org"}
    elif "requestid" in body:
        whole["requestid"] = shop.taken.requestid
    before = snapshot(app)
    answer = shop.callers[name].open(method, path.format(**world), json=whole, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == [list(body)[-1]]
    assert snapshot(app) == before
