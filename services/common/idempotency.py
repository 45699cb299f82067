"""`Idempotency-Key`: for a day the same key and body return the same answer, and the work is done once."""

import hashlib
import json
from datetime import timedelta

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from database import db
from models.idempotency import IdempotencyKey
from services.common.clock import now
from services.common.errors import Invalid

KEPT = timedelta(hours=24)


def run_once(user, action, key, body, work):
    """Return the JSON-ready answer of `work()`, or the stored one if this user has used the key before.

    The key is part of the work's transaction: of two parallel calls one waits at the unique index, and a refused call
    frees its key. `work` must not commit; this function does. Raises Invalid if the key was used for another body.
    """
    if key is None:
        answer = work()
        db.session.commit()
        return answer
    digest = _digest(body)
    if not _claim(user, action, key, digest):
        return _stored_answer(user, action, key, digest)
    answer = msgspec.to_builtins(work())
    db.session.execute(update(IdempotencyKey).where(*_is(user, action, key)).values(answer=answer))
    db.session.commit()
    return answer


def _claim(user, action, key, digest):
    """Insert the key; return False if it exists, after waiting for a parallel call with it."""
    db.session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.user_id == user.user_id, IdempotencyKey.created_at < now() - KEPT)
    )
    row = {"user_id": user.user_id, "action": action, "key": key, "body_digest": digest}
    statement = insert(IdempotencyKey).values(**row).on_conflict_do_nothing().returning(IdempotencyKey.key)
    return db.session.scalar(statement) is not None


def _stored_answer(user, action, key, digest):
    stored = db.session.scalar(select(IdempotencyKey).where(*_is(user, action, key)))
    if stored is None or stored.body_digest != digest:
        raise Invalid({"Idempotency-Key": "Этот ключ уже использован для другого запроса"})
    return stored.answer


def _is(user, action, key):
    return (
        IdempotencyKey.user_id == user.user_id,
        IdempotencyKey.action == action,
        IdempotencyKey.key == key,
    )


def _digest(body):
    canonical = json.dumps(msgspec.to_builtins(body), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
