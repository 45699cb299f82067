"""Any input gets a success or a refusal in the common error format, and every list works afterwards."""

import json
import re

import pytest

from models import Role, Status
from routes.http import openapi
from tests.kit import contract, roles
from tests.kit.factories import PASSWORD

DEEP = 100_000
VALUES = [
    # JSON texts, because no JSON library would write some of them.
    r'"\u0000"', r'"a\u0000b"', r'"\ud800"', r'"\udc00x"', r'"\ufeff"', r'"\u202e"', r'"\b\f"', r'"\u0085"', '""',
    '"  "',
    "1e400", "-1e400", "1E-400", "NaN", "Infinity", "-Infinity", "9223372036854775808", "-9223372036854775809",
    "9" * 60, "9" * 5000, "1.5", "-0", "0", "1", "true", "false", "null", "[]", "{}", "[1]", '{"a":1}', '{"$gt":""}',
    "[" * 30 + "]" * 30, "[" * DEEP + "]" * DEEP, '"' + "x" * 20_000 + '"', '"1"', '"true"', '"null"', '"NaN"',
    '"infinity"', '"-infinity"', '"epoch"', '"now"', '"today"', '"0001-01-01T00:00:00Z"', '"0000-01-01T00:00:00Z"',
    '"-4713-11-24T00:00:00Z"', '"4713-01-01 BC"', '"9999-12-31T23:59:59-23:59"', '"99999-01-01T00:00:00Z"',
    '"2026-06-30T23:59:60Z"', '"2026-11-22T10:00:00+24:00"', '"2026-11-22"', "1795341600", '"\' OR 1=1 --"',
    '"$1 %s %(x)s :x {0} {x}"', '"=cmd|\'/c calc\'!A1"', '"<script>alert(1)</script>"', '"../../etc/passwd"',
]  # fmt: skip

NEW_REQUEST = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}
OPTIONAL = ("project", "serialnumber", "phone", "address", "priority", "duedate")


@pytest.fixture
def shop(make, login):
    """Clients of an administrator and of a client, and the ids for the paths."""
    client, master = make.user(), make.user(Role.MASTER)
    repair, finished = make.request(client), make.request(client, master, Status.DONE)
    return {
        "admin": login(make.user(Role.ADMIN)),
        "client": login(client),
        "clientid": client.user_id,
        "masterid": master.user_id,
        "requestid": repair.requestid,
        "finished": finished.requestid,
        "email": client.email,
    }


def bodies(shop):
    """(client, method, path, accepted body, further fields) of every route with a body."""
    where = f"/api/requests/{shop['requestid']}"
    new = NEW_REQUEST | {"clientid": shop["clientid"]}
    comment = {"requestid": shop["requestid"], "message": "Жду"}
    person = {"fullname": "Орлова Вера", "email": "orlova@example.org"}
    secret = {"password": PASSWORD}
    login = {"email": shop["email"], "password": "Ne-Tot-Parol-7"}
    passwords = {"old_password": "Ne-Tot-Parol-7", "new_password": PASSWORD}
    everything = ("fullname", "phone", "email", "user_type", "is_active")
    settings = ("organisation", "techtypes", "due_soon_hours", "deadline_hours", "default_deadline_hours",
                "working_calendar", "comment_templates", "auto_assign", "feedback_url")  # fmt: skip
    return {
        "hand in": ("admin", "POST", "/api/requests/", new, OPTIONAL),
        "edit": ("admin", "PATCH", where, {}, (*NEW_REQUEST, *OPTIONAL[:-1])),
        "assign": ("admin", "PUT", f"{where}/master", {"masterid": shop["masterid"]}, ()),
        "move": ("admin", "PUT", f"{where}/status", {"requeststatus": "Завершена"}, ("comment",)),
        "deadline": ("admin", "PUT", f"{where}/deadline", {"duedate": "2030-01-01T00:00:00Z"}, ("reason",)),
        "rate": ("client", "PUT", f"/api/requests/{shop['finished']}/rating", {"score": 5}, ("comment",)),
        "comment": ("admin", "POST", "/api/comments/", comment, ("is_internal",)),
        "open account": ("admin", "POST", "/api/users/", person | secret, ("phone", "user_type")),
        "change account": ("admin", "PATCH", f"/api/users/{shop['clientid']}", {}, everything),
        "register": ("admin", "POST", "/api/auth/register", person | secret, ("phone",)),
        "sign in": ("admin", "POST", "/api/auth/login", login, ()),
        "change password": ("client", "POST", "/api/auth/change-password", passwords, ()),
        "settings": ("admin", "PATCH", "/api/settings/", {}, settings),
    }  # fmt: skip


