"""Sessions of issued tokens: a token without a valid row here is rejected."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from database import db
from models.enums import Scope, value_column


class Session(db.Model):
    """One sign-in, stored in the database so that a logout survives restarts."""

    __tablename__ = "sessions"

    jti: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    scope: Mapped[Scope] = mapped_column(value_column(Scope), server_default=Scope.FULL.value)

    __table_args__ = (Index("ix_sessions_user", "user_id", "expires_at"),)
