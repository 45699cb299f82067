"""Who may see which request, and what of it. Every read and every change starts here."""

from functools import cache

from sqlalchemy import BigInteger, and_, bindparam, false, or_, select, true

from database import db
from models.enums import Role, Status
from models.request import RepairRequest
from services.common.current_user import CurrentUser
from services.common.errors import NotFound


def visible_to(user):
    """The condition on `RepairRequest` that selects the requests this user may see."""
    return or_(*(part.condition for part in visible_parts(user)))


class Part:
    """Some of a user's visible requests: their condition, and whether the client behind them may be known."""

    def __init__(self, condition, client_is_known):
        self.condition = condition
        self.client_is_known = client_is_known


def visible_parts(user):
    """The visible requests in disjoint parts, each of which an index gives in order."""
    if user.is_office:
        return [Part(true(), True)]
    if user.is_master:
        return [Part(RepairRequest.masterid == user.user_id, True), Part(takeable(), False)]
    if user.is_client:
        return [Part(RepairRequest.clientid == user.user_id, True)]
    return [Part(false(), False)]


@cache
def anyone(role):
    """Some user of a role, for statements that are built once: the value `me` says who it is when they run."""
    return CurrentUser(user_id=bindparam("me", type_=BigInteger), fullname="", email="", user_type=role)


def takeable():
    """The condition on `RepairRequest` of the new ones that any master may take."""
    return and_(RepairRequest.masterid.is_(None), RepairRequest.requeststatus == Status.NEW)


def hides_people(user, repair):
    """Whether this user must not learn the client's name, phone and address from a request they see."""
    return user.user_type == Role.MASTER and repair.masterid != user.user_id


def sees_internal(user):
    """Whether the user reads internal comments."""
    return not user.is_client


def find_visible(user, requestid, lock=False):
    """Return the request, locked for a change if asked. Raises NotFound where this user may not see it."""
    query = select(RepairRequest).where(RepairRequest.requestid == requestid, visible_to(user))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    repair = db.session.scalar(query)
    if repair is None:
        raise NotFound("Заявка не найдена")
    return repair
