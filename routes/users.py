"""Accounts."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_auth, require_role
from models.enums import Role
from routes.http.answers import LOCATION, answers
from routes.shapes.people import Account, AccountPage, NewAccount, NewUser, OneTimePassword, UserChange, UserList
from services.accounts import password_reset, users

users_bp = APIBlueprint("users", __name__, url_prefix="/api/users")


@users_bp.get("/")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(AccountPage)
@users_bp.input(UserList, location="query", arg_name="query")
def list_users(current_user, query):
    """List the accounts this user may see."""
    return users.list_users(current_user, **dict(query))


@users_bp.post("/")
@require_role(Role.MANAGER, Role.ADMIN)
@answers(NewAccount, 201, headers=LOCATION)
@users_bp.input(NewUser, arg_name="body")
def create_user(current_user, body):
    """Create an account."""
    account = users.create(current_user, **dict(body))
    return account, 201, {"Location": f"/api/users/{account['user_id']}"}


@users_bp.get("/<int:user_id>")
@require_auth
@answers(Account)
def get_user(current_user, user_id):
    """Return one account."""
    return users.get(current_user, user_id)


@users_bp.patch("/<int:user_id>")
@require_auth
@answers(Account)
@users_bp.input(UserChange, arg_name="body")
def update_user(current_user, user_id, body):
    """Change an account."""
    return users.update(current_user, user_id, body.given())


@users_bp.post("/<int:user_id>/password")
@require_role(Role.ADMIN)
@answers(OneTimePassword)
def reset_password(current_user, user_id):
    """Issue a one-time password that must be changed at the next sign-in."""
    return password_reset.reset_password(current_user, user_id)
