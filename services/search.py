"""Full-text conditions: words as people type them against the search columns of requests and names."""

import re

from sqlalchemy import func, or_, select

from models.request import RepairRequest
from models.user import User

_WORD = re.compile(r"[0-9a-zа-яё]+", re.IGNORECASE)
MAX_WORDS = 8


def words(q):
    """The searchable words of a query: lower case, ё as е, at most MAX_WORDS."""
    return [word.lower().replace("ё", "е") for word in _WORD.findall(q)][:MAX_WORDS]


def prefix_query(terms):
    """A tsquery text that wants every term as the beginning of a word."""
    return " & ".join(f"{term}:*" for term in terms)


def name_matches(q):
    """The condition on `User` that its name has every word of the query as a beginning."""
    terms = words(q)
    if not terms:
        return User.fullname == q
    return User.name_search.bool_op("@@")(func.to_tsquery("simple", prefix_query(terms)))


def request_matches(q, sees_names):
    """The condition on `RepairRequest`: each word stands in the problem (any word form), begins a word of model
    or serial number, is the request's number, or, where names may be seen, begins a word of the client's name."""
    terms = words(q)
    conditions = [_word_matches(term, sees_names) for term in terms]
    return conditions or [RepairRequest.problemdescription == q]


def _word_matches(term, sees_names):
    in_text = func.plainto_tsquery("russian", term).bool_op("||")(func.to_tsquery("simple", f"{term}:*"))
    options = [RepairRequest.search.bool_op("@@")(in_text)]
    if term.isdecimal() and int(term) < 2**63:
        options.append(RepairRequest.requestid == int(term))
    if sees_names is not None:
        people = select(User.user_id).where(name_matches(term))
        options.append(RepairRequest.clientid.in_(people) & sees_names)
    return or_(*options)
