"""Database outages: each call gets an answer in time in the common error format, and the service recovers."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import outages
from tests.faults.caller import Caller
from tests.faults.shop import WORKERS, wait_until
from tests.kit import contract

CLIENTS = 50
ANSWERS_WITHIN_S = 3
FROZEN_ANSWERS_WITHIN_S = 10
RECOVERS_WITHIN_S = 2

NEW_REQUEST = {"techtype": "Фен", "techmodel": "ТА112", "problemdescription": "Не греет"}
CALLS = {
    "list": ("GET", "/api/requests/", None),
    "create": ("POST", "/api/requests/", NEW_REQUEST),
    "statistics": ("GET", "/api/statistics/", None),
    "stranger's list": ("GET", "/api/requests/", None),
    "stranger's statistics": ("GET", "/api/statistics/", None),
    "configuration": ("GET", "/api/config", None),
    "process": ("GET", "/api/health", None),
    "database": ("GET", "/api/health/ready", None),
}
NORMAL = dict.fromkeys(CALLS, 200) | {"create": 201, "stranger's list": 401, "stranger's statistics": 401}
DOWN = dict.fromkeys(CALLS, 503) | {"process": 200}
OUTAGES = {
    "stopped": (outages.stopped, DOWN),
    "killed": (outages.killed, DOWN),
    "frozen": (outages.frozen, DOWN),
    "out of connections": (outages.out_of_connections, DOWN),
    "locked": (outages.locked, NORMAL | dict.fromkeys(("list", "create", "statistics"), 503)),
    "slow": (outages.slow, NORMAL | {"create": 503}),
}


class Crowd:
    """Fifty clients that make their calls in parallel."""

    def __init__(self, shop, manager, client):
        names = [name for name, _ in zip(itertools.cycle(CALLS), range(CLIENTS), strict=False)]
        tokens = {"create": client, "list": manager, "statistics": manager}
        self._clients = [(name, Caller(shop.port, *tokens.get(name, ()))) for name in names]

    def call(self):
        """Make all calls and return [(name, Answer)]."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            return list(pool.map(self._call_one, self._clients))

    def is_normal(self):
        return all(answer.status_code == NORMAL[name] for name, answer in self.call())

    def _call_one(self, client):
        name, caller = client
        method, path, body = CALLS[name]
        answer = caller.send(method, path, body)
        if answer.status_code >= 400:
            contract.check_error(answer)
        return name, answer


@pytest.fixture(scope="module")
def crowd(shop, manager, people):
    return Crowd(shop, manager, people[0][0])


@pytest.mark.parametrize("fault", OUTAGES)
def test_calls_are_answered_in_time_and_the_database_is_found_again(
    fault, round_number, shop, crowd, listener, figures
):
    outage, expected = OUTAGES[fault]
    assert crowd.is_normal()
    processes, lines = shop.workers(), len(shop.log_lines())
    with outage(shop):
        began = time.monotonic()
        answers = crowd.call()
        seconds = time.monotonic() - began
    back = time.monotonic()
    wait_until(crowd.is_normal, "the program does not find its database again")
    recovered = time.monotonic() - back
    slowest = max(answer.seconds for _, answer in answers)
    figures.add_outage(fault, len(answers), slowest, recovered)
    assert {(name, answer.status_code) for name, answer in answers} == set(expected.items())
    assert slowest <= (FROZEN_ANSWERS_WITHIN_S if fault == "frozen" else ANSWERS_WITHIN_S)
    assert recovered <= RECOVERS_WITHIN_S
    assert shop.workers() == processes, "without a restart"
    complaints = [line for line in shop.log_lines()[lines:] if " - INFO - " not in line]
    assert len(complaints) <= WORKERS + seconds
    assert listener.ends == []
