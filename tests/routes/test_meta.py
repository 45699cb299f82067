"""Public configuration, feedback QR code, health, the OpenAPI document and its page."""

import re
from xml.etree import ElementTree

import pytest

from config import ROOT
from models import Priority, Role, Setting, Status
from routes.http import openapi
from services.shop.settings import DEFAULTS


def test_configuration_names_all_that_a_page_needs_before_anyone_signs_in(client):
    body = client.get("/api/config").get_json()
    assert body["roles"] == [role.value for role in Role]
    assert body["statuses"] == [status.value for status in Status]
    assert body["priorities"] == [priority.value for priority in Priority]
    assert body["techtypes"] == DEFAULTS["techtypes"]
    assert body["comment_templates"] == DEFAULTS["comment_templates"]
    assert body["organisation"] == DEFAULTS["organisation"]
    assert body["feedback_url"] == "https://forms.example.org/otzyv"
    assert body["timezone"] == "Europe/Moscow"
    rules = body["password_rules"]
    assert (rules["min_length"], rules["max_length"], rules["max_age_days"]) == (8, 128, 90)
    assert all(rules[kind] for kind in ("upper", "lower", "digit", "special"))


def test_configuration_tells_no_secrets(client, settings):
    text = client.get("/api/config").get_data(as_text=True)
    assert settings["SECRET_KEY"] not in text
    assert "postgresql" not in text


def test_cyrillic_is_not_escaped(client):
    answer = client.get("/api/config")
    assert "Клиент".encode() in answer.get_data()
    assert answer.mimetype == "application/json"


def test_feedback_code_is_a_picture_that_needs_no_script(client):
    answer = client.get("/api/feedback/qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.get_data())
    assert root.tag.endswith("svg")
    assert "script" not in answer.get_data(as_text=True)


def test_feedback_code_changes_with_its_address(client, make):
    first = client.get("/api/feedback/qr.svg").get_data()
    make._saved(Setting(name="feedback_url", value="https://forms.example.org/drugaya"))
    assert client.get("/api/config").get_json()["feedback_url"] == "https://forms.example.org/drugaya"
    assert client.get("/api/feedback/qr.svg").get_data() != first


def test_shop_without_a_form_has_no_feedback_code(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "FEEDBACK_FORM_URL", "")
    assert client.get("/api/feedback/qr.svg").status_code == 404
    assert client.get("/api/config").get_json()["feedback_url"] is None


@pytest.mark.parametrize("path", ["/api/health", "/api/health/ready"])
def test_health_is_good(client, path):
    assert client.get(path).get_json() == {"status": "ok"}


def test_page_of_the_api_works_without_internet(client):
    page = client.get("/api/docs").get_data(as_text=True)
    assert "<script>" not in page and "style=" not in page
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert not address.startswith(("http:", "https:", "//")), address
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


def test_document_describes_this_api_in_openapi_3_1(client):
    document = client.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Техник"
    assert "/api/requests/{requestid}/accept" in document["paths"]


def test_document_names_the_release_of_the_changelog(client, tmp_path, monkeypatch):
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line.split()[1] for line in changelog.splitlines() if re.match(r"## \d", line))
    assert client.get("/api/openapi.json").get_json()["info"]["version"] == newest
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- A line.\n\n## 7.12 (2031-01-01)\n")
    monkeypatch.setattr(openapi, "ROOT", tmp_path)
    assert openapi.version() == "7.12"
