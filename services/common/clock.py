"""Clock of the program, in one place so that tests can move it."""

from datetime import UTC, datetime

FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Range of times in the API: LAST_MOMENT is excluded."""


def now():
    """Current time, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment):
    """Format an aware time in UTC: `2026-11-22T10:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
