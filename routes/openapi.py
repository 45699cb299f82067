"""The OpenAPI 3.1 document: what APIFlask reads off the routes, completed by what is true of all of them."""

from functools import cache

from pydantic.json_schema import models_json_schema

from routes.answers import MODELS, Error

INFO = "Платформа управления заявками на обслуживание бытовых приборов"
ERRORS = {
    "400": "Запрос не разобран (bad_request)",
    "401": "Нужен вход (token_missing, token_invalid, token_expired, token_revoked, wrong_credentials)",
    "403": "Недостаточно прав (forbidden, password_expired)",
    "404": "Нет такого объекта или он не виден этому пользователю (not_found)",
    "409": "Состояние не позволяет (already_taken, bad_transition, email_taken, last_admin, conflict)",
    "412": "Версия устарела (stale)",
    "413": "Слишком большой запрос (too_large)",
    "415": "Не JSON (unsupported_media_type)",
    "422": "Неправильные поля (invalid)",
    "428": "Нужен If-Match (precondition_required)",
    "429": "Слишком много попыток (too_many)",
    "503": "База данных недоступна (unavailable)",
}
_PUBLIC_ERRORS = {"400", "404", "503"}


def configure(app):
    """Tell APIFlask what to write and what to leave to `document`."""
    app.config |= {
        "OPENAPI_VERSION": "3.1.0",
        "SECURITY_SCHEMES": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        "AUTO_VALIDATION_ERROR_RESPONSE": False,
        "AUTO_AUTH_ERROR_RESPONSE": False,
        "AUTO_404_RESPONSE": False,
        "AUTO_OPERATION_ID": True,
        "INFO": {"description": INFO},
    }


def document(app):
    """Return the document as a dict."""
    return _document(app)


@cache
def _document(app):
    spec = app.spec
    _, components = models_json_schema(
        [(model, "serialization") for model in [*MODELS.values(), Error]],
        ref_template="#/components/schemas/{model}",
    )
    spec.setdefault("components", {}).setdefault("schemas", {}).update(components["$defs"])
    for operations in spec["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return spec


def _complete(operation):
    operation.get("responses", {}).update(
        {status: _error_response(text) for status, text in ERRORS.items() if _can_happen(operation, status)}
    )
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def _can_happen(operation, status):
    return "security" in operation or "requestBody" in operation or status in _PUBLIC_ERRORS


def _error_response(text):
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": text, "content": {"application/json": {"schema": schema}}}