NAMES = [
    "hand in", "edit", "assign", "move", "deadline", "rate", "comment", "open account", "change account", "register",
    "sign in", "change password", "settings",
]  # fmt: skip


def send(shop, name, text):
    who, method, path, _body, _more = bodies(shop)[name]
    headers = {"Content-Type": "application/json"} | ({"If-Match": "*"} if name == "edit" else {})
    return shop[who].open(method, path, data=text, headers=headers)


def limit_of(shop, name):
    """The longest body of a route."""
    _who, method, path, _body, _more = bodies(shop)[name]
    return roles.BODY_LIMITS.get(f"{method} {path}", 1024 * 1024)


def lists_work(shop):
    sorts = [
        sign + name for name in ("startdate", "completiondate", "duedate", "priority", "requestid") for sign in "-+"
    ]
    paths = [f"/api/requests/?sort={sort.removeprefix('+')}&count=1&limit=100" for sort in sorts]
    paths += [
        "/api/requests/?q=шумит",
        "/api/requests/summary",
        "/api/statistics/",
        "/api/users/?limit=100",
        "/api/config",
    ]
    paths += [f"/api/comments/?requestid={shop['requestid']}", f"/api/requests/{shop['requestid']}/history"]
    for path in paths:
        assert shop["admin"].get(path).status_code == 200, path


@pytest.mark.parametrize("name", NAMES)
def test_hostile_value_in_a_field_breaks_nothing(shop, name, monkeypatch):
    monkeypatch.setattr("services.accounts.sign_in.verify_password", lambda *_: False)
    monkeypatch.setattr("services.accounts.users.hash_password", lambda _: "scrypt:1:1:1$a$b")
    _who, _method, _path, body, more = bodies(shop)[name]
    for field in (*body, *more):
        for value in VALUES:
            rest = [f"{json.dumps(other)}: {json.dumps(body[other])}" for other in body if other != field]
            answer = send(shop, name, "{" + ", ".join([*rest, f'"{field}": {value}']) + "}")
            assert answer.status_code < 500, (field, value[:60])
    lists_work(shop)


def test_every_route_that_reads_a_body_is_among_them(app, shop):
    with_body = {
        f"{method.upper()} {path.replace('{requestid}', '0').replace('{user_id}', '0')}"
        for path, operations in openapi.document(app)["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }
    sent = {f"{method} {re.sub(r'/[0-9]+', '/0', path)}" for _who, method, path, *_rest in bodies(shop).values()}
    assert sent == with_body


BAD_TEXTS = [
    b"", b" ", b"{", b"}", b"{]", b"nul", b"{'a': 1}", b"\xff\xfe", b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"),
    b'{"techtype": "\xd0"}', b'{"techtype": "a", "techtype": "b"}', b'{"a": {"b": 1, "b": 2}}', b'{"a": NaN}',
    b'{"a": Infinity}', b"[" * DEEP, b'{"a":' * DEEP, b"[" * 8000, b'{"a":' * 1600,
    b'{"a":' * 25 + b"1" + b"}" * 25, b"{}{}", b"{} x", b"{,}",
    b'{"a": 01}', b'{"a": "\t"}', b"0x10", b'{"a": ' + b"9" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_text_that_is_no_json_is_refused(shop, name):
    limit = limit_of(shop, name)
    for text in BAD_TEXTS:
        answer = send(shop, name, text)
        expected = (413, "too_large") if len(text) > limit else (400, "bad_request")
        assert (answer.status_code, answer.get_json()["code"]) == expected, text[:60]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["null", "[]", '"text"', "1", "true", '[{"techtype": "Фен"}]'])
def test_json_that_is_no_object_is_refused(shop, name, text):
    answer = send(shop, name, text)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"body"})


