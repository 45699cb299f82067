"""Lanes of a complete run by `pytest -n 2`: browser tests in one worker, others in the second, some alone.

A worker with an empty lane takes tests from the other one. The tests of `ALONE` run last, in one worker, after the
other worker has ended.
"""

import time
from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER, OTHERS, ALONE = "браузер", "без браузера", "по одному"

ALONE_TESTS = (
    # High load on the whole machine.
    "tests/faults/",
    "tests/test_bench.py",
    # Assertions about durations.
    "tests/e2e/test_live.py::test_a_burst_of_changes_is_read_a_few_times",
    "tests/e2e/test_live.py::test_two_people_see_each_others_changes_in_under_a_second",
    "tests/security/test_tokens.py::test_open_streams_end_with_their_token",
    "tests/services/live/test_feed.py::test_a_stream_ends_within_five_seconds_of_its_right",
    "tests/services/shop/test_working_time.py::test_a_thousand_hours_are_counted_fast",
    "tests/test_manual.py::test_without_its_database_the_program_answers_503_within_three_seconds_and_recovers",
    "tests/test_run.py::test_two_starts_keep_the_shop",
)
PROGRESS_EVERY_S = 15


def lane_of(nodeid):
    if nodeid.startswith(ALONE_TESTS):
        return ALONE
    return BROWSER if nodeid.startswith("tests/e2e/") else OTHERS


class Lanes(LoadScopeScheduling):
    """Scheduler: each worker runs its own lane, then the other lane from its end; tests of ALONE come last."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        return ALONE if lane_of(nodeid) == ALONE else nodeid.partition("[")[0]

    def _assign_work_unit(self, node):
        scope = self._next_scope(node)
        if scope != ALONE or self.nodes == [node]:
            self.workqueue.move_to_end(scope, last=False)
            super()._assign_work_unit(node)
        elif any(other is not node and not other.shutting_down for other in self.nodes):
            node.shutdown()
        # Otherwise this worker waits for the end of the others (`remove_node`).

    def _next_scope(self, node):
        queue = [scope for scope in self.workqueue if scope != ALONE]
        own = BROWSER if node.gateway.id == "gw0" else OTHERS
        return next((scope for scope in queue if lane_of(scope) == own), queue[-1] if queue else ALONE)

    def remove_node(self, node):
        crashed = super().remove_node(node)
        for left in self.nodes:
            self._reschedule(left)
        return crashed


class Progress:
    """Prints the progress of each lane in the controller, and failed tests immediately."""

    def __init__(self, config):
        self._config = config
        self._started = self._shown = time.monotonic()
        self._wanted, self._done = Counter(), Counter()

    def pytest_xdist_node_collection_finished(self, ids):
        self._wanted = Counter(map(lane_of, ids))

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self):
        """Suppress dots and letters."""
        category, _letter, word = yield
        return category, "", word

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self._write(f"FAILED {report.nodeid}")

    def pytest_runtest_logfinish(self, nodeid):
        self._done[lane_of(nodeid)] += 1
        if self._done == self._wanted or time.monotonic() - self._shown >= PROGRESS_EVERY_S:
            self._show()

    def _show(self):
        self._shown = time.monotonic()
        lanes = (f"{lane} {self._done[lane]} из {n}" for lane, n in self._wanted.items())
        self._write(f"{round(self._shown - self._started)} с: {', '.join(lanes)}")

    def _write(self, line):
        self._config.pluginmanager.getplugin("terminalreporter").write_line(line)
