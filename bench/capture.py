"""Which SQL a call of the program issues: for the floor, and for the number of queries a call costs."""

from sqlalchemy import event

from database import db


def statements_of(app, path, token):
    """[(statement, parameters)] that a GET sends to the database, after one call that fills caches."""
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
