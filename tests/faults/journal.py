"""Journal of the load: each call is recorded before it is sent, and its answer afterwards."""

import itertools
import time
from dataclasses import dataclass, field

UNAVAILABLE = 503


@dataclass
class Attempt:
    """One attempt of a call; `status` is None if the connection broke before the answer."""

    sent: float
    answered: float | None = None
    status: int | None = None

    def record(self, answer):
        self.answered, self.status = time.monotonic(), answer.status_code

    @property
    def succeeded(self):
        return self.status in (200, 201)

    @property
    def failed(self):
        """True if the outcome is unknown to the caller."""
        return self.status in (None, UNAVAILABLE)


@dataclass
class Call:
    """One change by a client; its `mark` is stored with every trace of the change in the database."""

    kind: str
    mark: str
    requestid: int | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def was_acknowledged(self):
        return any(attempt.succeeded for attempt in self.attempts)

    @property
    def was_refused(self):
        """True if every attempt was answered, and none with success."""
        return not self.was_acknowledged and not self.is_unknown

    @property
    def is_unknown(self):
        """True if the change may or may not have been applied."""
        return not self.was_acknowledged and any(attempt.failed for attempt in self.attempts)


class Journal:
    """All calls and attempts of all clients in order; list appends need no lock.

    Marks are unique across journals, which may share a database.
    """

    _numbers = itertools.count(1)

    def __init__(self):
        self.calls, self.attempts = [], []

    def begin(self, kind, requestid=None, mark=None):
        """Record a new call, with a new mark."""
        call = Call(kind, mark or f"{kind}-{next(self._numbers):07}", requestid)
        self.calls.append(call)
        return call

    def send(self, call):
        """Record an attempt before it is sent; the caller adds the answer."""
        attempt = Attempt(time.monotonic())
        call.attempts.append(attempt)
        self.attempts.append(attempt)
        return attempt

    def since(self, moment):
        """Attempts sent since a point in time, the latest first."""
        return list(itertools.takewhile(lambda attempt: attempt.sent >= moment, reversed(self.attempts)))

    def count(self, question):
        """Number of calls that satisfy a condition."""
        return sum(map(question, self.calls))
