"""Figures of a period."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_role
from models.enums import Role
from routes.answers import Statistics, answers
from routes.schemas import StatisticsQuery
from services import statistics_service

statistics_bp = APIBlueprint("statistics", __name__, url_prefix="/api/statistics")


@statistics_bp.get("/")
@require_role(Role.MASTER, Role.MANAGER, Role.ADMIN)
@answers(Statistics)
@statistics_bp.input(StatisticsQuery, location="query", arg_name="query")
def statistics(current_user, query):
    """Figures of a period: totals, by status, type and master, times, ratings, days."""
    return statistics_service.statistics(current_user, query.first, query.last, query.techtype, query.masterid)
