"""Repair requests: list, single requests and actions."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_auth, require_role
from models.enums import Role
from routes.http.answers import ETAG, FILE, LOCATION, answers
from routes.http.files import FILE_TYPES, download
from routes.http.inputs import IDEMPOTENCY_KEY, IF_MATCH, IF_MATCH_WHERE_GIVEN, idempotency_key, if_match, reads_header
from routes.shapes.base import Paging
from routes.shapes.requests import (
    Candidates,
    Deadline,
    DeviceQuery,
    DeviceRequests,
    HistoryPage,
    Load,
    MasterChoice,
    NewRating,
    NewRequest,
    Repair,
    RepairPage,
    RequestChange,
    RequestExport,
    RequestList,
    StatusChange,
    Suggestions,
    SuggestionsQuery,
    Summary,
)
from services.exporting import exports
from services.requests import commands, dispatch, lists, queries, same_device
from services.requests import history as request_history

requests_bp = APIBlueprint("requests", __name__, url_prefix="/api/requests")


def _tagged(repair):
    return repair, 200, {"ETag": f'"{repair["version"]}"'}


@requests_bp.get("/")
@require_auth
@answers(RepairPage)
@requests_bp.input(RequestList, location="query", arg_name="query")
def list_requests(current_user, query):
    """List the requests this user may see, with their allowed actions."""
    return lists.list_requests(
        current_user,
        query.filters(),
        sort=query.sort,
        limit=query.limit,
        cursor=query.cursor,
        count=query.count,
    )


@requests_bp.post("/")
@require_role(Role.CLIENT, Role.MANAGER, Role.ADMIN)
@answers(Repair, 201, headers=LOCATION | ETAG)
@reads_header(IDEMPOTENCY_KEY)
@requests_bp.input(NewRequest, arg_name="body")
def create_request(current_user, body):
    """Create a request."""
    repair = commands.create(current_user, body.given(), idempotency_key())
    headers = {"Location": f"/api/requests/{repair['requestid']}", "ETag": f'"{repair["version"]}"'}
    return repair, 201, headers


@requests_bp.get("/export")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(FILE, media_type=FILE_TYPES)
@requests_bp.input(RequestExport, location="query", arg_name="query")
def export_requests(current_user, query):
    """Download all requests that match the filters, as CSV or XLSX."""
    pieces, media_type = exports.export_requests(current_user, query.filters(), query.sort, query.format)
    return download(pieces, media_type, f"zayavki.{query.format}")


@requests_bp.get("/summary")
@require_auth
@answers(Summary)
def summary(current_user):
    """Count the visible requests by status."""
    return queries.summary(current_user)


@requests_bp.get("/device")
@require_auth
@answers(DeviceRequests)
@requests_bp.input(DeviceQuery, location="query", arg_name="query")
def device(current_user, query):
    """List the other visible requests of an appliance."""
    return same_device.same_device(current_user, **query.model_dump())


@requests_bp.get("/models")
@require_role(Role.CLIENT, Role.MANAGER, Role.ADMIN)
@answers(Suggestions)
@requests_bp.input(SuggestionsQuery, location="query", arg_name="query")
def models(current_user, query):
    """Suggest appliances for a new request: the client's own ones, and popular models of a type."""
    return same_device.suggestions(current_user, **query.model_dump())


@requests_bp.get("/load")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(Load)
def load(current_user):
    """List the workload of all masters, the busiest first."""
    return dispatch.load()


@requests_bp.get("/<int:requestid>")
@require_auth
@answers(Repair, headers=ETAG)
def get_request(current_user, requestid):
    """Return one request with its allowed actions."""
    return _tagged(queries.get(current_user, requestid))


@requests_bp.patch("/<int:requestid>")
@require_role(Role.CLIENT, Role.MANAGER, Role.ADMIN)
@answers(Repair, headers=ETAG)
@reads_header(IF_MATCH)
@requests_bp.input(RequestChange, arg_name="body")
def edit_request(current_user, requestid, body):
    """Change fields of the version given by `If-Match`."""
    return _tagged(commands.edit(current_user, requestid, body.given(), if_match()))


@requests_bp.post("/<int:requestid>/accept")
@require_role(Role.MASTER)
@answers(Repair, headers=ETAG)
def accept_request(current_user, requestid):
    """Take a new request."""
    return _tagged(commands.accept(current_user, requestid))


@requests_bp.get("/<int:requestid>/candidates")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(Candidates)
def candidates(current_user, requestid):
    """List the active masters in recommended order, with reasons."""
    return dispatch.candidates(current_user, requestid)


@requests_bp.put("/<int:requestid>/master")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(Repair, headers=ETAG)
@reads_header(IF_MATCH_WHERE_GIVEN)
@requests_bp.input(MasterChoice, arg_name="body")
def put_master(current_user, requestid, body):
    """Assign, change or remove the master."""
    return _tagged(commands.assign(current_user, requestid, body.masterid, if_match()))


@requests_bp.put("/<int:requestid>/status")
@require_auth
@answers(Repair, headers=ETAG)
@requests_bp.input(StatusChange, arg_name="body")
def put_status(current_user, requestid, body):
    """Move a request to another status."""
    return _tagged(commands.change_status(current_user, requestid, body.requeststatus, body.comment))


@requests_bp.put("/<int:requestid>/deadline")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(Repair, headers=ETAG)
@reads_header(IF_MATCH_WHERE_GIVEN)
@requests_bp.input(Deadline, arg_name="body")
def put_deadline(current_user, requestid, body):
    """Set, change or remove the deadline."""
    wanted = body.duedate, body.reason
    return _tagged(commands.set_deadline(current_user, requestid, *wanted, if_match()))


@requests_bp.put("/<int:requestid>/rating")
@require_role(Role.CLIENT)
@answers(Repair, headers=ETAG)
@requests_bp.input(NewRating, arg_name="body")
def put_rating(current_user, requestid, body):
    """Rate a completed request."""
    return _tagged(commands.rate(current_user, requestid, body.score, body.comment))


@requests_bp.get("/<int:requestid>/history")
@require_auth
@answers(HistoryPage)
@requests_bp.input(Paging, location="query", arg_name="query")
def history(current_user, requestid, query):
    """List the events of a request, oldest first."""
    return request_history.history(current_user, requestid, query.limit, query.cursor)
