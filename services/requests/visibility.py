"""Visibility of requests: which ones a user sees, and which of their fields. All reads and changes use it.

Each rule exists twice, side by side: as SQL for queries, and in Python for rows that are already read.
"""

from functools import cache

from sqlalchemy import BigInteger, and_, bindparam, false, or_, select, true

from database import db
from models.enums import Role, Status
from models.request import RepairRequest
from services.common.current_user import CurrentUser
from services.common.errors import NotFound


class VisiblePart:
    """A part of a user's visible requests: its SQL condition, and whether the user may know the client."""

    def __init__(self, condition, client_is_known):
        self.condition = condition
        self.client_is_known = client_is_known


def visible_parts(user):
    """SQL: the visible requests in disjoint parts, each ordered by an index."""
    if user.is_office:
        return [VisiblePart(true(), True)]
    if user.is_master:
        return [VisiblePart(RepairRequest.masterid == user.user_id, True), VisiblePart(takeable(), False)]
    if user.is_client:
        return [VisiblePart(RepairRequest.clientid == user.user_id, True)]
    return [VisiblePart(false(), False)]


def sees(user, row):
    """Python: True if the user sees the request, given by its `clientid`, `masterid` and `requeststatus`."""
    if user.is_office:
        return True
    if user.is_master:
        return row.masterid == user.user_id or is_takeable(row)
    return user.is_client and row.clientid == user.user_id


def visible_to(user):
    """SQL: condition on `RepairRequest` for the visible requests."""
    return or_(*(part.condition for part in visible_parts(user)))


def takeable():
    """SQL: condition on `RepairRequest` for new requests that any master may take."""
    return and_(RepairRequest.masterid.is_(None), RepairRequest.requeststatus == Status.NEW)


def is_takeable(row):
    """Python: True if any master may take the request."""
    return row.masterid is None and row.requeststatus == Status.NEW


def hides_people(user, repair):
    """True if the client's name, phone and address are hidden from this user in a request they see."""
    return user.user_type == Role.MASTER and repair.masterid != user.user_id


def sees_internal(user):
    """True if the user reads internal comments and their events."""
    return not user.is_client


# Events: who sees the request now, and who saw it before the change


def audience(repair):
    """Columns of an event that record who saw the request before a change: `{former_masterid, was_takeable}`."""
    return {"former_masterid": repair.masterid, "was_takeable": is_takeable(repair)}


def saw_before(user, event):
    """True if the user saw the request before the change; only masters can lose sight of one."""
    return user.is_master and (event.was_takeable or event.former_masterid == user.user_id)


EVERY_MASTER = (Role.MASTER, None)
_OFFICE_GROUP = ("office", None)


def group_of(user):
    """Key of the users who see the same requests as this one."""
    return _OFFICE_GROUP if user.is_office else (user.user_type, user.user_id)


def groups_concerned(event):
    """Keys of all groups with somebody who sees the request or saw it before; EVERY_MASTER means all masters."""
    masters = {(Role.MASTER, event.masterid), (Role.MASTER, event.former_masterid)} - {EVERY_MASTER}
    for_all = event.was_takeable or is_takeable(event)
    return {_OFFICE_GROUP, (Role.CLIENT, event.clientid)} | ({EVERY_MASTER} if for_all else masters)


# Finding a request


@cache
def placeholder_user(role):
    """Placeholder user of a role for cached statements; `:me` is bound at execution."""
    return CurrentUser(user_id=bindparam("me", type_=BigInteger), fullname="", email="", user_type=role)


def find_visible(user, requestid, lock=False):
    """Return the request, with a row lock if asked. Raises NotFound if this user does not see it."""
    query = select(RepairRequest).where(RepairRequest.requestid == requestid, visible_to(user))
    return _found(db.session.scalar(_locking(query) if lock else query))


def find_to_accept(user, requestid):
    """Return the request, locked, also if another master has it: the user may have seen it until a moment ago.

    Raises NotFound if the user cannot have seen it.
    """
    repair = db.session.scalar(_locking(select(RepairRequest).where(RepairRequest.requestid == requestid)))
    was_seen = repair is not None and (repair.masterid is not None or sees(user, repair))
    return _found(repair if was_seen else None)


def _locking(query):
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def _found(repair):
    if repair is None:
        raise NotFound("Заявка не найдена")
    return repair
