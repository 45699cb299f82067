"""`Idempotency-Key`: the same key and body give the same answer for a day and do the work once."""

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


def once(user, action, key, body, work):
    """Return `work()`'s answer (JSON-ready), or the stored one where this user's key was used before.

    The key joins the work's transaction: two calls at once wait for each other at the unique index, and a
    refused call frees its key. `work` must not commit; this function does. Raises Invalid for another body.
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
    """Insert the key; False where it is taken (after waiting for a call that holds it to end)."""
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
