"""One round: a fault under load, then a check of the database."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.checker import check
from tests.faults.load import Load

WRITES = 40
"""Writes acknowledged before the fault and again after it."""


@dataclass
class Round:
    """Result of a round; times are of `time.monotonic()`."""

    began: float
    hit: float = 0.0
    back: float = 0.0
    attempts: list = field(default_factory=list)
    findings: object = None

    def statuses(self):
        """{status: number of attempts}; None means no answer."""
        return Counter(attempt.status for attempt in self.attempts)

    def acknowledged(self):
        return sum(attempt.succeeded for attempt in self.attempts)

    def uncertain(self):
        return sum(attempt.failed for attempt in self.attempts)

    def applied_without_an_answer(self):
        """Calls of this round that were applied without an answer."""
        return [call for call in self.findings.unanswered if call.attempts[-1].sent >= self.began]

    def seconds_without_service(self):
        """Seconds from the fault to the first acknowledged write sent after it."""
        answers = [attempt.answered for attempt in self.attempts if attempt.succeeded and attempt.sent > self.hit]
        return min(answers) - self.hit

    def seconds_to_recover(self):
        """Seconds from the end of the fault to the last failed call."""
        late = [attempt.sent - self.back for attempt in self.attempts if attempt.failed and attempt.sent > self.back]
        return max(late, default=0.0)


def play(shop, journal, people, listener, fault):
    """Run the load, call `fault()`, which returns after the end of the fault, and check the database."""
    this = Round(time.monotonic())
    with Load(shop, journal, people) as load:
        load.wait_for_acknowledged(WRITES, since=this.began)
        time.sleep(random.uniform(0, 0.3))
        this.hit = time.monotonic()
        fault()
        this.back = time.monotonic()
        load.wait_for_acknowledged(WRITES, since=this.back)
    this.attempts = journal.since(this.began)
    this.findings = check(shop, journal)
    listener.wait_for_all_events(shop)
    return this
