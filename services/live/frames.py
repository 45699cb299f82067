"""The events as frames of the stream."""

import json
from dataclasses import dataclass

from services.requests.visibility import saw_before, sees, sees_internal

HEARTBEAT = b": \n\n"


@dataclass(frozen=True)
class Telling:
    """One event in the words of the stream: for those who see the request, and for those who no longer do."""

    seen: bytes
    gone: bytes
    event: object

    def to(self, user):
        """What this user is told of the event, or None."""
        event = self.event
        if sees(user, event):
            return self.seen if not event.is_internal or sees_internal(user) else None
        return self.gone if saw_before(user, event) else None


def telling(event):
    """The Telling of a row of the log."""
    name = "comment" if event.kind == "comment" else "request"
    body = {"requestid": event.requestid, "type": event.kind, "version": event.version, "actor_id": event.actor_id}
    gone = {"requestid": event.requestid, "type": "gone"}
    return Telling(_frame(name, event.event_id, body), _frame("request", event.event_id, gone), event)


def reset(event_id):
    """The frame that asks a reader to read its lists anew."""
    return _frame("reset", event_id, {"type": "reset"})


def place(event_id):
    """A frame without data: it only tells the reader behind which id it listens."""
    return f"retry: 2000\nid: {event_id}\n\n".encode()


def _frame(name, event_id, body):
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()
