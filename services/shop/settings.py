"""Settings of the organisation that the administrator changes at run time, with their defaults."""

import hashlib
import json
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Integer, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from database import db
from models.setting import Setting
from services.common import audit_log
from services.common.errors import Stale

DEFAULTS = {
    "organisation": {
        "name": "Техник",
        "phone": "+7 (999) 123-45-67",
        "email": "support@techservice.ru",
        "address": None,
        "hours": "Пн-Пт 9:00-18:00 (МСК)",
    },
    "techtypes": [
        "Стиральная машина",
        "Холодильник",
        "Посудомоечная машина",
        "Духовой шкаф",
        "Варочная панель",
        "Микроволновая печь",
        "Телевизор",
        "Пылесос",
        "Кофемашина",
        "Мультиварка",
        "Кондиционер",
        "Водонагреватель",
        "Утюг",
        "Фен",
        "Тостер",
    ],
    "due_soon_hours": 24,
    "deadline_hours": {},
    "default_deadline_hours": 40,
    "working_calendar": {"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": []},
    "timezone": None,
    "auto_assign": False,
    "comment_templates": [
        "Диагностика проведена:",
        "Заказана деталь:",
        "Не дозвонился до клиента, перезвоню",
        "Цена согласована с клиентом:",
        "Прибор готов и проверен, можно забирать.",
    ],
    "feedback_url": None,
    "password_max_age_days": None,
    "password_composition": True,
}

ENVIRONMENT_KEYS = {
    "timezone": "TIMEZONE",
    "feedback_url": "FEEDBACK_FORM_URL",
    "password_max_age_days": "PASSWORD_MAX_AGE_DAYS",
}
"""Settings that fall back to an environment variable while null."""

_CHANGES_LOCK = 7243003


def get_settings(*names):
    """Stored values or defaults of the named settings, or of all, by name. One query."""
    query = select(Setting.name, Setting.value)
    stored = db.session.execute(query.where(Setting.name.in_(names)) if names else query).all()
    return {name: DEFAULTS[name] for name in names or DEFAULTS} | dict(stored)


def get_setting(name):
    return get_settings(name)[name]


def version_of(settings):
    """Version number of these values of all settings; equal values have equal numbers."""
    written = json.dumps(settings, sort_keys=True, ensure_ascii=False).encode()
    return int(hashlib.sha256(written).hexdigest()[:14], 16)


def change(user, changes, if_match=None):
    """Store the named settings as complete values, and record who changed them; return all settings.

    The values must have the shapes of `routes/shapes/settings.py`. A lock serialises changes, so that the log has the
    true old values. `if_match` is the version that the user has seen, or None for any. Raises Stale.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(_CHANGES_LOCK)))
    before = get_settings()
    if if_match is not None and not if_match.matches(version_of(before)):
        raise Stale("Настройки уже изменил другой администратор. Посмотрите, что изменилось", before)
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if changed:
        _store(changed)
    for name, value in changed.items():
        audit_log.record(user, "setting_changed", name, before[name], value)
    db.session.commit()
    return before | changed


def due_soon_hours():
    """The setting `due_soon_hours` as an SQL expression, which saves a query."""
    return func.coalesce(_stored_number("due_soon_hours"), DEFAULTS["due_soon_hours"])


def stored_password_age():
    """The setting `password_max_age_days` as an SQL expression, for the session query of every request."""
    return _stored_number("password_max_age_days")


def defaults():
    """Defaults, and the environment values behind null settings."""
    environment = {name: _given(name) for name in ENVIRONMENT_KEYS}
    return {"settings": DEFAULTS, "environment": environment | {"timezone": environment["timezone"].key}}


def feedback_url():
    """URL of the feedback form: the setting, otherwise FEEDBACK_FORM_URL of the environment, otherwise None."""
    return or_environment("feedback_url") or None


def timezone():
    """The organisation's time zone, for statistics, working hours and exports."""
    return zone(get_setting("timezone"))


def password_max_age_days():
    """Days until a password must be changed, 0 for never."""
    return or_environment("password_max_age_days")


def or_environment(name, settings=None):
    """A setting's value, stored or from `settings`; while null, the value of the environment."""
    value = get_setting(name) if settings is None else settings[name]
    return _given(name) if value is None else value


def zone(name):
    """Time zone by name, None for the environment's."""
    return _given("timezone") if name is None else ZoneInfo(name)


def _store(values):
    rows = [{"name": name, "value": value} for name, value in values.items()]
    statement = insert(Setting).values(rows)
    replaced = {"value": statement.excluded.value}
    db.session.execute(statement.on_conflict_do_update(index_elements=[Setting.name], set_=replaced))


def _stored_number(name):
    """A stored integer as an SQL expression, NULL if not stored."""
    number = cast(Setting.value.op("#>>")(literal_column("'{}'")), Integer)
    return select(number).where(Setting.name == name).scalar_subquery()


def _given(name):
    return current_app.config[ENVIRONMENT_KEYS[name]]
