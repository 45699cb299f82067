"""Give gunicorn's own 400 answers our error format."""

import json
import uuid

from middleware.security_headers import HEADERS, NO_STORE
from services.common.errors import BadRequest, Unavailable


def write_error(socket, status, _reason, _message):
    """Send an error answer on the socket and close it (the signature of gunicorn's `util.write_error`).

    gunicorn 27's own answers are HTML, quote the request, and may have the status 501.
    """
    error = Unavailable() if status == 500 else BadRequest("Это не правильный запрос HTTP")
    body = json.dumps({"error": error.message, "code": error.code}, ensure_ascii=False).encode()
    headers = HEADERS | NO_STORE | error.headers
    headers |= {"X-Request-ID": uuid.uuid4().hex, "Content-Type": "application/json"}
    headers |= {"Content-Length": len(body), "Connection": "close"}
    lines = [f"HTTP/1.1 {error.status} Refused", *(f"{name}: {value}" for name, value in headers.items())]
    socket.settimeout(5)
    socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
