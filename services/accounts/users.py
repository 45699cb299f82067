"""Accounts: visibility and changes."""

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from database import db
from models.enums import OPEN_STATUSES, Role
from models.password import hash_password
from models.request import RepairRequest
from models.user import User
from services.accounts import tokens
from services.accounts.passwords import check_password, one_time_password, set_password
from services.common import audit_log, paging
from services.common.current_user import CurrentUser
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.search import name_matches, phone_matches
from services.shop import settings as shop_settings

OPERATOR = CurrentUser(user_id=0, fullname="Командная строка", email="", user_type=Role.ADMIN)
"""Access to the server's command line implies the rights of an Администратор."""

AUDITED_FIELDS = ("fullname", "email", "phone", "user_type")
"""Fields of a new account in the audit log."""

SORTS = {
    "fullname": paging.Sort(User.fullname, str),
    "user_id": paging.Sort(User.user_id, int),
}


def visible_to(user):
    """Condition on `User` for the accounts that this user may see."""
    if user.user_type == Role.ADMIN:
        return User.user_id.is_not(None)
    if user.user_type == Role.MANAGER:
        return or_(User.user_type.in_([Role.CLIENT, Role.MASTER]), User.user_id == user.user_id)
    return User.user_id == user.user_id


def list_users(user, *, user_type=None, q=None, is_active=None, sort="fullname", limit=20, cursor=None, count=False):
    """One page of accounts: `{items, next_cursor, total?}`."""
    query = select(User).where(visible_to(user))
    if user_type:
        query = query.where(User.user_type.in_(user_type))
    if is_active is not None:
        query = query.where(User.is_active.is_(is_active))
    if q:
        email_begins = func.lower(User.email).startswith(q.lower(), autoescape=True)
        query = query.where(or_(name_matches(q), email_begins, phone_matches(q)))
    page = paging.page(query, paging.Order(SORTS, sort, User.user_id, cursor), limit, scalars=True)
    max_age_days = shop_settings.password_max_age_days()
    answer = {"items": [as_json(account, max_age_days) for account in page.rows], "next_cursor": page.next_cursor}
    return answer | (paging.total(query) if count else {})


def get(user, user_id):
    """One account that this user may see. Raises NotFound."""
    return _as_answer(find_visible(user, user_id))


def create(user, fullname, email, user_type=Role.CLIENT, phone=None, password=None):
    """Create an account: an Администратор any role, a Менеджер a Клиент.

    The answer contains a one-time password if none was given. Raises Invalid, Conflict.
    """
    if user.user_type != Role.ADMIN and user_type != Role.CLIENT:
        raise Invalid({"user_type": "Менеджер может завести только клиента"})
    check_email_is_free(email)
    if password is not None:
        check_password(password, email, fullname)
    one_time = one_time_password() if password is None else None
    account = add_account(fullname, email, user_type, phone, password or one_time)
    if one_time:
        account.password_changed_at = None
    record_new_account(user, account)
    db.session.commit()
    return _as_answer(account) | ({"password": one_time} if one_time else {})


def update(user, user_id, changes):
    """Change the given fields: users their own name and phone, an Администратор all fields of any account."""
    administrators = _locked_administrators(changes)
    account = find_visible(user, user_id, lock=True)
    _check_may_change(user, account, changes)
    if "email" in changes and changes["email"].lower() != account.email.lower():
        check_email_is_free(changes["email"])
    if changes.get("user_type", account.user_type) != account.user_type:
        _check_role_can_change(account)
    _check_not_last_administrator(account, changes, administrators)
    _change_and_record(user, account, changes)
    if changes.get("is_active") is False:
        tokens.revoke_all(account.user_id)
    _commit_unique_email()
    return _as_answer(account)


def deactivate(email):
    """Deactivate an account (command line). Raises NotFound, Conflict for the last administrator."""
    return update(OPERATOR, find_by_email(email).user_id, {"is_active": False})


