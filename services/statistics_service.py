"""Statistics of a period: created and completed requests, by master and type, with times and ratings.

Days are those of the organisation's time zone, both ends included. A completion counts once, at the request's
current `completiondate`, for its current master: a reopened request has neither until it is finished again.
Means and percentiles are of the hours from `startdate` to `completiondate` (`percentile_cont`).
"""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy import and_, case, cast, func, select, text
from sqlalchemy.types import Date

from database import db
from models.enums import OPEN_STATUSES, WORKING_STATUSES, Status
from models.rating import Rating
from models.request import COMPLETED_OR_FIRST_DAY, RepairRequest
from models.user import User
from postgres.deadlines import statement_timeout
from services.common.clock import FIRST_MOMENT, LAST_MOMENT, now, rfc3339
from services.common.errors import BadRequest, Forbidden
from services.shop import settings as shop_settings

DEFAULT_DAYS = 30
MAX_DAYS = 366 * 5
MAX_SECONDS = 7

_hours = func.extract("epoch", RepairRequest.completiondate - RepairRequest.startdate) / 3600.0


class Period:
    """Days `first` to `last` (both included) in the organisation's time zone, with filters."""

    def __init__(self, first, last, zone, techtype=None, masterid=None):
        self.first, self.last, self.zone = first, last, zone
        self.begin = datetime.combine(first, time.min, zone)
        self.end = datetime.combine(last + timedelta(days=1), time.min, zone)
        self.filters = {"techtype": techtype, "masterid": masterid}

    def conditions(self):
        columns = {"techtype": RepairRequest.techtype, "masterid": RepairRequest.masterid}
        return [columns[name] == value for name, value in self.filters.items() if value is not None]

    def created(self):
        return and_(RepairRequest.startdate >= self.begin, RepairRequest.startdate < self.end)

    def completed(self):
        done = RepairRequest.completiondate.is_not(None)
        return and_(done, COMPLETED_OR_FIRST_DAY.op(">=")(self.begin), COMPLETED_OR_FIRST_DAY.op("<")(self.end))

    def link(self, when="created", **more):
        """The `/api/requests/` query for the requests behind a figure; `when` is created, completed or open."""
        query = {name: value for name, value in (self.filters | more).items() if value is not None}
        if when != "open":
            query |= self._borders(when)
        return "/api/requests/?" + urlencode(query, doseq=True)

    def _borders(self, when):
        """Omit bounds outside the API's range: they exclude nothing, and the list would reject them."""
        borders = {f"{when}_from": self.begin, f"{when}_to": self.end}
        return {name: rfc3339(moment) for name, moment in borders.items() if FIRST_MOMENT <= moment < LAST_MOMENT}


def statistics(user, first=None, last=None, techtype=None, masterid=None):
    """All figures of a period in one consistent snapshot. Raises Forbidden, BadRequest."""
    period = _period(user, first, last, techtype, masterid)
    db.session.rollback()  # The isolation level can be set only in a new transaction.
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    with statement_timeout(db.session, MAX_SECONDS):
        answer = _figures(period)
    db.session.rollback()
    return answer


def _figures(period):
    statuses, completion = _by_status(period), _completion(period)
    return {
        "period": {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "timezone": period.zone.key,
        },
        "totals": _totals(period, statuses, completion["n"]),
        "by_status": statuses,
        "by_techtype": _by_techtype(period),
        "by_master": _by_master(period),
        "completion": completion,
        "on_time": _on_time(period),
        "rating": _rating(period),
        "timeline": _timeline(period),
    }


def _period(user, first, last, techtype, masterid):
    if user.is_master:
        if masterid not in (None, user.user_id):
            raise Forbidden()
        masterid = user.user_id
    zone = shop_settings.timezone()
    last = last or (now().astimezone(zone).date() if first is None else first + timedelta(days=DEFAULT_DAYS - 1))
    first = first or last - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise BadRequest("Начало периода позже его конца")
    if (last - first).days > MAX_DAYS:
        raise BadRequest("Период не может быть длиннее пяти лет")
    return Period(first, last, zone, techtype, masterid)


def _totals(period, statuses, completed):
    query = select(func.count(), func.count().filter(RepairRequest.duedate < now())).where(
        RepairRequest.requeststatus.in_(OPEN_STATUSES), *period.conditions()
    )
    open_now, overdue = db.session.execute(query).one()
    counts = {row["requeststatus"]: row["count"] for row in statuses}
    return {
        "created": sum(counts.values()),
        "completed": completed,
        "cancelled": counts[Status.CANCELLED],
        "open": open_now,
        "overdue": overdue,
        "links": {
            "created": period.link(),
            "completed": period.link("completed"),
            "cancelled": period.link(requeststatus=Status.CANCELLED.value),
            "open": period.link("open", requeststatus=[status.value for status in OPEN_STATUSES]),
            "overdue": period.link("open", overdue=1),
        },
    }


