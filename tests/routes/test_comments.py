"""Comments: readers, authors, internal comments."""

from datetime import datetime, timedelta

import pytest

from models import Comment, IdempotencyKey, RequestEvent, Role, Status
from services.common.clock import now
from tests.kit.helpers import at_once, one, rows, snapshot


def read(caller, repair, query=""):
    answer = caller.get(f"/api/comments/?requestid={repair.requestid}{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def messages(caller, repair):
    return [item["message"] for item in read(caller, repair)["items"]]


def write(caller, repair, message="Буду к шести", key=None, **fields):
    body = {"requestid": repair.requestid, "message": message} | fields
    return caller.post("/api/comments/", json=body, headers={"Idempotency-Key": key} if key else {})


@pytest.fixture
def story(make, login):
    """A request in progress and the people around it, signed in."""
    client, master = make.user(), make.user(Role.MASTER)
    repair = make.request(client, master)
    people = {
        "client": client,
        "master": master,
        "manager": make.user(Role.MANAGER),
        "admin": make.user(Role.ADMIN),
        "stranger": make.user(),
        "colleague": make.user(Role.MASTER),
    }
    return repair, {name: login(person) for name, person in people.items()}


@pytest.mark.parametrize("name", ["client", "master", "manager", "admin"])
def test_everyone_at_the_request_may_write_and_all_of_them_read_it(app, story, name):
    repair, callers = story
    answer = write(callers[name], repair)
    author = callers[name].user
    body = answer.get_json()
    assert answer.status_code == 201
    assert (body["requestid"], body["masterid"], body["message"]) == (repair.requestid, author.user_id, "Буду к шести")
    assert body["is_internal"] is False
    assert body["author"] == {
        "user_id": author.user_id, "fullname": author.fullname, "user_type": author.user_type.value,
    }  # fmt: skip
    for reader in ("client", "master", "manager", "admin"):
        assert read(callers[reader], repair)["items"] == [body]
    assert one(app, Comment).masterid == author.user_id


@pytest.mark.parametrize("name", ["stranger", "colleague"])
def test_others_learn_nothing_and_write_nothing(app, story, name):
    repair, callers = story
    write(callers["client"], repair)
    before = snapshot(app)
    assert write(callers[name], repair).status_code == 404
    assert callers[name].get(f"/api/comments/?requestid={repair.requestid}").status_code == 404
    assert snapshot(app) == before


def test_internal_comment_is_for_colleagues_only(app, story):
    repair, callers = story
    assert write(callers["master"], repair, "Видно", is_internal=False).status_code == 201
    assert write(callers["manager"], repair, "Скрыто", is_internal=True).get_json()["is_internal"] is True
    for reader in ("master", "manager", "admin"):
        assert messages(callers[reader], repair) == ["Видно", "Скрыто"]
    assert messages(callers["client"], repair) == ["Видно"]


def test_client_cannot_write_an_internal_comment(app, story):
    repair, callers = story
    before = snapshot(app)
    answer = write(callers["client"], repair, is_internal=True)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"is_internal"})
    assert snapshot(app) == before
    assert write(callers["client"], repair, is_internal=False).status_code == 201


def test_master_reads_a_new_request_s_comments_without_the_client_s_name_and_writes_none(app, make, login):
    client = make.user(fullname="Тайная Клиентка")
    repair = make.request(client)
    manager = make.user(Role.MANAGER)
    write(login(client), repair, "Жду")
    write(login(manager), repair, "Ищем мастера")
    master = login(make.user(Role.MASTER))
    items = read(master, repair)["items"]
    assert [(item["message"], item["author"]["fullname"]) for item in items] == [
        ("Жду", None), ("Ищем мастера", manager.fullname),
    ]  # fmt: skip
    before = snapshot(app)
    assert write(master, repair).status_code == 403
    assert snapshot(app) == before
    master.post(f"/api/requests/{repair.requestid}/accept")
    assert read(master, repair)["items"][0]["author"]["fullname"] == "Тайная Клиентка"
    assert write(master, repair).status_code == 201


def test_comment_stands_in_the_history_and_changes_no_version(app, story):
    repair, callers = story
    comment = write(callers["master"], repair, "Скрыто", is_internal=True).get_json()
    event = one(app, RequestEvent)
    assert (event.kind, event.comment, event.is_internal) == ("comment", "Скрыто", True)
    assert event.to_value["commentid"] == comment["commentid"]
    assert repair.reload().version == 1


@pytest.mark.parametrize("status", Status)
def test_comments_may_be_written_in_every_state(make, login, status):
    client = make.user()
    assert write(login(client), make.request(client, status=status)).status_code == 201


