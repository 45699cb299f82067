"""Security headers of pages, files, API answers and errors."""

import re

import pytest

from app import create_app

PATHS = [
    "/",
    "/dashboard.html",
    "/js/core/api.js",
    "/css/style.css",
    "/nope",
    "/api/health",
    "/api/requests/",
    "/api/nope",
    "/api/config",
    "/api/docs",
    "/api/docs/assets/swagger-ui-bundle.js",
    "/api/openapi.json",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(client, path):
    answer = client.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    answer.close()


@pytest.mark.parametrize("path", ["/api/requests/", "/api/auth/me", "/api/config", "/api/nope"])
def test_answers_of_the_api_are_kept_by_nobody(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/api")])
def test_answers_below_api_have_an_id(client, path):
    for answer in (client.get(path), client.head(path)):
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
        not_modified = client.get(path, headers={"If-None-Match": answer.headers.get("ETag", '"none"')})
        assert re.fullmatch("[0-9a-f]{32}", not_modified.headers["X-Request-ID"])
        answer.close()
        not_modified.close()


def test_https_is_remembered_where_it_is_used(client):
    assert "Strict-Transport-Security" in client.get("/api/health", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/api/health").headers


@pytest.mark.parametrize("path", PATHS)
def test_answers_name_no_software_of_the_server(client, path):
    answer = client.get(path)
    assert "X-Powered-By" not in answer.headers
    assert "Python" not in answer.headers.get("Server", "") and "Werkzeug" not in answer.headers.get("Server", "")
    answer.close()


def test_answers_are_not_for_other_origins(client):
    answer = client.get("/api/config", headers={"Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    preflight = client.options("/api/requests/", headers={"Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in preflight.headers


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/", "text/html"), ("/js/core/api.js", "text/javascript"), ("/css/style.css", "text/css"),
     ("/favicon.svg", "image/svg+xml"), ("/api/docs", "text/html")],
)  # fmt: skip
def test_pages_and_files_have_their_media_type(client, path, media_type):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    answer.close()


@pytest.mark.parametrize("path", PATHS)
def test_everything_is_for_its_own_origin_and_remembered_as_https(client, path):
    answer = client.get(path, base_url="https://localhost")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    names = [name for name, _ in answer.headers if name != "Vary"]
    assert len(names) == len(set(names)), "each header once"
    answer.close()


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/js/core/api.js", "/api/config", "/api/docs/assets/swagger-ui.css"])
def test_refused_methods_have_them_too(client, path, method):
    answer = client.open(path, method=method)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_proxy_that_is_trusted_says_whether_it_is_https(app, settings):
    client = create_app(settings | {"TRUSTED_PROXIES": "127.0.0.1"}).test_client()
    told = {"headers": {"X-Forwarded-Proto": "https"}}
    for path in ("/", "/js/core/api.js", "/api/config"):
        assert "Strict-Transport-Security" in client.get(path, **told).headers
        assert "Strict-Transport-Security" not in client.get(path).headers
        assert "Strict-Transport-Security" not in app.test_client().get(path, **told).headers


@pytest.mark.parametrize("path", PATHS)
def test_no_cookie_is_ever_set(client, path):
    assert "Set-Cookie" not in client.get(path).headers
