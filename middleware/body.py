"""The body of a request is taken in before anything else: a slow sender holds no connection of the database.

A route takes 1 MiB unless it says otherwise; more is refused before it is read.

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
    """Take the body in before each request; `request.get_data()` gives it again."""
    app.before_request(_take_in)
    app.teardown_request(_close_file)


def takes_up_to(limit):
    """Give a route its own limit, in bytes."""

    def limited(view):
        view.body_limit = limit
        return view

    return limited


def takes_file(limit):
    """Give a route its own limit, and `request.stream` as a file: one above 1 MiB lies on the disk."""

    def limited(view):
        view.body_limit, view.takes_file = limit, True
        return view

    return limited


def _take_in():
    if request.method not in WITH_A_BODY:
        return
    view = current_app.view_functions.get(request.endpoint)
    limit = getattr(view, "body_limit", current_app.config["MAX_CONTENT_LENGTH"])
    if (request.content_length or 0) > limit:
        raise TooLarge()
    request.max_content_length = limit + 1  # One more byte of a body in chunks shows that it is too long.
    take_in = _file if hasattr(view, "takes_file") else _data
    try:
        size = take_in()
    except HTTPException:
        raise
    except Exception:  # What a server raises over chunks that are none is its own.
        raise _broken_off() from None
    if size > limit:
        raise TooLarge()
    if request.content_length not in (None, size):  # Werkzeug hands over what came of a body that broke off.
        raise _broken_off()


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


def _broken_off():
    return BadRequest("Тело запроса оборвалось")
