"""Bearer tokens: HS256 signatures of sessions in the database."""

import re
import secrets
from datetime import timedelta
from functools import lru_cache

import jwt
from flask import current_app
from sqlalchemy import bindparam, delete, select, update

from database import autocommit, db
from models.enums import Scope
from models.session import Session
from models.user import User, password_expiry
from postgres.prepared_statements import prepared
from services.common.clock import now
from services.common.current_user import CurrentUser
from services.common.errors import Unauthorized
from services.shop import settings as shop_settings

TOKEN_LIFETIME = timedelta(hours=24)
_REQUIRED_CLAIMS = ["exp", "iat", "sub", "jti"]
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)
"""The only accepted spelling of a token (RFC 7515): no padding, and the unused bits of the last letter are zero."""

_JTI = re.compile(r"[0-9a-f]{32}", re.ASCII)

_users, _sessions = User.__table__, Session.__table__
_SESSION_AND_USER = (
    select(
        _users.c.user_id,
        _users.c.fullname,
        _users.c.email,
        _users.c.user_type,
        _users.c.is_active,
        _users.c.password_changed_at,
        _sessions.c.jti,
        _sessions.c.expires_at,
        _sessions.c.revoked_at,
        _sessions.c.scope,
        shop_settings.stored_password_age().label("max_age_days"),
    )
    .join_from(_sessions, _users, _sessions.c.user_id == _users.c.user_id)
    .where(_sessions.c.jti == bindparam("jti"))
    .execution_options(**prepared("jti"))
)


def issue(user_id, scope=Scope.FULL):
    """Create a session and sign its token: `{token, expires_at, scope}`, within the caller's transaction."""
    issued_at = now().replace(microsecond=0)
    session = Session(
        jti=secrets.token_hex(16),
        user_id=user_id,
        issued_at=issued_at,
        expires_at=issued_at + TOKEN_LIFETIME,
        scope=scope,
    )
    db.session.execute(delete(Session).where(Session.user_id == user_id, Session.expires_at < issued_at))
    db.session.add(session)
    claims = {"sub": str(user_id), "jti": session.jti, "iat": issued_at, "exp": session.expires_at, "scope": scope}
    token = jwt.encode(claims, current_app.config["SECRET_KEY"], algorithm="HS256")
    return {"token": token, "expires_at": session.expires_at, "scope": scope}


def revoke(jti):
    """Revoke one session within the caller's transaction."""
    _revoke(Session.jti == jti)


def revoke_all(user_id):
    """Revoke all sessions of a user within the caller's transaction."""
    _revoke(Session.user_id == user_id)


def owner(token, only_reads=False):
    """Return the CurrentUser of a valid token; `only_reads` promises a request without changes. Raises Unauthorized.

    The database is always queried: changes of account, role and scope take effect with the next request, and without
    a database the answer is 503, not 401.
    """
    claims, refusal = _claims(token)
    if only_reads:
        autocommit()
    row = db.session.connection().execute(_SESSION_AND_USER, {"jti": claims.get("jti", "")}).one_or_none()
    if refusal:
        raise refusal
    if row is None or str(row.user_id) != claims["sub"]:
        raise Unauthorized("token_invalid", "Токен недействителен. Войдите снова")
    if row.revoked_at is not None or not row.is_active:
        raise Unauthorized("token_revoked", "Сеанс завершён. Войдите снова")
    return _current_user(row)


def narrowed(scope, password_expires_at):
    """The effective scope: an expired password leaves only its change."""
    has_expired = password_expires_at is not None and password_expires_at <= now()
    return Scope.PASSWORD_CHANGE if scope is Scope.FULL and has_expired else scope


def _current_user(row):
    decided = row.max_age_days
    max_age_days = current_app.config["PASSWORD_MAX_AGE_DAYS"] if decided is None else decided
    return CurrentUser(
        user_id=row.user_id,
        fullname=row.fullname,
        email=row.email,
        user_type=row.user_type,
        jti=row.jti,
        token_expires_at=row.expires_at,
        scope=narrowed(row.scope, password_expiry(row.password_changed_at, max_age_days)),
    )


def _claims(token):
    """Return (claims, None), or ({}, refusal) for a token with a wrong signature or an expired one."""
    if not token:
        return {}, Unauthorized("token_missing", "Войдите в систему")
    keys = [current_app.config["SECRET_KEY"], current_app.config["SECRET_KEY_PREVIOUS"]]
    for key in filter(None, keys):
        try:
            claims = _signed_claims(token, key)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            continue
        if claims["exp"] <= now().timestamp():
            return {}, Unauthorized("token_expired", "Срок действия токена истёк. Войдите снова")
        if _JTI.fullmatch(claims["jti"]):
            return claims, None
    return {}, Unauthorized("token_invalid", "Токен недействителен. Войдите снова")


@lru_cache(4096)
def _signed_claims(token, key):
    """Claims of a token signed with the key. Cached, because only the expiry depends on time."""
    if not _COMPACT.fullmatch(token):
        raise jwt.InvalidTokenError("not a compact JWS with an HS256 signature")
    claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": _REQUIRED_CLAIMS, "verify_exp": False})
    return claims | {"exp": int(claims["exp"])}


def _revoke(condition):
    db.session.execute(update(Session).where(condition, Session.revoked_at.is_(None)).values(revoked_at=now()))
