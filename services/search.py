"""Words as people type them, turned into full-text queries on the search columns of requests and names.

The columns are filled by the database (`models/server_code.py`); weights say where a word stands: A the problem
in Russian word forms, B the request's number, C the client's name, D model and serial number.
"""

import re

from sqlalchemy import false, func

from models.request import RepairRequest
from models.user import User

_WORD = re.compile(r"[0-9a-zа-яё]+", re.IGNORECASE)
MAX_WORDS = 8


def words(q):
    """The searchable words of a query: lower case, ё as е, at most MAX_WORDS."""
    return [word.lower().replace("ё", "е") for word in _WORD.findall(q)][:MAX_WORDS]


def name_matches(q):
    """The condition on `User` that its name has every word of the query as a beginning."""
    terms = words(q)
    if not terms:
        return false()
    return User.name_search.bool_op("@@")(func.to_tsquery("simple", " & ".join(f"{term}:*" for term in terms)))


def request_matches(q, client_is_known, column=RepairRequest.search):
    """The condition on `RepairRequest` that every word of the query stands in the problem (in any form), begins a
    word of the model or serial number, is the request's number or, where the client may be known, begins a word of
    their name."""
    terms = words(q)
    if not terms:
        return false()
    query = _word_query(terms[0], client_is_known)
    for term in terms[1:]:
        query = query.bool_op("&&")(_word_query(term, client_is_known))
    return column.bool_op("@@")(query)


def _word_query(term, client_is_known):
    beginning = f"{term}:*" if len(term) > 1 else f"{term}:"
    places = [f"{beginning}AD"]
    if client_is_known:
        places.append(f"{beginning}C")
    if term.isdecimal():
        places.append(f"{term}:B")
    in_russian = func.to_tsquery("russian", f"{term}:A")
    return in_russian.bool_op("||")(func.to_tsquery("simple", " | ".join(places)))
