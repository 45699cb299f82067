"""How gunicorn serves Technic; it finds this file by itself: gunicorn "app:create_app()".

The application is loaded in each worker after gevent has patched the standard library, never before the fork.
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
    # Else gunicorn prints a traceback before the sentence that the administrator needs.
    raise SystemExit(str(error)) from None

bind = f"{_settings['HOST']}:{_settings['PORT']}"

# Gevent, because an open event stream costs a thread worker a whole thread, and here some kilobytes.
worker_class = "gevent"
# gunicorn's own variable; more workers than cores only take turns.
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
# Far above the number of open streams: at the limit a worker takes no other request either.
worker_connections = 10_000

timeout = 60
# An open stream delays a stop or restart by all of this time.
graceful_timeout = 10
keepalive = 5

# The application writes its own journal of requests.
accesslog = None
errorlog = "-"

# Nobody here manages gunicorn by its control socket, so nobody else shall.
control_socket_disable = True

# What a proxy says of the caller is read in one place, `middleware/trusted_proxy.py`.
forwarded_allow_ips = ""

util.write_error = write_error


def on_starting(server):
    """Start or join the embedded database once, for all workers; it stops when this process exits."""
    os.environ["DATABASE_URL"] = ensure_database_url(_settings["DATABASE_URL"], INSTANCE_DIR / "postgres")


def post_worker_init(worker):
    """Spare the loaded program the garbage collector, and let event streams end when the worker shall stop."""
    # Thousands of streams stand still while it looks through everything: it shall leave out what never becomes garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    _end_streams_with(worker)


def _end_streams_with(worker):
    """End the open event streams as soon as the worker is told to stop, so that they do not delay it."""
    import gevent

    feed = worker.wsgi.extensions["live_feed"]

    def close_streams_when_told():
        while worker.alive:
            gevent.sleep(0.2)
        feed.close()

    gevent.spawn(close_streams_when_told)
