"""Passwords of accounts: the organisation's policy, one-time passwords, setting one."""

import secrets
import string

from models.password import hash_password
from services.common import password_policy
from services.common.clock import now
from services.common.errors import Invalid
from services.shop import settings as shop_settings

ONE_TIME_LENGTH = 14


def check_password(password, email, fullname, field="password"):
    """Raise Invalid where the policy refuses the password."""
    problem = password_problem(password, email, fullname)
    if problem:
        raise Invalid({field: problem})


def password_problem(password, email, fullname):
    """What the organisation's policy has against the password, or None."""
    composition = shop_settings.get_setting("password_composition")
    return password_policy.problem_with(password, email=email, fullname=fullname, composition=composition)


def set_password(account, password_hash):
    """Set a password that was chosen just now; joins the caller's transaction."""
    account.password_hash = password_hash
    account.password_changed_at = now()


def one_time_password():
    """A random password that satisfies the policy."""
    alphabet = string.ascii_letters + string.digits
    body = "".join(secrets.choice(alphabet) for _ in range(ONE_TIME_LENGTH - 4))
    parts = [string.ascii_uppercase, string.ascii_lowercase, string.digits, "-+=!"]
    return body + "".join(secrets.choice(part) for part in parts)


def give_one_time_password(account):
    """Set and return a one-time password; joins the caller's transaction."""
    password = one_time_password()
    account.password_hash = hash_password(password)
    account.password_changed_at = None
    return password
