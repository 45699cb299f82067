"""Limits on guessing, counted in the database: shared by all workers, exact for parallel attempts."""

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
    """Count a password guess before it is checked. Raises TooMany above the limits. Commits."""
    _hit(_guess_key(account, address), GUESSES_PER_ACCOUNT_AND_ADDRESS)
    _hit(_address_key(address), GUESSES_PER_ADDRESS)


def reset_guesses(account, address):
    """Reset the count after a correct password, within the caller's transaction."""
    counters = ThrottleCounter.__table__
    db.session.execute(delete(counters).where(counters.c.key == _guess_key(account, address)))
    db.session.execute(
        counters.update()
        .where(counters.c.key == _address_key(address), counters.c.hits > 0)
        .values(hits=counters.c.hits - 1)
    )


def count_registration(address):
    """Count a registration from this address. Raises TooMany above the limit. Commits."""
    _hit(f"register:{_client_key(address)}", REGISTRATIONS_PER_ADDRESS)


def _guess_key(account, address):
    """Key of an account and address; PostgreSQL's lower() also finds the account, so all spellings share one key."""
    digest = func.encode(func.sha256(func.convert_to(func.lower(account), "UTF8")), "hex")
    return literal("guess:").concat(digest).concat(f":{_client_key(address)}")


def _address_key(address):
    return f"address:{_client_key(address)}"


def _client_key(address):
    """Client key: the IPv4 address or the IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or (parsed if parsed.version == 4 else ip_network((parsed, 64), strict=False)))


def _hit(key, limit):
    """Start or increment a window by one UPSERT; its row lock serialises parallel attempts."""
    counters, moment = ThrottleCounter.__table__, now()
    # A window far in the future was started before the clock was set back.
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
