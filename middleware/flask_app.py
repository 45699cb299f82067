"""The Flask application class and its parts: repeated transactions, no cookies, JSON, ids in paths."""

import msgspec
from apiflask import APIFlask
from flask.json.provider import JSONProvider
from flask.sessions import SessionInterface
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import IntegerConverter

from database import db
from middleware import errors
from services.common.values import LARGEST_ID

TRIES = 4


class NoCookies(SessionInterface):
    """Nobody is known by a cookie, so none is signed, read or written."""

    def open_session(self, app, request):
        return self.make_null_session(app)


class Technic(APIFlask):
    """The application: a request whose transaction lost against another one is simply done again."""

    session_interface = NoCookies()

    def ensure_sync(self, func):
        """No function here is async; Flask would look at every one of them in every request."""
        return func

    def dispatch_request(self):
        for _ in range(TRIES - 1):
            try:
                return super().dispatch_request()
            except DBAPIError as error:
                if not errors.may_be_tried_again(error):
                    raise
                db.session.rollback()
        return super().dispatch_request()


class MsgspecProvider(JSONProvider):
    """JSON by msgspec: UTF-8 without escapes, times in RFC 3339, many times faster than the standard library."""

    def dumps(self, obj, **_kwargs):
        return msgspec.json.encode(obj).decode()

    def loads(self, s, **_kwargs):
        return msgspec.json.decode(s)

    def response(self, *args, **kwargs):
        body = msgspec.json.encode(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(body, mimetype="application/json")


class BigintConverter(IntegerConverter):
    """A path id in ASCII digits.

    One outside bigint is as 0, the id of nothing: every method answers 404 and none 405.
    """

    regex = "[0-9]+"

    def to_python(self, value):
        number = int(value) if len(value) < 20 else 0
        return number if number <= LARGEST_ID else 0
