"""Reading requests: one request in the API's format, and counters; lists are in `lists.py`."""

from datetime import timedelta
from functools import cache

from sqlalchemy import DateTime, bindparam, func, select, union_all
from sqlalchemy.orm import aliased

from database import db
from models.counter import RequestCount, RequestCountDelta
from models.enums import OPEN_STATUSES, Status
from models.rating import Rating
from models.request import RepairRequest
from models.user import User
from postgres.prepared_statements import prepared
from services.common.clock import now
from services.common.errors import NotFound
from services.requests import rules
from services.requests.visibility import hides_people, placeholder_user, takeable, visible_to
from services.shop import settings as shop_settings

MOMENT = bindparam("moment", type_=DateTime(timezone=True))
"""Time of execution as a bind parameter of cached statements."""

_client, _master = aliased(User, name="client"), aliased(User, name="master")
SHOWN_COLUMNS = tuple(
    getattr(RepairRequest, column.key) for column in RepairRequest.__mapper__.column_attrs if not column.deferred
)
"""Columns that answers contain under their own names: all columns of the model that are not deferred."""

_NAMES = tuple(column.key for column in SHOWN_COLUMNS)
_COLUMNS = (
    *SHOWN_COLUMNS,
    _client.fullname.label("client_fullname"),
    _client.phone.label("client_phone"),
    _master.fullname.label("master_fullname"),
    Rating.score,
    Rating.comment.label("rating_comment"),
    Rating.rated_at,
    shop_settings.due_soon_hours().label("due_soon_hours"),
)
_FURTHER = slice(len(_NAMES), len(_COLUMNS))


def select_requests(*columns):
    """SELECT of requests with all columns for `as_json`, and further columns."""
    return (
        select(*_COLUMNS, *columns)
        .select_from(RepairRequest)
        .join(_client, _client.user_id == RepairRequest.clientid)
        .outerjoin(_master, _master.user_id == RepairRequest.masterid)
        .outerjoin(Rating, Rating.requestid == RepairRequest.requestid)
    )


def get(user, requestid):
    """Return one request in the API's format. Raises NotFound."""
    values = {"requestid": requestid, "me": user.user_id}
    row = db.session.connection().execute(_one(user.user_type), values).one_or_none()
    if row is None:
        raise NotFound("Заявка не найдена")
    return as_json(user, row, now())


@cache
def _one(role):
    query = select_requests().where(
        RepairRequest.requestid == bindparam("requestid"), visible_to(placeholder_user(role))
    )
    return query.execution_options(**prepared("requestid", "me"))


def summary(user):
    """Counts of the visible requests: `{by_status, overdue, due_soon, without_master, total}`.

    Reads counters and open requests, never the history.
    """
    counts = _count_client(user) if user.is_client else _counted(0 if user.is_office else user.user_id)
    work = _open_work(user)
    if user.is_master:
        counts[Status.NEW] = counts.get(Status.NEW, 0) + work.takeable
    return {
        "by_status": {status.value: counts.get(status, 0) for status in Status},
        "overdue": work.overdue,
        "due_soon": work.due_soon,
        "without_master": work.without_master,
        "total": sum(counts.values()),
    }


def _count_client(user):
    """{status: number} of a client's requests, which are few."""
    query = select(RepairRequest.requeststatus, func.count()).where(visible_to(user))
    return dict(db.session.execute(query.group_by(RepairRequest.requeststatus)).all())


def _counted(scope):
    """{status: number} of a scope: the counters and their pending deltas."""
    return {Status(status): int(n) for status, n in db.session.execute(_select_counts(), {"scope": scope})}


@cache
def _select_counts():
    scope = bindparam("scope")
    folded = select(RequestCount.requeststatus, RequestCount.n).where(RequestCount.scope == scope)
    since = select(RequestCountDelta.requeststatus, RequestCountDelta.delta).where(RequestCountDelta.scope == scope)
    both = union_all(folded, since).subquery()
    query = select(both.c.requeststatus, func.sum(both.c.n)).group_by(both.c.requeststatus)
    return query.execution_options(**prepared("scope"))


def _open_work(user):
    """Figures of the visible open requests; their number does not grow with the history."""
    return db.session.execute(_select_open_work(user.user_type), {"me": user.user_id, "moment": now()}).one()


@cache
def _select_open_work(role):
    query = select(
        func.count().filter(RepairRequest.duedate < MOMENT).label("overdue"),
        func.count().filter(due_soon()).label("due_soon"),
        func.count().filter(RepairRequest.masterid.is_(None)).label("without_master"),
        func.count().filter(takeable()).label("takeable"),
    )
    query = query.where(RepairRequest.requeststatus.in_(OPEN_STATUSES), visible_to(placeholder_user(role)))
    return query.execution_options(**prepared("me", "moment"))


def as_json(user, row, moment):
    """Convert a row of `_COLUMNS` to the API's format for this user; `allowed` holds the possible actions."""
    shown = dict(zip(_NAMES, row, strict=False))  # The row has further columns after these.
    # By position: access by attribute is ten times slower.
    client_name, client_phone, master_name, score, rating_comment, rated_at, due_soon_hours = row[_FURTHER]
    masterid = shown["masterid"]
    subject = rules.Subject(shown["requeststatus"], shown["clientid"], masterid, rated_at)
    hidden = hides_people(user, subject)
    if hidden:
        shown["phone"] = shown["address"] = client_name = client_phone = None
    shown["is_overdue"], shown["is_due_soon"] = _lateness(shown, due_soon_hours, moment)
    shown["client"] = {"user_id": shown["clientid"], "fullname": client_name, "phone": client_phone}
    shown["master"] = {"user_id": masterid, "fullname": master_name} if masterid else None
    shown["rating"] = score and {"score": score, "comment": rating_comment, "rated_at": rated_at}
    shown["allowed"] = rules.allowed(user, subject, moment)
    return shown


def _lateness(shown, due_soon_hours, moment):
    """(is_overdue, is_due_soon) of an open request; the same rule as `due_soon`, in Python."""
    duedate = shown["duedate"]
    if duedate is None or shown["requeststatus"] not in OPEN_STATUSES:
        return False, False
    is_overdue = duedate < moment
    return is_overdue, not is_overdue and duedate <= moment + timedelta(hours=due_soon_hours)


def due_soon():
    """Condition on an open `RepairRequest`: its deadline is within `due_soon_hours` and not yet past."""
    hours = func.make_interval(0, 0, 0, 0, shop_settings.due_soon_hours())
    return RepairRequest.duedate.between(MOMENT, MOMENT + hours)
