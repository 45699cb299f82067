"""Application factory: `create_app(config=None)`. For development: `python app.py`."""

import cli
import database
import models
from config import FRONTEND_DIR, INSTANCE_DIR, load_settings
from middleware import body, errors, request_log
from middleware.flask_app import BigintConverter, MsgspecProvider, Technic
from middleware.front_end import FrontEnd
from middleware.security_headers import SecurityHeaders
from middleware.trusted_proxy import TrustedProxy
from routes import BLUEPRINTS
from routes.http import openapi
from services.live.feed import Feed


def create_app(config=None):
    """Build the WSGI application; settings in the dict `config` override the environment and `.env`."""
    app = Technic(
        __name__,
        title="Техник",
        version=openapi.version(),
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
    """Wrap the WSGI app: proxy → security headers → static files → API."""
    is_watched = app.config["FLASK_ENV"] == "development"
    front_end = FrontEnd(app.wsgi_app, FRONTEND_DIR, INSTANCE_DIR / "assets", is_watched)
    app.extensions["front_end"] = front_end
    app.wsgi_app = TrustedProxy(SecurityHeaders(front_end), app.config["TRUSTED_PROXIES"])


if __name__ == "__main__":
    application = create_app()
    application.run(host=application.config["HOST"], port=application.config["PORT"], debug=application.debug)
