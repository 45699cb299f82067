"""Problems of the log file do not affect the service, and logging resumes as soon as possible."""

import shutil

import pytest

from tests.faults.caller import Caller

CALLS = 20


@pytest.fixture
def all_calls_are_answered(shop, manager):
    """Call it to make CALLS calls, each on a new connection so that all workers get some."""

    def ask():
        for _ in range(CALLS):
            caller = Caller(shop.port, *manager)
            assert caller.send("GET", "/api/requests/").status_code == 200
            caller.close()

    return ask


def test_full_disk_stops_nothing(shop, all_calls_are_answered):
    shop.log.unlink()
    shop.log.symlink_to("/dev/full")
    all_calls_are_answered()
    shop.log.unlink()
    all_calls_are_answered()
    assert len(shop.log_lines()) >= CALLS, "there is room again"


def test_moved_file_is_begun_anew_and_keeps_its_lines(shop, all_calls_are_answered):
    lines, moved = shop.log_lines(), shop.log.with_suffix(".1")
    shop.log.rename(moved)
    all_calls_are_answered()
    assert moved.read_text("utf-8").splitlines() == lines
    assert len(shop.log_lines()) == CALLS


def test_deleted_folder_is_made_anew(shop, all_calls_are_answered):
    shutil.rmtree(shop.log.parent)
    all_calls_are_answered()
    assert len(shop.log_lines()) == CALLS


def test_folder_that_cannot_be_made_stops_nothing(shop, all_calls_are_answered):
    shutil.rmtree(shop.log.parent)
    shop.log.parent.write_text("a file is in the way")
    all_calls_are_answered()
    shop.log.parent.unlink()
    all_calls_are_answered()
    assert len(shop.log_lines()) == CALLS
