"""Tables of a run's figures, for the terminal and for `docs/performance.md`."""

from pathlib import Path

from bench import bars
from bench.calls import READS
from bench.scale import BUSY_CONNECTIONS
from bench.stories import WRITES

DOCS = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
RESULTS = "## Results of the last full run\n"

TITLES = {read.name: read.title for read in READS} | dict(WRITES)


def as_text(figures):
    """All tables under a heading with machine and date."""
    return "\n".join(_sections(figures))


def write_docs(figures):
    """Replace the results section of docs/performance.md."""
    above = DOCS.read_text(encoding="utf-8").partition(RESULTS)[0]
    DOCS.write_text(above + RESULTS + "\n" + as_text(figures) + "\n", encoding="utf-8")


def _sections(figures):
    small, large = f"{figures['small']:,}", f"{figures['large']:,}"
    yield f"{figures['date']}, scale `{figures['scale']}`: {small} and {large} requests."
    yield f"{figures['machine']}; {figures['software']}."
    yield f"Load average at the start, before any of this ran: {figures['load']}.\n"
    yield "### Bars\n"
    yield from _table(("what", "bar", "measured", ""), map(_bar_row, bars.of(figures)))
    yield f"\n### Times of an answer, ms (one connection): {small} and {large} requests, and the floor on {large}\n"
    head = ("call", f"{small} p50", "p99", f"{large} p50", "p99", "floor p50", "p99", "long / short")
    yield from _table(head, (_time_row(name, call) for name, call in figures["calls"].items()))
    yield f"\n### Throughput and CPU ({BUSY_CONNECTIONS} connections, {large} requests; CPU in ms a call)\n"
    head = ("call", "a second", "floor", "share", "program", "database", "floor program", "floor database", "queries")
    yield from _table(head, (_cost_row(name, call, figures["queries"]) for name, call in figures["calls"].items()))
    yield from _stream_sections(figures)


def _stream_sections(figures):
    streams, storm = figures["streams"], figures["storm"]
    yield "\n### Event streams: from the POST of a comment to each stream\n"
    yield from _table(("streams", "p50, ms", "p99, ms", "delivered", "lost", "KiB each"), _stream_rows(streams))
    idle, unread = streams["idle"], streams["unread"]
    yield (
        f"\nFirst page p50 with {idle['streams']:,} idle streams {_n(idle['with_ms'])} ms, "
        f"without {_n(idle['without_ms'])} ms: {_n(idle['ratio'])}."
    )
    yield (
        f"A reader that does not read, {unread['events']:,} events: workers grew by {_n(unread['grown_kib'])} KiB, "
        f"{'a reset came' if unread['cut_to_reset'] else 'no reset was needed'}, then the last event."
    )
    yield (
        f"{storm['logins']} logins at once ({_n(storm['seconds'])} s): the first page's p99 "
        f"{_n(storm['storm_p99_ms'])} ms, quiet {_n(storm['quiet_p99_ms'])} ms."
    )


def _stream_rows(streams):
    for number, row in streams["by_number"].items():
        each = row.get("kib_each")
        yield f"{number:,}", _n(row["p50_ms"]), _n(row["p99_ms"]), f"{row['delivered']:,}", row["lost"], _n(each)


def _bar_row(bar):
    sign = "≥" if bar.at_least else "≤"
    verdict = "ok" if bar.is_met() else "**falls short**"
    return bar.what, f"{sign} {bar.limit} {bar.unit}".strip(), f"{_n(bar.measured)} {bar.unit}".strip(), verdict


def _time_row(name, call):
    floor = call.get("floor", {})
    times = [_n(call[target][key]) for target in ("small", "large") for key in ("p50_ms", "p99_ms")]
    return TITLES[name], *times, _n(floor.get("p50_ms")), _n(floor.get("p99_ms")), _n(call["ratio"])


def _cost_row(name, call, queries):
    large, floor = call["large"], call.get("floor", {})
    throughput = _n(large["a_second"]), _n(floor.get("a_second")), _n(call.get("share_of_floor"))
    cpu = [_n(side.get(key)) for side in (large, floor) for key in ("cpu_app_ms", "cpu_db_ms")]
    return TITLES[name], *throughput, *cpu, queries.get(name, "")


def _table(head, rows):
    """Markdown table with padded columns, readable in a terminal too."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _n(number):
    """Number with three significant digits; an empty string for None."""
    if number is None:
        return ""
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"
