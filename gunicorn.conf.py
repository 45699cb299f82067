"""gunicorn's configuration, found automatically by `gunicorn "app:create_app()"`.

The application is loaded in each worker after gevent's monkey patching, never before the fork.
"""

import gc
import os

from gunicorn import util

from config import INSTANCE_DIR, ConfigError, load_settings
from middleware.bad_http import write_error
from postgres.embedded_server import ensure_database_url

try:
    _settings = load_settings()
except ConfigError as error:
    # Without this gunicorn prints a traceback before the message for the administrator.
    raise SystemExit(str(error)) from None

bind = f"{_settings['HOST']}:{_settings['PORT']}"

# An event stream costs a thread worker one thread, and a gevent worker some kilobytes.
worker_class = "gevent"
# gunicorn's own variable; more workers than cores do not help.
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
# Far above the number of open streams: at the limit a worker accepts no other requests.
worker_connections = 10_000

timeout = 60
# An open stream delays a stop or restart by up to this time, in seconds.
graceful_timeout = 10
keepalive = 5

# The application writes its own request log.
accesslog = None
errorlog = "-"

# The control socket is unused, so disable it.
control_socket_disable = True

# Forwarded headers are read in `middleware/trusted_proxy.py` only.
forwarded_allow_ips = ""

util.write_error = write_error


def on_starting(server):
    """Start or join the embedded database for all workers; it stops when this process exits."""
    os.environ["DATABASE_URL"] = ensure_database_url(_settings["DATABASE_URL"], INSTANCE_DIR / "postgres")


def post_worker_init(worker):
    """Keep GC pauses short, and let event streams end when the worker stops."""
    # A full collection pauses thousands of streams: freeze the objects of the start-up, and run it rarely.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    _end_streams_with(worker)


def _end_streams_with(worker):
    """Close the event streams when the worker begins to stop, so that they do not delay it."""
    import gevent

    feed = worker.wsgi.extensions["live_feed"]

    def close_streams():
        while worker.alive:
            gevent.sleep(0.2)
        feed.close()

    gevent.spawn(close_streams)
