"""Keyset paging: a cursor names the last row of a page, so page 5000 costs as much as page 1."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

from sqlalchemy import bindparam, func, literal, select, tuple_

from database import db
from services.common.errors import BadRequest
from services.common.values import LARGEST_ID

COUNT_CAP = 10_000


@dataclass(frozen=True)
class Sort:
    """A documented sort key: a non-null SQL expression and the type of its values."""

    expression: object
    kind: type


class Order:
    """Total order of a list, and the position where a page starts.

    `sort` is a name of `sorts`, with `-` for descending; `key` is the unique column that makes the order total;
    `cursor` comes from an earlier page in the same order. Raises BadRequest for an unknown sort, or a cursor of another
    list.
    """

    def __init__(self, sorts, sort, key, cursor=None):
        name = sort.removeprefix("-")
        if name not in sorts:
            raise BadRequest(f"Неизвестная сортировка «{sort}»: бывает {', '.join(sorts)}")
        self.sort, self.key, self.descending = sort, key, sort.startswith("-")
        self.expression = sorts[name].expression
        self.is_further = cursor is not None
        self.values = _decode(cursor, sort, sorts[name].kind) if cursor is not None else {}

    def apply(self, query):
        """Order the query and start after the cursor; bind `values` when executing."""
        if self.is_further:
            here = tuple_(self.expression, self.key)
            there = tuple_(
                bindparam("after_value", type_=self.expression.type), bindparam("after_key", type_=self.key.type)
            )
            query = query.where(here < there if self.descending else here > there)
        return query.order_by(*self.of(self.expression, self.key))

    def of(self, value, key):
        """ORDER BY terms for the columns with the sort value and the key."""
        return [column.desc() if self.descending else column.asc() for column in (value, key)]

    def cursor_after(self, row):
        """Opaque cursor after a row with `.sort_value` and `.sort_key`."""
        value = row.sort_value.isoformat() if isinstance(row.sort_value, datetime) else row.sort_value
        return base64.urlsafe_b64encode(json.dumps([self.sort, value, row.sort_key]).encode()).decode().rstrip("=")


def page(query, order, limit, scalars=False):
    """Return one page of `query`: `.rows` and `.next_cursor` (None on the last page)."""
    keys = order.expression.label("sort_value"), order.key.label("sort_key")
    rows = db.session.execute(order.apply(query.add_columns(*keys)).limit(limit + 1), order.values).all()
    next_cursor = order.cursor_after(rows[limit - 1]) if len(rows) > limit else None
    rows = rows[:limit]
    return SimpleNamespace(rows=[row[0] for row in rows] if scalars else rows, next_cursor=next_cursor)


def total(query, values=None):
    """Number of rows of the query with these values, exact up to COUNT_CAP: `{total, total_is_capped?}`."""
    capped = (
        query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(COUNT_CAP + 1).subquery()
    )
    number = db.session.scalar(select(func.count()).select_from(capped), values)
    return {"total": COUNT_CAP, "total_is_capped": True} if number > COUNT_CAP else {"total": number}


def _decode(cursor, sort, kind):
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        cursor_sort, value, key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        value = _moment(value) if kind is datetime else value
        fits = cursor_sort == sort and type(value) is kind and type(key) is int and _storable(value)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        fits = False
    if not fits or abs(key) > LARGEST_ID:
        raise BadRequest("Параметр cursor не от этого списка")
    return {"after_value": value, "after_key": key}


def _moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)


def _storable(value):
    """True if PostgreSQL can store the text; a lone surrogate raises ValueError."""
    if isinstance(value, int):
        return abs(value) <= LARGEST_ID
    return not isinstance(value, str) or b"\x00" not in value.encode()
