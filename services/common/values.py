"""Ids and e-mail addresses of the API, for routes, cursors and imported files."""

import re

LARGEST_ID = 2**63 - 1
"""Maximum of PostgreSQL's bigint."""

_NOT_IN_EMAIL = r"\s@<>\"',;:()\\"
_EMAIL = re.compile(rf"[^{_NOT_IN_EMAIL}]+@[^{_NOT_IN_EMAIL}.]+(\.[^{_NOT_IN_EMAIL}.]+)+")
LONGEST_EMAIL = 254


def is_email(text):
    """True if the text has the form of an e-mail address."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None
