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
    """A fingerprint of every table's rows, to see that a refused call has changed nothing."""
    tables = [table.name for table in db.metadata.sorted_tables if table.name not in _NOT_OF_THE_DOMAIN]
    one = "SELECT '{0}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {0} t"
    with app.app_context():
        found = db.session.execute(text(" UNION ALL ".join(one.format(name) for name in tables)))
        return dict(found.all())


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
