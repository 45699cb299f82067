"""Interleaved rounds: small, large and floor alternate call by call, so machine noise affects all equally."""

from dataclasses import dataclass, field
from statistics import median

from bench import client, stories
from bench.calls import READS
from bench.scale import BUSY_CONNECTIONS


@dataclass
class Series:
    """Slices of one call against one server: over one connection, and over several in parallel."""

    quiet: list = field(default_factory=list)
    busy: list = field(default_factory=list)

    def p50(self):
        return percentile([time for part in self.quiet for time in part.times], 0.5) * 1000

    def p99(self):
        return percentile([time for part in self.quiet for time in part.times], 0.99) * 1000

    def throughput(self):
        """Answers per second over BUSY_CONNECTIONS: the median of the rounds."""
        return median(len(part.times) / part.seconds for part in self.busy)

    def cpu_ms(self):
        """CPU ms per call: (program, database); None for a database on another machine."""
        calls = sum(len(part.times) for part in self.busy)
        spent = zip(*(part.cpu for part in self.busy), strict=True)
        return tuple(None if None in seconds else sum(seconds) * 1000 / calls for seconds in spent)


def percentile(values, share):
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def ratio_of_medians(one, other):
    """Median over the rounds of the ratio of both series' median times in the same round."""
    pairs = zip(one.quiet, other.quiet, strict=True)
    return median(median(a.times) / median(b.times) for a, b in pairs)


def ratio_of_throughput(one, other):
    """Median over the rounds of the ratio of both series' throughputs in the same round."""
    pairs = zip(one.busy, other.busy, strict=True)
    return median(len(a.times) / a.seconds / (len(b.times) / b.seconds) for a, b in pairs)


class Rounds:
    """All rounds of one run: `series[call name][target]`; the targets are small, large and floor."""

    def __init__(self, scale, small, large, floor, meter, say):
        self._scale, self._meter, self._say = scale, meter, say
        self._worlds = {"small": small, "large": large}
        self._servers = {"small": small.server, "large": large.server, "floor": floor}
        self.series = {}

    def run(self):
        """Warm up, then measure each call in each round."""
        self._say("warm-up")
        self._round(self._scale.quiet_calls, self._scale.busy_calls, self._scale.stories)
        self.series.clear()
        for number in range(self._scale.rounds):
            self._say(f"round {number + 1} of {self._scale.rounds}")
            self._round(self._scale.quiet_calls, self._scale.busy_calls, self._scale.stories)
        return self.series

    def _round(self, quiet_calls, busy_calls, number):
        for read in READS:
            self._record(read.name, "quiet", self._quiet(self._requests(read, quiet_calls)))
            self._record(read.name, "busy", self._busy(self._requests(read, busy_calls)))
        for kind, drive, times in (("quiet", self._quiet, 1), ("busy", self._busy, 4)):
            for name, slices in stories.play(self._worlds, drive, number * times).items():
                self._record(name, kind, slices)

    def _requests(self, read, number):
        """{target: HTTP bytes of `number` calls}."""
        requests = {target: read.requests(world, number) for target, world in self._worlds.items()}
        return requests | {"floor": read.floor_requests(self._worlds["large"], number)}

    def _quiet(self, requests):
        """Run over one connection per target, one call at a time, alternating between targets."""
        connections = {target: client.Connection(self._servers[target].port) for target in requests}
        slices = client.take_turns(connections, requests)
        for target, connection in connections.items():
            connection.close()
            _check(slices[target])
        return slices

    def _busy(self, requests):
        """Run all calls of one target, then of the next, over several connections; the Slices include CPU times."""
        return {target: self._busy_slice(self._servers[target], calls) for target, calls in requests.items()}

    def _busy_slice(self, server, requests):
        connections = server.balanced(BUSY_CONNECTIONS)
        before = server.cpu(), self._meter.cpu()
        result = client.drive(connections, requests)
        after = server.cpu(), self._meter.cpu()
        result.cpu = [None if old is None else new - old for old, new in zip(before, after, strict=True)]
        for connection in connections:
            connection.close()
        _check(result)
        return result

    def _record(self, name, kind, slices):
        for target, part in slices.items():
            getattr(self.series.setdefault(name, {}).setdefault(target, Series()), kind).append(part)


def _check(result):
    if result.failures:
        status, body = result.failures[0]
        raise RuntimeError(f"{len(result.failures)} calls failed, the first with {status}: {body[:300].decode()}")


def figures(targets):
    """Figures of one call for the report: per target, and ratios within the same rounds."""
    result = {target: _figures_of(series) for target, series in targets.items()}
    result["ratio"] = ratio_of_medians(targets["large"], targets["small"])
    if "floor" in targets:
        result["share_of_floor"] = ratio_of_throughput(targets["large"], targets["floor"])
    return result


def _figures_of(series):
    app, base = series.cpu_ms()
    return {
        "p50_ms": series.p50(),
        "p99_ms": series.p99(),
        "calls": sum(len(part.times) for part in series.quiet),
        "a_second": series.throughput(),
        "cpu_app_ms": app,
        "cpu_db_ms": base,
    }
