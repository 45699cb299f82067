"""Every failure in the one shape of the contract."""

import logging
import traceback

import psycopg2
from flask import current_app, jsonify, request
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from database import note_outage
from services.common.errors import (
    AppError,
    BadRequest,
    Conflict,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
    UnsupportedMediaType,
)

log = logging.getLogger(__name__)

HTTP_ERRORS = {kind.status: kind for kind in (BadRequest, NotFound, MethodNotAllowed, TooLarge, UnsupportedMediaType)}
"""The kinds for refusals of Werkzeug; all others of its kinds are a bad request."""

RETRYABLE_SQLSTATES = ("25006", "25P03", "40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53")
"""Standby, idle too long, serialization, deadlock, lock and statement timeouts, shutdown, out of resources."""


def may_be_tried_again(error):
    """Whether the transaction only lost against another one (serialization failure, deadlock)."""
    return getattr(error.orig, "pgcode", None) in ("40001", "40P01")


def init_app(app):
    """Register the handlers."""
    app.register_error_handler(AppError, error_answer)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(InterfaceError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)
    app.register_error_handler(psycopg2.OperationalError, _database_error)  # Of the live feed, which has no engine.
    app.register_error_handler(DBAPIError, _other_database_error)
    if not (app.testing or app.debug):
        app.register_error_handler(Exception, _unexpected)


def error_answer(error):
    """Return the response of an AppError."""
    body = {"error": error.message, "code": error.code} | error.extra
    return jsonify(body), error.status, error.headers


def _http_error(error):
    status = error.code or 500
    if status == 404 and not request.path.startswith("/api"):
        return current_app.extensions["front_end"].page("404.html"), 404
    if status < 400:
        return error
    if status >= 500:  # Flask wraps so what a handler itself could not handle; the log has it already.
        return error_answer(Unavailable())
    allow = {name: value for name, value in error.get_headers() if name.lower() == "allow"}
    return error_answer(HTTP_ERRORS.get(status, BadRequest)(headers=allow))


def _database_error(error):
    note_outage(error)
    return error_answer(Unavailable())


def _other_database_error(error):
    if isinstance(error, IntegrityError):
        log.warning("constraint refused a change: %s", str(error.orig).splitlines()[0])
        return error_answer(Conflict("conflict", "Данные уже изменились. Обновите страницу и повторите"))
    if (getattr(error.orig, "pgcode", None) or "").startswith(RETRYABLE_SQLSTATES) or error.connection_invalidated:
        return _database_error(error)
    if current_app.testing or current_app.debug:
        raise error
    return _unexpected(error)


def _unexpected(error):
    """Keep details out of the answer and in the log; the status is the only 5xx that the contract knows."""
    log.error("unexpected error\n%s", "".join(_told(error)))
    current_app.extensions["sqlalchemy"].session.rollback()
    return error_answer(Unavailable())


def _told(error):
    """What the log is told of an error: of one in SQL the place and code only, for its message quotes people's data."""
    if not isinstance(error, DBAPIError):
        return traceback.format_exception(error)
    code = getattr(error.orig, "pgcode", None)
    return [*traceback.format_tb(error.__traceback__), f"{type(error.orig).__name__} {code}: {error.statement}"]
