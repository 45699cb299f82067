"""Rules of requests: who may do what, and when. Answers list the allowed actions, commands enforce the same rules.

A predicate takes `(user, repair)` and returns None, or the refusal as an AppError. The user must see the request.
`repair` is a RepairRequest or a selected row; a predicate may read the fields of `Subject` only.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from models.enums import OFFICE, OPEN_STATUSES, STAFF, WORKING_STATUSES, Role, Status
from services.common.clock import FIRST_MOMENT, now
from services.common.current_user import CurrentUser
from services.common.errors import Conflict, Forbidden, Invalid
from services.requests.visibility import hides_people, sees_internal

RATING_MAY_CHANGE = timedelta(days=14)
OFFICE_FIELDS = ("clientid", "priority", "duedate")
"""Fields of a new or changed request that only the office may fill in; every other one is the client's, too."""


# Moves from one status to another


class Move(NamedTuple):
    """A move from one status to another.

    `master_required`: the move needs a master; a master who moves an unassigned request becomes its master.
    """

    source: Status
    target: Status
    roles: frozenset
    comment_required: bool = False
    master_required: bool = False


MOVES = {
    (known.source, known.target): known
    for known in (
        Move(Status.NEW, Status.IN_PROGRESS, STAFF, master_required=True),
        Move(Status.NEW, Status.CANCELLED, OFFICE | {Role.CLIENT}, comment_required=True),
        Move(Status.IN_PROGRESS, Status.WAITING_PARTS, STAFF),
        Move(Status.IN_PROGRESS, Status.DONE, STAFF),
        Move(Status.IN_PROGRESS, Status.CANCELLED, OFFICE, comment_required=True),
        Move(Status.WAITING_PARTS, Status.CANCELLED, OFFICE, comment_required=True),
        Move(Status.WAITING_PARTS, Status.IN_PROGRESS, STAFF),
        Move(Status.DONE, Status.IN_PROGRESS, OFFICE, comment_required=True),
    )
}
"""(from, to) → Move: the HTTP contract's table of statuses."""


def move(user, repair, target):
    """Refusal of a move to the status `target`."""
    known = MOVES.get((repair.requeststatus, target))
    if known is None:
        return Conflict("bad_transition", f"Нельзя перейти: «{repair.requeststatus.value}» → «{target.value}»")
    if user.user_type not in known.roles:
        return Forbidden(f"Переход в «{target.value}» вам недоступен. Обратитесь к менеджеру")
    if known.master_required and repair.masterid is None and user.user_type != Role.MASTER:
        return Conflict("conflict", "Сначала назначьте мастера")
    return None


def explained_move(user, repair, target, comment):
    """Refusal of a move with its comment: that of `move`, or Invalid if a required comment is missing."""
    refusal = move(user, repair, target)
    if refusal is None and comment is None and MOVES[repair.requeststatus, target].comment_required:
        return Invalid({"comment": "Объясните причину"})
    return refusal


def steps_to(status):
    """Shortest path of moves from a new request to a status, as the statuses on it: (`В работе`, `Завершена`)."""
    ways = {Status.NEW: ()}
    for _ in MOVES:
        ways = {target: (*ways[source], target) for source, target in MOVES if source in ways} | ways
    return ways[status]


def public_moves():
    """MOVES for `/api/config`: [{from, to, roles, comment_required, master_required}]."""
    return [
        {
            "from": known.source,
            "to": known.target,
            "roles": [role for role in Role if role in known.roles],
            "comment_required": known.comment_required,
            "master_required": known.master_required,
        }
        for known in MOVES.values()
    ]


# Actions


def edit(user, repair):
    """Refusal of a change of the request's fields; `office_fields` refuses single ones."""
    if user.is_office:
        return None
    if not user.is_client:
        return Forbidden()
    if repair.requeststatus != Status.NEW:
        return Conflict("conflict", "Заявка уже в работе: изменения внесёт менеджер")
    return None


def create(user, fields):
    """Refusal of a new request with these fields."""
    if user.is_master:
        return Forbidden()
    if user.is_office and fields.get("clientid") is None:
        return Invalid({"clientid": "Укажите клиента"})
    return office_fields(user, fields)


