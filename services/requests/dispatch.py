"""Recommendation of masters for a request, with reasons, and the workload of all masters.

The history is never scanned: of each master's finished requests of a type only the latest `SAMPLE` are read, from
an index in that order. Open work is read from the index of open requests.
"""

from datetime import timedelta
from functools import cache

from sqlalchemy import Float, and_, any_, bindparam, cast, func, or_, select, true

from database import db
from models.enums import OPEN_STATUSES, Role, Status
from models.rating import Rating
from models.request import COMPLETED_OR_FIRST_DAY, RepairRequest
from models.user import User
from services.common.clock import now
from services.common.russian import counted, decimal, duration
from services.requests.visibility import find_visible

SAMPLE = 20
"""Sample size: latest finished requests per master and type."""

PSEUDO_OBSERVATIONS = 5
"""Weight of the shop's mean, in observations. The best value is σ²/τ²: the variance of one observation over the
variance between masters. Scores of 1 to 5 have σ near 1, and masters of one shop differ by about τ = 0.45."""

WEIGHTS = {"free": 40, "known": 20, "speed": 20, "quality": 20}
UNKNOWN = 0.5
"""Neutral part of a score when the shop has no data."""

RECENT = timedelta(days=7)

_is_master = and_(User.user_type == Role.MASTER, User.is_active)
_is_open = RepairRequest.requeststatus.in_(OPEN_STATUSES)


def candidates(user, requestid):
    """The active masters for a visible request, best first: `{items}`. See `ranked`. Raises NotFound."""
    return {"items": ranked(find_visible(user, requestid).techtype)}


def best_master(techtype):
    """The first of `ranked` as `{user_id, fullname}`, or None without active masters."""
    order = _in_order(techtype)
    if not order:
        return None
    _, first = order[0]
    return {"user_id": first.user_id, "fullname": first.fullname}


def ranked(techtype):
    """The active masters for an appliance of this type, best first, each with `score` (0 to 100) and its reasons.

    Parts of the score, each from 0 to 1, weighted by WEIGHTS:
    free     1 / (1 + burden / typical); burden is open work, overdue counted twice, typical the masters' mean (≥ 1)
    known    n / (n + k) for n finished requests of the type
    speed    s / (s + m); m is the master's shrunk median time, s the shop's: one half for a usual master
    quality  (r - 1) / 4; r is the master's shrunk mean rating
    Of equal scores the less busy master comes first, then the one with the older account. Medians are
    `percentile_cont` of the hours from `startdate` to `completiondate`; `shrunk` handles small samples.
    """
    return [_as_json(row, score, techtype) for score, row in _in_order(techtype)]


def shrunk(value, n, shop_value, k=PSEUDO_OBSERVATIONS):
    """Shrink the mean of a sample of n towards the shop's: `(n·value + k·shop_value) / (n + k)`.

    Empirical Bayes: the posterior mean of a master's true value; the prior mean is the shop's value and the prior
    weighs k observations (Efron and Morris, "Stein's Paradox in Statistics", Scientific American 236, 1977; Casella,
    "An Introduction to Empirical Bayes Data Analysis", The American Statistician 39, 1985). It is used for the median
    too, whose noise falls with n in the same way. None if the shop has no value.
    """
    if shop_value is None:
        return None
    return shop_value if value is None else (n * value + k * shop_value) / (n + k)


def load():
    """Workload of each active master, and of any other with open requests, the busiest first: `{items}`.

    `new`, `in_progress`, `waiting_parts` and `overdue` count open requests, `completed_7_days` those finished in the
    last 7 × 24 hours.
    """
    work, done = _load_of_open(), _recently_done()
    query = (
        select(
            User.user_id,
            User.fullname,
            User.is_active,
            *(
                func.coalesce(work.c[name], 0).label(name)
                for name in ("new", "in_progress", "waiting_parts", "overdue")
            ),
            func.coalesce(done.c.completed, 0).label("completed_7_days"),
        )
        .outerjoin(work, work.c.masterid == User.user_id)
        .outerjoin(done, done.c.masterid == User.user_id)
        .where(User.user_type == Role.MASTER, or_(User.is_active, work.c.masterid.is_not(None)))
        .order_by(func.coalesce(work.c.open_work, 0).desc(), User.fullname, User.user_id)
    )
    return {"items": [dict(row) for row in db.session.execute(query).mappings()]}


def _in_order(techtype):
    """Return [(score, row of `_figures`)] of all active masters, best first."""
    rows = db.session.execute(_figures(), {"techtype": techtype, "moment": now()}).all()
    typical = max(1, sum(map(_burden, rows)) / max(1, len(rows)))
    scored = [(_score(row, typical), row) for row in rows]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].open_work, pair[1].user_id))


@cache
def _figures():
    """SELECT with one row per master: open work, experience with the type, and the shop's means.

    Built once with the parameters `techtype` and `moment`: building takes as long as executing.
    """
    sample = _sample()
    scores = _scores_of(sample)
    known = _experience(sample, scores, sample.c.user_id).group_by(sample.c.user_id).subquery("known")
    shop = _experience(sample, scores).subquery("shop")
    work = _open_work()
    return (
        select(
            User.user_id,
            User.fullname,
            func.coalesce(work.c.open_work, 0).label("open_work"),
            func.coalesce(work.c.overdue_work, 0).label("overdue_work"),
            func.coalesce(known.c.n, 0).label("n"),
            known.c.median_hours,
            known.c.mean_hours,
            func.coalesce(known.c.rating_n, 0).label("rating_n"),
            known.c.rating_mean,
            shop.c.median_hours.label("shop_median_hours"),
            shop.c.rating_mean.label("shop_rating_mean"),
        )
        .outerjoin(work, work.c.masterid == User.user_id)
        .outerjoin(known, known.c.user_id == User.user_id)
        .join(shop, true())
        .where(_is_master)
    )


