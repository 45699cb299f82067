"""How many requests stand where, kept by triggers (`triggers.py`) so that nobody has to count the history."""

from sqlalchemy import BigInteger, Identity, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from database import db


class RequestCount(db.Model):
    """Requests of a scope (0: the shop, else a master's user_id) in a status, up to the last folding."""

    __tablename__ = "request_counts"

    scope: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    requeststatus: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class RequestCountDelta(db.Model):
    """A change of one of those numbers since then; rows are only added, so that writers never wait for each other."""

    __tablename__ = "request_count_deltas"

    delta_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    scope: Mapped[int] = mapped_column(BigInteger)
    requeststatus: Mapped[str] = mapped_column(String(40))
    delta: Mapped[int] = mapped_column(Integer)
