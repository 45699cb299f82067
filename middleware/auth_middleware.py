"""Guards of routes: authentication, roles and scopes.

@bp.get("/")
@require_auth
def view(current_user): ...

@bp.get("/")
@require_role(Role.MANAGER, Role.ADMIN)
def view(current_user): ...

@bp.get("/")
@require_scope(*SIGNED_IN)
def view(current_user): ...
"""

from functools import wraps

from flask import g, request

from models.enums import Scope
from services.accounts import tokens
from services.common.errors import BadRequest, Forbidden

SIGNED_IN = frozenset({Scope.FULL, Scope.PASSWORD_CHANGE})
"""Scopes of a signed-in user, who may have to change the password first."""

_FULL = frozenset({Scope.FULL})
_REFUSALS = {Scope.PASSWORD_CHANGE: ("Срок действия пароля истёк. Смените пароль", "password_expired")}
"""(message, code) for a token whose scope does not suffice; other scopes get the general refusal."""


def require_auth(view):
    """Call `view(current_user, …)` for a valid token of scope `full`; otherwise answer 401 or 403."""
    return _guarded(view, None, _FULL)


def require_scope(*scopes):
    """Like `require_auth`, for the few routes that accept other scopes."""
    return lambda view: _guarded(view, None, frozenset(scopes))


def require_role(*roles):
    """Like `require_auth`, and answer 403 unless the user has one of the roles."""
    return lambda view: _guarded(view, frozenset(roles), _FULL)


def _guarded(view, roles, scopes):
    reads_query = "args" in getattr(view, "_spec", {})  # Set by APIFlask's `input`; its schema lists all parameters.

    @wraps(view)
    def guarded(*args, **kwargs):
        user = tokens.owner(_bearer_token(), only_reads=request.method == "GET")
        g.user_id = user.user_id
        if user.scope not in scopes:
            message, code = _REFUSALS.get(user.scope, (None, None))
            raise Forbidden(message, code=code)
        if roles is not None and user.user_type not in roles:
            raise Forbidden()
        if request.args and not reads_query:
            raise BadRequest("Этот адрес не принимает параметров запроса")
        return view(user, *args, **kwargs)

    guarded.guard = roles or "any"
    guarded.scopes = scopes
    guarded._spec = getattr(view, "_spec", {}) | {"security": "bearer"}
    return guarded


def _bearer_token():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
