"""One round: clients at work, a fault in their midst, and what the database says of it afterwards."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.checker import check
from tests.faults.load import Load

WRITES = 40
"""So many writes are acknowledged before the fault and again after it."""


@dataclass
class Round:
    """What one round came to; times are of `time.monotonic()`."""

    began: float
    hit: float = 0.0
    back: float = 0.0
    attempts: list = field(default_factory=list)
    findings: object = None

    def statuses(self):
        """{status: number} of all attempts; None: no answer."""
        return Counter(attempt.status for attempt in self.attempts)

    def acknowledged(self):
        return sum(attempt.succeeded for attempt in self.attempts)

    def uncertain(self):
        return sum(attempt.failed for attempt in self.attempts)

    def done_without_an_answer(self):
        """Calls of this round that were done, and nobody was told."""
        return [call for call in self.findings.unanswered if call.attempts[-1].sent >= self.began]

    def seconds_without_service(self):
        """From the fault to the first acknowledged write that was sent after it."""
        answers = [attempt.answered for attempt in self.attempts if attempt.succeeded and attempt.sent > self.hit]
        return min(answers) - self.hit

    def seconds_to_recover(self):
        """From the moment at which what was killed was back to the last call that failed nevertheless."""
        late = [attempt.sent - self.back for attempt in self.attempts if attempt.failed and attempt.sent > self.back]
        return max(late, default=0.0)


def play(shop, journal, people, listener, fault):
    """Let the clients work, call `fault()`, which returns when what it took away is back, and check all there is."""
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
    listener.wait_until_told_all(shop)
    return this
