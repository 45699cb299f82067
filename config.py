"""Settings of the program, read once from the environment and `.env`, checked at the start.

`.env.example` explains each key. `gunicorn.conf.py`, `launcher/` and `postgres/embedded_server.py` also read the
environment, for values that are not settings.
"""

import contextlib
import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

# libpq prefers PGTZ to our sessions' UTC.
os.environ.pop("PGTZ", None)

ROOT = Path(__file__).resolve().parent
INSTANCE_DIR = ROOT / "instance"
FRONTEND_DIR = ROOT / "frontend"
MIGRATIONS_DIR = ROOT / "migrations"
SCHEMA_FILE = ROOT / "technic_bd.sql"

EXAMPLE_SECRET_KEYS = {"your-secret-key-here-change-in-production", "change-me", "secret"}
MIN_SECRET_BYTES = 32
ENVIRONMENTS = ("production", "development")

DEFAULTS = {
    "FLASK_ENV": "development",
    "SECRET_KEY": "",
    "SECRET_KEY_PREVIOUS": "",
    "DATABASE_URL": "",
    "FEEDBACK_FORM_URL": "",
    "DEBUG": "False",
    "HOST": "127.0.0.1",
    "PORT": "5000",
    "TIMEZONE": "Europe/Moscow",
    "PASSWORD_MAX_AGE_DAYS": "90",
    "TRUSTED_PROXIES": "",
    "LOG_FILE": "logs/app.log",
}


class ConfigError(RuntimeError):
    """A setting is missing or wrong; the text is an instruction for the administrator (in Russian)."""


def load_settings(overrides=None):
    """Return the checked settings as a dict for `app.config`.

    `overrides` win over the environment, the environment over `.env`, and `.env` over the defaults.
    Raises ConfigError.
    """
    raw = DEFAULTS | _known(dotenv_values(ROOT / ".env")) | _known(os.environ) | dict(overrides or {})
    environment = _environment(raw["FLASK_ENV"])
    return raw | {
        "FLASK_ENV": environment,
        "SECRET_KEY": _secret_key(environment, raw["SECRET_KEY"]),
        "SECRET_KEY_PREVIOUS": _previous_key(environment, raw["SECRET_KEY_PREVIOUS"]),
        "FEEDBACK_FORM_URL": _web_address("FEEDBACK_FORM_URL", raw["FEEDBACK_FORM_URL"]),
        "DEBUG": _debug(environment, raw["DEBUG"]),
        "PORT": _integer("PORT", raw["PORT"], 1, 65535),
        "PASSWORD_MAX_AGE_DAYS": _integer("PASSWORD_MAX_AGE_DAYS", raw["PASSWORD_MAX_AGE_DAYS"], 0, 3650),
        "TIMEZONE": _timezone(raw["TIMEZONE"]),
        "TRUSTED_PROXIES": _networks("TRUSTED_PROXIES", raw["TRUSTED_PROXIES"]),
        "LOG_FILE": ROOT / raw["LOG_FILE"] if raw["LOG_FILE"] else None,
        "MAX_CONTENT_LENGTH": 1024 * 1024,  # Of a body; routes may set their own limit.
    }


def _known(values):
    return {key: value for key, value in values.items() if key in DEFAULTS and value is not None}


def _environment(name):
    """Reject unknown names, so a typo cannot skip the production checks."""
    if name.strip() not in ENVIRONMENTS:
        raise ConfigError(f"FLASK_ENV: ожидается {' или '.join(ENVIRONMENTS)}, получено «{name}»")
    return name.strip()


def _debug(environment, value):
    """Debug mode shows internals to anybody who can cause an error."""
    debug = _boolean("DEBUG", value)
    if debug and environment == "production":
        raise ConfigError(
            "DEBUG=True показывает посторонним устройство программы: при FLASK_ENV=production это запрещено"
        )
    return debug


def _secret_key(environment, key):
    if environment != "production":
        return key or _kept_development_key()
    if _is_weak(key):
        raise ConfigError(
            f"SECRET_KEY не задан, взят из примера или короче {MIN_SECRET_BYTES} байт. Создайте новый: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))" и впишите его в .env'
        )
    return key


def _previous_key(environment, key):
    """A weak previous key would allow forged tokens, like a weak current one."""
    if key and environment == "production" and _is_weak(key):
        raise ConfigError(
            f"SECRET_KEY_PREVIOUS взят из примера или короче {MIN_SECRET_BYTES} байт: уберите его из .env, "
            "прежние токены перестанут действовать, и все войдут заново"
        )
    return key


def _is_weak(key):
    return key in EXAMPLE_SECRET_KEYS or len(key.encode()) < MIN_SECRET_BYTES


def _kept_development_key():
    """Return a random key stored with the data, so that all workers of a development server share it."""
    file = INSTANCE_DIR / "development-secret-key"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)  # If workers race, the first key wins.
        draft.unlink()
    return file.read_text(encoding="utf-8")


def _boolean(name, value):
    text = str(value).strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("", "0", "false", "no", "off"):
        return False
    raise ConfigError(f"{name}: ожидается True или False, получено «{value}»")


def _integer(name, value, low, high):
    try:
        number = int(value)
    except ValueError:
        number = None
    if number is None or not low <= number <= high:
        raise ConfigError(f"{name}: ожидается целое число от {low} до {high}, получено «{value}»")
    return number


def _timezone(name):
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: «Europe» is a folder.
        raise ConfigError(f"TIMEZONE: неизвестный часовой пояс «{name}», пример: Europe/Moscow") from None


def _web_address(name, text):
    if text and not (text.startswith(("http://", "https://")) and text.isprintable() and len(text.encode()) <= 2000):
        raise ConfigError(f"{name}: ожидается адрес вида https://example.org/forma не длиннее 2000 байт")
    return text


def _networks(name, value):
    networks = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else list(value)
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ConfigError(f"{name}: ожидаются адреса или сети через запятую, получено «{network}»") from None
    return networks
