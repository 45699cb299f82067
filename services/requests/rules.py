"""What may be done to a request, by whom and when: the actions to offer, and the checks of a change."""

from datetime import timedelta

from models.enums import OPEN_STATUSES, WORKING_STATUSES, Status
from models.request import TRANSITIONS
from services.common.errors import Conflict, Forbidden, Invalid

RATING_MAY_CHANGE = timedelta(days=14)
OFFICE_FIELDS = ("clientid", "priority", "duedate")
CLIENT_FIELDS = ("techtype", "techmodel", "problemdescription", "project", "serialnumber", "phone", "address")


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


def may_rate(row, moment):
    """Whether the work is finished and its rating is new enough to be given or changed."""
    if row.requeststatus != Status.DONE:
        return False
    return row.rated_at is None or moment - row.rated_at < RATING_MAY_CHANGE


def check_may_edit(user, repair, changes):
    """Raise where this user may not make these changes: Forbidden, Conflict, Invalid."""
    if user.is_master:
        raise Forbidden()
    if user.is_office:
        return
    if repair.requeststatus != Status.NEW:
        raise Conflict("conflict", "Заявка уже в работе: изменения внесёт менеджер")
    refused = {name: "Это поле заполняет менеджер" for name in changes if name not in CLIENT_FIELDS}
    if refused:
        raise Invalid(refused)


def check_has_master(repair, status):
    """Raise Conflict where the status is one of work and nobody does it."""
    if status in WORKING_STATUSES and repair.masterid is None:
        raise Conflict("conflict", "Сначала назначьте мастера")


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


def _has_hands(user, row, target):
    """Work needs a master: the office can start it only where one is named, a master only takes their own."""
    if target not in WORKING_STATUSES:
        return True
    return row.masterid is not None or user.is_master
