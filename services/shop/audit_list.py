"""Reading the audit log of settings and accounts, newest first."""

from datetime import datetime, time, timedelta

from sqlalchemy import BigInteger, case, cast, select
from sqlalchemy.orm import aliased

from models.audit import AuditEvent
from models.enums import AuditKind
from models.user import User
from services.common import paging
from services.shop import settings as shop_settings

FIELDS = ("fullname", "email", "phone", "user_type", "is_active")
"""Fields of an account that may be shown; others in the log stay hidden."""

SORTS = {"audit_id": paging.Sort(AuditEvent.audit_id, int)}

_actor, _user = aliased(User), aliased(User)
_is_setting = AuditEvent.kind == AuditKind.SETTING_CHANGED
_user_id = case((~_is_setting, cast(AuditEvent.subject, BigInteger)))
"""Id of the changed account; for settings the subject is not a number."""


def list_audit(*, actor=None, user_id=None, kind=None, field=None, setting=None, first=None, last=None, **paged):
    """One page of audit events: `{items, next_cursor, total?}`.

    `actor` is a user_id or "none" for the command line, `user_id` the changed account, `kind` a list, `field` one of
    FIELDS that differs, `setting` a name; `first` and `last` are days of the organisation, both included.
    `paged` holds `limit`, `cursor`, `count`.
    """
    conditions = []
    if actor is not None:
        conditions.append(AuditEvent.actor_id == (None if actor == "none" else actor))
    if user_id is not None:
        conditions += [AuditEvent.subject == str(user_id), ~_is_setting]
    if kind:
        conditions.append(AuditEvent.kind.in_(kind))
    if field:
        conditions += [AuditEvent.kind == AuditKind.ACCOUNT_CHANGED, AuditEvent.to_value.has_key(field)]
    if setting:
        conditions += [AuditEvent.subject == setting, _is_setting]
    if first:
        conditions.append(AuditEvent.at >= _midnight(first))
    if last:
        conditions.append(AuditEvent.at < _midnight(last + timedelta(days=1)))
    return _page(conditions, **paged)


def _page(conditions, limit=20, cursor=None, count=False):
    query = select(AuditEvent.__table__, *_person(_actor, "actor"), *_person(_user, "user"))
    query = query.outerjoin(_actor, _actor.user_id == AuditEvent.actor_id).outerjoin(_user, _user.user_id == _user_id)
    page = paging.page(query.where(*conditions), paging.Order(SORTS, "-audit_id", AuditEvent.audit_id, cursor), limit)
    answer = {"items": [_as_json(row) for row in page.rows], "next_cursor": page.next_cursor}
    return answer | (paging.total(select(AuditEvent.audit_id).where(*conditions)) if count else {})


def _person(user, name):
    return [getattr(user, column).label(f"{name}_{column}") for column in ("user_id", "fullname", "user_type")]


def _as_json(row):
    is_setting = row.kind == AuditKind.SETTING_CHANGED
    shown = _whole if is_setting else _fields
    return {
        "audit_id": row.audit_id,
        "at": row.at,
        "actor": _named(row.actor_user_id, row.actor_fullname, row.actor_user_type),
        "kind": row.kind,
        "user": _named(row.user_user_id, row.user_fullname, row.user_user_type),
        "setting": row.subject if is_setting else None,
        "from": shown(row.from_value),
        "to": shown(row.to_value),
    }


def _named(user_id, fullname, user_type):
    return user_id and {"user_id": user_id, "fullname": fullname, "user_type": user_type}


def _whole(value):
    return value


def _fields(value):
    return {name: value[name] for name in FIELDS if name in value} if isinstance(value, dict) else None


def _midnight(day):
    return datetime.combine(day, time.min, shop_settings.timezone())
