"""Prepared statements, once per connection: planning a short query costs more than executing it.

    query = select(…).where(users.c.user_id == bindparam("me")).execution_options(**prepared("me"))

The names are those of the values that vary per call. Other values become constants of the plan, so that it can use
partial indexes and a LIMIT; each combination of them has its own plan. PostgreSQL still compares this generic plan
with custom ones and uses the cheaper kind (PREPARE, «Notes», in its manual).

Only in autocommit: there a lost prepared statement can safely be resent.
"""

import re
from itertools import count

from psycopg2 import errors
from sqlalchemy import Engine, event

MAX_STATEMENTS = 64
"""Limit of prepared statements per connection: unusual page sizes must not fill the server's memory."""

_numbers = count(1)
_LOST_STATEMENT_ERRORS = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)
"""Errors of a lost statement (DEALLOCATE, a pooler in between), or of changed column types after a migration."""


def prepared(*names):
    """Execution options of a statement; only the values with these names vary."""
    return {"prepared": names}


@event.listens_for(Engine, "do_execute")
def _execute(cursor, statement, parameters, context):
    """Execute a prepared statement; return None to leave it to SQLAlchemy."""
    names = context.execution_options.get("prepared")
    if names is None or not cursor.connection.autocommit:
        return None
    plans = context.root_connection.info.setdefault("plans", {})
    constants = {name: value for name, value in parameters.items() if name not in names}
    key = statement, tuple(constants.values())
    try:
        if key not in plans and len(plans) < MAX_STATEMENTS:
            plans[key] = _prepare(cursor, statement, [name for name in names if name in parameters], constants)
        if key not in plans:
            return None
        cursor.execute(plans[key], parameters)
    except _LOST_STATEMENT_ERRORS:
        plans.clear()
        return None
    return True


def _prepare(cursor, statement, names, constants):
    """PREPARE the statement and return its EXECUTE."""
    plan = f"technic_{next(_numbers)}"
    places = {name: f"${number}" for number, name in enumerate(names, 1)}
    marked = re.sub(r"%\((\w+)\)s", lambda place: places.get(place[1], place[0]), statement)
    cursor.execute(f"PREPARE {plan} AS {marked}", constants)
    return f"EXECUTE {plan}" + (f" ({', '.join(f'%({name})s' for name in names)})" if names else "")
