"""How passwords are stored: scrypt hashes in werkzeug's text form, computed off the event loop."""

from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

HASH_METHOD = "scrypt:32768:8:3"
"""On OWASP's floor for scrypt (N=2^15, r=8, p=3); werkzeug's own default is below it."""

HASH_PREFIXES = ("scrypt:", "pbkdf2:")


def hash_password(password):
    """Return the stored form of a password."""
    return _off_the_loop(generate_password_hash, password, HASH_METHOD)


def verify_password(password_hash, password):
    """Say whether `password` is the one behind `password_hash`."""
    return _off_the_loop(check_password_hash, password_hash, password)


def needs_rehash(password_hash):
    """Say whether the hash was made by an older, weaker method."""
    return not password_hash.startswith(HASH_METHOD + "$")


def is_hash(text):
    """Say whether a text is already a hash in werkzeug's form (`method$salt$digest`)."""
    return text.startswith(HASH_PREFIXES) and text.count("$") == 2


def _off_the_loop(function, *args):
    """Call a slow function in a native thread under gevent, so that other requests go on meanwhile."""
    pool = _native_pool()
    return pool.apply(function, args) if pool else function(*args)


@cache
def _native_pool():
    try:
        from gevent import get_hub, monkey
    except ImportError:  # Windows and plain servers do without gevent.
        return None
    if not monkey.is_module_patched("socket"):
        return None
    return get_hub().threadpool.__class__(1)
