"""Input of a request: strict JSON bodies and query strings, validated by pydantic, with Russian messages.

`@bp.input(Model, arg_name="body")` and `@bp.input(Model, location="query", arg_name="query")` use the adapter below.
"""

import json
import re
from itertools import takewhile

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import request
from pydantic import ValidationError

from services.common.errors import BadRequest, Invalid, UnsupportedMediaType

MAX_DEPTH = 20
_VERSION_TAG = re.compile(r'\s*(?:"(\d{1,18})"|(W/"[^"]*"|"[^"]*"))\s*')

MESSAGES = {
    "missing": "Обязательное поле",
    "extra_forbidden": "Неизвестное поле",
    "string_type": "Должно быть строкой",
    "string_unicode": "Недопустимые символы",
    "string_too_short": "Обязательное поле",
    "string_too_long": "Не длиннее {max_length} символов",
    "string_pattern_mismatch": "Недопустимые символы",
    "int_type": "Должно быть целым числом",
    "int_from_float": "Должно быть целым числом",
    "int_parsing": "Должно быть целым числом",
    "int_parsing_size": "Слишком большое число",
    "bool_type": "Должно быть true или false",
    "bool_parsing": "Должно быть 1 или 0",
    "greater_than_equal": "Не меньше {ge}",
    "less_than_equal": "Не больше {le}",
    "enum": "Недопустимое значение. Возможны: {expected}",
    "literal_error": "Недопустимое значение. Возможны: {expected}",
    "model_type": "Должно быть объектом JSON",
    "list_type": "Должно быть списком",
    "dict_type": "Должно быть объектом JSON",
    "too_long": "Не больше {max_length} значений",
    "too_short": "Нужно хотя бы одно значение",
}


class StrictPydanticAdapter(PydanticAdapter):
    """APIFlask's adapter with strict checks: media type, duplicate keys, NaN, depth, repeated parameters."""

    def validate_input(self, request, location, **_kwargs):
        """Return an instance of the model. Raises BadRequest, UnsupportedMediaType, Invalid."""
        if location == "query":
            return self._query(request)
        try:
            return self.model_class.model_validate(read_json(request))
        except ValidationError as error:
            raise Invalid(messages(error)) from None

    def _query(self, request):
        repeatable = getattr(self.model_class, "repeatable", frozenset())
        values = {}
        for name, given in request.args.lists():
            if len(given) > 1 and name not in repeatable:
                raise BadRequest(f"Параметр «{_shown(name)}» указан дважды")
            values[name] = given if name in repeatable else given[0]
        try:
            return self.model_class.model_validate(values)
        except ValidationError as error:
            sentences = [f"{_shown(name)}: {text}" for name, text in messages(error).items()]
            raise BadRequest("Параметры запроса: " + "; ".join(sentences)) from None


registry.register("pydantic", StrictPydanticAdapter)


def read_json(request):
    """Return the JSON body as Python values. Raises BadRequest, UnsupportedMediaType."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType()
    try:
        text = request.get_data().decode("utf-8")
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadRequest("Тело запроса — не правильный JSON") from None
    if _depth(value) > MAX_DEPTH:
        raise BadRequest("Тело запроса вложено слишком глубоко")
    return value


IF_MATCH = {
    "name": "If-Match",
    "required": True,
    "description": "версия из ETag, которую видел пользователь",
    "schema": {"type": "string"},
}
IF_MATCH_WHERE_GIVEN = IF_MATCH | {
    "required": False,
    "description": "версия из ETag, которую видел пользователь; без заголовка изменяется любая",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "description": "повтор с тем же ключом и телом даёт тот же ответ и ничего не создаёт; живёт 24 часа",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def reads_header(parameter):
    """Document a header parameter in the OpenAPI operation of a route."""

    def documented(view):
        view._spec = getattr(view, "_spec", {}) | {"headers_read": [{"in": "header"} | parameter]}
        return view

    return documented


def if_match():
    """The versions in `If-Match`, or None without the header."""
    header = request.headers.get("If-Match")
    return None if header is None else IfMatch(header)


class IfMatch:
    """Value of an `If-Match` header: `*`, or entity tags; only strong ones match (RFC 9110, 13.1.1)."""

    def __init__(self, header):
        self.any = header.strip() == "*"
        self.versions = {int(number) for number, _ in _VERSION_TAG.findall(header) if number}

    def matches(self, version):
        return self.any or version in self.versions


def idempotency_key():
    """The `Idempotency-Key` header, or None. Raises BadRequest unless it has 1 to 255 visible ASCII characters."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise BadRequest("Idempotency-Key: от 1 до 255 видимых символов ASCII")
    return key


def _without_duplicates(pairs):
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("duplicate key")
    return names


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def _depth(value):
    level, depth = [value], 0
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
        if depth > MAX_DEPTH:
            break
    return depth


def _children(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def messages(error):
    """{field: message} of a pydantic error, without the client's values."""
    return {
        _field(problem["loc"]): _sentence(problem) for problem in error.errors(include_url=False, include_input=False)
    }


def _field(location):
    """Name of a field; nested ones have a dot: `organisation.phone`. A list is one field."""
    names = takewhile(lambda step: isinstance(step, str), location)
    return _shown(".".join(name for name in names if name != "[key]")) or "body"


def _sentence(problem):
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    return MESSAGES.get(problem["type"], "Недопустимое значение").format(**context)


def _shown(name):
    """Make a client's field name safe to include in an answer."""
    return name.encode("utf-8", "replace").decode()[:100]