def _by_status(period):
    query = select(RepairRequest.requeststatus, func.count()).where(period.created(), *period.conditions())
    counts = dict(db.session.execute(query.group_by(RepairRequest.requeststatus)).all())
    return [
        {
            "requeststatus": status,
            "count": counts.get(status, 0),
            "link": period.link(requeststatus=status.value),
        }
        for status in Status
    ]


def _by_techtype(period):
    created, done = period.created(), period.completed()
    query = select(
        RepairRequest.techtype,
        func.count().filter(created).label("created"),
        func.count().filter(done).label("completed"),
        func.avg(_hours).filter(done).label("mean_hours"),
    ).where(created | done, *period.conditions())
    rows = db.session.execute(query.group_by(RepairRequest.techtype).order_by(text("2 DESC, 3 DESC, 1"))).all()
    return [
        {
            "techtype": row.techtype,
            "created": row.created,
            "completed": row.completed,
            "mean_hours": _round(row.mean_hours),
            "link": period.link("created" if row.created else "completed", techtype=row.techtype),
        }
        for row in rows
    ]


def _by_master(period):
    done, working = period.completed(), RepairRequest.requeststatus.in_(WORKING_STATUSES)
    query = (
        select(
            RepairRequest.masterid,
            User.fullname,
            func.count().filter(done).label("completed"),
            func.count().filter(working).label("in_progress"),
            func.avg(_hours).filter(done).label("mean_hours"),
            func.avg(case((done, Rating.score))).label("rating_mean"),
            func.count(case((done, Rating.score))).label("rating_n"),
        )
        .join(User, User.user_id == RepairRequest.masterid)
        .outerjoin(Rating, Rating.requestid == RepairRequest.requestid)
        .where(done | working, *period.conditions())
        .group_by(RepairRequest.masterid, User.fullname)
        .order_by(text("3 DESC, 2, 1"))
    )
    return [_master_as_json(period, row) for row in db.session.execute(query).all()]


def _master_as_json(period, row):
    return {
        "user_id": row.masterid,
        "fullname": row.fullname,
        "completed": row.completed,
        "in_progress": row.in_progress,
        "mean_hours": _round(row.mean_hours),
        "rating_mean": _round(row.rating_mean),
        "rating_n": row.rating_n,
        "link": period.link("completed", masterid=row.masterid),
    }


def _completion(period):
    def percentile(share):
        return func.percentile_cont(share).within_group(_hours)

    query = select(func.avg(_hours), percentile(0.5), percentile(0.9), func.count())
    mean, median, p90, n = db.session.execute(query.where(period.completed(), *period.conditions())).one()
    return {"mean_hours": _round(mean), "median_hours": _round(median), "p90_hours": _round(p90), "n": n}


def _on_time(period):
    in_time = RepairRequest.completiondate <= RepairRequest.duedate
    query = select(func.count().filter(in_time), func.count()).where(
        period.completed(), RepairRequest.duedate.is_not(None), *period.conditions()
    )
    kept, n = db.session.execute(query).one()
    return {"share": _round(kept / n) if n else None, "n": n}


def _rating(period):
    """Ratings of the requests completed in the period."""
    query = (
        select(Rating.score, func.count())
        .join(RepairRequest, RepairRequest.requestid == Rating.requestid)
        .where(period.completed(), *period.conditions())
        .group_by(Rating.score)
    )
    counts = dict(db.session.execute(query).all())
    n = sum(counts.values())
    mean = sum(score * count for score, count in counts.items()) / n if n else None
    return {
        "mean": _round(mean),
        "n": n,
        "distribution": {str(score): counts.get(score, 0) for score in range(1, 6)},
    }


def _timeline(period):
    created = _per_day(period, RepairRequest.startdate, period.created())
    completed = _per_day(period, RepairRequest.completiondate, period.completed())
    days = (period.first + timedelta(days=offset) for offset in range((period.last - period.first).days + 1))
    return [
        {"date": day.isoformat(), "created": created.get(day, 0), "completed": completed.get(day, 0)} for day in days
    ]


def _per_day(period, column, condition):
    day = cast(func.timezone(period.zone.key, column), Date).label("day")
    query = select(day, func.count()).where(condition, *period.conditions()).group_by(text("day"))
    return dict(db.session.execute(query).all())


def _round(number):
    return None if number is None else round(float(number), 2)
