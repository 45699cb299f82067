"""Small tools of the tests."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from database import db

_NOT_OF_THE_DOMAIN = {"throttle_counters"}


def at_once(*calls):
    """Run the calls in threads that start together; return their results in order."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def snapshot(app):
    """A fingerprint of the versions of all rows: every insert, update and delete changes it.

    A version is known by its transaction (xmin) and its place (ctid). Locks, vacuum and freezing change neither.
    Where a place is used again, or the number of a transaction after a wraparound, the other of the two differs.
    """
    return _of_every_table(app, "sum(hashtextextended(t.xmin::text || t.ctid::text, 0))")


def contents(app):
    """A fingerprint of the values of all rows: an update to the same values does not change it."""
    return _of_every_table(app, "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))")


def _of_every_table(app, fingerprint):
    tables = [table.name for table in db.metadata.sorted_tables if table.name not in _NOT_OF_THE_DOMAIN]
    with app.app_context():
        query = " UNION ALL ".join(f"SELECT '{name}', {fingerprint} FROM {name} t" for name in tables)
        return dict(db.session.execute(text(query)).all())


def rows(app, model, *conditions):
    """The rows of a model that meet the conditions, by their primary key."""
    with app.app_context():
        keys = model.__mapper__.primary_key
        found = db.session.scalars(db.select(model).where(*conditions).order_by(*keys)).all()
        db.session.expunge_all()
        return found


def one(app, model, *conditions):
    """The only row of a model that meets the conditions."""
    (row,) = rows(app, model, *conditions)
    return row
