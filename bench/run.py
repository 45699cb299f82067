"""One whole run: databases, servers, rounds, streams, storm, report."""

import json
import pickle
import platform
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil

from bench import capture, client, data, place, report, rounds, storm, streams
from bench.calls import READS, paths_of
from bench.server import PostgresMeter, Server
from bench.world import World


def run(given, say):
    """Measure everything at the given scale, print it and clean up. Returns the figures."""
    scale = given.scale
    with ExitStack() as stack:
        there = stack.enter_context(place.open_place(given.keep, given.database_url, say))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="technic-bench-run-"))
        figures = _head(scale, there)
        small = _world(stack, there, scale.small, data.SMALL_DAYS, folder)
        large = _world(stack, there, scale.large, data.LARGE_DAYS, folder)
        meter = PostgresMeter(there.server_pid())
        floor, figures["queries"] = _floor(stack, large, folder)
        for server in (small.server, large.server, floor):
            server.wait()
        series = rounds.Rounds(scale, small, large, floor, meter, say).run()
        figures["calls"] = {name: rounds.figures(targets) for name, targets in series.items()}
        _write_json(figures, given.json)
        figures["memory_mib"] = max(large.server.resident())
        figures["streams"] = streams.measure(large, scale, say)
        _write_json(figures, given.json)
        figures["storm"] = storm.measure(large, scale, say)
        figures["first_answer_s"] = _first_answer(large, scale, say)
    _publish(figures, given)
    return figures


def _world(stack, there, n, days, folder):
    url = there.database(n, days)
    server = Server("app:create_app()", place.settings(url), folder)
    return World(url, n, stack.enter_context(server))


def _floor(stack, world, folder):
    """Return the floor's server on the World's database, and the query count of each read of the program."""
    statements = {
        read.name: [capture.statements_of(world.app, path, getattr(world, read.who)) for path in paths_of(read, world)]
        for read in READS
    }
    file = Path(folder) / "statements.pickle"
    file.write_bytes(pickle.dumps(statements))
    environment = place.settings(world.url) | {"BENCH_STATEMENTS": str(file)}
    queries = {name: max(map(len, ways)) for name, ways in statements.items()}
    return stack.enter_context(Server("bench.floor:create_app()", environment, folder)), queries


def _first_answer(world, scale, say):
    """Median seconds from the start of the server to its first page of requests."""
    seconds = []
    for number in range(scale.repeats):
        say(f"start {number + 1} of {scale.repeats}")
        world.server.stop()
        seconds.append(world.server.start(client.get("/api/requests/", world.manager)))
    return median(seconds)


def _head(scale, there):
    return {
        "scale": scale.name,
        "small": scale.small,
        "large": scale.large,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load": round(psutil.getloadavg()[0], 1),
        "software": f"{platform.system()}, Python {platform.python_version()}, PostgreSQL {there.version()}",
    }


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def _publish(figures, given):
    print(report.as_text(figures))
    _write_json(figures, given.json)
    if given.write_docs:
        report.write_docs(figures)


def _write_json(figures, file):
    """Write the figures collected so far, so that a run that fails late does not lose them."""
    if file:
        Path(file).write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
