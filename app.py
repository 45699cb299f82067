"""The application factory: `create_app(config=None)`. Run `python app.py` for development."""

import msgspec
from apiflask import APIFlask
from flask.json.provider import JSONProvider
from flask.sessions import SessionInterface
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import IntegerConverter

import cli
import database
import models
from config import FRONTEND_DIR, INSTANCE_DIR, load_settings
from middleware import body, errors, request_log
from middleware.front_end import FrontEnd
from middleware.security_headers import SecurityHeaders
from middleware.trusted_proxy import TrustedProxy
from routes import BLUEPRINTS, openapi
from services.live_feed import Feed

API_VERSION = "1.1"
TRIES = 4


def create_app(config=None):
    """Build the WSGI application; `config` is a dict of settings that win over the environment and `.env`."""
    app = Technic(
        __name__,
        title="Техник",
        version=API_VERSION,
        static_folder=None,
        spec_path=None,
        docs_path=None,
        json_errors=False,
    )
    app.config |= load_settings(config)
    app.json = MsgspecProvider(app)
    openapi.configure(app)
    request_log.init_app(app)
    body.init_app(app)
    errors.init_app(app)
    database.connect(app)
    _configure_urls(app)
    app.extensions["live_feed"] = Feed(app.config["SQLALCHEMY_DATABASE_URI"])
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    app.shell_context_processor(_shell_names)
    _serve_front_end(app)
    return app


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
                database.db.session.rollback()
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
    """A path id; one outside bigint is as 0: the id of nothing, so that every method answers 404 and none 405."""

    def to_python(self, value):
        number = int(value) if len(value) < 20 else 0
        return number if number < 2**63 else 0


def _configure_urls(app):
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["int"] = BigintConverter


def _shell_names():
    return {
        "db": database.db,
        "User": models.User,
        "RepairRequest": models.RepairRequest,
        "Comment": models.Comment,
    }


def _serve_front_end(app):
    """Pages and files before the API; around both the headers, and the caller's address."""
    is_watched = app.config["FLASK_ENV"] == "development"
    front_end = FrontEnd(app.wsgi_app, FRONTEND_DIR, INSTANCE_DIR / "assets", is_watched)
    app.extensions["front_end"] = front_end
    app.wsgi_app = TrustedProxy(SecurityHeaders(front_end), app.config["TRUSTED_PROXIES"])


if __name__ == "__main__":
    application = create_app()
    application.run(host=application.config["HOST"], port=application.config["PORT"], debug=application.debug)
