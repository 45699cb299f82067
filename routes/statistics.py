"""Statistics of a period."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_role
from models.enums import Role
from routes.http.answers import FILE, answers
from routes.http.files import FILE_TYPES, download
from routes.shapes.statistics import Statistics, StatisticsExport, StatisticsQuery
from services import statistics_service
from services.exporting import exports

statistics_bp = APIBlueprint("statistics", __name__, url_prefix="/api/statistics")


@statistics_bp.get("/")
@require_role(Role.MASTER, Role.MANAGER, Role.ADMIN)
@answers(Statistics)
@statistics_bp.input(StatisticsQuery, location="query", arg_name="query")
def statistics(current_user, query):
    """Return the figures of a period: totals, by status, type and master, times, ratings, days."""
    return statistics_service.statistics(current_user, query.first, query.last, query.techtype, query.masterid)


@statistics_bp.get("/export")
@require_role(Role.MASTER, Role.MANAGER, Role.ADMIN)
@answers(FILE, media_type=FILE_TYPES)
@statistics_bp.input(StatisticsExport, location="query", arg_name="query")
def export_statistics(current_user, query):
    """Download the same figures as a workbook or as CSV."""
    period = query.first, query.last, query.techtype, query.masterid
    pieces, media_type = exports.export_statistics(current_user, period, query.format)
    return download(pieces, media_type, f"statistika.{query.format}")
