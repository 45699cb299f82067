"""Password hashing: scrypt in werkzeug's text format, computed outside the event loop."""

import unicodedata

from werkzeug.security import check_password_hash, generate_password_hash

from postgres.greenlets import off_the_loop

HASH_METHOD = "scrypt:32768:8:3"
"""OWASP's minimum for scrypt (N=2^15, r=8, p=3); werkzeug's default is below it."""

HASH_PREFIXES = ("scrypt:", "pbkdf2:")


def hash_password(password):
    """Return the hash of a password."""
    return off_the_loop(generate_password_hash, normalize(password), HASH_METHOD)


def verify_password(password_hash, password):
    """True if the password matches the hash. Also tries the text without normalisation, as other programs hash it."""
    spellings = dict.fromkeys([normalize(password), password])
    return any(off_the_loop(check_password_hash, password_hash, spelling) for spelling in spellings)


def normalize(password):
    """Return the password in Unicode's NFKC form: systems differ in how they encode «й» or a full-width «１»."""
    return unicodedata.normalize("NFKC", password)


def needs_rehash(password_hash):
    """True if the hash was made by an older, weaker method."""
    return not password_hash.startswith(HASH_METHOD + "$")


def is_hash(text):
    """True if the text is a hash in werkzeug's format (`method$salt$digest`)."""
    return text.startswith(HASH_PREFIXES) and text.count("$") == 2
