"""Event streams survive an outage of the database."""

import itertools
import threading
import time

import pytest

from models import Role
from services.common.current_user import CurrentUser
from services.live import feed as live_feed
from services.live.frames import HEARTBEAT
from tests.faults import outages
from tests.faults.caller import Caller, Listener
from tests.faults.shop import wait_until

READERS = 6
"""Enough streams for both workers."""

BEAT_S = 0.3


@pytest.fixture
def readers(shop, manager):
    """Several readers of the real server's feed."""
    readers = [Listener(shop.port, manager) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    wait_until(lambda: all(reader.begins_behind is not None for reader in readers), "the streams do not begin")
    yield readers
    for reader in readers:
        reader.stop()


@pytest.mark.parametrize("outage", [outages.stopped, outages.killed, outages.frozen])
def test_readers_outlive_the_database_and_miss_nothing(outage, shop, people, readers):
    create_request(shop, people)
    with outage(shop):
        time.sleep(1)
    wait_until(lambda: Caller(shop.port).send("GET", "/api/health/ready").status_code == 200, "no recovery")
    for _ in range(5):
        create_request(shop, people)
    for reader in readers:
        reader.wait_for_all_events(shop)
        assert len(reader.received) >= 6
        assert reader.ends == []


def create_request(shop, people):
    """Create a request as a client."""
    body = {"techtype": "Фен", "techmodel": "ТА112", "problemdescription": "Не греет"}
    assert Caller(shop.port, *people[0][0]).send("POST", "/api/requests/", body).status_code == 201


def test_heart_beats_on_without_a_database(shop, monkeypatch):
    monkeypatch.setattr(live_feed, "HEARTBEAT_SECONDS", BEAT_S)
    feed, user = shop.app.extensions["live_feed"], shop.make.user(Role.MANAGER)
    stream = feed.open(CurrentUser(user.user_id, user.fullname, user.email, Role.MANAGER, jti=_session(shop, user)))
    beats = Beats(stream)
    with outages.stopped(shop):
        before = len(beats.times)
        time.sleep(5 * BEAT_S)
        assert len(beats.times) - before >= 2
    stream.end()
    beats.join()
    assert all(later - earlier < 3 for earlier, later in itertools.pairwise(beats.times))


class Beats(threading.Thread):
    """Records the heartbeats of a stream."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.times = stream, []
        self.start()

    def run(self):
        self.times += (time.monotonic() for chunk in self.stream if chunk == HEARTBEAT)


def _session(shop, user):
    shop.make.token(user)
    ((jti,),) = shop.query("SELECT jti FROM sessions WHERE user_id = %s", user.user_id)
    return jti
