"""Statements that PostgreSQL plans once a connection: planning a short read costs more than running it.

    query = select(…).where(users.c.user_id == bindparam("me")).execution_options(**planned_once("me"))

The names are of the values that differ from call to call; the others become constants of the plan, so that it can use
partial indexes and a LIMIT, and each set of them has a plan of its own. PostgreSQL still compares that plan with one
made for the values at hand and keeps to the latter where it is cheaper (PREPARE, «Notes», in its manual).

Only statements outside of transactions are sent so: there one that the server has forgotten is simply sent anew.
"""

import re
from itertools import count

from psycopg2 import errors
from sqlalchemy import Engine, event

MOST_PLANS = 64
"""Plans that a connection keeps: odd page sizes must not fill the server's memory."""

_numbers = count(1)
_FORGOTTEN = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)
"""The plan is gone (DEALLOCATE, a pooler between), or a migration has changed the types of its columns."""


def planned_once(*names):
    """The execution options of a statement in which only the values of these names differ."""
    return {"planned_once": names}


@event.listens_for(Engine, "do_execute")
def _execute(cursor, statement, parameters, context):
    """Run a statement by its plan; None leaves it to SQLAlchemy."""
    names = context.execution_options.get("planned_once")
    if names is None or not cursor.connection.autocommit:
        return None
    plans = context.root_connection.info.setdefault("plans", {})
    constants = {name: value for name, value in parameters.items() if name not in names}
    key = statement, tuple(constants.values())
    try:
        if key not in plans and len(plans) < MOST_PLANS:
            plans[key] = _prepare(cursor, statement, [name for name in names if name in parameters], constants)
        if key not in plans:
            return None
        cursor.execute(plans[key], parameters)
    except _FORGOTTEN:
        plans.clear()
        return None
    return True


def _prepare(cursor, statement, names, constants):
    """Have the statement planned; returns the one that runs the plan."""
    plan = f"technic_{next(_numbers)}"
    places = {name: f"${number}" for number, name in enumerate(names, 1)}
    marked = re.sub(r"%\((\w+)\)s", lambda place: places.get(place[1], place[0]), statement)
    cursor.execute(f"PREPARE {plan} AS {marked}", constants)
    return f"EXECUTE {plan}" + (f" ({', '.join(f'%({name})s' for name in names)})" if names else "")
