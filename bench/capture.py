"""Capture the SQL of a call: the floor replays it, the report counts its queries."""

from sqlalchemy import event

from database import db


def statements_of(app, path, token):
    """Return the [(statement, parameters)] of a GET, after a first call that fills the caches."""
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    seen = []
    with app.app_context():
        engine = db.engine
    client.get(path, headers=headers)
    event.listen(engine, "before_cursor_execute", _keep := _keeper(seen))
    try:
        answer = client.get(path, headers=headers)
    finally:
        event.remove(engine, "before_cursor_execute", _keep)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    return seen


def _keeper(seen):
    def keep(_connection, _cursor, statement, parameters, _context, _many):
        seen.append((statement, parameters))

    return keep
