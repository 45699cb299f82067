"""Passwords of accounts: policy check, one-time passwords, changes."""

import secrets
import string

from models.password import hash_password
from services.common import password_policy
from services.common.clock import now
from services.common.errors import Invalid
from services.shop import settings as shop_settings

ONE_TIME_LENGTH = 14


def check_password(password, email, fullname, field="password"):
    """Raise Invalid if the password violates the policy."""
    problem = password_problem(password, email, fullname)
    if problem:
        raise Invalid({field: problem})


def password_problem(password, email, fullname):
    """Return the violation of the organisation's password policy as a sentence, or None."""
    composition = shop_settings.get_setting("password_composition")
    return password_policy.problem_with(password, email=email, fullname=fullname, composition=composition)


def set_password(account, password_hash):
    """Set a newly chosen password within the caller's transaction."""
    account.password_hash = password_hash
    account.password_changed_at = now()


def one_time_password():
    """Random password that satisfies the policy."""
    alphabet = string.ascii_letters + string.digits
    body = "".join(secrets.choice(alphabet) for _ in range(ONE_TIME_LENGTH - 4))
    parts = [string.ascii_uppercase, string.ascii_lowercase, string.digits, "-+=!"]
    return body + "".join(secrets.choice(part) for part in parts)


def give_one_time_password(account):
    """Set and return a one-time password within the caller's transaction."""
    password = one_time_password()
    account.password_hash = hash_password(password)
    account.password_changed_at = None
    return password
