"""A transaction that loses against another one is done again, and its caller never learns of it."""

import threading
from contextlib import contextmanager

import pytest

from postgres.embedded_server import SUPERUSER
from tests.faults.caller import Caller
from tests.faults.shop import wait_until

LOG_LOCK = 7243001
"""The lock of the log of events (`models/triggers.py`)."""

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'technic' AND wait_event_type = 'Lock'"


@pytest.fixture
def repair(shop):
    return shop.make.request()


@pytest.fixture
def change(shop, manager, repair):
    """Call it to set the request's deadline in a thread; `.answer` is what came."""
    return Change(shop, manager, repair)


class Change(threading.Thread):
    """Somebody sets a deadline."""

    def __init__(self, shop, account, repair):
        super().__init__(daemon=True)
        self.shop, self.account, self.repair = shop, account, repair

    def run(self):
        body = {"duedate": "2027-01-01T10:00:00Z"}
        path = f"/api/requests/{self.repair.requestid}/deadline"
        self.answer = Caller(self.shop.port, *self.account).send("PUT", path, body)

    def wait_until_it_waits(self):
        """Wait until the program's transaction waits for a lock."""
        self.start()
        wait_until(lambda: self.shop.query(WAITING, user=SUPERUSER) == [(1,)], "nobody waits")

    def was_done_once(self):
        """Whether the caller was told of one change, and there is one."""
        self.join()
        kinds = self.shop.query("SELECT kind FROM request_events WHERE requestid = %s", self.repair.requestid)
        assert (self.answer.status_code, kinds) == (200, [("deadline",)]), self.answer.body
        return self.answer.get_json()["version"] == 2


def test_deadlock_is_not_shown(shop, repair, change):
    """We hold the log, the program the request; then each wants the other's, and PostgreSQL ends the program's."""
    before = deadlocks(shop)
    with shop.transaction("SET deadlock_timeout = '1min'", f"SELECT pg_advisory_xact_lock({LOG_LOCK})") as ours:
        change.wait_until_it_waits()
        ours.execute("SELECT FROM repair_requests WHERE requestid = %s FOR UPDATE", [repair.requestid])
    assert change.was_done_once()
    wait_until(lambda: deadlocks(shop) == before + 1, "there was no deadlock")


def test_serialization_failure_is_not_shown(shop, repair, change):
    """We change the request first; on the snapshot that the program has it cannot be changed any more."""
    row = f"requestid = {repair.requestid}"
    with repeatable_read(shop), shop.transaction(f"UPDATE repair_requests SET project = 'x' WHERE {row}") as ours:
        change.wait_until_it_waits()
        ours.connection.commit()
        assert change.was_done_once()
    log = "\n".join(path.read_text(errors="replace") for path in (shop.postgres.cluster / "log").glob("*.log"))
    assert "could not serialize access due to concurrent update" in log


@contextmanager
def repeatable_read(shop):
    """Every transaction of the program has one snapshot."""
    shop.query("ALTER ROLE technic SET default_transaction_isolation = 'repeatable read'", user=SUPERUSER)
    shop.cut_connections()
    yield
    shop.query("ALTER ROLE technic RESET default_transaction_isolation", user=SUPERUSER)
    shop.cut_connections()


def deadlocks(shop):
    """How many deadlocks PostgreSQL has ended in this database."""
    ((number,),) = shop.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return number
