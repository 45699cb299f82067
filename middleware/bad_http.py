"""What gunicorn itself refuses, a text that is no HTTP request, in the one shape of all refusals."""

import json
import uuid

from middleware.security_headers import HEADERS, NOT_KEPT
from services.common.errors import BadRequest, Unavailable


def write_error(socket, status, _reason, _message):
    """Answer on the socket (the signature is that of gunicorn's `util.write_error`); the connection ends then.

    Its own answers are HTML, quote the caller, and may be a 501.
    """
    error = Unavailable() if status == 500 else BadRequest("Это не правильный запрос HTTP")
    body = json.dumps({"error": error.message, "code": error.code}, ensure_ascii=False).encode()
    headers = HEADERS | NOT_KEPT | error.headers
    headers |= {"X-Request-ID": uuid.uuid4().hex, "Content-Type": "application/json"}
    headers |= {"Content-Length": len(body), "Connection": "close"}
    lines = [f"HTTP/1.1 {error.status} Refused", *(f"{name}: {value}" for name, value in headers.items())]
    socket.settimeout(5)
    socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