def _sample():
    """Each master's latest SAMPLE finished requests of the type: (user_id, requestid, hours)."""
    seconds = func.extract("epoch", RepairRequest.completiondate - RepairRequest.startdate)
    latest = (
        select(RepairRequest.requestid, (cast(seconds, Float) / 3600).label("hours"))
        .where(
            RepairRequest.masterid == User.user_id,
            RepairRequest.techtype == bindparam("techtype"),
            RepairRequest.requeststatus == Status.DONE,
        )
        .order_by(RepairRequest.completiondate.desc())
        .limit(SAMPLE)
        .lateral("latest")
    )
    return select(User.user_id, latest.c.requestid, latest.c.hours).join(latest, true()).where(_is_master).cte("sample")


def _scores_of(sample):
    """Ratings of the sample: (requestid, score). One array of ids takes half the time of single look-ups."""
    ids = func.array(select(sample.c.requestid).scalar_subquery())
    return select(Rating.requestid, cast(Rating.score, Float).label("score")).where(Rating.requestid == any_(ids)).cte()


def _experience(sample, scores, *columns):
    return select(
        *columns,
        func.count().label("n"),
        func.percentile_cont(0.5).within_group(sample.c.hours).label("median_hours"),
        func.avg(sample.c.hours).label("mean_hours"),
        func.count(scores.c.score).label("rating_n"),
        func.avg(scores.c.score).label("rating_mean"),
    ).select_from(sample.outerjoin(scores, scores.c.requestid == sample.c.requestid))


def _open_work():
    overdue = func.count().filter(RepairRequest.duedate < bindparam("moment"))
    query = select(RepairRequest.masterid, func.count().label("open_work"), overdue.label("overdue_work"))
    return query.where(_is_open, RepairRequest.masterid.is_not(None)).group_by(RepairRequest.masterid).subquery("work")


def _load_of_open():
    def having(status):
        return func.count().filter(RepairRequest.requeststatus == status)

    return (
        select(
            RepairRequest.masterid,
            func.count().label("open_work"),
            having(Status.NEW).label("new"),
            having(Status.IN_PROGRESS).label("in_progress"),
            having(Status.WAITING_PARTS).label("waiting_parts"),
            func.count().filter(RepairRequest.duedate < now()).label("overdue"),
        )
        .where(_is_open, RepairRequest.masterid.is_not(None))
        .group_by(RepairRequest.masterid)
        .subquery("work")
    )


def _recently_done():
    query = select(RepairRequest.masterid, func.count().label("completed"))
    return query.where(now() - RECENT <= COMPLETED_OR_FIRST_DAY).group_by(RepairRequest.masterid).subquery("done")


def _burden(row):
    return row.open_work + row.overdue_work


def _score(row, typical):
    parts = {
        "free": 1 / (1 + _burden(row) / typical),
        "known": row.n / (row.n + PSEUDO_OBSERVATIONS),
        "speed": _speed(row),
        "quality": _quality(row),
    }
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def _speed(row):
    usual = row.shop_median_hours
    return usual / (usual + shrunk(row.median_hours, row.n, usual)) if usual else UNKNOWN


def _quality(row):
    rating = _shrunk_rating(row)
    return UNKNOWN if rating is None else (rating - 1) / 4


def _shrunk_rating(row):
    return shrunk(row.rating_mean, row.rating_n, row.shop_rating_mean)


def _as_json(row, score, techtype):
    return {
        "user_id": row.user_id,
        "fullname": row.fullname,
        "score": round(score, 1),
        "open_work": row.open_work,
        "overdue_work": row.overdue_work,
        "experience": {
            "n": row.n,
            "median_hours": _rounded(row.median_hours),
            "shop_median_hours": _rounded(row.shop_median_hours),
        },
        "rating": {
            "mean": _rounded(row.rating_mean),
            "n": row.rating_n,
            "shrunk_mean": _rounded(_shrunk_rating(row)),
        },
        "mean_days": _rounded(row.mean_hours and row.mean_hours / 24),
        "reason": f"{_work_in_words(row)}; {_experience_in_words(row, techtype)}.",
    }


def _work_in_words(row):
    if row.open_work == 0:
        return "Открытых заявок нет"
    if row.open_work == row.overdue_work:
        return counted(row.open_work, "просроченная заявка", "просроченные заявки", "просроченных заявок")
    work = counted(row.open_work, "открытая заявка", "открытые заявки", "открытых заявок")
    overdue = counted(row.overdue_work, "просрочена", "просрочены", "просрочено")
    return f"{work}, из них {overdue}" if row.overdue_work else work


def _experience_in_words(row, techtype):
    if row.n == 0:
        return f"«{techtype}»: ремонтов ещё не было"
    repairs = counted(row.n, "ремонт", "ремонта", "ремонтов")
    known = f"последние {repairs}" if row.n == SAMPLE else repairs
    times = f"обычно {duration(row.median_hours)}, в мастерской {duration(row.shop_median_hours)}"
    return f"«{techtype}»: {known}, {times}; {_rating_in_words(row)}"


def _rating_in_words(row):
    if row.rating_n == 0:
        return "оценок за них ещё нет"
    return f"оценка {decimal(row.rating_mean)} ({counted(row.rating_n, 'отзыв', 'отзыва', 'отзывов')})"


def _rounded(number):
    return None if number is None else round(number, 2)
