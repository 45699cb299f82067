"""History of requests: one append-only log for the timeline, the live feed and notifications."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    String,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database import db
from models.enums import EventKind, value_column


class RequestEvent(db.Model):
    """One change of a request: actor, time, kind, old and new value.

    A trigger assigns `event_id` under a lock held until the commit, so ids follow the order of commits: a reader of
    id N has seen all lower ids. `former_masterid` and `was_takeable` record which masters saw the request before the
    change; those who lose access get an event about that.
    """

    __tablename__ = "request_events"

    event_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    requestid: Mapped[int] = mapped_column(ForeignKey("repair_requests.requestid"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    kind: Mapped[EventKind] = mapped_column(value_column(EventKind))
    from_value: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    to_value: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    comment: Mapped[str | None] = mapped_column(String(10_000))
    is_internal: Mapped[bool] = mapped_column(Boolean, default=False, server_default=sql("false"))
    version: Mapped[int] = mapped_column(Integer)
    former_masterid: Mapped[int | None] = mapped_column(BigInteger)
    was_takeable: Mapped[bool] = mapped_column(Boolean, default=False, server_default=sql("false"))

    __table_args__ = (Index("ix_request_events_request", "requestid", "event_id"),)
