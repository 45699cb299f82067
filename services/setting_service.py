"""Settings of the organisation, with the defaults of a new shop."""

from flask import current_app
from sqlalchemy import Integer, cast, func, select, text

from database import db
from models.enums import Priority, Role, Status
from models.setting import Setting
from services import password_policy

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
}


def get_settings():
    """Every setting by name, the stored value or the default."""
    stored = dict(db.session.execute(select(Setting.name, Setting.value)).tuples().all())
    return DEFAULTS | stored


def get_setting(name):
    """One setting's value."""
    stored = db.session.get(Setting, name)
    return stored.value if stored else DEFAULTS[name]


def due_soon_hours():
    """The setting `due_soon_hours` as an SQL expression, for queries that would else need a second one."""
    stored = select(cast(Setting.value, Integer)).where(Setting.name == "due_soon_hours").scalar_subquery()
    return func.coalesce(stored, DEFAULTS["due_soon_hours"])


def public_config():
    """What every page may know before anyone signs in."""
    settings = get_settings()
    return {
        "organisation": settings["organisation"],
        "roles": list(Role),
        "statuses": list(Status),
        "priorities": list(Priority),
        "techtypes": settings["techtypes"],
        "password_rules": _password_rules(),
        "feedback_url": current_app.config["FEEDBACK_FORM_URL"] or None,
        "timezone": current_app.config["TIMEZONE"].key,
    }


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
