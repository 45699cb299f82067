"""Pages of requests: filters, sort order, search. The cost of a page does not depend on the length of the history."""

from datetime import datetime
from functools import cache, lru_cache, partial

from sqlalchemy import Integer, and_, bindparam, false, func, or_, select, union_all
from sqlalchemy.dialects import postgresql

from database import db
from models.enums import OPEN_STATUSES, Status
from models.request import COMPLETED_OR_FIRST_DAY, DUE_OR_LAST_DAY, RepairRequest
from postgres.prepared_statements import prepared
from services.common import paging, search
from services.common.clock import now
from services.requests.queries import MOMENT, as_json, due_soon, select_requests
from services.requests.visibility import placeholder_user, visible_parts

SORTS = {
    "startdate": paging.Sort(RepairRequest.startdate, datetime),
    "completiondate": paging.Sort(COMPLETED_OR_FIRST_DAY, datetime),
    "duedate": paging.Sort(DUE_OR_LAST_DAY, datetime),
    "priority": paging.Sort(RepairRequest.priority_rank, int),
    "requestid": paging.Sort(RepairRequest.requestid, int),
}
DEFAULT_SORT = "-startdate"

COMMON_FROM = 4000
"""Estimated matches of a common word: from here on scan the newest requests first, below it use the search index."""

SCAN_LIMIT = 20_000
"""Limit of that scan, in requests."""


def list_requests(user, filters, *, sort=DEFAULT_SORT, limit=20, cursor=None, count=False):
    """One page of the requests this user may see: `{items, next_cursor, total?}`.

    `filters` is a dict of the API's query parameters; None means no filter.
    """
    order = paging.Order(SORTS, sort, RepairRequest.requestid, cursor)
    rows = _rows(user, filters, order, limit + 1)
    moment = now()
    answer = {
        "items": [as_json(user, row, moment) for row in rows[:limit]],
        "next_cursor": order.cursor_after(rows[limit - 1]) if len(rows) > limit else None,
    }
    return answer | (paging.total(_all(user, filters), _values(filters)) if count else {})


def count(user, filters, cap):
    """Number of requests that match the filters, counted up to `cap` + 1."""
    counted = select(func.count()).select_from(_all(user, filters).limit(cap + 1).subquery())
    return db.session.scalar(counted, _values(filters))


def _rows(user, filters, order, n):
    """First n rows after the cursor."""
    values = _values(filters) | order.values | {"me": user.user_id, "n": n}
    page = partial(_page, user.user_type, _statement_key(filters), order.sort, order.is_further)
    open_only, searched = _selects_open_only(filters), filters.get("q") is not None
    if searched and not open_only and _is_common(filters["q"]):
        rows = _run(page(_scan_newest), values)
        if len(rows) == n:
            return rows
    return _run(page(_search_index if searched or open_only else _first), values)


def _values(filters):
    """Bind values for a statement with these filters."""
    given = {name: value for name, value in filters.items() if value is not None}
    return given | search.request_words(given.get("q", "")) | {"moment": now()}


def _statement_key(filters):
    """Cache key of the statement: (filter, variant); the variant is None if only the bound value varies."""
    given = {name: value for name, value in filters.items() if value is not None}
    return tuple((name, _variant(name, value)) for name, value in given.items())


def _variant(name, value):
    if name == "q":
        return len(search.words(value))
    return value if name in ("overdue", "due_soon") or value == "none" else None


def _run(statement, values):
    """Execute without the ORM, which adds nothing to plain columns."""
    return db.session.connection().execute(statement, values).all()


@lru_cache(1000)
def _page(role, key, sort, is_further, select_part):
    """Statement of a page for all users of a role and all values of the same filters; building it costs more than
    executing it."""
    order = paging.Order(SORTS, sort, RepairRequest.requestid)
    order.is_further = is_further
    filters = {name: _BINDS[name] if value is None else value for name, value in key}
    n = bindparam("n", type_=Integer)
    query = _fetch([select_part(part, filters, order, n) for part in visible_parts(placeholder_user(role))], order, n)
    return query if filters else query.execution_options(**prepared("me", "after_value", "after_key"))


def _first(part, filters, order, n):
    return _part(part, filters, order).limit(n)


