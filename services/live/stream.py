"""One open stream and what waits for its reader."""

import threading
from contextlib import suppress

from services.live.frames import reset

BATCH = 500

MAX_WAITING = 4 * BATCH
"""Events that may wait in one reader's queue: several batches, so that a burst alone loses nobody."""

_CLOSE = None


class _Mailbox:
    """What waits for one reader: a queue of many writers in a tenth of the memory of `queue.SimpleQueue`."""

    __slots__ = ("_filled", "_waiting")

    def __init__(self):
        self._waiting = []
        self._filled = threading.Lock()
        self._filled.acquire()

    def __len__(self):
        return len(self._waiting)

    def put(self, chunk):
        self._waiting.append(chunk)
        self._tell()

    def put_instead(self, chunk):
        """Put it in the place of all that waits, at one stroke."""
        self._waiting[:] = [chunk]
        self._tell()

    def _tell(self):
        if self._filled.locked():
            with suppress(RuntimeError):  # Another writer has just opened it.
                self._filled.release()

    def get(self):
        """Wait for the next chunk and take it."""
        while not self._waiting:
            self._filled.acquire()
        return self._waiting.pop(0)


class Stream:
    """One open stream: an iterator of bytes that ends with its session."""

    __slots__ = ("_feed", "_knows", "_mailbox", "backlog", "ended", "user")

    def __init__(self, feed, user, last_event_id):
        self.user = user
        self.ended = False
        self.backlog = ()
        self._feed, self._knows = feed, last_event_id or 0
        self._mailbox = _Mailbox()

    def __iter__(self):
        try:
            yield from self.backlog
            self.backlog = ()
            while (chunk := self._mailbox.get()) is not _CLOSE:
                yield chunk
        finally:
            self.close()

    def close(self):
        """Leave the feed (the server calls it when the reader is gone)."""
        self._feed.leave(self)

    def put(self, chunk, event_id=None):
        """Hand a chunk to the reader; one who is too far behind gets a `reset` instead of all that waits.

        A reader who comes from another worker may know events that this one has yet to read.
        """
        if self.ended or (event_id is not None and event_id <= self._knows):
            return
        if len(self._mailbox) >= MAX_WAITING and event_id is not None:
            self._mailbox.put_instead(reset(event_id))
        else:
            self._mailbox.put(chunk)

    def end(self):
        """Let the reader go after what already waits."""
        self.ended = True
        self._mailbox.put(_CLOSE)
