"""Settings of the organisation: what the administrator can change while the program runs, and the defaults."""

from flask import current_app
from sqlalchemy import Integer, cast, func, select, text
from sqlalchemy.dialects.postgresql import insert

from database import db
from models.enums import Priority, Role, Status
from models.setting import Setting
from services import audit_service, password_policy

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
    "auto_assign": False,
    "feedback_url": None,
}

_CHANGES_LOCK = 7243003


def get_settings(*names):
    """Settings by name, the stored value or the default: the named ones, or all. One query."""
    query = select(Setting.name, Setting.value)
    stored = db.session.execute(query.where(Setting.name.in_(names)) if names else query).all()
    return {name: DEFAULTS[name] for name in names or DEFAULTS} | dict(stored)


def get_setting(name):
    """One setting's value."""
    return get_settings(name)[name]


def change(user, changes):
    """Store the named settings, each as a whole, and note who changed which; returns all settings.

    The values have the shapes that `routes/schemas.py` checks. Changes wait for each other, so that the log tells
    the true former value of each.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(_CHANGES_LOCK)))
    before = get_settings()
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if changed:
        _store(changed)
    for name, value in changed.items():
        audit_service.record(user, "setting_changed", name, before[name], value)
    db.session.commit()
    return before | changed


def due_soon_hours():
    """The setting `due_soon_hours` as an SQL expression, for queries that would else need a second one."""
    stored = select(cast(Setting.value, Integer)).where(Setting.name == "due_soon_hours").scalar_subquery()
    return func.coalesce(stored, DEFAULTS["due_soon_hours"])


def feedback_url():
    """Address of the feedback form: the setting, else FEEDBACK_FORM_URL of the environment, else None."""
    return _feedback_url(get_setting("feedback_url"))


def public_config():
    """What every page may know before anyone signs in."""
    settings = get_settings("organisation", "techtypes", "feedback_url")
    return {
        "organisation": settings["organisation"],
        "roles": list(Role),
        "statuses": list(Status),
        "priorities": list(Priority),
        "techtypes": settings["techtypes"],
        "password_rules": _password_rules(),
        "feedback_url": _feedback_url(settings["feedback_url"]),
        "timezone": current_app.config["TIMEZONE"].key,
    }


def _store(values):
    rows = [{"name": name, "value": value} for name, value in values.items()]
    statement = insert(Setting).values(rows)
    replaced = {"value": statement.excluded.value}
    db.session.execute(statement.on_conflict_do_update(index_elements=[Setting.name], set_=replaced))


def _feedback_url(setting):
    return setting or current_app.config["FEEDBACK_FORM_URL"] or None


def _password_rules():
    return {
        "min_length": password_policy.MIN_LENGTH,
        "max_length": password_policy.MAX_LENGTH,
        "upper": True,
        "lower": True,
        "digit": True,
        "special": True,
        "max_age_days": current_app.config["PASSWORD_MAX_AGE_DAYS"],
        "text": password_policy.RULES_TEXT,
    }


def ping():
    """Ask the database for a sign of life; its errors are the caller's answer."""
    db.session.execute(text("SELECT 1"))