def test_oldest_come_first_in_pages_that_add_up(make, story):
    repair, callers = story
    moment = now() - timedelta(days=1)
    for number in range(9):
        make.comment(repair, callers["master"].user, str(number), comment_date=moment + timedelta(hours=number // 3))
    assert messages(callers["client"], repair) == [str(number) for number in range(9)]
    found, cursor = [], None
    while True:
        page = read(callers["client"], repair, f"&limit=2{'&cursor=' + cursor if cursor else ''}")
        found += [item["message"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [str(number) for number in range(9)]


def test_comments_of_another_request_are_not_among_them(make, story):
    repair, callers = story
    other = make.request()
    make.comment(other, callers["manager"].user, "Чужое")
    assert messages(callers["manager"], repair) == []
    assert messages(callers["manager"], other) == ["Чужое"]


def test_comment_is_trimmed_and_dated_by_the_program(story):
    repair, callers = story
    body = write(callers["client"], repair, "  Жду\nвечером  ").get_json()
    assert body["message"] == "Жду\nвечером"
    assert abs(datetime.fromisoformat(body["comment_date"]) - now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fields", "bad"),
    [({"message": ""}, {"message"}), ({"message": " \n"}, {"message"}), ({"message": None}, {"message"}),
     ({"message": ["a"]}, {"message"}), ({"message": "x" * 10_001}, {"message"}), ({"message": "a\x00b"}, {"message"}),
     ({"is_internal": 1}, {"is_internal"}), ({"is_internal": "true"}, {"is_internal"}),
     ({"is_internal": None}, {"is_internal"}), ({"masterid": 1}, {"masterid"}), ({"author": {}}, {"author"}),
     ({"requestid": "1"}, {"requestid"}), ({"requestid": 1.5}, {"requestid"}), ({"requestid": True}, {"requestid"}),
     ({"requestid": None, "message": 5, "x": 1}, {"requestid", "message", "x"})],
)  # fmt: skip
def test_bad_fields_are_all_named_and_nothing_is_written(app, story, fields, bad):
    repair, callers = story
    before = snapshot(app)
    answer = callers["manager"].post(
        "/api/comments/", json={"requestid": repair.requestid, "message": "Текст"} | fields
    )
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, bad)
    assert snapshot(app) == before


@pytest.mark.parametrize("requestid", [0, -1, 999_999, 2**63 - 1, 2**63, 10**30])
def test_request_that_is_none_is_not_found(app, story, requestid):
    _repair, callers = story
    body = {"requestid": requestid, "message": "Текст"}
    assert callers["manager"].post("/api/comments/", json=body).status_code == 404
    if requestid >= 0:
        assert callers["manager"].get(f"/api/comments/?requestid={requestid}").status_code == 404
    assert rows(app, Comment) == []


@pytest.mark.parametrize(
    "query",
    ["", "?requestid=", "?requestid=x", "?requestid=-1", "?requestid=1&requestid=2", "?requestid=1&sort=x",
     "?requestid=1&limit=0", "?requestid=1&cursor=zz"],
)  # fmt: skip
def test_unknown_or_malformed_parameter_is_refused(make, sign_in, query):
    make.request()
    assert sign_in(Role.ADMIN).get(f"/api/comments/{query}").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_comments_are_not_edited(story, make, method):
    repair, callers = story
    comment = make.comment(repair, callers["client"].user)
    assert callers["admin"].open(method, f"/api/comments/{comment.commentid}", json={}).status_code == 404
    assert callers["admin"].open(method, "/api/comments/", json={}).status_code == 405


def test_same_key_writes_one_comment(app, story):
    repair, callers = story
    first, second = (write(callers["client"], repair, "Жду", key="k-1") for _ in range(2))
    assert first.get_data() == second.get_data()
    assert (first.status_code, second.status_code) == (201, 201)
    assert write(callers["client"], repair, "Жду", key="k-1", is_internal=False).get_data() == first.get_data()
    assert write(callers["client"], repair, "Другое", key="k-1").status_code == 422
    assert len(rows(app, Comment)) == len(rows(app, RequestEvent)) == 1


def test_two_calls_at_once_with_one_key_write_one_comment(app, story):
    repair, callers = story
    answers = at_once(*[lambda: write(callers["client"], repair, key="k-1")] * 3)
    assert {answer.status_code for answer in answers} == {201}
    assert len(rows(app, Comment)) == 1


def test_key_of_a_comment_is_none_of_a_request(app, story):
    repair, callers = story
    write(callers["client"], repair, key="k-1")
    body = {"techtype": "Фен", "techmodel": "Philips", "problemdescription": "Шумит"}
    assert callers["client"].post("/api/requests/", json=body, headers={"Idempotency-Key": "k-1"}).status_code == 201
    assert len(rows(app, IdempotencyKey)) == 2
