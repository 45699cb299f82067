"""Password resets for another account: by an administrator, and by the command line."""

from database import db
from models.password import hash_password
from services.accounts import tokens, users
from services.accounts.passwords import check_password, give_one_time_password, set_password
from services.common import audit_log


def reset_password(user, user_id):
    """Give an account a one-time password that must be changed at the next sign-in: `{password}`."""
    account = users.find_visible(user, user_id, lock=True)
    password = give_one_time_password(account)
    audit_log.record(user, "password_reset", account.user_id)
    tokens.revoke_all(account.user_id)
    db.session.commit()
    return {"password": password}


def set_password_of(email, password=None):
    """Set the password of an account (command line); return a one-time password if none was given."""
    account = users.find_by_email(email)
    if password is not None:
        check_password(password, account.email, account.fullname)
        set_password(account, hash_password(password))
    else:
        password = give_one_time_password(account)
    audit_log.record(users.OPERATOR, "password_reset", account.user_id)
    tokens.revoke_all(account.user_id)
    db.session.commit()
    return password
