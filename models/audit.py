"""Append-only log of changes to settings and accounts."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database import db
from models.enums import AuditKind, value_column


class AuditEvent(db.Model):
    """One change: `subject` is a setting's name or a user_id, the values are the changed fields.

    `actor_id` is null for the command line. Passwords are never stored here.
    """

    __tablename__ = "audit_events"

    audit_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    kind: Mapped[AuditKind] = mapped_column(value_column(AuditKind))
    subject: Mapped[str] = mapped_column(String(64))
    from_value: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    to_value: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        Index("ix_audit_events_subject", "subject", "audit_id"),
        Index("ix_audit_events_actor", "actor_id", "audit_id"),
    )
