"""Settings are read once, checked at the start, and rejected with an instruction."""

import re

import pytest

import config
from config import DEFAULTS, ConfigError, load_settings
from database import psycopg2_url

GOOD_KEY = "k" * 32


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    """Hide this machine's settings, and use a temporary project folder."""
    for name in DEFAULTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(config, "ROOT", tmp_path)
    monkeypatch.setattr(config, "INSTANCE_DIR", tmp_path / "instance")
    return tmp_path


@pytest.mark.parametrize("key", ["", "short", "k" * 31, "your-secret-key-here-change-in-production", "ключ-русский"])
def test_production_refuses_a_missing_short_or_example_key(key):
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load_settings({"FLASK_ENV": "production", "SECRET_KEY": key})


def test_production_refuses_to_debug():
    production = {"FLASK_ENV": "production", "SECRET_KEY": GOOD_KEY}
    with pytest.raises(ConfigError, match="DEBUG"):
        load_settings(production | {"DEBUG": "True"})
    assert load_settings(production | {"DEBUG": "False"})["DEBUG"] is False
    assert load_settings({"DEBUG": "True"})["DEBUG"] is True


def test_production_starts_with_a_long_key_of_its_own():
    assert load_settings({"FLASK_ENV": "production", "SECRET_KEY": GOOD_KEY})["SECRET_KEY"] == GOOD_KEY


def test_development_keeps_one_random_key_for_all_its_processes():
    first, second = load_settings()["SECRET_KEY"], load_settings()["SECRET_KEY"]
    assert first == second and len(first) >= 32


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(monkeypatch, bare_environment):
    (bare_environment / ".env").write_text("PORT=5001\nHOST=10.0.0.1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5002")
    settings = load_settings()
    assert (settings["PORT"], settings["HOST"], settings["DEBUG"]) == (5002, "10.0.0.1", False)
    assert load_settings({"PORT": 5003})["PORT"] == 5003


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("DEBUG", "maybe"),
        ("TIMEZONE", "Europe/Nowhere"),
        ("TIMEZONE", "../etc/passwd"),
        ("PASSWORD_MAX_AGE_DAYS", "-1"),
        ("PASSWORD_MAX_AGE_DAYS", "1.5"),
        ("TIMEZONE", "Europe"),
        ("TIMEZONE", ""),
        ("FLASK_ENV", "Production"),
        ("FLASK_ENV", "prod"),
        ("FLASK_ENV", ""),
        ("TRUSTED_PROXIES", "nginx"),
        ("FEEDBACK_FORM_URL", "javascript:alert(1)"),
        ("FEEDBACK_FORM_URL", "forms.example.org"),
        ("FEEDBACK_FORM_URL", "https://example.org/" + "x" * 2000),
    ],
)
def test_a_wrong_value_is_named_in_russian(name, value):
    with pytest.raises(ConfigError, match=name) as refusal:
        load_settings({name: value})
    assert re.search("[а-яё]", str(refusal.value))


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "mysql://u@h/d", "не адрес", "://", "postgresql://h:x/d", "postgresql://[::1/d"]
)
def test_only_postgresql_is_a_database(url):
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        psycopg2_url(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_means_psycopg2(scheme):
    assert psycopg2_url(f"{scheme}://u:p@h:5432/d").drivername == "postgresql+psycopg2"


def test_the_example_explains_every_setting():
    example = (config.Path(config.__file__).parent / ".env.example").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(example):
        if re.match("[A-Z_]+=", line):
            explanation = next(text for text in reversed(example[:number]) if not re.match("[A-Z_]+=", text))
            assert explanation.startswith("#") and re.search("[а-яё]", explanation), line
