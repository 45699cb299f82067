"""The history of requests: one append-only log that the timeline, the live feed and notices read."""

from datetime import datetime

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    String,
    event,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database import db
from models.enums import EventKind, value_column


class RequestEvent(db.Model):
    """Who did what to a request, when, from which value to which.

    `event_id` is given by the trigger below, under a lock that is held until the commit: ids follow
    commits, so a reader who has seen id N has seen all before it.
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

    __table_args__ = (Index("ix_request_events_request", "requestid", "event_id"),)


CREATE_EVENT_SEQUENCE = "CREATE SEQUENCE request_events_event_id_seq AS bigint"

CREATE_APPEND_FUNCTION = """
CREATE FUNCTION request_events_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Held until the commit: event ids become visible in their own order.
    PERFORM pg_advisory_xact_lock(7243001);
    NEW.event_id := nextval('request_events_event_id_seq');
    PERFORM pg_notify('request_events', NEW.event_id::text);
    RETURN NEW;
END $$
"""

CREATE_APPEND_TRIGGER = """
CREATE TRIGGER request_events_append BEFORE INSERT ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_append()
"""

CREATE_KEEP_FUNCTION = """
CREATE FUNCTION request_events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request_events is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""

CREATE_KEEP_TRIGGER = """
CREATE TRIGGER request_events_keep BEFORE UPDATE OR DELETE ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_keep()
"""

APPEND_ONLY_SQL = (
    CREATE_EVENT_SEQUENCE,
    CREATE_APPEND_FUNCTION,
    CREATE_APPEND_TRIGGER,
    CREATE_KEEP_FUNCTION,
    CREATE_KEEP_TRIGGER,
)
for statement in APPEND_ONLY_SQL:
    event.listen(RequestEvent.__table__, "after_create", DDL(statement.strip().replace("%", "%%")))
