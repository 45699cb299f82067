"""Requests per scope and status, maintained by triggers (`triggers.py`), so that no query counts the history."""

from sqlalchemy import BigInteger, Identity, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from database import db


class RequestCount(db.Model):
    """Number of requests of a scope (0: the shop, otherwise a master's user_id) in a status, without pending deltas."""

    __tablename__ = "request_counts"

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    requeststatus: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class RequestCountDelta(db.Model):
    """Pending increment of a RequestCount; append-only, so that writers do not wait for each other."""

    __tablename__ = "request_count_deltas"

    delta_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    scope: Mapped[int] = mapped_column(BigInteger)
    requeststatus: Mapped[str] = mapped_column(String(40))
    delta: Mapped[int] = mapped_column(Integer)
