"""The tests' own helpers: fingerprints detect each change, lanes run each test once and quiet ones last."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text

from config import ROOT
from database import db
from tests.kit import lanes
from tests.kit.helpers import contents, snapshot

NAME = "UPDATE users SET fullname = 'Орлова Вера'"
INSERT = (
    "INSERT INTO users (fullname, email, user_type, password_hash) VALUES ('Орлова', 'o@example.org', 'Клиент', '-')"
)


def run(app, *statements):
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def user(make):
    return make.user()


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("fingerprint", [snapshot, contents])
@pytest.mark.parametrize(
    "statements",
    [
        [INSERT],
        [NAME],
        ["DELETE FROM users"],
        ["BEGIN", "DELETE FROM users", INSERT, "COMMIT"],
        ["VACUUM (FREEZE) users", NAME],
    ],
    ids=["insert", "update", "delete", "a row in another's place", "update of a frozen row"],
)
def test_every_change_of_a_row_is_seen(app, fingerprint, statements):
    before = fingerprint(app)
    run(app, *statements)
    assert fingerprint(app) != before


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    "statements",
    [
        ["SELECT * FROM users"],
        ["SELECT * FROM users FOR UPDATE"],
        ["BEGIN", NAME, INSERT, "ROLLBACK"],
        ["VACUUM (FREEZE) users", "ANALYZE users"],
    ],
    ids=["read", "lock", "rollback", "vacuum"],
)
def test_what_changes_no_row_is_not_seen(app, statements):
    before = snapshot(app)
    run(app, *statements)
    assert snapshot(app) == before


@pytest.mark.usefixtures("user")
def test_an_update_to_the_same_values_is_a_change_of_versions_only(app):
    versions, values = snapshot(app), contents(app)
    run(app, "UPDATE users SET fullname = fullname")
    assert (snapshot(app) != versions, contents(app) != values) == (True, False)


def test_tests_that_run_alone_exist():
    for name in lanes.ALONE_TESTS:
        path, _, function = name.partition("::")
        assert (ROOT / path).exists(), name
        assert not function or f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), name


class Worker:
    """A worker from the scheduler's view; it runs a test once it has the next one or must end."""

    def __init__(self, name, tests):
        self.gateway = SimpleNamespace(id=name)
        self.tests, self.queue, self.shutting_down = tests, [], False

    def send_runtest_some(self, indices):
        self.queue.extend(indices)

    def shutdown(self):
        self.shutting_down = True

    def run_one(self, scheduler):
        """Run a test if possible and return its name, or end."""
        if len(self.queue) > 1 or (self.queue and self.shutting_down):
            index = self.queue.pop(0)
            scheduler.mark_test_complete(self, index)
            return self.tests[index]
        if self.shutting_down and not self.queue and self in scheduler.nodes:
            scheduler.remove_node(self)
        return None


BROWSER = [f"tests/e2e/test_page.py::test_{name}[{n}]" for name in "abc" for n in range(3)]
OTHERS = [f"tests/routes/test_route.py::test_{name}[{n}]" for name in "abcdefgh" for n in range(3)]
ALONE = [f"tests/faults/test_kills.py::test_a[{n}]" for n in range(4)]


@pytest.mark.parametrize(
    "tests", [BROWSER + OTHERS + ALONE, ALONE, BROWSER[:1] + ALONE, OTHERS[:1], BROWSER + OTHERS], ids=len
)
@pytest.mark.parametrize("pace", [[0, 1], [0, 0, 0, 1], [1, 1, 1, 0]], ids=str)
def test_each_test_runs_once_and_those_alone_when_all_others_have_ended(tests, pace):
    config = SimpleNamespace(option=SimpleNamespace(loadscopereorder=True), getvalue=lambda name: ["2*popen"])
    scheduler = lanes.Lanes(config)
    workers = [Worker(name, tests) for name in ("gw0", "gw1")]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, tests)
    scheduler.schedule()
    ran = []
    for turn in pace * 200:
        ran.append((workers[turn].run_one(scheduler), list(scheduler.nodes)))
    ran = [(test, nodes) for test, nodes in ran if test]
    assert sorted(test for test, _ in ran) == sorted(tests)
    assert scheduler.tests_finished
    quiet = [(test, nodes) for test, nodes in ran if test in ALONE]
    assert ran[len(ran) - len(quiet) :] == quiet
    assert all(len(nodes) == 1 for _, nodes in quiet)
