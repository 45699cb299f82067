"""Reading requests: lists, one request with what may be done to it, counters."""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import aliased

from database import db
from models.enums import OPEN_STATUSES, WORKING_STATUSES, Status
from models.rating import Rating
from models.request import (
    COMPLETED_OR_FIRST_DAY,
    DUE_OR_LAST_DAY,
    PRIORITY_RANK,
    TRANSITIONS,
    RepairRequest,
)
from models.user import User
from services import paging, search, setting_service
from services.clock import now
from services.errors import NotFound
from services.visibility import hides_people, sees_client_of, visible_to

RATING_MAY_CHANGE = timedelta(days=14)

SORTS = {
    "startdate": paging.Sort(RepairRequest.startdate, datetime),
    "completiondate": paging.Sort(COMPLETED_OR_FIRST_DAY, datetime),
    "duedate": paging.Sort(DUE_OR_LAST_DAY, datetime),
    "priority": paging.Sort(PRIORITY_RANK, int),
    "requestid": paging.Sort(RepairRequest.requestid, int),
}
DEFAULT_SORT = "-startdate"

_client, _master = aliased(User, name="client"), aliased(User, name="master")
_COLUMNS = (
    RepairRequest.requestid,
    RepairRequest.clientid,
    RepairRequest.masterid,
    RepairRequest.project,
    RepairRequest.techtype,
    RepairRequest.techmodel,
    RepairRequest.serialnumber,
    RepairRequest.problemdescription,
    RepairRequest.phone,
    RepairRequest.address,
    RepairRequest.priority,
    RepairRequest.requeststatus,
    RepairRequest.startdate,
    RepairRequest.duedate,
    RepairRequest.completiondate,
    RepairRequest.version,
    _client.fullname.label("client_fullname"),
    _client.phone.label("client_phone"),
    _master.fullname.label("master_fullname"),
    Rating.score,
    Rating.comment.label("rating_comment"),
    Rating.rated_at,
)


def list_requests(user, filters, *, sort=DEFAULT_SORT, limit=20, cursor=None, count=False):
    """One page of the requests this user may see: `{items, next_cursor, total?}`.

    `filters` is a dict of the contract's query parameters; see `filtered`.
    """
    query = _with_people(filtered(user, filters))
    page = paging.page(query, SORTS, sort, RepairRequest.requestid, limit, cursor)
    moment = now()
    answer = {"items": [as_json(user, row, moment) for row in page.rows], "next_cursor": page.next_cursor}
    return answer | (paging.total(filtered(user, filters)) if count else {})


def filtered(user, filters):
    """Select the visible requests that pass the filters (names and values of the contract; None is no filter)."""
    conditions = [condition for name, value in filters.items() if value is not None
                  for condition in _FILTERS[name](user, value)]  # fmt: skip
    return select(*_COLUMNS[:16]).where(visible_to(user), *conditions)


def get(user, requestid):
    """One request, with `allowed`: what this user may do to it now. Raises NotFound."""
    query = _with_people(select(*_COLUMNS[:16]).where(RepairRequest.requestid == requestid, visible_to(user)))
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("Заявка не найдена")
    moment = now()
    return as_json(user, row, moment) | {"allowed": allowed(user, row, moment)}


def summary(user):
    """How many of the visible requests stand where: `{by_status, overdue, due_soon, without_master, total}`."""
    soon = timedelta(hours=setting_service.get_setting("due_soon_hours"))
    is_open, moment = RepairRequest.requeststatus.in_(OPEN_STATUSES), now()
    query = select(
        RepairRequest.requeststatus,
        func.count().label("n"),
        func.count().filter(is_open, RepairRequest.duedate < moment).label("overdue"),
        func.count().filter(is_open, RepairRequest.duedate.between(moment, moment + soon)).label("due_soon"),
        func.count().filter(is_open, RepairRequest.masterid.is_(None)).label("without_master"),
    ).where(visible_to(user))
    rows = db.session.execute(query.group_by(RepairRequest.requeststatus)).all()
    counts = {row.requeststatus: row.n for row in rows}
    return {
        "by_status": {status.value: counts.get(status, 0) for status in Status},
        "overdue": sum(row.overdue for row in rows),
        "due_soon": sum(row.due_soon for row in rows),
        "without_master": sum(row.without_master for row in rows),
        "total": sum(counts.values()),
    }


