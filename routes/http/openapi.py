"""The OpenAPI 3.1 document: APIFlask's output, completed by rules that hold for all routes."""

import re
from functools import cache

from pydantic.json_schema import models_json_schema

from config import ROOT
from routes.http.files import FILE_TYPES
from routes.shapes.base import MODELS, Error
from services.common.errors import KINDS
from services.common.values import LARGEST_ID

INFO = "Платформа управления заявками на обслуживание бытовых приборов"
_STREAMED = {"text/event-stream", *FILE_TYPES}
_TAG = {"ETag": {"description": "метка этого ответа для If-None-Match", "schema": {"type": "string"}}}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "ETag прежнего ответа: если он тот же, придёт 304 без тела",
    "schema": {"type": "string"},
}
_NEED_A_BODY = {"415", "422"}


def configure(app):
    """Configure the parts that APIFlask writes; `document` does the rest."""
    app.config |= {
        "OPENAPI_VERSION": "3.1.0",
        "SECURITY_SCHEMES": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        "AUTO_VALIDATION_ERROR_RESPONSE": False,
        "AUTO_AUTH_ERROR_RESPONSE": False,
        "AUTO_404_RESPONSE": False,
        "AUTO_OPERATION_ID": True,
        "INFO": {"description": INFO},
    }


def version():
    """The newest release in the changelog, ignoring «Unreleased»."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.search(r"^## (\d[\d.]*)", changelog, re.M)[1]


def document(app):
    """Return the document as a dict."""
    return _document(app)


@cache
def _document(app):
    spec = app.spec
    _, components = models_json_schema(
        [(model, "validation") for model in [*MODELS.values(), Error]],
        ref_template="#/components/schemas/{model}",
    )
    spec.setdefault("components", {}).setdefault("schemas", {}).update(components["$defs"])
    views = {rule.endpoint.replace(".", "_"): app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    for operations in spec["paths"].values():
        for method, operation in operations.items():
            _complete(operation, views[operation["operationId"].removeprefix(f"{method}_")], method)
    return spec


def _complete(operation, view, method):
    operation["parameters"] = [_parameter(given) for given in operation["parameters"]]
    operation["parameters"] += view._spec.get("headers_read", [])
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    if "security" in operation:
        operation["security"] = [{"bearer": sorted(view.scopes)}]
    answers = {status: _without_empty_content(answer) for status, answer in operation["responses"].items()}
    errors = {
        str(kind.status): _error_response(kind) for kind in KINDS if _can_happen(operation, method, str(kind.status))
    }
    operation["responses"] = answers | errors
    if method == "get" and not _STREAMED & answers["200"]["content"].keys() and "headers" not in answers["200"]:
        _document_tag(operation)


def _document_tag(operation):
    """Add what `middleware/entity_tags.py` does for the answers to GET."""
    operation["parameters"].append(_IF_NONE_MATCH)
    operation["responses"]["200"]["headers"] = _TAG
    operation["responses"]["304"] = {"description": "Ответ не изменился", "headers": _TAG}


def _parameter(parameter):
    if parameter["in"] == "path":
        return parameter | {"schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}}
    return parameter | {"schema": _never_null(parameter["schema"])}


def _never_null(schema):
    """Schema of a query parameter: a missing one is absent, not null; a flag is 0 or 1."""
    schema = {name: value for name, value in schema.items() if name != "title" and (name, value) != ("default", None)}
    options = [option for option in schema.pop("anyOf", []) if option != {"type": "null"}]
    if isinstance(schema.get("default"), bool):
        schema["default"] = int(schema["default"])
    return schema | (options[0] if len(options) == 1 else {"anyOf": options} if options else {})


def _can_happen(operation, method, status):
    needed = {
        "401": "security" in operation or "Auth" in operation["tags"],
        "403": "security" in operation,
        "405": False,
        "409": method != "get",
        "413": method != "get",
        "412": any(parameter["name"] == "If-Match" for parameter in operation["parameters"]),
        "428": any(parameter["name"] == "If-Match" and parameter["required"] for parameter in operation["parameters"]),
        "429": "Auth" in operation["tags"] and "requestBody" in operation,
    }
    if status in _NEED_A_BODY:
        return "requestBody" in operation
    return needed.get(status, True)


def _without_empty_content(answer):
    return {name: value for name, value in answer.items() if value or name != "content"}


def _error_response(kind):
    schema = {"$ref": "#/components/schemas/Error"}
    text = f"{kind.message} ({', '.join(kind.codes or (kind.code,))})"
    return {"description": text, "content": {"application/json": {"schema": schema}}}
