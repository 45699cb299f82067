"""Registration, sign-in, sign-out and password change."""

import logging
import uuid
from functools import cache

from sqlalchemy import func, select

from database import db
from models.enums import Role, Scope
from models.password import hash_password, needs_rehash, normalize, verify_password
from models.user import User
from services.accounts import throttle, tokens, users
from services.accounts.passwords import check_password, password_problem, set_password
from services.common import audit_log
from services.common.errors import Invalid, Unauthorized
from services.shop import settings as shop_settings

log = logging.getLogger(__name__)


def register(fullname, email, password, phone, address):
    """Create a client's account and sign in; return the sign-in answer. Raises Conflict, Invalid, TooMany."""
    check_password(password, email, fullname)
    throttle.count_registration(address)
    users.check_email_is_free(email)
    db.session.commit()  # Hashing is slow: hold no connection meanwhile.
    account = users.add_account(fullname, email, Role.CLIENT, phone, password)
    users.record_new_account(account, account)
    return _signed_in(account)


def login(email, password, address):
    """Sign in with a password; return `{token, expires_at, scope, user, password_expires_at, password_expired?}`.

    Unknown accounts take the same time as known ones. Raises Unauthorized, TooMany.
    """
    throttle.count_guess(email, address)
    user = db.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))
    user_id = user.user_id if user else "-"
    if not _verify_and_lock(user, password):
        log.warning("sign-in refused: user=%s from=%s", user_id, address)
        raise Unauthorized("wrong_credentials", "Неверная почта или пароль")
    log.info("signed in: user=%s from=%s", user_id, address)
    throttle.reset_guesses(email, address)
    _upgrade_stored_password(user, password)
    return _signed_in(user)


def logout(user):
    """Revoke this token."""
    tokens.revoke(user.jti)
    db.session.commit()


def logout_all(user):
    """Revoke all tokens of the user."""
    tokens.revoke_all(user.user_id)
    db.session.commit()


def change_password(user, old_password, new_password, address):
    """Set a new password and revoke all tokens; return `{token, expires_at, scope}` of a new one.

    Raises Invalid (a wrong old password counts as a guess), TooMany.
    """
    if normalize(old_password) == normalize(new_password):
        raise Invalid({"new_password": "Новый пароль должен отличаться от прежнего"})
    check_password(new_password, user.email, user.fullname, field="new_password")
    throttle.count_guess(user.email, address)
    new_hash, account = hash_password(new_password), db.session.get(User, user.user_id)
    if not _verify_and_lock(account, old_password):
        raise Invalid({"old_password": "Неверный текущий пароль"})
    throttle.reset_guesses(user.email, address)
    set_password(account, new_hash)
    audit_log.record(user, "password_changed", account.user_id)
    tokens.revoke_all(account.user_id)
    answer = tokens.issue(account.user_id)
    db.session.commit()
    return answer


def _verify_and_lock(account, password):
    """True if the password is correct; then the account is locked. `account` is None for an unknown e-mail.

    Hashing is slow, so no connection is held meanwhile; afterwards the account is read again and must be unchanged.
    """
    known = account is not None and account.is_active
    stored = account.password_hash if known else _placeholder_hash()
    db.session.commit()
    if not verify_password(stored, password) or not known:
        return False
    db.session.refresh(account, with_for_update={"key_share": True})
    return account.is_active and account.password_hash == stored


def _signed_in(user):
    account = users.as_json(user, shop_settings.password_max_age_days())
    expires_at = account["password_expires_at"]
    scope = tokens.narrowed(Scope.FULL, expires_at)
    answer = tokens.issue(user.user_id, scope)
    db.session.commit()
    answer |= {"user": account, "password_expires_at": expires_at}
    return answer | ({"password_expired": True} if scope is Scope.PASSWORD_CHANGE else {})


def _upgrade_stored_password(user, password):
    """At sign-in: expire a password the policy now rejects and rehash an outdated hash."""
    if password_problem(password, user.email, user.fullname):
        user.password_changed_at = None
    if needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)


@cache
def _placeholder_hash():
    return hash_password(uuid.uuid4().hex)
