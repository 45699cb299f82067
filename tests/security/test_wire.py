"""Malformed HTTP: rejected in the common error format, and the service continues."""

import json
import re
import socket
from contextlib import suppress
from http.client import HTTPResponse
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from database import db
from models import Role
from tests.kit.contract import CODES

MEBIBYTE = 1024 * 1024
HOST = b"Host: shop\r\nConnection: close\r\n"
JSON = HOST + b"Content-Type: application/json\r\n"
CHUNKED = JSON + b"Transfer-Encoding: chunked\r\n"
LOGIN = b"POST /api/auth/login HTTP/1.1\r\n"
CREATE = b"POST /api/requests/ HTTP/1.1\r\n"
HEALTH = b"GET /api/health HTTP/1.1\r\n"

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"

REFUSED = {
    "no HTTP": (400, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"),
    "another version": (400, b"GET / HTTP/9.9\r\n" + HOST + b"\r\n"),
    "HTTP/2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "method in small letters": (400, b"get /api/health HTTP/1.1\r\n" + HOST + b"\r\n"),
    "raw letters in the address": (400, "GET /api/requests/щ HTTP/1.1\r\n".encode() + HOST + b"\r\n"),
    "NUL in the address": (400, b"GET /api/\x00 HTTP/1.1\r\n" + HOST + b"\r\n"),
    "overlong address": (400, b"GET /api/requests/?q=" + b"a" * 5000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "overlong header": (400, HEALTH + HOST + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n"),
    "too many headers": (400, HEALTH + HOST + b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n"),
    "NUL in a header": (400, HEALTH + HOST + b"X-A: a\x00b\r\n\r\n"),
    "folded header": (400, HEALTH + HOST + b"X-A: a\r\n b\r\n\r\n"),
    "unknown coding": (400, LOGIN + JSON + b"Transfer-Encoding: foo\r\n\r\n"),
    "length and chunks": (400, LOGIN + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n"),
    "two lengths": (400, LOGIN + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    "negative length": (400, LOGIN + JSON + b"Content-Length: -2\r\n\r\n{}"),
    "two media types": (400, LOGIN + JSON + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
    "unknown expectation": (400, LOGIN + JSON + b"Expect: mercy\r\nContent-Length: 2\r\n\r\n{}"),
    "chunk of no size": (400, LOGIN + CHUNKED + b"\r\nZZ\r\n{}\r\n0\r\n\r\n"),
    "chunk without an end": (400, LOGIN + CHUNKED + b"\r\n2\r\n{}}}0\r\n\r\n"),
    "body that breaks off": (400, LOGIN + JSON + b"Content-Length: 99\r\n\r\n{}"),
    "compressed body": (400, LOGIN + JSON + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"),
    "two megabytes": (413, LOGIN + JSON + b"Content-Length: 2097152\r\n\r\n" + b"x" * 2 * MEBIBYTE),
    "announced terabytes": (413, LOGIN + JSON + b"Content-Length: 9999999999999\r\n\r\n{}"),
    "two megabytes in chunks": (413, LOGIN + CHUNKED + b"\r\n" + CHUNK * 32 + b"0\r\n\r\n"),
    "two tokens": (401, b"GET /api/auth/me HTTP/1.1\r\n" + HOST + b"Authorization: Bearer a\r\n" * 2 + b"\r\n"),
    "bytes for a token": (401, b"GET /api/auth/me HTTP/1.1\r\n" + HOST + b"Authorization: Bearer \xff\xfe\r\n\r\n"),
    "TRACE": (405, b"TRACE /api/health HTTP/1.1\r\n" + HOST + b"\r\n"),
}  # fmt: skip

TAKEN = {
    "chunks": (422, LOGIN + CHUNKED + b"\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"),
    "a client that asks first": (422, LOGIN + JSON + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"),
    "as much as a sign-in may have": (422, LOGIN + JSON + b"Content-Length: 8192\r\n\r\n{}" + b" " * 8190),
    "a whole mebibyte": (401, CREATE + JSON + b"Content-Length: %d\r\n\r\n{}" % MEBIBYTE + b" " * (MEBIBYTE - 2)),
    "a forged scheme": (200, HEALTH + HOST + b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: on\r\n\r\n"),
    "a forged place": (200, HEALTH + HOST + b"SCRIPT_NAME: /x\r\nPATH_INFO: /y\r\n\r\n"),
}


def ask(server, data):
    """Send the bytes on a new connection and return the answer with its complete `.body`."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        with suppress(OSError):  # A server may refuse and close before all has been sent.
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        answer = HTTPResponse(Received(connection))
        answer.begin()
        answer.body = answer.read()
    return answer


class Received:
    """The part of a socket that HTTPResponse needs; a reset after the answer means that the server stopped reading."""

    def __init__(self, connection):
        self.data = b""
        try:
            while chunk := connection.recv(65536):
                self.data += chunk
        except ConnectionResetError:
            pass

    def makefile(self, _mode):
        return BytesIO(self.data)


@pytest.mark.parametrize("case", REFUSED)
def test_improper_request_is_refused_in_the_one_shape(live_server, case):
    status, data = REFUSED[case]
    answer = ask(live_server, data)
    body = json.loads(answer.body)
    assert answer.status == status
    assert body["code"] in CODES[status]
    assert re.search("[а-яё]", body["error"])
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Request-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "gunicorn" not in answer.body.decode() and "Traceback" not in answer.body.decode()


@pytest.mark.parametrize("case", TAKEN)
def test_unusual_request_is_taken(live_server, case):
    status, data = TAKEN[case]
    answer = ask(live_server, data)
    assert answer.status == status, answer.body
    assert "Strict-Transport-Security" not in answer.headers


class Slow(BytesIO):
    """A slow body that records the database connections held meanwhile."""

    def __init__(self, app, data):
        super().__init__(data)
        self.app, self.held = app, []

    def readinto(self, buffer):
        with self.app.app_context():
            self.held.append(db.engine.pool.checkedout())
        return super().readinto(buffer)


def test_slow_sender_holds_no_connection_of_the_database(app, make, login):
    admin = login(make.user(Role.ADMIN))
    body = Slow(app, json.dumps({"due_soon_hours": 48}).encode())
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body.getvalue()))}
    answer = admin.open("PATCH", "/api/settings/", input_stream=body, headers=headers)
    assert answer.status_code == 200
    assert body.held and set(body.held) == {0}


@pytest.mark.parametrize("digits", [19, 20, 300, 5000])
def test_number_in_an_address_may_have_any_length(make, login, digits):
    caller = login(make.user())
    assert caller.get("/api/requests/" + "9" * digits).status_code == 404
    assert caller.get("/api/requests/" + "٣").status_code == 404
