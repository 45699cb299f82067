"""Security headers for pages, files and API answers."""

from middleware.request_id import request_id_of

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


NO_STORE = {"Cache-Control": "no-store"}
ONLY_OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class SecurityHeaders:
    """WSGI layer that adds missing headers to every answer."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        wanted = HEADERS
        if environ.get("PATH_INFO", "").startswith("/api"):
            wanted = wanted | NO_STORE | {"X-Request-ID": request_id_of(environ)}
        if environ["wsgi.url_scheme"] == "https":
            wanted = wanted | ONLY_OVER_TLS

        def start(status, headers, exc_info=None):
            return start_response(status, headers + _missing(wanted, headers), exc_info)

        return self.application(environ, start)


def _missing(wanted, headers):
    given = {name.lower() for name, _ in headers}
    return [(name, value) for name, value in wanted.items() if name.lower() not in given]