def find_by_email(email):
    """The account with this e-mail, case-insensitively. Raises NotFound."""
    account = db.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))
    if account is None:
        raise NotFound("Нет учётной записи с такой почтой")
    return account


def find_visible(user, user_id, lock=False):
    """The account, with a row lock if asked, if this user may see it. Raises NotFound."""
    query = select(User).where(visible_to(user), User.user_id == user_id)
    account = db.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if account is None:
        raise NotFound("Пользователь не найден")
    return account


def add_account(fullname, email, user_type, phone, password):
    """Add and flush an account within the caller's transaction. Raises Conflict for a taken e-mail."""
    account = User(fullname=fullname, email=email, user_type=user_type, phone=phone)
    set_password(account, hash_password(password))
    db.session.add(account)
    _flush_unique_email()
    return account


def record_new_account(actor, account):
    """Record who created an account, within the caller's transaction."""
    values = {name: getattr(account, name) for name in AUDITED_FIELDS}
    audit_log.record(actor, "account_created", account.user_id, None, values)


def check_email_is_free(email):
    """Raise Conflict if an account has this e-mail, case-insensitively."""
    if db.session.scalar(select(User.user_id).where(func.lower(User.email) == func.lower(email))):
        raise _email_taken()


def as_json(account, max_age_days):
    """The account in the API's format; `max_age_days` of passwords: 0 means no expiry."""
    return {
        "user_id": account.user_id,
        "fullname": account.fullname,
        "email": account.email,
        "phone": account.phone,
        "user_type": account.user_type,
        "is_active": account.is_active,
        "created_at": account.created_at,
        "password_expires_at": account.password_expires_at(max_age_days),
    }


def _as_answer(account):
    return as_json(account, shop_settings.password_max_age_days())


def _change_and_record(user, account, changes):
    before = {field: getattr(account, field) for field, value in changes.items() if getattr(account, field) != value}
    for field in before:
        setattr(account, field, changes[field])
    if before:
        after = {field: changes[field] for field in before}
        audit_log.record(user, "account_changed", account.user_id, before, after)


def _check_may_change(user, account, changes):
    if user.user_type == Role.ADMIN:
        return
    if account.user_id != user.user_id:
        raise Forbidden()
    refused = {field: "Это поле меняет администратор" for field in changes if field not in ("fullname", "phone")}
    if refused:
        raise Invalid(refused)


def _check_role_can_change(account):
    """An account with open requests must keep the role that they need."""
    theirs = or_(RepairRequest.masterid == account.user_id, RepairRequest.clientid == account.user_id)
    busy = select(RepairRequest.requestid).where(theirs, RepairRequest.requeststatus.in_(OPEN_STATUSES)).limit(1)
    if db.session.scalar(busy):
        raise Conflict("conflict", "У пользователя есть незакрытые заявки: сначала передайте или закройте их")


def _locked_administrators(changes):
    """Ids of the active administrators, locked if the change may remove one, so that two cannot leave in parallel."""
    if not changes.keys() & {"is_active", "user_type"}:
        return []
    admins = select(User.user_id).where(User.user_type == Role.ADMIN, User.is_active)
    return db.session.scalars(admins.order_by(User.user_id).with_for_update(key_share=True)).all()


def _check_not_last_administrator(account, changes, administrators):
    leaves = changes.get("is_active") is False or changes.get("user_type", Role.ADMIN) != Role.ADMIN
    if leaves and administrators == [account.user_id]:
        raise Conflict("last_admin", "Последнего администратора нельзя отключить или сменить ему роль")


def _flush_unique_email():
    """The unique index settles a race; raise Conflict."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "uq_users_email" in str(error.orig):
            raise _email_taken() from None
        raise


def _commit_unique_email():
    _flush_unique_email()
    db.session.commit()


def _email_taken():
    return Conflict("email_taken", "Эта почта уже зарегистрирована")
