"""What a piece of work asks of the database."""

from contextlib import contextmanager

from sqlalchemy import event

from database import db


@contextmanager
def statements_of(app):
    """The list of SQL statements that the application sends while the block runs."""
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