@pytest.mark.parametrize("name", NAMES)
def test_field_that_does_not_exist_is_named(shop, name):
    for field in ["unknown", "__class__", "constructor", "поле", "a" * 300, "<b>", " techtype", "a\x00b"]:
        answer = send(shop, name, json.dumps({field: 1}))
        assert answer.status_code == 422, field
        assert field[:100] in answer.get_json()["fields"]
    assert set(send(shop, name, r'{"\ud800": 1}').get_json()["fields"]) == {"body"}


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
     "application/jsonx", "application/json-patch+json", "", "json", "*/*"],
)  # fmt: skip
def test_body_of_another_media_type_is_refused(shop, media_type):
    for name in NAMES:
        who, method, path, body, _more = bodies(shop)[name]
        headers = {"Content-Type": media_type, "If-Match": "*"}
        answer = shop[who].open(method, path, data=json.dumps(body), headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type"), name


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_json_may_name_its_charset(shop, media_type):
    answer = shop["client"].post(
        "/api/requests/", data=json.dumps(NEW_REQUEST).encode(), headers={"Content-Type": media_type}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("name", NAMES)
def test_body_over_one_mebibyte_is_refused(shop, name):
    answer = send(shop, name, b'"' + b"x" * 1024 * 1024 + b'"')
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_largest_body_is_read(shop):
    text = json.dumps(NEW_REQUEST)
    answer = send(shop, "hand in", text + " " * (1024 * 1024 - len(text)))
    assert answer.status_code == 422  # The missing client id proves that the body was parsed.


BAD_QUERIES = [
    "%00", "%ff", "%ED%A0%80", "a=%00", "q=%00", "=", "%", "a" * 3000, "q=" + "%F0%9F%A7%8A" * 201, "limit=%20",
    "limit=1e1", "limit=0x1", "limit=1_0", "limit=+1", "limit=1&limit=1", "q[]=1", "q=a&q=b", "from=NaN",
    "created_from=-infinity", "created_from=NaN", "requeststatus=%00",
]  # fmt: skip


@pytest.mark.parametrize("path", ["/api/requests/", "/api/users/", "/api/comments/", "/api/statistics/"])
@pytest.mark.parametrize("query", BAD_QUERIES)
def test_hostile_query_is_refused(shop, path, query):
    answer = shop["admin"].get(f"{path}?{query}")
    if (query == "&&&" and path != "/api/comments/") or (
        query == "q=%ff%fe" and path in ("/api/requests/", "/api/users/")
    ):  # No parameter with a value.
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nope", "/api/requests/1/nope", "//api/requests", "/api//requests",
     "/api/requests/%00", "/api/requests/1%2F..", "/api/requests/../users", "/api/requests/1;x", "/api/REQUESTS/",
     "/api/docs/assets/../../../config.py", "/api/docs/assets/..%2f..%2fconfig.py", "/api/requests/１２３４５６７８"],
)  # fmt: skip
def test_path_that_is_none_is_not_found(shop, path):
    answer = shop["admin"].get(path)
    assert answer.status_code == 404, path
    if path.startswith("/api"):
        contract.check_error(answer)


@pytest.mark.parametrize("zero", "٠०０")
def test_an_id_is_written_in_ascii_digits(shop, zero):
    number = str(shop["requestid"])
    other = number.translate({ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)})
    assert shop["admin"].get(f"/api/requests/{number}").status_code == 200
    for method in ("GET", "PATCH"):
        answer = shop["admin"].open(method, f"/api/requests/{other}", json={} if method == "PATCH" else None)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/../config.py", "/..%2fconfig.py", "/js/../../config.py", "/.env", "/config.py",
                                  "/technic_bd.sql", "/.git/config", "/js/", "/css"])  # fmt: skip
def test_nothing_but_the_pages_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "SECRET_KEY" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("method", ["DELETE", "TRACE", "PUT", "NONSENSE"])
def test_method_that_a_route_does_not_have_is_refused_with_those_it_has(client, method):
    answer = client.open("/api/config", method=method)
    contract.check_error(answer)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


HEADERS = [
    "Authorization", "If-Match", "Idempotency-Key", "X-Request-ID", "Last-Event-ID", "X-Forwarded-For", "Cookie",
    "Accept", "Range", "If-None-Match", "If-Modified-Since", "Content-Type", "Content-Length", "Host",
]  # fmt: skip
HEADER_VALUES = [
    "", " ", "\xff", "x" * 8000, '"', "*", "0", "-1", "Bearer", "Bearer " + "." * 4000, ";,=", "bytes=0-", "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_hostile_header_breaks_nothing(shop, name):
    for value in HEADER_VALUES:
        for method, path in (("GET", "/api/requests/"), ("PATCH", f"/api/requests/{shop['requestid']}")):
            answer = shop["admin"].open(method, path, headers={name: value})
            assert answer.status_code < 500, (method, value)
            answer.close()
