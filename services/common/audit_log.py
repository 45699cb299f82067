"""Writing the log of who changed settings and accounts."""

from database import db
from models.audit import AuditEvent
from models.enums import AuditKind
from services.common.clock import now


def record(actor, kind, subject, from_value=None, to_value=None):
    """Add the event of a change; it joins the caller's transaction.

    `actor` is a CurrentUser or User; the operator at the command line, who has no account, is written as nobody.
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
