"""Registration, sign-in, sign-out, password change."""

from apiflask import APIBlueprint
from flask import request

from middleware.auth_middleware import SIGNED_IN, require_scope
from middleware.body import KIBIBYTE, takes_up_to
from models.enums import Scope
from routes.http.answers import answers
from routes.shapes.people import Account, Login, PasswordChange, Registration, SignIn, Token
from services.accounts import sign_in, users

auth_bp = APIBlueprint("auth", __name__, url_prefix="/api/auth")

LONGEST_BODY = 8 * KIBIBYTE
"""Enough for the longest name, e-mail and password in JSON's longest spelling; strangers send these bodies."""


@auth_bp.post("/register")
@takes_up_to(LONGEST_BODY)
@answers(SignIn, 201)
@auth_bp.input(Registration, arg_name="body")
def register(body):
    """Register as a client."""
    return sign_in.register(body.fullname, body.email, body.password, body.phone, request.remote_addr), 201


@auth_bp.post("/login")
@takes_up_to(LONGEST_BODY)
@answers(SignIn)
@auth_bp.input(Login, arg_name="body")
def login(body):
    """Sign in with e-mail and password."""
    return sign_in.login(body.email, body.password, request.remote_addr)


@auth_bp.post("/logout")
@require_scope(*Scope)
@answers(None, 204)
def logout(current_user):
    """Revoke this token."""
    sign_in.logout(current_user)
    return "", 204


@auth_bp.post("/logout-all")
@require_scope(*SIGNED_IN)
@answers(None, 204)
def logout_all(current_user):
    """Revoke all tokens of the user."""
    sign_in.logout_all(current_user)
    return "", 204


@auth_bp.post("/change-password")
@takes_up_to(LONGEST_BODY)
@require_scope(*SIGNED_IN)
@answers(Token)
@auth_bp.input(PasswordChange, arg_name="body")
def change_password(current_user, body):
    """Set a new password and revoke all older tokens."""
    return sign_in.change_password(current_user, body.old_password, body.new_password, request.remote_addr)


@auth_bp.get("/me")
@require_scope(*SIGNED_IN)
@answers(Account)
def me(current_user):
    """Return the account of the caller."""
    return users.get(current_user, current_user.user_id)
