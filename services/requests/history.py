"""History of requests: writing and reading events."""

from sqlalchemy import or_, select

from database import db
from models.enums import EventKind, Role
from models.event import RequestEvent
from models.user import User
from services.common import paging
from services.requests.visibility import find_visible, hides_people, sees_internal

PRIVATE_FIELDS = frozenset({"phone", "address"})

SORTS = {"event_id": paging.Sort(RequestEvent.event_id, int)}


def record_event(repair, actor, kind, from_value=None, to_value=None, comment=None, **columns):
    """Add the event of a change within the caller's transaction.

    `actor` is a CurrentUser or User, or None for the program; `columns` are further columns of the event
    (`is_internal`, `at`, and the `audience` before a change that hides the request from somebody).
    """
    event = RequestEvent(
        requestid=repair.requestid,
        actor_id=actor.user_id if actor else None,
        kind=EventKind(kind),
        from_value=from_value,
        to_value=to_value,
        comment=comment,
        version=repair.version,
        **columns,
    )
    db.session.add(event)


def history(user, requestid, limit=100, cursor=None):
    """One page of a request's history, oldest first. Raises NotFound."""
    repair = find_visible(user, requestid)
    query = (
        select(RequestEvent.__table__, User.fullname, User.user_type)
        .outerjoin(User, User.user_id == RequestEvent.actor_id)
        .where(RequestEvent.requestid == requestid)
        .where(or_(RequestEvent.is_internal.is_(False), sees_internal(user)))
    )
    page = paging.page(query, paging.Order(SORTS, "event_id", RequestEvent.event_id, cursor), limit)
    hidden = hides_people(user, repair)
    return {"items": [_as_json(row, hidden) for row in page.rows], "next_cursor": page.next_cursor}


def _as_json(row, people_hidden):
    return {
        "event_id": row.event_id,
        "at": row.at,
        "actor": _actor(row, people_hidden),
        "kind": row.kind,
        "from": _without_private(row.from_value) if people_hidden else row.from_value,
        "to": _without_private(row.to_value) if people_hidden else row.to_value,
        "comment": row.comment,
    }


def _actor(row, people_hidden):
    if row.actor_id is None:
        return None
    hide_name = people_hidden and row.user_type == Role.CLIENT
    return {
        "user_id": row.actor_id,
        "fullname": None if hide_name else row.fullname,
        "user_type": row.user_type,
    }


def _without_private(value):
    if not isinstance(value, dict):
        return value
    return {name: text for name, text in value.items() if name not in PRIVATE_FIELDS}
