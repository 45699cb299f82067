"""Row factories with default values."""

import itertools
from datetime import timedelta
from functools import cache

from sqlalchemy import inspect

import models.password
from database import db
from models import Comment, Rating, RepairRequest, Role, Scope, Status, User
from models.password import hash_password
from services.accounts import tokens
from services.common.clock import now
from services.requests.history import record_event

PASSWORD = "Verno-Parol-7"
_numbers = itertools.count(1)


def password_hash(password=PASSWORD):
    """Hash of a password by the current method, computed once per run."""
    return _hash_by(models.password.HASH_METHOD, password)


@cache
def _hash_by(_method, password):
    return hash_password(password)


class Record:
    """Copy of a row, independent of any session; `reload()` reads it again."""

    def __init__(self, app, row):
        self._app, self._model, self._identity = app, type(row), inspect(row).identity
        self._read(row)

    def reload(self):
        with self._app.app_context():
            self._read(db.session.get(self._model, self._identity))
        return self

    def _read(self, row):
        for column in inspect(self._model).column_attrs:
            if not column.deferred:
                setattr(self, column.key, getattr(row, column.key))


class Factory:
    """Creates and commits rows in one application's database."""

    def __init__(self, app):
        self.app = app

    def user(self, role=Role.CLIENT, **fields):
        return self._saved(self._new_user(role, **fields))[0]

    def users(self, *roles):
        """Users of these roles, created in one transaction."""
        return self._saved(*map(self._new_user, roles))

    def _new_user(self, role, **fields):
        number = next(_numbers)
        defaults = {
            "fullname": f"Тестова Анна {number}-я",
            "email": f"user{number}@example.org",
            "phone": f"+7 900 000-{number:04}",
            "user_type": role,
            "password": password_hash(),
        }
        return User(**defaults | fields)

    def request(self, client=None, master=None, status=None, **fields):
        """A request; with a master and no status it is in progress."""
        status = status or (Status.IN_PROGRESS if master else Status.NEW)
        if master is None and status not in (Status.NEW, Status.CANCELLED):
            master = self.user(Role.MASTER)
        defaults = {
            "clientid": (client or self.user(Role.CLIENT)).user_id,
            "masterid": master.user_id if master else None,
            "techtype": "Холодильник",
            "techmodel": "Indesit DS 316 W белый",
            "problemdescription": "Не морозит одна из камер",
            "requeststatus": status,
            "startdate": now() - timedelta(hours=3),
        }
        if status == Status.DONE:
            defaults["completiondate"] = now() - timedelta(hours=1)
        return self._saved(RepairRequest(**defaults | fields))[0]

    def comment(self, repair, author, message="Интересная поломка", **fields):
        return self._saved(Comment(requestid=repair.requestid, masterid=author.user_id, message=message, **fields))[0]

    def rating(self, repair, score=5, **fields):
        return self._saved(Rating(requestid=repair.requestid, score=score, **fields))[0]

    def event(self, repair, actor, kind, *values, **fields):
        """An event of the history."""
        with self.app.app_context():
            record_event(repair, actor, kind, *values, **fields)
            db.session.commit()

    def token(self, user, scope=Scope.FULL):
        """A bearer token of a new session."""
        with self.app.app_context():
            token = tokens.issue(user.user_id, scope)["token"]
            db.session.commit()
            return token

    def _saved(self, *rows):
        with self.app.app_context():
            db.session.add_all(rows)
            db.session.commit()
            for row in rows:
                db.session.refresh(row)
            return [Record(self.app, row) for row in rows]
