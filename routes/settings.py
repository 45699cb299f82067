"""Settings of the organisation."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_role
from models.enums import Role
from routes.answers import Settings, answers
from routes.schemas import SettingsChange
from services import setting_service

settings_bp = APIBlueprint("settings", __name__, url_prefix="/api/settings")


@settings_bp.get("/")
@require_role(Role.ADMIN)
@answers(Settings)
def get_settings(current_user):
    """Show every setting."""
    return setting_service.get_settings()


@settings_bp.patch("/")
@require_role(Role.ADMIN)
@settings_bp.input(SettingsChange, arg_name="body")
@answers(Settings)
def change_settings(current_user, body):
    """Change the named settings, each as a whole."""
    return setting_service.change(current_user, body.given())
