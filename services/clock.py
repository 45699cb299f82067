"""What time it is: one place, so that tests can move it together with the program."""

from datetime import UTC, datetime


def now():
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
