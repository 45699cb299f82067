"""Changes of requests: one function per use case, with one commit; each change writes its event."""

from sqlalchemy import select

from database import db
from models.enums import Priority, Role, Status
from models.rating import Rating
from models.request import RepairRequest
from models.user import User
from services.common import idempotency
from services.common.clock import now, rfc3339
from services.common.errors import Forbidden, Invalid, PreconditionRequired, Stale
from services.requests import dispatch, queries, rules
from services.requests.history import record_event
from services.requests.visibility import audience, find_to_accept, find_visible
from services.shop import deadlines
from services.shop import settings as shop_settings

SETTINGS_OF_NEW = (*deadlines.SETTINGS_OF_DEADLINES, "auto_assign")


def create(user, fields, idempotency_key=None):
    """Create a request: a Клиент for themselves, the office for a `clientid`. Returns the new request.

    Raises Forbidden, Invalid.
    """
    body = _canonical_body(fields)
    return idempotency.run_once(user, "create_request", idempotency_key, body, lambda: _create(user, fields))


def edit(user, requestid, changes, if_match):
    """Change the text fields (and, for the office, the priority) of the version that the user has seen.

    `if_match` has `matches(version)`, or is None if the caller gave no version.
    Raises PreconditionRequired, NotFound, Forbidden, Conflict, Invalid, Stale.
    """
    if if_match is None:
        raise PreconditionRequired("Укажите в заголовке If-Match версию заявки, которую вы меняете")
    repair = find_visible(user, requestid, lock=True)
    rules.enforce(rules.edit(user, repair) or rules.office_fields(user, changes))
    _check_version(user, repair, if_match)
    before = {name: getattr(repair, name) for name in changes if getattr(repair, name) != changes[name]}
    if before:
        for name in before:
            setattr(repair, name, changes[name])
        _changed(repair, user, "edited", before, {name: changes[name] for name in before})
    return _commit(user, repair)


def accept(user, requestid):
    """Take a new request; of several masters in parallel exactly one gets it. Raises NotFound, Conflict."""
    repair = find_to_accept(user, requestid)
    rules.enforce(rules.accept(user, repair))
    _start_work(user, repair, Status.IN_PROGRESS)
    return _commit(user, repair)


def assign(user, requestid, masterid, if_match=None):
    """Give the request to a master, or remove the master (None) before the work has begun.

    `if_match` is the version that the user has seen, or None for any. If the master is already the given one, the call
    succeeds whatever the version, so that it can be repeated. Raises NotFound, Stale, Conflict, Invalid.
    """
    repair = find_visible(user, requestid, lock=True)
    if repair.masterid == masterid:
        return _commit(user, repair)
    _check_version(user, repair, if_match)
    rules.enforce(rules.take_away(user, repair) if masterid is None else rules.assign(user, repair))
    before, after, former = _person(repair.masterid), _active_master(masterid), audience(repair)
    repair.masterid = masterid
    _changed(repair, user, "assigned", before, after, **former)
    return _commit(user, repair)


def change_status(user, requestid, status, comment=None):
    """Move a request to another status. Raises NotFound, Conflict, Forbidden, Invalid."""
    repair = find_visible(user, requestid, lock=True)
    rules.enforce(rules.explained_move(user, repair, status, comment))
    if user.is_master and repair.requeststatus == Status.NEW:
        _start_work(user, repair, status, comment)
    else:
        _move(repair, user, status, comment)
    return _commit(user, repair)


def set_deadline(user, requestid, duedate, reason=None, if_match=None):
    """Set, change or remove the deadline; it may lie in the past. `if_match` as for `assign`.

    Raises NotFound, Stale, Conflict.
    """
    repair = find_visible(user, requestid, lock=True)
    if repair.duedate == duedate:
        return _commit(user, repair)
    _check_version(user, repair, if_match)
    rules.enforce(rules.deadline(user, repair))
    before, repair.duedate = _time(repair.duedate), duedate
    _changed(repair, user, "deadline", before, _time(duedate), reason)
    return _commit(user, repair)


