"""Writing the audit log of settings and accounts."""

from database import db
from models.audit import AuditEvent
from models.enums import AuditKind
from services.common.clock import now


def record(actor, kind, subject, from_value=None, to_value=None):
    """Add an audit event within the caller's transaction.

    `actor` is a CurrentUser or User; the command line's operator has no account and is stored as null.
    """
    db.session.add(
        AuditEvent(
            at=now(),
            actor_id=actor.user_id or None,
            kind=AuditKind(kind),
            subject=str(subject),
            from_value=from_value,
            to_value=to_value,
        )
    )
