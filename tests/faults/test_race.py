"""Eight masters accept the same request at the same moment, two hundred times."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from models import Role
from tests.faults.caller import Caller

MASTERS = 8
REQUESTS = 200
ONE_WINNER = Counter({(200, None): 1, (409, "already_taken"): MASTERS - 1})


def test_of_eight_masters_one_wins_each_time(shop):
    masters = [shop.make.user(Role.MASTER) for _ in range(MASTERS)]
    callers = [Caller(shop.port, master.user_id, shop.make.token(master)) for master in masters]
    client = shop.make.user()
    requests = [shop.make.request(client=client).requestid for _ in range(REQUESTS)]
    with ThreadPoolExecutor(MASTERS) as hands:
        answers = [list(hands.map(lambda caller, id=id: _accept(caller, id), callers)) for id in requests]
    for caller in callers:
        caller.close()
    assert [Counter(outcome for outcome, _ in told) for told in answers] == [ONE_WINNER] * REQUESTS
    winners = [user_id for told in answers for (status, _), user_id in told if status == 200]
    assert winners == [_master_and_events(shop, requestid) for requestid in requests]
    assert len(set(winners)) > 1


def _accept(caller, requestid):
    answer = caller.send("POST", f"/api/requests/{requestid}/accept")
    return (answer.status_code, answer.get_json().get("code")), caller.user_id


def _master_and_events(shop, requestid):
    """The master of a request, who must also be the actor of its only `accepted` event."""
    ((masterid, actors),) = shop.query(
        "SELECT masterid, (SELECT array_agg(actor_id) FROM request_events e WHERE e.requestid = r.requestid "
        "AND e.kind = 'accepted') FROM repair_requests r WHERE requestid = %s",
        requestid,
    )
    assert actors == [masterid]
    return masterid
