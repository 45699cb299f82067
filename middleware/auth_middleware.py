"""Guards of the routes: who calls, and whether their role may.

@bp.get("/")
@require_auth
def view(current_user): ...

@bp.get("/")
@require_role(Role.MANAGER, Role.ADMIN)
def view(current_user): ...
"""

from functools import wraps

from flask import g, request

from services.accounts import tokens
from services.common.errors import BadRequest, Forbidden


def require_auth(view):
    """Call `view(current_user, …)` for a live token; answer 401 otherwise."""
    return _guarded(view, None, password_may_be_expired=False)


def require_any_token(view):
    """Like `require_auth`, for the few calls that an expired password may still make."""
    return _guarded(view, None, password_may_be_expired=True)


def require_role(*roles):
    """Like `require_auth`, and answer 403 unless the user has one of the roles."""
    return lambda view: _guarded(view, frozenset(roles), password_may_be_expired=False)


def _guarded(view, roles, password_may_be_expired):
    reads_query = "args" in getattr(view, "_spec", {})  # As APIFlask's `input` notes it; its schema names them all.

    @wraps(view)
    def guarded(*args, **kwargs):
        user = tokens.owner(_bearer_token(), only_reads=request.method == "GET")
        g.user_id = user.user_id
        if user.password_expired and not password_may_be_expired:
            raise Forbidden("Срок действия пароля истёк. Смените пароль", code="password_expired")
        if roles is not None and user.user_type not in roles:
            raise Forbidden()
        if request.args and not reads_query:
            raise BadRequest("Этот адрес не принимает параметров запроса")
        return view(user, *args, **kwargs)

    guarded.guard = roles or "any"
    guarded._spec = getattr(view, "_spec", {}) | {"security": "bearer"}
    return guarded


def _bearer_token():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
