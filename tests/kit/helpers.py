"""Helpers of tests: parallel calls, fingerprints and rows of the database."""

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
    """Fingerprint of the versions of all rows: every insert, update and delete changes it.

    A version is identified by its transaction (xmin) and position (ctid). Locks, vacuum and freezing change neither.
    If one of them is reused, the other differs.
    """
    return _of_every_table(app, "sum(hashtextextended(t.xmin::text || t.ctid::text, 0))")


def contents(app):
    """Fingerprint of the values of all rows: an update to equal values does not change it."""
    return _of_every_table(app, "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))")


def _of_every_table(app, fingerprint):
    tables = [table.name for table in db.metadata.sorted_tables if table.name not in _NOT_OF_THE_DOMAIN]
    with app.app_context():
        query = " UNION ALL ".join(f"SELECT '{name}', {fingerprint} FROM {name} t" for name in tables)
        return dict(db.session.execute(text(query)).all())


def rows(app, model, *conditions):
    """Rows of a model that match the conditions, ordered by primary key."""
    with app.app_context():
        keys = model.__mapper__.primary_key
        found = db.session.scalars(db.select(model).where(*conditions).order_by(*keys)).all()
        db.session.expunge_all()
        return found


def one(app, model, *conditions):
    """The only row of a model that matches the conditions."""
    (row,) = rows(app, model, *conditions)
    return row
