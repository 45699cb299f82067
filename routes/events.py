"""The live feed (server-sent events)."""

from apiflask import APIBlueprint
from flask import Response, current_app, request

from middleware.auth_middleware import require_auth
from routes.http.answers import answers
from services.common.errors import BadRequest
from services.common.values import LARGEST_ID

events_bp = APIBlueprint("events", __name__, url_prefix="/api/events")


@events_bp.get("/")
@require_auth
@answers({"type": "string"}, media_type="text/event-stream")
def events(current_user):
    """Stream events of the visible requests; `Last-Event-ID` replays missed ones."""
    stream = current_app.extensions["live_feed"].open(current_user, _last_event_id())
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, mimetype="text/event-stream", headers=headers, direct_passthrough=True)


def _last_event_id():
    """The `Last-Event-ID` header as a number, or None. Raises BadRequest."""
    text = request.headers.get("Last-Event-ID")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise BadRequest("Last-Event-ID должен быть номером события")
    return int(text)
