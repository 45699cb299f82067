"""Read the body before the view, so a slow upload holds no database connection.

The limit is 1 MiB unless a route sets its own; a longer body is rejected before it is read.

@bp.post("/login")
@takes_up_to(8 * KIBIBYTE)
def login(): ...

@bp.post("/photos")
@takes_file(25 * MEBIBYTE)
def add_photo(): ...
"""

import shutil
from tempfile import SpooledTemporaryFile

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from services.common.errors import BadRequest, TooLarge

WITH_A_BODY = frozenset({"POST", "PUT", "PATCH"})
KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE


def init_app(app):
    """Read the body before each request; `request.get_data()` returns it."""
    app.before_request(_read_body)
    app.teardown_request(_close_file)


def takes_up_to(limit):
    """Set a route's own limit, in bytes."""

    def limited(view):
        view.body_limit = limit
        return view

    return limited


def takes_file(limit):
    """Set a route's own limit, and make `request.stream` a file; above 1 MiB it is stored on disk."""

    def limited(view):
        view.body_limit, view.takes_file = limit, True
        return view

    return limited


def _read_body():
    if request.method not in WITH_A_BODY:
        return
    view = current_app.view_functions.get(request.endpoint)
    limit = getattr(view, "body_limit", current_app.config["MAX_CONTENT_LENGTH"])
    if (request.content_length or 0) > limit:
        raise TooLarge()
    request.max_content_length = limit + 1  # One more byte shows that a chunked body is too long.
    read = _file if hasattr(view, "takes_file") else _data
    try:
        size = read()
    except HTTPException:
        raise
    except Exception:  # Each WSGI server raises its own exception for malformed chunks.
        raise _truncated() from None
    if size > limit:
        raise TooLarge()
    if request.content_length not in (None, size):  # For a truncated body Werkzeug returns what it has read.
        raise _truncated()


def _data():
    return len(request.get_data())


def _file():
    g.body_file = SpooledTemporaryFile(max_size=MEBIBYTE)  # noqa: SIM115  closed after the request
    shutil.copyfileobj(request.stream, g.body_file)
    size = g.body_file.tell()
    g.body_file.seek(0)
    request.stream = g.body_file
    return size


def _close_file(_error):
    if "body_file" in g:
        g.body_file.close()


def _truncated():
    return BadRequest("Тело запроса оборвалось")
