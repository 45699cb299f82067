"""What clients asked for and what they were told: each call is noted before it is sent, its answer after it came."""

import itertools
import time
from dataclasses import dataclass, field

OUT_OF_REACH = 503


@dataclass
class Attempt:
    """One sending of a call; `status` stays None where the connection broke before the answer."""

    sent: float
    answered: float | None = None
    status: int | None = None

    def note(self, answer):
        """Note what was answered."""
        self.answered, self.status = time.monotonic(), answer.status_code

    @property
    def succeeded(self):
        return self.status in (200, 201)

    @property
    def failed(self):
        """Whether the caller cannot know what became of it."""
        return self.status in (None, OUT_OF_REACH)


@dataclass
class Call:
    """One change that a client wants; its `mark` is found in the database wherever the change left a trace."""

    kind: str
    mark: str
    requestid: int | None = None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def was_acknowledged(self):
        return any(attempt.succeeded for attempt in self.attempts)

    @property
    def was_refused(self):
        """Whether every sending was answered, and none with success."""
        return not self.was_acknowledged and not self.is_unknown

    @property
    def is_unknown(self):
        """Whether the caller has to reckon with both: that it was done, and that it was not."""
        return not self.was_acknowledged and any(attempt.failed for attempt in self.attempts)


class Journal:
    """All calls of all clients, and every sending in its order; appending to a list waits for nobody.

    No two journals give the same mark: they may speak of the same database.
    """

    _numbers = itertools.count(1)

    def __init__(self):
        self.calls, self.attempts = [], []

    def begin(self, kind, requestid=None, mark=None):
        """Note a call that is about to be made; it gets a mark of its own."""
        call = Call(kind, mark or f"{kind}-{next(self._numbers):07}", requestid)
        self.calls.append(call)
        return call

    def send(self, call):
        """Note that a call is about to be sent; the caller notes its answer."""
        attempt = Attempt(time.monotonic())
        call.attempts.append(attempt)
        self.attempts.append(attempt)
        return attempt

    def since(self, moment):
        """Every attempt that was sent since a moment, the last one first."""
        return list(itertools.takewhile(lambda attempt: attempt.sent >= moment, reversed(self.attempts)))

    def count(self, question):
        """How many calls meet a condition."""
        return sum(map(question, self.calls))
