"""Figures of a run; a long run writes them to `docs/reliability.md`."""

import os
import platform
from collections import defaultdict
from datetime import UTC, datetime

from config import ROOT
from tests.faults.checker import check

PAGE = ROOT / "docs" / "reliability.md"


class Figures:
    """Collects rounds and outages of a run."""

    def __init__(self, rounds, journal):
        self.rounds, self.journal = rounds, journal
        self.kills, self.outages, self.zones = defaultdict(list), defaultdict(list), {}

    def add_round(self, what, outcome):
        self.kills[what].append(outcome)

    def add_outage(self, what, calls, slowest, recovered):
        """Add an outage: number of calls, seconds of the slowest answer and of the recovery."""
        self.outages[what].append((calls, slowest, recovered))

    def add_zone(self, zone, summary):
        """Add the suite's summary in a time zone."""
        self.zones[zone] = summary

    def write(self, shop):
        """Write the figures of a long run to the page."""
        measured = f"Measured on {datetime.now(UTC):%Y-%m-%d}, {_machine(shop)}."
        if self.rounds > 1:
            _write_section("faults", [measured, "", *self._lines(shop)])
        if self.zones:
            _write_section(
                "zones", [measured, "", *_table(("Zone of machine and database", "suite"), self.zones.items())]
            )

    def _lines(self, shop):
        yield from self._totals(check(shop, self.journal))
        yield ""
        yield from _table(
            ("Fault under load", "rounds", "writes acknowledged", "calls with unknown outcome",
             "longest time without service, s", "longest recovery, s"),
            [_round_row(what, outcomes) for what, outcomes in self.kills.items()],
        )  # fmt: skip
        yield ""
        yield from _table(
            ("Database", "outages", "calls", "slowest answer, s", "longest recovery, s"),
            [_outage_row(what, outcomes) for what, outcomes in self.outages.items()],
        )

    def _totals(self, findings):
        journal, done = self.journal, len(findings.unanswered)
        yield from _table(
            ("Writes", "number"),
            [
                ("sent", len(journal.calls)),
                ("acknowledged", journal.count(lambda call: call.was_acknowledged)),
                ("refused by a rule", journal.count(lambda call: call.was_refused)),
                ("unknown outcome: applied", done),
                (
                    "unknown outcome: not applied",
                    journal.count(lambda call: call.is_unknown) - len(findings.unanswered),
                ),
                ("**acknowledged and lost**", len(findings.lost)),
                ("**applied twice**", len(findings.doubled)),
                ("**written in part**", len(findings.half)),
            ],
        )


def _round_row(what, outcomes):
    return (
        what,
        len(outcomes),
        sum(outcome.acknowledged() for outcome in outcomes),
        sum(outcome.uncertain() for outcome in outcomes),
        _seconds(outcome.seconds_without_service() for outcome in outcomes),
        _seconds(outcome.seconds_to_recover() for outcome in outcomes),
    )


def _outage_row(what, outcomes):
    calls, slowest, recovered = zip(*outcomes, strict=True)
    return what, len(outcomes), sum(calls), _seconds(slowest), _seconds(recovered)


def _seconds(values):
    return f"{max(values):.2f}"


def _table(heading, rows):
    for row in (heading, ["---"] * len(heading), *rows):
        yield "| " + " | ".join(map(str, row)) + " |"


def _write_section(name, lines):
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text("\n".join([before + begin, *lines, end + after]), "utf-8")


def _machine(shop):
    ((postgres,),) = shop.query("SHOW server_version")
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores shared with others, "
        f"Python {platform.python_version()}, PostgreSQL {postgres} with fsync on"
    )