def rate(user, requestid, score, comment=None):
    """Give or, for 14 days, change the client's rating. Raises NotFound, Forbidden, Conflict."""
    repair = find_visible(user, requestid, lock=True)
    rules.enforce(rules.rate(user, repair))
    before = repair.rating and repair.rating.score
    repair.rating = repair.rating or Rating(rated_at=now())
    repair.rating.score, repair.rating.comment = score, comment
    _changed(repair, user, "rating", before, score, comment)
    return _commit(user, repair)


def _canonical_body(fields):
    """Canonical body for the idempotency digest: nulls dropped, but `duedate: null` means no deadline."""
    given = {name: value for name, value in fields.items() if value is not None or name == "duedate"}
    return {"priority": Priority.NORMAL} | given


def _create(user, fields):
    rules.enforce(rules.create(user, fields))
    settings, moment = shop_settings.get_settings(*SETTINGS_OF_NEW), now()
    # Before the event is inserted: the insert takes the log's lock.
    master = dispatch.best_master(fields["techtype"]) if settings["auto_assign"] else None
    repair = RepairRequest(
        clientid=_client_of(user, fields),
        startdate=moment,
        priority=fields.get("priority") or Priority.NORMAL,
        duedate=_deadline_of_new(fields, moment, settings),
        version=1,
        **{name: value for name, value in fields.items() if name not in rules.OFFICE_FIELDS},
    )
    db.session.add(repair)
    db.session.flush()
    record_event(repair, user, "created", to_value=Status.NEW.value)
    db.session.flush()
    if master is not None:
        _assign_new(repair, master)
    return queries.get(user, repair.requestid)


def _assign_new(repair, master):
    """Assign a new request automatically; the master still has to accept it."""
    repair.masterid = master["user_id"]
    _changed(repair, None, "assigned", None, master, "Мастер назначен автоматически")
    db.session.flush()


def _client_of(user, fields):
    clientid = user.user_id if user.is_client else fields["clientid"]
    if not _is_active(clientid, Role.CLIENT):
        raise Invalid({"clientid": "Нет такого клиента"})
    return clientid


def _is_active(user_id, role):
    """True for an active account of the role; the lock keeps it so until the end of the transaction."""
    query = select(User.user_id).where(User.user_id == user_id, User.user_type == role, User.is_active)
    return db.session.scalar(query.with_for_update(read=True)) is not None


def _deadline_of_new(fields, moment, settings):
    """The office's choice, which may be none; otherwise the default of the appliance type."""
    if "duedate" in fields:
        return fields["duedate"]
    return deadlines.deadline_of(fields["techtype"], moment, settings)


def _check_version(user, repair, if_match):
    if if_match is not None and not if_match.matches(repair.version):
        raise Stale("Заявку уже изменил кто-то другой. Посмотрите новую версию", queries.get(user, repair.requestid))


def _start_work(user, repair, status, comment=None):
    """Give a new request to the master who starts its work, and move it to `status`."""
    if not _is_active(user.user_id, Role.MASTER):
        raise Forbidden()
    before, former = repair.requeststatus, audience(repair)
    repair.masterid, repair.requeststatus = user.user_id, status
    _changed(repair, user, "accepted", before.value, status.value, comment, **former)


def _move(repair, user, status, comment):
    before, former = repair.requeststatus, audience(repair)
    repair.requeststatus = status
    # Never before startdate, even if the clock was set back.
    repair.completiondate = max(now(), repair.startdate) if status == Status.DONE else None
    _changed(repair, user, "status", before.value, status.value, comment, **former)


def _active_master(masterid):
    """The event's value for a new master. Raises Invalid if the account is not an active master."""
    if masterid is None:
        return None
    if not _is_active(masterid, Role.MASTER):
        raise Invalid({"masterid": "Нет такого действующего мастера"})
    return _person(masterid)


def _person(user_id):
    if user_id is None:
        return None
    return {"user_id": user_id, "fullname": db.session.get(User, user_id).fullname}


def _changed(repair, user, kind, before, after, comment=None, **former):
    repair.version += 1
    record_event(repair, user, kind, before, after, comment, **former)


def _commit(user, repair):
    """Read the answer before the commit, because after it the user may lose access; commit and return the answer."""
    db.session.flush()
    answer = queries.get(user, repair.requestid)
    db.session.commit()
    return answer


def _time(moment):
    return None if moment is None else rfc3339(moment)
