"""Statistics of a period."""

from datetime import date

from pydantic import Field

from models.enums import Status
from routes.shapes.base import Answer, DayRange
from routes.shapes.fields import FileFormat, QueryId, Techtype


class StatisticsQuery(DayRange):
    techtype: Techtype | None = None
    masterid: QueryId | None = None


class StatisticsExport(StatisticsQuery):
    format: FileFormat = "xlsx"


class Period(Answer):
    from_: date = Field(alias="from")
    to: date
    timezone: str


class Totals(Answer):
    created: int
    completed: int
    cancelled: int
    open: int
    overdue: int
    links: dict[str, str]


class StatusFigures(Answer):
    requeststatus: Status
    count: int
    link: str


class TechtypeFigures(Answer):
    techtype: str
    created: int
    completed: int
    mean_hours: float | None
    link: str


class MasterFigures(Answer):
    user_id: int
    fullname: str
    completed: int
    in_progress: int
    mean_hours: float | None
    rating_mean: float | None
    rating_n: int
    link: str


class Completion(Answer):
    mean_hours: float | None
    median_hours: float | None
    p90_hours: float | None
    n: int


class OnTime(Answer):
    share: float | None
    n: int


class RatingFigures(Answer):
    mean: float | None
    n: int
    distribution: dict[str, int]


class Day(Answer):
    date: date
    created: int
    completed: int


class Statistics(Answer):
    period: Period
    totals: Totals
    by_status: list[StatusFigures]
    by_techtype: list[TechtypeFigures]
    by_master: list[MasterFigures]
    completion: Completion
    on_time: OnTime
    rating: RatingFigures
    timeline: list[Day]
