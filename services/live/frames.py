"""SSE frames of events."""

import json
from dataclasses import dataclass

from services.requests.visibility import saw_before, sees, sees_internal

HEARTBEAT = b": \n\n"


@dataclass(frozen=True)
class EventFrames:
    """SSE frames of one event: for users who see the request, and for those who just lost it."""

    seen: bytes
    gone: bytes
    event: object

    def to(self, user):
        """The frame for this user, or None."""
        event = self.event
        if sees(user, event):
            return self.seen if not event.is_internal or sees_internal(user) else None
        return self.gone if saw_before(user, event) else None


def frames_of(event):
    """EventFrames of a row of the event log."""
    name = "comment" if event.kind == "comment" else "request"
    body = {"requestid": event.requestid, "type": event.kind, "version": event.version, "actor_id": event.actor_id}
    gone = {"requestid": event.requestid, "type": "gone"}
    return EventFrames(_frame(name, event.event_id, body), _frame("request", event.event_id, gone), event)


def reset(event_id):
    """Frame that makes the client reload its lists."""
    return _frame("reset", event_id, {"type": "reset"})


def position(event_id):
    """Frame without an event: it only sets the client's last event id."""
    return f"retry: 2000\nid: {event_id}\n\n".encode()


def _frame(name, event_id, body):
    return f"id: {event_id}\nevent: {name}\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()
