"""Ids and e-mail addresses as the contract knows them, for all that reads them: routes, cursors, imported books."""

import re

LARGEST_ID = 2**63 - 1
"""Ids are PostgreSQL's bigint."""

_NOT_IN_EMAIL = r"\s@<>\"',;:()\\"
_EMAIL = re.compile(rf"[^{_NOT_IN_EMAIL}]+@[^{_NOT_IN_EMAIL}.]+(\.[^{_NOT_IN_EMAIL}.]+)+")
LONGEST_EMAIL = 254


def is_email(text):
    """Whether the text can be an e-mail address; only a letter to it would prove one."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None
