"""Keyset pages and totals."""

import base64
import json

import pytest

from models.enums import Role


def test_total_counts_the_rows_where_no_filter_narrows_them(make, login):
    for _ in range(3):
        make.request()
    admin = login(make.user(Role.ADMIN))
    assert admin.get("/api/requests/?count=1&limit=1").json["total"] == 3


# Forged cursors


def cursor_of(*parts):
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


FORGED = [
    "",
    "x",
    "=",
    "AAAA",
    "%00",
    "é",
    "A" * 2000,
    "A" * 2001,
    cursor_of(),
    cursor_of("-startdate"),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00"),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", "1"),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", True),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", None),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", 1.5),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", 2**63),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", 10**400),
    cursor_of("-startdate", "2026-01-01T00:00:00+00:00", 1, 2),
    cursor_of("-startdate", "2026-01-01T00:00:00", 1),
    cursor_of("-startdate", "yesterday", 1),
    cursor_of("-startdate", "infinity", 1),
    cursor_of("-startdate", "0001-01-01T00:00:00+23:59", 1),
    cursor_of("-startdate", 5, 1),
    cursor_of("-startdate", None, 1),
    cursor_of("-startdate", ["2026-01-01T00:00:00+00:00"], 1),
    cursor_of("startdate", "2026-01-01T00:00:00+00:00", 1),
    cursor_of("-priority", 1, 1),
    cursor_of(["-startdate"], "2026-01-01T00:00:00+00:00", 1),
    base64.urlsafe_b64encode(b"[" * 1400).decode(),
    base64.urlsafe_b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b"NaN").decode(),
]


@pytest.mark.parametrize("cursor", FORGED, ids=range(len(FORGED)))
def test_cursor_that_is_forged_is_refused(make, login, cursor):
    make.request()
    admin = login(make.user(Role.ADMIN))
    answer = admin.get("/api/requests/", query_string={"cursor": cursor})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/api/requests/?sort=priority", ["priority", 2**63, 1]),
        ("/api/requests/?sort=priority", ["priority", 10**4000, 1]),
        ("/api/requests/?sort=priority", ["priority", True, 1]),
        ("/api/requests/?sort=requestid", ["requestid", "1", 1]),
        ("/api/users/?sort=fullname", ["fullname", "a\x00b", 1]),
        ("/api/users/?sort=fullname", ["fullname", "\ud800", 1]),
        ("/api/users/?sort=fullname", ["fullname", 5, 1]),
        ("/api/users/?sort=fullname", ["fullname", None, 1]),
    ],
)
def test_cursor_with_a_value_that_no_row_has_is_refused(make, login, path, parts):
    admin = login(make.user(Role.ADMIN))
    assert admin.get(f"{path}&cursor={cursor_of(*parts)}").status_code == 400


@pytest.mark.parametrize(
    "parts", [["-startdate", "9999-12-31T23:59:59+00:00", -(2**62)], ["-startdate", "0001-01-01T00:00Z", 1]]
)
def test_cursor_from_beyond_the_data_is_only_an_empty_or_a_full_page(make, login, parts):
    make.request()
    admin = login(make.user(Role.ADMIN))
    assert admin.get(f"/api/requests/?cursor={cursor_of(*parts)}").status_code == 200


def test_cursor_shows_nobody_more_than_they_may_see(make, login):
    hidden = [make.request() for _ in range(3)]
    stranger = login(make.user())
    cursor = cursor_of("requestid", hidden[0].requestid, hidden[0].requestid)
    assert stranger.get(f"/api/requests/?sort=requestid&cursor={cursor}").get_json()["items"] == []
