"""Errors of the API. Messages are Russian sentences for users.

Each class has an HTTP status and a stable code. `middleware/errors.py` writes the answers,
`routes/http/openapi.py` documents the classes.
"""


class AppError(Exception):
    """A refusal with a message for the user.

    `message` is the default message, and the description in the OpenAPI document.
    `codes` lists all codes of the class if there are more than `code`.
    """

    status = 400
    code = "bad_request"
    codes = ()
    message = "Запрос не разобран"

    def __init__(self, message=None, *, code=None, headers=None, **extra):
        super().__init__(message or self.message)
        self.message = message or self.message
        self.code = code or self.code
        self.headers = headers or {}
        self.extra = extra


class BadRequest(AppError):
    """Malformed JSON, or an unknown or malformed query parameter."""


class Unauthorized(AppError):
    status, code, message = 401, "token_invalid", "Войдите в систему"
    codes = ("token_missing", "token_invalid", "token_expired", "token_revoked", "wrong_credentials")

    def __init__(self, code, message):
        super().__init__(message, code=code, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    status, code, message = 403, "forbidden", "Недостаточно прав"
    codes = ("forbidden", "password_expired")


class NotFound(AppError):
    """The object does not exist, or this user must not know that it does."""

    status, code, message = 404, "not_found", "Не найдено"


class MethodNotAllowed(AppError):
    status, code, message = 405, "method_not_allowed", "Этот метод здесь не поддерживается"


class UnsupportedMediaType(AppError):
    status, code, message = (
        415,
        "unsupported_media_type",
        "Тело запроса должно быть в формате application/json",
    )


class TooLarge(AppError):
    status, code, message = 413, "too_large", "Слишком большой запрос"


class Conflict(AppError):
    """The current state does not allow it."""

    status, code, message = 409, "conflict", "Текущее состояние этого не допускает"
    codes = ("already_taken", "bad_transition", "email_taken", "last_admin", "conflict")

    def __init__(self, code, message):
        super().__init__(message, code=code)


class Stale(AppError):
    """`If-Match` has another version; `current` is the current object."""

    status, code, message = 412, "stale", "Версия устарела"

    def __init__(self, message, current):
        super().__init__(message, current=current)


class PreconditionRequired(AppError):
    status, code, message = 428, "precondition_required", "Укажите версию в заголовке If-Match"


class Invalid(AppError):
    """Invalid fields; `fields` maps each to its message."""

    status, code, message = 422, "invalid", "Проверьте заполнение полей"

    def __init__(self, fields, message=None):
        super().__init__(message, fields=fields)


class TooMany(AppError):
    status, code, message = 429, "too_many", "Слишком много попыток. Попробуйте позже"

    def __init__(self, seconds):
        super().__init__(headers={"Retry-After": str(max(1, int(seconds)))})


class Unavailable(AppError):
    status, code, message = 503, "unavailable", "База данных временно недоступна. Попробуйте ещё раз"

    def __init__(self):
        super().__init__(headers={"Retry-After": "2"})


KINDS = (
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Stale,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    PreconditionRequired,
    TooMany,
    Unavailable,
)
"""All error classes, by status."""
