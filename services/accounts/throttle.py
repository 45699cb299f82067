"""Slows guessing: counted in the database, so that all workers share one count, exact under parallel tries."""

import math
from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import case, delete, func, literal, or_
from sqlalchemy.dialects.postgresql import insert

from database import db
from models.throttle import ThrottleCounter
from services.common.clock import now
from services.common.errors import TooMany

WINDOW = timedelta(minutes=15)
GUESSES_PER_ACCOUNT_AND_ADDRESS = 10
GUESSES_PER_ADDRESS = 100
REGISTRATIONS_PER_ADDRESS = 200


def count_guess(account, address):
    """Count one password guess before it is checked; raise TooMany past the limits. Commits."""
    _hit(_guess_key(account, address), GUESSES_PER_ACCOUNT_AND_ADDRESS)
    _hit(_address_key(address), GUESSES_PER_ADDRESS)


def forgive_guess(account, address):
    """Take back the count after a right password: the owner starts afresh. Joins the caller's transaction."""
    counters = ThrottleCounter.__table__
    db.session.execute(delete(counters).where(counters.c.key == _guess_key(account, address)))
    db.session.execute(
        counters.update()
        .where(counters.c.key == _address_key(address), counters.c.hits > 0)
        .values(hits=counters.c.hits - 1)
    )


def count_registration(address):
    """Count one new account of this address; raise TooMany past the limit. Commits."""
    _hit(f"register:{_place(address)}", REGISTRATIONS_PER_ADDRESS)


def _guess_key(account, address):
    """One key for all spellings that find the same account: PostgreSQL's lower() finds it, so it makes the key."""
    digest = func.encode(func.sha256(func.convert_to(func.lower(account), "UTF8")), "hex")
    return literal("guess:").concat(digest).concat(f":{_place(address)}")


def _address_key(address):
    return f"address:{_place(address)}"


def _place(address):
    """What stands for one caller: an IPv4 address, or the /64 network of IPv6 that one household is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or (parsed if parsed.version == 4 else ip_network((parsed, 64), strict=False)))


def _hit(key, limit):
    """One UPSERT: starts a window or adds to it; the row lock puts parallel tries in a line."""
    counters, moment = ThrottleCounter.__table__, now()
    # A window that ends far ahead was begun before the clock was set back.
    over = or_(counters.c.window_ends <= moment, counters.c.window_ends > moment + 2 * WINDOW)
    statement = insert(counters).values(key=key, hits=1, window_ends=moment + WINDOW)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "hits": case((over, 1), else_=func.least(counters.c.hits + 1, 1_000_000)),
            "window_ends": case((over, moment + WINDOW), else_=counters.c.window_ends),
        },
    ).returning(counters.c.hits, counters.c.window_ends)
    hits, window_ends = db.session.execute(statement).one()
    if hits == 1:
        db.session.execute(delete(counters).where(counters.c.window_ends < moment - WINDOW))
    db.session.commit()
    if hits > limit:
        raise TooMany(math.ceil(min(window_ends - moment, WINDOW).total_seconds()))
