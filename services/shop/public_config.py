"""Public configuration, readable without a token."""

from models.enums import OPEN_STATUSES, Priority, Role, Status
from services.common import password_policy
from services.shop import settings as shop_settings


def public_config():
    shown = ("organisation", "techtypes", "comment_templates", "password_composition")
    settings = shop_settings.get_settings(*shown, *shop_settings.ENVIRONMENT_KEYS)
    return {
        "organisation": settings["organisation"],
        "roles": list(Role),
        "statuses": list(Status),
        "open_statuses": OPEN_STATUSES,
        "priorities": list(Priority),
        "techtypes": settings["techtypes"],
        "comment_templates": settings["comment_templates"],
        "password_rules": _password_rules(settings),
        "feedback_url": shop_settings.or_environment("feedback_url", settings) or None,
        "timezone": shop_settings.zone(settings["timezone"]).key,
    }


def _password_rules(settings):
    composition = settings["password_composition"]
    return {
        "min_length": password_policy.MIN_LENGTH,
        "max_length": password_policy.MAX_LENGTH,
        **dict.fromkeys(("upper", "lower", "digit", "special"), composition),
        "max_age_days": shop_settings.or_environment("password_max_age_days", settings),
        "text": password_policy.rules_text(composition),
    }
