"""The checker reports damage that is done on purpose."""

import time
from contextlib import closing, contextmanager
from types import SimpleNamespace

import pytest

from postgres.embedded_server import SUPERUSER
from tests.faults.checker import check
from tests.faults.journal import Journal
from tests.faults.load import Load

WRITES = 60

DAMAGE = {
    "a change without its event": (
        "UPDATE repair_requests SET version = version + 1 WHERE requestid = %(requestid)s",
        "UPDATE repair_requests SET version = version - 1 WHERE requestid = %(requestid)s",
    ),
    "a status that nobody has set": (
        "UPDATE repair_requests SET project = requeststatus, requeststatus = 'Отменена'"
        " WHERE requestid = %(unfinished)s",
        "UPDATE repair_requests SET requeststatus = project, project = NULL WHERE requestid = %(unfinished)s",
    ),
    "an event that is gone": (
        "CREATE TABLE gone AS SELECT * FROM request_events WHERE event_id = %(event_id)s;"
        "DELETE FROM request_events WHERE event_id = %(event_id)s",
        "INSERT INTO request_events SELECT * FROM gone; DROP TABLE gone",
    ),
    "a comment that nobody has written": (
        "UPDATE comments SET message = message || '!' WHERE commentid = %(commentid)s",
        "UPDATE comments SET message = left(message, -1) WHERE commentid = %(commentid)s",
    ),
    "a counter that is wrong": (
        "INSERT INTO request_count_deltas (scope, requeststatus, delta) VALUES (0, 'В работе', 1)",
        "INSERT INTO request_count_deltas (scope, requeststatus, delta) VALUES (0, 'В работе', -1)",
    ),
}


@pytest.fixture(scope="module")
def worked(shop, people):
    """Journal of a load without a fault."""
    journal, began = Journal(), time.monotonic()
    with Load(shop, journal, people) as load:
        load.wait_for_acknowledged(WRITES, since=began)
    return journal


def test_nothing_is_found_where_nothing_is_wrong(shop, worked):
    assert not check(shop, worked)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(damage, shop, worked):
    with damaged(shop, *DAMAGE[damage]):
        assert check(shop, worked).half
    assert not check(shop, worked)


def test_a_lost_write_is_found(shop, worked):
    call = worked.begin("comment", requestid=1)
    worked.send(call).record(SimpleNamespace(status_code=201))
    findings = check(shop, worked)
    worked.calls.remove(call)
    assert findings.lost == [str(call)]


def test_a_write_that_was_done_twice_is_found(shop, worked):
    call = next(call for call in worked.calls if call.kind == "create" and call.was_acknowledged)
    copy = """INSERT INTO repair_requests (clientid, techtype, techmodel, problemdescription)
              SELECT clientid, techtype, techmodel, problemdescription FROM repair_requests
              WHERE problemdescription = %(mark)s LIMIT 1"""
    with damaged(
        shop,
        copy,
        "DELETE FROM repair_requests WHERE requestid = (SELECT max(requestid) FROM repair_requests)",
        mark=call.mark,
    ):
        assert [line for line in check(shop, worked).doubled if call.mark in line]


@contextmanager
def damaged(shop, damage, repair, **values):
    """Change rows without triggers, and restore them."""
    ((requestid, unfinished),) = shop.query(
        "SELECT max(requestid), max(requestid) FILTER (WHERE requeststatus NOT IN ('Завершена', 'Отменена'))"
        "FROM repair_requests WHERE problemdescription LIKE 'create-%'"
    )
    ((event_id, commentid),) = shop.query(
        "SELECT max(event_id), max((to_value->>'commentid')::bigint) FROM request_events WHERE kind = 'comment'"
    )
    values |= {"requestid": requestid, "unfinished": unfinished, "event_id": event_id, "commentid": commentid}
    with closing(shop.connect(SUPERUSER)) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(damage, values)
        yield
        cursor.execute(repair, values)
