"""Sizes of a run: full, `--quick` for a short look, `--tiny` for the tests."""

from dataclasses import dataclass

OPEN_REQUESTS = 500
"""Open requests; the same at every size, because open work does not grow with the history."""

MASTERS = 200
REQUESTS_A_CLIENT = 20
"""Requests per client: 1,000,000 requests have 50,000 clients."""


@dataclass(frozen=True)
class Scale:
    """The sizes of one run."""

    name: str
    small: int
    large: int
    rounds: int
    quiet_calls: int
    """Calls per slice over one connection, for response times."""
    busy_calls: int
    """Calls per slice over BUSY_CONNECTIONS, for throughput and CPU."""
    stories: int
    """Requests created, accepted, commented and finished per slice."""
    streams: tuple
    idle_streams: int
    broadcasts: int
    """Comments posted for each number of streams."""
    unread_events: int
    """Events sent to a stream whose client does not read."""
    logins: int
    repeats: int
    """Repetitions of the login storm, the start, and the API with and without idle streams."""


FULL = Scale("full", 1_000, 1_000_000, 8, 20, 40, 5, (1, 1_000, 5_000), 1_000, 100, 20_000, 20, 3)
QUICK = Scale("quick", 1_000, 50_000, 4, 12, 40, 3, (1, 300, 1_000), 300, 10, 5_000, 20, 2)
TINY = Scale("tiny", 100, 200, 1, 2, 8, 1, (1, 10), 10, 2, 250, 2, 1)

BUSY_CONNECTIONS = 8
WORKERS = 2