def as_json(user, row, moment):
    """A row of `_COLUMNS` as the contract shows it to this user."""
    hidden = hides_people(user, row)
    return {
        "requestid": row.requestid,
        "clientid": row.clientid,
        "masterid": row.masterid,
        "project": row.project,
        "techtype": row.techtype,
        "techmodel": row.techmodel,
        "serialnumber": row.serialnumber,
        "problemdescription": row.problemdescription,
        "phone": None if hidden else row.phone,
        "address": None if hidden else row.address,
        "priority": row.priority,
        "requeststatus": row.requeststatus,
        "startdate": row.startdate,
        "duedate": row.duedate,
        "completiondate": row.completiondate,
        "version": row.version,
        "is_overdue": is_overdue(row, moment),
        "client": {
            "user_id": row.clientid,
            "fullname": None if hidden else row.client_fullname,
            "phone": None if hidden else row.client_phone,
        },
        "master": {"user_id": row.masterid, "fullname": row.master_fullname} if row.masterid else None,
        "rating": _rating(row),
    }


def is_overdue(row, moment):
    return row.duedate is not None and row.duedate < moment and row.requeststatus in OPEN_STATUSES


def allowed(user, row, moment):
    """`{"actions": […], "requeststatus": […]}`: what this user may do to this request now."""
    return {
        "actions": [name for name, may in _actions(user, row, moment).items() if may],
        "requeststatus": [
            target.value
            for (source, target), roles in TRANSITIONS.items()
            if source == row.requeststatus and user.user_type in roles and _has_hands(user, row, target)
        ],
    }


def _actions(user, row, moment):
    own_client = user.is_client and row.clientid == user.user_id
    own_master = user.is_master and row.masterid == user.user_id
    is_new, is_open = row.requeststatus == Status.NEW, row.requeststatus in OPEN_STATUSES
    return {
        "edit": user.is_office or (own_client and is_new),
        "accept": user.is_master and is_new,
        "assign": user.is_office and is_open,
        "deadline": user.is_office and is_open,
        "rate": own_client and may_rate(row, moment),
        "comment": user.is_office or own_client or own_master,
        "comment_internal": user.is_office or own_master,
    }


def may_rate(row, moment):
    """Whether the work is finished and its rating is new enough to be given or changed."""
    if row.requeststatus != Status.DONE:
        return False
    return row.rated_at is None or moment - row.rated_at < RATING_MAY_CHANGE


def _has_hands(user, row, target):
    """Work needs a master: the office can start it only where one is named, a master only takes their own."""
    if target not in WORKING_STATUSES:
        return True
    return row.masterid is not None or user.is_master


def _with_people(query):
    return (
        query.add_columns(*_COLUMNS[16:])
        .join(_client, _client.user_id == RepairRequest.clientid)
        .outerjoin(_master, _master.user_id == RepairRequest.masterid)
        .outerjoin(Rating, Rating.requestid == RepairRequest.requestid)
    )


def _rating(row):
    if row.score is None:
        return None
    return {"score": row.score, "comment": row.rating_comment, "rated_at": row.rated_at}


def _overdue(_user, value):
    late = and_(RepairRequest.duedate < now(), RepairRequest.requeststatus.in_(OPEN_STATUSES))
    return [late if value else case((late, literal(1))).is_(None)]


def _by_master(_user, value):
    return [RepairRequest.masterid.is_(None) if value == "none" else RepairRequest.masterid == value]


_FILTERS = {
    "requeststatus": lambda user, value: [RepairRequest.requeststatus.in_(value)],
    "masterid": _by_master,
    "clientid": lambda user, value: [RepairRequest.clientid == value],
    "techtype": lambda user, value: [RepairRequest.techtype == value],
    "priority": lambda user, value: [RepairRequest.priority == value],
    "overdue": _overdue,
    "created_from": lambda user, value: [RepairRequest.startdate >= value],
    "created_to": lambda user, value: [RepairRequest.startdate < value],
    "completed_from": lambda user, value: [RepairRequest.completiondate >= value],
    "completed_to": lambda user, value: [RepairRequest.completiondate < value],
    "q": lambda user, value: search.request_matches(value, sees_client_of(user)),
}
