"""Clients' ratings of finished requests."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, SmallInteger, String, func
from sqlalchemy.orm import Mapped, mapped_column

from database import db


class Rating(db.Model):
    """A client's score (1 to 5) of a finished request; `rated_at` is the time of the first rating."""

    __tablename__ = "ratings"

    requestid: Mapped[int] = mapped_column(
        ForeignKey("repair_requests.requestid"), primary_key=True, autoincrement=False
    )
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str | None] = mapped_column(String(2000))
    rated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),)
