"""Headers that keep browsers honest: on pages, files, answers and errors."""

import pytest

PATHS = [
    "/",
    "/dashboard.html",
    "/js/api.js",
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
    [("/", "text/html"), ("/js/api.js", "text/javascript"), ("/css/style.css", "text/css"),
     ("/favicon.svg", "image/svg+xml"), ("/api/docs", "text/html")],
)  # fmt: skip
def test_pages_and_files_have_their_media_type(client, path, media_type):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    answer.close()
