"""Comments to requests."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from database import db


class Comment(db.Model):
    """A comment on a request. `masterid` is the author, whatever their role (the manual's column name)."""

    __tablename__ = "comments"

    commentid: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    requestid: Mapped[int] = mapped_column(ForeignKey("repair_requests.requestid"))
    masterid: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    message: Mapped[str] = mapped_column(String(10_000))
    is_internal: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    comment_date: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (
        CheckConstraint("btrim(message) <> ''", name="message_not_blank"),
        Index("ix_comments_request", "requestid", "comment_date", "commentid"),
    )
