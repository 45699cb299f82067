"""`ETag` and `If-None-Match`: 304 for an unchanged answer, the whole answer after a change."""

import pytest

from models import Role


def test_a_changed_answer_is_sent_whole(client, sign_in):
    before = client.get("/api/config")
    sign_in(Role.ADMIN).patch("/api/settings", json={"techtypes": ["Фен"]})
    after = client.get("/api/config", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json["techtypes"]) == (200, ["Фен"])
    assert client.get("/api/config", headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("header", "status"),
    [("{}", 304), ("W/{}", 304), ('"x", {}', 304), ("*", 304), ('"x"', 200), ("", 200), ('"', 200), ("{}x", 200)],
)
def test_tags_are_compared_weakly(client, header, status):
    tag = client.get("/api/config").headers["ETag"]
    assert client.get("/api/config", headers={"If-None-Match": header.format(tag)}).status_code == status


def test_head_has_the_tag_of_get(client):
    tag = client.get("/api/config").headers["ETag"]
    assert client.head("/api/config").headers["ETag"] == tag
    assert client.head("/api/config", headers={"If-None-Match": tag}).status_code == 304


def test_refusals_and_changes_have_no_tag_of_their_own(client, sign_in):
    for answer in (client.get("/api/nope"), client.get("/api/requests/"), client.post("/api/auth/login", json={})):
        assert answer.status_code >= 400 and "ETag" not in answer.headers
    made = sign_in(Role.MANAGER).post("/api/users/", json={"fullname": "Орлова", "email": "orlova@example.org"})
    assert made.status_code == 201 and "ETag" not in made.headers


def test_who_may_not_see_an_answer_gets_no_304_for_it(client, sign_in):
    tag = sign_in(Role.MANAGER).get("/api/requests/").headers["ETag"]
    assert client.get("/api/requests/", headers={"If-None-Match": tag}).status_code == 401


def test_a_request_is_sent_though_its_version_is_known(make, sign_in):
    """The version does not cover all of the answer: names of people, overdue by now."""
    repair, manager = make.request(), sign_in(Role.MANAGER)
    known = manager.get(f"/api/requests/{repair.requestid}")
    again = manager.get(f"/api/requests/{repair.requestid}", headers={"If-None-Match": known.headers["ETag"]})
    assert (again.status_code, again.json["requestid"]) == (200, repair.requestid)
