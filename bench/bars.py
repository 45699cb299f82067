"""Limits for the figures of a run."""

from dataclasses import dataclass

STEADY = {
    "any list page": ("first", "first_master", "first_client", "status", "master", "techtype", "deep"),
    "search": ("rare", "one_percent", "absent"),
    "summary": ("summary", "summary_master", "summary_client"),
    "detail": ("detail",),
    "create": ("create",),
    "accept": ("accept",),
    "comment": ("comment",),
}
"""Calls that may cost at most 1.3 times as much with the long history."""

LISTS = (*STEADY["any list page"], *STEADY["search"], "seven_percent")


@dataclass(frozen=True)
class Bar:
    """One limit and the measured value, in the same unit; `at_least` makes it a lower limit."""

    what: str
    limit: float
    measured: float
    unit: str = ""
    at_least: bool = False

    def is_met(self):
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def of(figures):
    """Return all Bars for the figures of a run."""
    calls, streams, storm = figures["calls"], figures["streams"], figures["storm"]
    most = max(streams["by_number"])
    crowd, one = streams["by_number"][most], streams["by_number"][min(streams["by_number"])]
    return [
        Bar("first page, throughput against the floor", 0.7, calls["first"]["share_of_floor"], at_least=True),
        *_steady(calls),
        Bar("search for a word in 7 %, p50 against a page", 10, _p50(calls, "seven_percent") / _p50(calls, "first")),
        Bar("page at depth against first page, p50", 1.3, _p50(calls, "deep") / _p50(calls, "first")),
        Bar(f"{most:,} streams: delay p99 beyond 1 stream's p50", 250, crowd["p99_ms"] - one["p50_ms"], "ms"),
        Bar(f"{most:,} streams: memory each", 25, crowd["kib_each"], "KiB"),
        Bar("events lost, all numbers of streams", 0, sum(row["lost"] for row in streams["by_number"].values())),
        Bar(f"API p50 with {streams['idle']['streams']:,} idle streams against none", 1.2, streams["idle"]["ratio"]),
        Bar(f"other calls' p99 during {storm['logins']} logins, above quiet", 100, storm["added_ms"], "ms"),
        Bar("queries of a list call, its session's included", 3, max(figures["queries"][name] for name in LISTS)),
        Bar("memory a worker", 130, figures["memory_mib"], "MiB"),
        Bar("first answer after start", 2, figures["first_answer_s"], "s"),
    ]  # fmt: skip


def _steady(calls):
    for group, names in STEADY.items():
        worst = max(names, key=lambda name: calls[name]["ratio"])
        of_which = f" (worst: {worst})" if len(names) > 1 else ""
        yield Bar(f"{group}{of_which}, p50 long history against short", 1.3, calls[worst]["ratio"])


def _p50(calls, name):
    return calls[name]["large"]["p50_ms"]
