"""Keyset pages: a cursor names the last row of a page, so page 5000 costs what page 1 costs."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

from sqlalchemy import func, literal, select, tuple_

from database import db
from services.errors import BadRequest

MAX_LIMIT = 100
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Sort:
    """A documented sort key: a non-null SQL expression and the Python type of its values."""

    expression: object
    kind: type


def page(query, sorts, sort, key, limit, cursor, scalars=False):
    """Return one page of `query`: `.rows` and `.next_cursor` (opaque, None at the end).

    `sort` names one of `sorts`, `-` before it for descending; `key` is the unique column that makes the order
    total. Raises BadRequest for an unknown sort or a cursor that is not of this list.
    """
    statement = ordered(query, sorts, sort, key, cursor, add_keys=True).limit(limit + 1)
    rows = db.session.execute(statement).all()
    more, rows = len(rows) > limit, rows[:limit]
    next_cursor = _encode(sort, rows[-1].sort_value, rows[-1].sort_key) if more else None
    return SimpleNamespace(rows=[row[0] for row in rows] if scalars else rows, next_cursor=next_cursor)


def ordered(query, sorts, sort, key, cursor=None, add_keys=False):
    """Return the query in the asked order, after the cursor's row where one is given."""
    name = sort.removeprefix("-")
    if name not in sorts:
        raise BadRequest(f"Неизвестная сортировка «{sort}»: бывает {', '.join(sorts)}")
    expression, descending = sorts[name].expression, sort.startswith("-")
    if cursor is not None:
        value, last_key = _decode(cursor, sort, sorts[name].kind)
        here, there = tuple_(expression, key), tuple_(literal(value), literal(last_key))
        query = query.where(here < there if descending else here > there)
    if add_keys:
        query = query.add_columns(expression.label("sort_value"), key.label("sort_key"))
    order = (expression, key) if expression is not key else (key,)
    return query.order_by(*(column.desc() if descending else column.asc() for column in order))


def total(query):
    """How many rows the query selects, exact to COUNT_CAP: `{total, total_is_capped?}`."""
    capped = query.with_only_columns(literal(1)).order_by(None).limit(COUNT_CAP + 1).subquery()
    number = db.session.scalar(select(func.count()).select_from(capped))
    return {"total": COUNT_CAP, "total_is_capped": True} if number > COUNT_CAP else {"total": number}


def _encode(sort, value, key):
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([sort, text, key]).encode()).decode().rstrip("=")


def _decode(cursor, sort, kind):
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        cursor_sort, value, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        value = _moment(value) if kind is datetime else value
        fits = cursor_sort == sort and type(value) is kind and type(key) is int and _storable(value)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        fits = False
    if not fits or not abs(key) < 2**63:
        raise BadRequest("Параметр cursor не от этого списка")
    return value, key


def _moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)


def _storable(value):
    if isinstance(value, int):
        return abs(value) < 2**63
    return not isinstance(value, str) or ("\x00" not in value and value.isprintable())