def office_fields(user, names):
    """Refusal of fields that only the office may set."""
    refused = {} if user.is_office else {name: "Это поле заполняет менеджер" for name in names if name in OFFICE_FIELDS}
    return Invalid(refused) if refused else None


def accept(user, repair):
    """Refusal to take a new request."""
    if not user.is_master:
        return Forbidden()
    if repair.masterid in (None, user.user_id) and repair.requeststatus == Status.NEW:
        return None
    is_own = repair.masterid == user.user_id
    return Conflict("already_taken", "Вы уже приняли эту заявку" if is_own else "Заявку уже принял другой мастер")


def assign(user, repair):
    """Refusal to assign a master."""
    if not user.is_office:
        return Forbidden()
    if repair.requeststatus not in OPEN_STATUSES:
        return Conflict("conflict", "Заявка закрыта: исполнителя уже не меняют")
    return None


def take_away(user, repair):
    """Refusal to remove the master."""
    if refusal := assign(user, repair):
        return refusal
    if repair.requeststatus in WORKING_STATUSES:
        return Conflict("conflict", "Работа уже идёт: назначьте другого мастера, а не снимайте этого")
    if repair.masterid is None:
        return Conflict("conflict", "Мастер ещё не назначен")
    return None


def deadline(user, repair):
    """Refusal to set, change or remove the deadline."""
    if not user.is_office:
        return Forbidden()
    if repair.requeststatus not in OPEN_STATUSES:
        return Conflict("conflict", "Заявка закрыта: срок уже не меняют")
    return None


def rate(user, repair):
    """Refusal to give or change the client's rating."""
    if repair.clientid != user.user_id or not user.is_client:
        return Forbidden()
    if repair.requeststatus != Status.DONE:
        return Conflict("conflict", "Оценить можно только завершённую работу")
    if _rating_is_final(repair, now()):
        return Conflict("conflict", "Оценку можно изменить только в течение 14 дней")
    return None


def comment(user, repair):
    """Refusal to write a comment."""
    if hides_people(user, repair):
        return Forbidden("Комментировать можно после того, как вы примете заявку")
    return None


def comment_internal(user, repair):
    """Refusal to write a comment that is hidden from the client."""
    if refusal := comment(user, repair):
        return refusal
    return None if sees_internal(user) else Invalid({"is_internal": "Внутренние комментарии пишут сотрудники"})


ACTIONS = {
    "edit": edit,
    "accept": accept,
    "assign": assign,
    "take_away": take_away,
    "deadline": deadline,
    "rate": rate,
    "comment": comment,
    "comment_internal": comment_internal,
}
"""Name in `allowed.actions` → predicate."""


# Evaluation


def enforce(refusal):
    """Raise the refusal, if any, that a predicate returned."""
    if refusal is not None:
        raise refusal


class Subject(NamedTuple):
    """The fields of a request that a predicate may read."""

    requeststatus: Status
    clientid: int
    masterid: int | None
    rated_at: datetime | None


def allowed(user, row, moment):
    """`{"actions": […], "requeststatus": […]}`: what this user may do to a visible request now.

    The result is cached and shared: do not modify it.
    """
    me, masterid = user.user_id, row.masterid
    whose = None if masterid is None else masterid == me
    return _allowed(user.user_type, row.requeststatus, whose, row.clientid == me, _rating_is_final(row, moment))


_ME, _ANOTHER = 1, 2


@cache
def _allowed(role, status, is_my_work, is_my_order, rating_is_final):
    """Evaluate all predicates on an artificial Subject: a rule cannot read more than the cache key holds."""
    user = CurrentUser(user_id=_ME, fullname="", email="", user_type=role)
    repair = Subject(
        requeststatus=status,
        clientid=_ME if is_my_order else _ANOTHER,
        masterid={None: None, True: _ME, False: _ANOTHER}[is_my_work],
        rated_at=FIRST_MOMENT if rating_is_final else None,
    )
    return {
        "actions": [name for name, refusal_of in ACTIONS.items() if refusal_of(user, repair) is None],
        "requeststatus": [
            target.value for source, target in MOVES if source == status and move(user, repair, target) is None
        ],
    }


def _rating_is_final(row, moment):
    rated_at = row.rated_at
    return rated_at is not None and moment - rated_at >= RATING_MAY_CHANGE
