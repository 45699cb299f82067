"""Request id for answers and log lines."""

import re
import uuid

_SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id_of(environ):
    """The caller's `X-Request-ID` if it is safe to log, otherwise a new one; stored for the whole request."""
    if "technic.request_id" not in environ:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        environ["technic.request_id"] = given if _SAFE.fullmatch(given) else uuid.uuid4().hex
    return environ["technic.request_id"]
