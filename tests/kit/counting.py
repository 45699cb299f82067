"""SQL statements sent by a piece of work."""

from contextlib import contextmanager

from sqlalchemy import event

from database import db


@contextmanager
def statements_of(app):
    """List of the SQL statements that the application sends within the block."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
