"""Compare every answer in every test with the route's OpenAPI operation."""

import re

from flask import request
from pydantic import TypeAdapter

from routes.http import openapi
from routes.shapes.base import MODELS, Error

CODES = {
    400: {"bad_request"},
    401: {"token_missing", "token_invalid", "token_expired", "token_revoked", "wrong_credentials"},
    403: {"forbidden", "password_expired"},
    404: {"not_found"},
    405: {"method_not_allowed"},
    409: {"already_taken", "bad_transition", "email_taken", "last_admin", "conflict"},
    412: {"stale"},
    413: {"too_large"},
    415: {"unsupported_media_type"},
    422: {"invalid"},
    428: {"precondition_required"},
    429: {"too_many"},
    503: {"unavailable"},
}
"""Error codes of the contract by status."""

_REQUIRED_HEADERS = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def watch(app):
    """Check each answer of the application; a violation raises AssertionError in the test that caused it."""

    @app.after_request
    def check(response):
        if request.path.startswith("/api"):
            _check(app, response)
        return response


def _check(app, response):
    if response.status_code >= 400:
        check_error(response)
    if request.url_rule is None or request.method in ("HEAD", "OPTIONS"):
        return
    operation = operation_of(app, request.url_rule, request.method)
    documented = operation["responses"]
    assert str(response.status_code) in documented, f"{request.method} {request.path}: {response.status_code}"
    if response.status_code < 300:
        _check_success(documented[str(response.status_code)], response)


def operation_of(app, rule, method):
    """The OpenAPI operation of a URL rule and method."""
    path = re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule)
    return openapi.document(app)["paths"][path][method.lower()]


def check_error(response):
    """Check the common error format: a Russian sentence, a code of the status, `fields` with 422 only."""
    body = response.get_json()
    Error.model_validate(body, strict=True)
    assert response.mimetype == "application/json"
    assert body["code"] in CODES[response.status_code], body
    assert re.search("[а-яё]", body["error"]), "the sentence is for a Russian reader"
    assert ("fields" in body) == (response.status_code == 422), body
    assert ("current" in body) == (response.status_code == 412), body
    assert all(re.search("[а-яё]", sentence) for sentence in body.get("fields", {}).values()), body
    header = _REQUIRED_HEADERS.get(response.status_code)
    assert header is None or response.headers[header]


def _check_success(documented, response):
    for name in documented.get("headers", {}):
        assert response.headers.get(name), f"{request.path} has no {name}"
    if "content" not in documented:
        assert response.get_data() == b""
        return
    assert response.mimetype in documented["content"]
    if response.mimetype == "application/json":
        assert "\\u04" not in response.get_data(as_text=True), "Cyrillic is not escaped"
        _check_json(documented["content"][response.mimetype]["schema"], response)


def _check_json(schema, response):
    if "$ref" not in schema:
        return
    model = MODELS[schema["$ref"].rpartition("/")[2]]
    TypeAdapter(model).validate_json(response.get_data(), strict=True)
    for name, value in _leaves(response.get_json()):
        if name in (
            "at",
            "expires_at",
            "password_expires_at",
            "startdate",
            "duedate",
            "completiondate",
            "comment_date",
        ):
            assert value is None or _TIME.fullmatch(value), f"{name}: {value}"


def _leaves(value, name=""):
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, name)
    else:
        yield name, value
