"""A tiny run of the bench measures everything, loses no event and cleans up."""

import json
import subprocess
import sys
from contextlib import closing

import psycopg2
import pytest

from bench import bars, scale
from bench.calls import READS
from bench.stories import WRITES
from config import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run on Windows")


@pytest.fixture(scope="module")
def figures(server_url, tmp_path_factory):
    """Figures of `python -m bench --tiny` on the tests' server."""
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    command = [sys.executable, "-m", "bench", "--tiny", "--database-url", server_url, "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(file.read_text("utf-8"))


def test_every_call_is_measured_at_both_sizes_and_reads_against_the_floor(figures):
    for name, call in figures["calls"].items():
        targets = {"small", "large", "floor"} if name in {read.name for read in READS} else {"small", "large"}
        assert targets <= set(call), name
        assert all(call[target]["p50_ms"] > 0 and call[target]["a_second"] > 0 for target in targets), name
    assert set(figures["calls"]) == {read.name for read in READS} | {name for name, _ in WRITES}


def test_every_event_reaches_every_stream(figures):
    for number, row in figures["streams"]["by_number"].items():
        assert (row["delivered"], row["lost"]) == (int(number) * scale.TINY.broadcasts, 0)


def test_a_list_takes_at_most_three_queries_its_session_included(figures):
    assert max(figures["queries"][name] for name in bars.LISTS) <= 3


def test_nothing_is_left_behind(figures, server_url):
    with closing(psycopg2.connect(server_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'technic_bench%'")
        assert cursor.fetchall() == []
