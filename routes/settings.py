"""Settings of the organisation."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_role
from models.enums import Role
from routes.http.answers import ETAG, answers
from routes.http.inputs import IF_MATCH_WHERE_GIVEN, if_match, reads_header
from routes.shapes.settings import DeadlineTrial, DefaultSettings, Settings, SettingsChange, TriedDeadlines
from services.shop import deadlines
from services.shop import settings as shop_settings

settings_bp = APIBlueprint("settings", __name__, url_prefix="/api/settings")


def _tagged(settings):
    return settings, 200, {"ETag": f'"{shop_settings.version_of(settings)}"'}


@settings_bp.get("/")
@require_role(Role.ADMIN)
@answers(Settings, headers=ETAG)
def get_settings(current_user):
    """Return all settings."""
    return _tagged(shop_settings.get_settings())


@settings_bp.patch("/")
@require_role(Role.ADMIN)
@answers(Settings, headers=ETAG)
@reads_header(IF_MATCH_WHERE_GIVEN)
@settings_bp.input(SettingsChange, arg_name="body")
def change_settings(current_user, body):
    """Change the given settings, each as a complete value."""
    return _tagged(shop_settings.change(current_user, body.given(), if_match()))


@settings_bp.get("/defaults")
@require_role(Role.ADMIN)
@answers(DefaultSettings)
def default_settings(current_user):
    """Return the default of each setting."""
    return shop_settings.defaults()


@settings_bp.get("/deadlines")
@require_role(Role.ADMIN)
@answers(TriedDeadlines)
@settings_bp.input(DeadlineTrial, location="query", arg_name="query")
def try_deadlines(current_user, query):
    """Preview the deadlines of requests created now, by a calendar that need not be stored."""
    return deadlines.deadlines_now(query.hours, query.calendar(), query.timezone)
