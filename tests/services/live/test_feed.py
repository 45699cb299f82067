"""Live feed: each user gets exactly the events they may see, also after lost connections."""

import itertools
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from models import Role, Status
from services.common.current_user import CurrentUser
from services.common.errors import Unavailable
from services.live.feed import MAX_REPLAYED, Feed
from services.live.frames import frames_of
from services.live.stream import MAX_WAITING

EVENTS = 10_000
WRITERS = 8


@pytest.fixture
def feed(app):
    return app.extensions["live_feed"]


@pytest.fixture
def sql(app):
    """Run a statement on a new connection and return its rows."""
    url = app.config["DATABASE_URL"]

    def run(statement, *values):
        connection = psycopg2.connect(url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    return run


def caller(make, user):
    """The CurrentUser of a created user, with a valid session."""
    jti = json.loads(_payload(make.token(user)))["jti"]
    return CurrentUser(user.user_id, user.fullname, user.email, Role(user.user_type), jti=jti)


def _payload(token):
    import base64

    body = token.split(".")[1]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))


class Reader(threading.Thread):
    """Reads one stream and keeps its frames."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.frames = stream, []
        self.start()

    def run(self):
        for chunk in self.stream:
            self.frames.append(frame(chunk))

    def wait_for(self, condition, seconds=10):
        """Wait until `condition(frames)` holds; fail with the received frames."""
        deadline = time.monotonic() + seconds
        while not condition(self.frames):
            assert time.monotonic() < deadline, self.frames
            time.sleep(0.01)
        return self.frames

    def wait_for_events(self, number):
        """Wait until that many events have arrived."""
        return self.wait_for(lambda _: len(self.received()) >= number)

    def received(self):
        """(requestid, type) of every received event."""
        return [(data["requestid"], data["type"]) for name, data in self.events() if name != "reset"]

    def events(self):
        return [(name, data) for _, name, data in self.frames if data is not None]


def frame(chunk):
    """(id, event, data) of one frame."""
    fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n") if ": " in line)
    number = int(fields["id"]) if "id" in fields else None
    return number, fields.get("event"), json.loads(fields["data"]) if "data" in fields else None


def test_everybody_is_told_of_what_they_see_and_of_what_they_no_longer_see(make, login, feed):
    client, manager = make.user(), make.user(Role.MANAGER)
    winner, loser, stranger = make.user(Role.MASTER), make.user(Role.MASTER), make.user()
    people = {"client": client, "manager": manager, "winner": winner, "loser": loser, "stranger": stranger}
    readers = {name: Reader(feed.open(caller(make, person))) for name, person in people.items()}
    body = {"techtype": "Фен", "techmodel": "ТА112", "problemdescription": "Не греет"}
    number = login(client).post("/api/requests/", json=body).json["requestid"]
    login(winner).post(f"/api/requests/{number}/accept")
    login(manager).post("/api/comments/", json={"requestid": number, "message": "Дорогой", "is_internal": True})
    everything = [(number, "created"), (number, "accepted"), (number, "comment")]
    expected = {
        "manager": everything,
        "winner": everything,
        "client": everything[:2],
        "loser": [(number, "created"), (number, "gone")],
    }
    for name, events in expected.items():
        readers[name].wait_for_events(len(events))
    assert {name: readers[name].received() for name in people} == expected | {"stranger": []}
    for reader in readers.values():
        reader.stream.end()


def test_the_feeds_rule_is_the_lists_rule(app, make, login):
    """For every kind of request and user: an event arrives exactly if the list shows the request."""
    owner, master = make.user(), make.user(Role.MASTER)
    repairs = [
        make.request(owner),
        make.request(owner, master, Status.NEW),
        make.request(owner, master),
        make.request(owner, master, Status.DONE),
        make.request(owner, status=Status.CANCELLED),
    ]
    people = [owner, master, make.user(), make.user(Role.MASTER), make.user(Role.MANAGER), make.user(Role.ADMIN)]
    for repair, person in itertools.product(repairs, people):
        listed = any(
            item["requestid"] == repair.requestid for item in login(person).get("/api/requests/").json["items"]
        )
        chunk = frames_of(_row(repair)).to(caller(make, person))
        assert (chunk is not None) == listed, (repair.requeststatus, person.user_type)


def _row(repair):
    from types import SimpleNamespace

    return SimpleNamespace(
        event_id=1,
        requestid=repair.requestid,
        kind="edited",
        version=1,
        actor_id=None,
        is_internal=False,
        former_masterid=None,
        was_takeable=False,
        clientid=repair.clientid,
        masterid=repair.masterid,
        requeststatus=repair.requeststatus,
    )


def test_last_event_id_brings_what_was_missed_and_only_that(make, feed):
    manager, repair = make.user(Role.MANAGER), make.request()
    first = Reader(feed.open(caller(make, manager)))
    for _ in range(5):
        make.event(repair, None, "edited")
    place = first.wait_for(lambda _: len(first.received()) == 5)[-1][0]
    first.stream.end()
    again = Reader(feed.open(caller(make, manager), place - 2))
    again.wait_for(lambda _: len(again.received()) == 2)
    assert [number for number, name, _ in again.frames if name] == [place - 1, place]
    assert again.frames[-1][0] == place, "the last frame only names the place"
    again.stream.end()


def test_who_missed_too_much_is_asked_to_read_anew(make, feed, sql):
    manager, repair = make.user(Role.MANAGER), make.request()
    place = sql("SELECT last_value FROM request_events_event_id_seq")[0][0]
    reader = Reader(feed.open(caller(make, manager)))
    insert = "INSERT INTO request_events (requestid, kind, version) SELECT %s, 'edited', 1 FROM generate_series(1, %s)"
    sql(insert, repair.requestid, MAX_REPLAYED + 1)
    newest = sql("SELECT max(event_id) FROM request_events")[0][0]
    reader.wait_for(lambda frames: frames[-1][0] == newest)
    late = Reader(feed.open(caller(make, manager), place))
    assert late.wait_for(lambda frames: frames)[0][1] == "reset"
    future = Reader(feed.open(caller(make, manager), newest + 5))
    assert future.wait_for(lambda frames: frames)[0][1] == "reset"
    for each in (reader, late, future):
        each.stream.end()


def test_a_reader_who_does_not_read_costs_no_more_than_a_queue(make, feed, sql):
    manager, repair = make.user(Role.MANAGER), make.request()
    lazy = feed.open(caller(make, manager))
    insert = "INSERT INTO request_events (requestid, kind, version) SELECT %s, 'edited', 1 FROM generate_series(1, %s)"
    sql(insert, repair.requestid, 3 * MAX_WAITING)
    newest = sql("SELECT max(event_id) FROM request_events")[0][0]
    probe = Reader(feed.open(caller(make, manager)))
    probe.wait_for(lambda frames: frames and frames[-1][0] >= newest)
    assert len(lazy._queue) <= MAX_WAITING + 1
    assert any(frame(chunk)[1] == "reset" for chunk in itertools.islice(lazy, MAX_WAITING))
    probe.stream.end()
    lazy.close()


@pytest.mark.parametrize("how", ["logout", "deactivated", "role"])
def test_a_stream_ends_within_five_seconds_of_its_right(how, make, login, feed):
    admin, master = make.user(Role.ADMIN), make.user(Role.MASTER)
    user = caller(make, master)
    reader = Reader(feed.open(user))
    bystander = Reader(feed.open(caller(make, make.user(Role.MASTER))))
    if how == "logout":
        assert login(master).post("/api/auth/logout-all").status_code == 204
    else:
        change = {"is_active": False} if how == "deactivated" else {"user_type": "Менеджер"}
        assert login(admin).patch(f"/api/users/{master.user_id}", json=change).status_code == 200
    reader.join(timeout=5)
    assert not reader.is_alive()
    assert bystander.is_alive()
    bystander.stream.end()


@pytest.mark.timeout(180)
def test_a_feed_that_closes_ends_its_streams_and_opens_no_more(make, app):
    closing = Feed(app.config["SQLALCHEMY_DATABASE_URI"])
    me = caller(make, make.user(Role.MANAGER))
    reader = Reader(closing.open(me))
    closing.close()
    reader.join(5)
    assert not reader.is_alive()
    with pytest.raises(Unavailable):
        closing.open(me)


def test_ten_thousand_events_none_missed_over_late_commits_killed_listeners_and_reconnects(make, feed, sql, app):
    """Writers commit late and out of order, the listener's connection is killed repeatedly, the reader reconnects
    with its Last-Event-ID: each committed event arrives exactly once."""
    manager, repair = caller(make, make.user(Role.MANAGER)), make.request()
    begin = sql("SELECT last_value FROM request_events_event_id_seq")[0][0]
    received, stop = [], threading.Event()
    reader = threading.Thread(target=_read_with_reconnects, args=(feed, manager, begin, received, stop), daemon=True)
    killer = threading.Thread(target=_kill_listeners, args=(sql, stop), daemon=True)
    reader.start()
    killer.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda seed: _write(app, repair.requestid, seed), range(WRITERS)))
    written = [row[0] for row in sql("SELECT event_id FROM request_events WHERE event_id > %s ORDER BY 1", begin)]
    deadline = time.monotonic() + 60
    while (not received or received[-1] < written[-1]) and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    assert len(written) >= EVENTS
    assert received == written


def _write(app, requestid, seed):
    """Insert this writer's share of the events in small transactions, some of which commit late."""
    chance = random.Random(seed)
    connection = psycopg2.connect(app.config["DATABASE_URL"])
    with connection.cursor() as cursor:
        for _ in range(EVENTS // WRITERS // 5):
            for _ in range(5):
                cursor.execute(
                    "INSERT INTO request_events (requestid, kind, version) VALUES (%s, 'edited', 1)", [requestid]
                )
            if chance.random() < 0.05:
                time.sleep(chance.uniform(0, 0.02))
            connection.commit()
            time.sleep(chance.uniform(0, 0.02))
    connection.close()


def _kill_listeners(sql, stop):
    ours = "datname = current_database() AND application_name = 'technic-feed'"
    while not stop.wait(0.9):
        sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")


def _read_with_reconnects(feed, user, last_id, received, stop):
    """Read a few hundred frames at a time and reconnect; a `reset` would leave a gap and fail the test."""
    chance = random.Random(0)
    while not stop.is_set():
        stream = feed.open(user, last_id)
        for chunk in itertools.islice(stream, chance.randint(50, 400)):
            number, name, _ = frame(chunk)
            if name is not None:
                assert name != "reset"
                received.append(number)
            last_id = number or last_id
        stream.close()
