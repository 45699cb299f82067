"""Audit log of settings and accounts."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_role
from models.enums import Role
from routes.http.answers import answers
from routes.shapes.audit import AuditList, AuditPage
from services.shop import audit_list

audit_bp = APIBlueprint("audit", __name__, url_prefix="/api/audit")


@audit_bp.get("/")
@require_role(Role.ADMIN)
@answers(AuditPage)
@audit_bp.input(AuditList, location="query", arg_name="query")
def list_audit(current_user, query):
    """List the changes of settings and accounts, the newest first."""
    return audit_list.list_audit(**dict(query))
