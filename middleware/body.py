"""The body of a request is read whole before anything else: a slow sender holds no connection of the database."""

from flask import request
from werkzeug.exceptions import HTTPException

from services.common.errors import BadRequest, TooLarge

WITH_A_BODY = frozenset({"POST", "PUT", "PATCH"})


def init_app(app):
    """Read it before each request; `request.get_data()` gives it again."""
    app.before_request(_read)


def _read():
    if request.method not in WITH_A_BODY:
        return
    try:
        size = len(request.get_data())
    except HTTPException:
        raise
    except Exception:  # What a server raises over chunks that are none is its own.
        raise _broken_off() from None
    # Werkzeug hands over what came of a body that broke off, or of one in chunks that is too long.
    if request.content_length is None and size >= request.max_content_length:
        raise TooLarge()
    if request.content_length not in (None, size):
        raise _broken_off()


def _broken_off():
    return BadRequest("Тело запроса оборвалось")
