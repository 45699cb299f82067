"""Full-text conditions from search texts, for requests and names.

Triggers fill the search columns (`models/triggers.py`). Weights mark the source of a word: A the problem in Russian
word forms, B the request's number, C the client's name, D model and serial number.
"""

import re

from sqlalchemy import bindparam, false, func

from models.request import RepairRequest
from models.user import User

_WORD = re.compile(r"[0-9a-zа-яё]+", re.IGNORECASE)
MAX_WORDS = 8
MIN_DIGITS, RUSSIAN_DIGITS = 4, 11


def words(q):
    """Searchable words of a query: lower case, ё as е, at most MAX_WORDS."""
    return [word.lower().replace("ё", "е") for word in _WORD.findall(q)][:MAX_WORDS]


def name_matches(q):
    """Condition on `User`: each word of the query is a prefix of a word of the name."""
    terms = words(q)
    if not terms:
        return false()
    return User.name_search.bool_op("@@")(func.to_tsquery("simple", " & ".join(f"{term}:*" for term in terms)))


def phone_matches(q):
    """Condition on `User`: the phone contains the query's digits; Russian numbers match with 8 or +7."""
    digits = re.sub(r"\D", "", q)
    if len(digits) < MIN_DIGITS or re.search(r"[^\W\d_]", q):
        return false()
    digits = digits[1:] if len(digits) == RUSSIAN_DIGITS and digits[0] in "78" else digits
    return func.regexp_replace(User.phone, r"\D", "", "g").contains(digits)


def request_matches(number, client_is_known, column=RepairRequest.search):
    """Condition on `RepairRequest` for `number` words, bound by `request_words` when executing. Each word must occur
    in the problem in any form, start a word of the model or serial number, or equal the request's number.
    If the client may be known, it may also start a word of the client's name."""
    if not number:
        return false()
    query = _word_query(0, client_is_known)
    for place in range(1, number):
        query = query.bool_op("&&")(_word_query(place, client_is_known))
    return column.bool_op("@@")(query)


def request_words(q):
    """Bind values of `request_matches` for the words of a query."""
    values = {}
    for place, term in enumerate(words(q)):
        beginning = f"{term}:*" if len(term) > 1 else f"{term}:"
        number = f" | {term}:B" if term.isdecimal() else ""
        values[f"russian_{place}"] = f"{term}:A"
        values[f"known_{place}"] = f"{beginning}AD | {beginning}C{number}"
        values[f"unknown_{place}"] = f"{beginning}AD{number}"
    return values


def _word_query(place, client_is_known):
    in_russian = func.to_tsquery("russian", bindparam(f"russian_{place}"))
    anywhere = bindparam(f"known_{place}" if client_is_known else f"unknown_{place}")
    return in_russian.bool_op("||")(func.to_tsquery("simple", anywhere))
