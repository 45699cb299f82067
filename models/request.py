"""Repair requests: the shop's work orders."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from database import db
from models.enums import MASTERLESS_STATUSES, OPEN_STATUSES, Priority, Status, value_column
from models.rating import Rating

_PRIORITY_RANK = f"CASE priority WHEN '{Priority.URGENT}' THEN 2 WHEN '{Priority.NORMAL}' THEN 1 ELSE 0 END"
"""Sort key: priorities by urgency, not alphabetically."""

_FIRST_DAY, _LAST_DAY = "'2000-01-01 00:00:00+00'::timestamptz", "'2100-01-01 00:00:00+00'::timestamptz"


def _sql_list(values):
    return ", ".join(f"'{value}'" for value in values)


def _in_range(column):
    return CheckConstraint(f"{column} >= {_FIRST_DAY} AND {column} < {_LAST_DAY}", name=f"{column}_in_range")


class RepairRequest(db.Model):
    """One appliance that a client has asked us to repair. Answers show each column that is not deferred."""

    __tablename__ = "repair_requests"

    requestid: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    clientid: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    masterid: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    project: Mapped[str | None] = mapped_column(String(200))
    techtype: Mapped[str] = mapped_column(String(100))
    techmodel: Mapped[str] = mapped_column(String(200))
    serialnumber: Mapped[str | None] = mapped_column(String(100))
    problemdescription: Mapped[str] = mapped_column(String(10_000))
    phone: Mapped[str | None] = mapped_column(String(32))
    address: Mapped[str | None] = mapped_column(String(300))
    priority: Mapped[Priority] = mapped_column(
        value_column(Priority), default=Priority.NORMAL, server_default=Priority.NORMAL.value
    )
    requeststatus: Mapped[Status] = mapped_column(
        value_column(Status), default=Status.NEW, server_default=Status.NEW.value
    )
    startdate: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    duedate: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    completiondate: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    priority_rank: Mapped[int] = deferred(
        mapped_column(SmallInteger, Computed(_PRIORITY_RANK, persisted=True), nullable=False)
    )
    search: Mapped[str | None] = deferred(mapped_column(TSVECTOR))
    rating: Mapped[Rating | None] = relationship()

    __table_args__ = (
        CheckConstraint("btrim(techtype) <> ''", name="techtype_not_blank"),
        CheckConstraint("btrim(techmodel) <> ''", name="techmodel_not_blank"),
        CheckConstraint("btrim(problemdescription) <> ''", name="problemdescription_not_blank"),
        CheckConstraint(
            f"(requeststatus = '{Status.DONE}') = (completiondate IS NOT NULL)",
            name="completiondate_when_done",
        ),
        CheckConstraint("completiondate >= startdate", name="completiondate_after_startdate"),
        CheckConstraint(
            f"masterid IS NOT NULL OR requeststatus IN ({_sql_list(MASTERLESS_STATUSES)})",
            name="work_has_a_master",
        ),
        CheckConstraint("version >= 1", name="version_positive"),
        _in_range("startdate"),
        _in_range("duedate"),
        _in_range("completiondate"),
        Index("ix_requests_startdate", "startdate", "requestid"),
        Index("ix_requests_status", "requeststatus", "startdate", "requestid"),
        Index("ix_requests_client", "clientid", "startdate", "requestid"),
        Index("ix_requests_master", "masterid", "startdate", "requestid"),
        Index(
            "ix_requests_techtype",
            "techtype",
            "startdate",
            "requestid",
            postgresql_include=["techmodel", "clientid"],
        ),
        Index("ix_requests_priority", "priority_rank", "requestid"),
        Index(
            "ix_requests_takeable",
            "startdate",
            "requestid",
            postgresql_where=text(f"masterid IS NULL AND requeststatus = '{Status.NEW}'"),
        ),
        Index(
            "ix_requests_open",
            "masterid",
            "duedate",
            "requeststatus",
            postgresql_where=text(f"requeststatus IN ({_sql_list(OPEN_STATUSES)})"),
        ),
        Index(
            "ix_requests_done",
            "masterid",
            "techtype",
            "completiondate",
            postgresql_include=["startdate", "requestid"],
            postgresql_where=text(f"requeststatus = '{Status.DONE}'"),
        ),
        Index("ix_requests_search", "search", postgresql_using="gin"),
    )

    @property
    def rated_at(self):
        """Time of the client's first rating, or None."""
        return self.rating and self.rating.rated_at


COMPLETED_OR_FIRST_DAY = func.coalesce(RepairRequest.__table__.c.completiondate, text(_FIRST_DAY))
DUE_OR_LAST_DAY = func.coalesce(RepairRequest.__table__.c.duedate, text(_LAST_DAY))
"""Non-null sort keys for keyset paging: open requests sort before all completed ones, requests without a
deadline after all others."""

Index("ix_requests_completiondate", COMPLETED_OR_FIRST_DAY, RepairRequest.__table__.c.requestid)
Index("ix_requests_duedate", DUE_OR_LAST_DAY, RepairRequest.__table__.c.requestid)

SERIAL_KEY = func.lower(func.btrim(RepairRequest.__table__.c.serialnumber))
MODEL_KEY = func.lower(func.btrim(RepairRequest.__table__.c.techmodel))
"""Normalised keys that identify an appliance (trimmed, lower case)."""

# Not partial: PostgreSQL does not use the expression statistics of a partial index.
Index("ix_requests_serial", SERIAL_KEY, RepairRequest.__table__.c.requestid)
Index("ix_requests_client_model", RepairRequest.__table__.c.clientid, MODEL_KEY, RepairRequest.__table__.c.requestid)