def _selects_open_only(filters):
    """True if the filters select open requests only: few rows, so sort them. An ordered scan could read the whole
    history before it finds them."""
    statuses = filters.get("requeststatus") or Status
    return bool(filters.get("overdue") or filters.get("due_soon") or set(statuses) <= set(OPEN_STATUSES))


def _fetch(parts, order, n):
    """SELECT of the first n rows of all parts, with the people in them: keys first, then the rows of those keys."""
    keys = union_all(*(select(part.subquery()) for part in parts)) if len(parts) > 1 else parts[0]
    keys = keys.subquery("keys")
    keys = select(keys).order_by(*order.of(keys.c.sort_value, keys.c.sort_key)).limit(n).subquery("page")
    query = select_requests(keys.c.sort_value, keys.c.sort_key).join(keys, keys.c.sort_key == RepairRequest.requestid)
    return query.order_by(*order.of(keys.c.sort_value, keys.c.sort_key))


def _part(part, filters, order):
    """Keys of one part of the visible requests, ordered, after the cursor."""
    query = select(order.expression.label("sort_value"), RepairRequest.requestid.label("sort_key"))
    return order.apply(query.where(part.condition, *_conditions(filters)))


def _scan_newest(part, filters, order, n):
    newest = _part(part, filters, order).add_columns(RepairRequest.search).limit(SCAN_LIMIT).subquery("newest")
    match = search.request_matches(filters["q"], part.client_is_known, newest.c.search)
    query = select(newest.c.sort_value, newest.c.sort_key).where(match)
    return query.order_by(*order.of(newest.c.sort_value, newest.c.sort_key)).limit(n)


def _search_index(part, filters, order, n):
    matching = _part(part, filters, order).where(_matching(part, filters))
    found = matching.order_by(None).cte().prefix_with("MATERIALIZED")
    return select(found).order_by(*order.of(found.c.sort_value, found.c.sort_key)).limit(n)


def _is_common(q):
    """True if the planner, which knows the frequencies of words, expects many matches."""
    query = _matching_requests(len(search.words(q)))
    values = query.construct_params(search.request_words(q))
    explained = db.session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query}", values)
    return explained.scalar_one()[0]["Plan"]["Plan Rows"] > COMMON_FROM


@cache
def _matching_requests(number):
    query = select(RepairRequest.requestid).where(search.request_matches(number, client_is_known=True))
    return query.compile(dialect=postgresql.dialect(paramstyle="pyformat"))


def _all(user, filters):
    """SELECT of the visible requests that match all filters, to be executed with `_values`."""
    number = None if filters.get("q") is None else len(search.words(filters["q"]))
    parts = [_matching(part, {"q": number}) for part in visible_parts(user)]
    return select(RepairRequest.requestid).where(or_(*parts), *_conditions(filters))


def _matching(part, filters):
    if filters.get("q") is None:
        return part.condition
    return and_(part.condition, search.request_matches(filters["q"], part.client_is_known))


def _conditions(filters):
    """SQL conditions of all filters except `q`."""
    return [_FILTERS[name](value) for name, value in filters.items() if value is not None and name != "q"]


def _open_and(condition, value):
    """Open requests that meet the condition, or (if false) all others."""
    meets = and_(condition, RepairRequest.requeststatus.in_(OPEN_STATUSES))
    return meets if value else func.coalesce(meets, false()).is_(False)


_FILTERS = {
    "requeststatus": lambda value: RepairRequest.requeststatus.in_(value),
    "masterid": lambda value: RepairRequest.masterid == (None if value == "none" else value),
    "clientid": lambda value: RepairRequest.clientid == value,
    "techtype": lambda value: RepairRequest.techtype == value,
    "priority": lambda value: RepairRequest.priority == value,
    "overdue": lambda value: _open_and(RepairRequest.duedate < MOMENT, value),
    "due_soon": lambda value: _open_and(due_soon(), value),
    "created_from": lambda value: RepairRequest.startdate >= value,
    "created_to": lambda value: RepairRequest.startdate < value,
    "completed_from": lambda value: and_(RepairRequest.completiondate.is_not(None), value <= COMPLETED_OR_FIRST_DAY),
    "completed_to": lambda value: and_(RepairRequest.completiondate.is_not(None), value > COMPLETED_OR_FIRST_DAY),
}

_BINDS = {name: bindparam(name) for name in _FILTERS} | {"requeststatus": bindparam("requeststatus", expanding=True)}
"""Bind parameters of the filters in cached statements."""
