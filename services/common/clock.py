"""What time it is: one place, so that tests can move it together with the program."""

from datetime import UTC, datetime

FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The times that the contract knows: from the first to just before the last."""


def now():
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment):
    """An aware moment as text in UTC: `2026-11-22T10:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
