"""kill -9 of each process under load: no acknowledged write is lost or partial, and the live feed is complete."""

import random
import signal

import psutil
import pytest

from tests.faults import rounds
from tests.faults.shop import kill, wait_until

RECOVERS_WITHIN_S = 2


def kill_worker(shop):
    before = shop.workers()
    kill(random.choice(before).pid)


def kill_master(shop):
    """Its workers exit by themselves; the service is then restarted, as by systemd."""
    orphans = shop.workers()
    kill(shop.process.pid)
    shop.process.wait()
    psutil.wait_procs(orphans)
    shop.start_program()


def kill_postgres(shop):
    kill(shop.postmaster().pid)
    shop.start_database()


def kill_backend(shop):
    """PostgreSQL then ends all connections and recovers by itself."""
    kill(random.choice(shop.backends()))
    wait_until(shop.database_answers, "PostgreSQL does not recover")


FAULTS = {
    "worker": kill_worker,
    "master": kill_master,
    "PostgreSQL": kill_postgres,
    "a backend of PostgreSQL": kill_backend,
}


@pytest.mark.parametrize("killed", FAULTS)
def test_no_write_is_lost_or_half_done(killed, round_number, shop, journal, people, listener, figures):
    outcome = rounds.play(shop, journal, people, listener, lambda: FAULTS[killed](shop))
    shop.wait_for_workers()
    figures.add_round(f"kill -9 of {killed}", outcome)
    assert not outcome.findings
    assert outcome.seconds_to_recover() <= RECOVERS_WITHIN_S


def test_reload_answers_every_request(round_number, shop, journal, people, listener, figures):
    """SIGHUP: new workers start, the old ones finish their requests; no call fails."""
    before = shop.workers()

    def reload():
        shop.process.send_signal(signal.SIGHUP)
        shop.wait_for_workers(other_than=before)

    outcome = rounds.play(shop, journal, people, listener, reload)
    figures.add_round("SIGHUP", outcome)
    assert not outcome.findings
    assert not {None, 503} & outcome.statuses().keys()
    assert listener.ends == ["polite"]


def test_stop_answers_what_it_has_begun(round_number, shop, journal, people, listener, figures):
    """SIGTERM: a request without an answer was not started; streams end properly."""

    def restart():
        shop.stop_program(signal.SIGTERM)
        shop.start_program()

    outcome = rounds.play(shop, journal, people, listener, restart)
    figures.add_round("SIGTERM", outcome)
    assert not outcome.findings
    assert listener.ends == ["polite"]
    assert outcome.applied_without_an_answer() == []
