"""Every error in the API's common format."""

import logging
import traceback

import psycopg2
from flask import current_app, jsonify, request
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from database import log_outage
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
"""Error classes for Werkzeug's 4xx; other 4xx become BadRequest."""

RETRYABLE_SQLSTATES = ("25006", "25P03", "40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53")
"""Standby, idle timeout, serialization, deadlock, lock and statement timeouts, shutdown, out of resources."""


def is_retryable(error):
    """True for a serialization failure or deadlock: the transaction can be retried."""
    return getattr(error.orig, "pgcode", None) in ("40001", "40P01")


def init_app(app):
    """Register the error handlers."""
    app.register_error_handler(AppError, error_answer)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(InterfaceError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)
    app.register_error_handler(psycopg2.OperationalError, _database_error)  # From the live feed, which uses no engine.
    app.register_error_handler(DBAPIError, _other_database_error)
    if not (app.testing or app.debug):
        app.register_error_handler(Exception, _unexpected)


def error_answer(error):
    """Response for an AppError."""
    body = {"error": error.message, "code": error.code} | error.extra
    return jsonify(body), error.status, error.headers


def _http_error(error):
    status = error.code or 500
    if status == 404 and not request.path.startswith("/api"):
        return current_app.extensions["front_end"].page("404.html"), 404
    if status < 400:
        return error
    if status >= 500:  # Flask wraps unhandled exceptions in a 500; already logged.
        return error_answer(Unavailable())
    allow = {name: value for name, value in error.get_headers() if name.lower() == "allow"}
    return error_answer(HTTP_ERRORS.get(status, BadRequest)(headers=allow))


def _database_error(error):
    log_outage(error)
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
    """Details go to the log only; 503 is the only 5xx of the API."""
    log.error("unexpected error\n%s", "".join(_log_text(error)))
    current_app.extensions["sqlalchemy"].session.rollback()
    return error_answer(Unavailable())


def _log_text(error):
    """Log text of an exception. SQL messages are left out: they quote personal data."""
    if not isinstance(error, DBAPIError):
        return traceback.format_exception(error)
    code = getattr(error.orig, "pgcode", None)
    return [*traceback.format_tb(error.__traceback__), f"{type(error.orig).__name__} {code}: {error.statement}"]
