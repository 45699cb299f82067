"""Transactions that fail by a deadlock or serialization error are retried without an effect on the caller."""

import threading
from contextlib import contextmanager

import pytest

from postgres.embedded_server import SUPERUSER
from tests.faults.caller import Caller
from tests.faults.shop import wait_until

LOG_LOCK = 7243001
"""Advisory lock of the event log (`models/triggers.py`)."""

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'technic' AND wait_event_type = 'Lock'"


@pytest.fixture
def repair(shop):
    return shop.make.request()


@pytest.fixture
def change(shop, manager, repair):
    """Call it to set the request's deadline in a thread; `.answer` is the result."""
    return Change(shop, manager, repair)


class Change(threading.Thread):
    """Sets a deadline in a thread."""

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

    def was_applied_once(self):
        """True if the caller got a success and the change exists once."""
        self.join()
        kinds = self.shop.query("SELECT kind FROM request_events WHERE requestid = %s", self.repair.requestid)
        assert (self.answer.status_code, kinds) == (200, [("deadline",)]), self.answer.body
        return self.answer.get_json()["version"] == 2


def test_deadlock_is_not_shown(shop, repair, change):
    """The test locks the log, the program the request; then each needs the other lock, and the program's one ends."""
    before = deadlocks(shop)
    with shop.transaction("SET deadlock_timeout = '1min'", f"SELECT pg_advisory_xact_lock({LOG_LOCK})") as ours:
        change.wait_until_it_waits()
        ours.execute("SELECT FROM repair_requests WHERE requestid = %s FOR UPDATE", [repair.requestid])
    assert change.was_applied_once()
    wait_until(lambda: deadlocks(shop) == before + 1, "there was no deadlock")


def test_serialization_failure_is_not_shown(shop, repair, change):
    """The test changes the request after the program took its snapshot: the program's update must fail."""
    row = f"requestid = {repair.requestid}"
    with repeatable_read(shop), shop.transaction(f"UPDATE repair_requests SET project = 'x' WHERE {row}") as ours:
        change.wait_until_it_waits()
        ours.connection.commit()
        assert change.was_applied_once()
    log = "\n".join(path.read_text(errors="replace") for path in (shop.postgres.cluster / "log").glob("*.log"))
    assert "could not serialize access due to concurrent update" in log


@contextmanager
def repeatable_read(shop):
    """Run the program's transactions in REPEATABLE READ."""
    shop.query("ALTER ROLE technic SET default_transaction_isolation = 'repeatable read'", user=SUPERUSER)
    shop.cut_connections()
    yield
    shop.query("ALTER ROLE technic RESET default_transaction_isolation", user=SUPERUSER)
    shop.cut_connections()


def deadlocks(shop):
    """Number of deadlocks in this database."""
    ((number,),) = shop.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return number
