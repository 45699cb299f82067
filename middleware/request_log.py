"""`logs/app.log` in the manual's line format, with a request id that the answer contains too."""

import logging
import time
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from pathlib import Path

from flask import g, request

from middleware.request_id import request_id_of

FORMAT = "%(asctime)s - %(levelname)s - %(message)s"

log = logging.getLogger("technic.access")


class _LogFile(WatchedFileHandler):
    """Reopens the file after rotation, recreates its folder, drops lines when the disk is full."""

    def emit(self, record):
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record):
        """Drop the line and reopen the file for the next one."""
        stream, self.stream = self.stream, None
        with suppress(OSError, AttributeError):
            stream.close()

    def _open(self):
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def init_app(app):
    """Open the log file and log every request; an unwritable log does not stop the service."""
    _open_log(app.config["LOG_FILE"])
    app.before_request(_start)
    app.after_request(_finish)


def _open_log(path):
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    if not path or any(getattr(handler, "baseFilename", None) == str(path) for handler in root.handlers):
        return
    try:
        handler = _LogFile(path, encoding="utf-8")
    except OSError as error:
        log.warning("log file is not writable, logging to the console: %s", error)
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)


def _start():
    g.started = time.perf_counter()


def _finish(response):
    response.headers["X-Request-ID"] = request_id_of(request.environ)
    if response.status_code == 503:
        return response  # `database.py` logs an outage once a second, with a count.
    log.info(
        "%s %s %s %.0f ms id=%s user=%s from=%s",
        request.method,
        request.path.encode("unicode_escape").decode(),
        response.status_code,
        (time.perf_counter() - g.get("started", time.perf_counter())) * 1000,
        response.headers["X-Request-ID"],
        g.get("user_id", "-"),
        request.remote_addr,
    )
    return response
