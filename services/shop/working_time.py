"""Deadlines in working hours: «40 working hours» as a point in time."""

from datetime import UTC, date, datetime, time, timedelta

_MIDNIGHT_AFTER = "24:00"
_LAST_DAY = date(2099, 12, 31)
"""The API accepts times to the end of 2099, UTC."""


def default_deadline(techtype, moment, settings, zone):
    """Return the deadline (aware, UTC) of a request for `techtype` created at `moment`, or None.

    `settings` holds `deadline_hours`, `default_deadline_hours` and `working_calendar`. Seconds of `moment` are
    dropped.
    """
    hours = settings["deadline_hours"].get(techtype, settings["default_deadline_hours"])
    if hours is None:
        return None
    try:
        return add_working_hours(moment.replace(second=0, microsecond=0), hours, settings["working_calendar"], zone)
    except OverflowError:
        return None


def add_working_hours(moment, hours, calendar, zone):
    """Return the time (aware, UTC) when `hours` of working time have passed since `moment` (aware).

    `calendar` is the setting `working_calendar`: `{days: [1..7] (ISO), from, to: "HH:MM" (`to` up to "24:00"),
    holidays: ["YYYY-MM-DD"]}`, local times of `zone` (a ZoneInfo). Only time between `from` and `to` of a working day
    counts, in real hours: a day with a clock change is an hour longer or shorter. If the last hour ends a working day,
    the result is the end of that day, not the next morning. Raises OverflowError if the result is later than the API
    accepts.
    """
    moment, rest = moment.astimezone(UTC), timedelta(hours=hours)
    for begin, end in _working_days(moment.astimezone(zone).date(), calendar, zone):
        begin = max(begin, moment)
        if begin + rest <= end:
            return begin + rest
        rest -= max(end - begin, timedelta(0))
    raise OverflowError("the calendar ends before the hours do")


def _working_days(first, calendar, zone):
    """Yield (begin, end) of the working days from the day `first`, in UTC."""
    days, holidays = frozenset(calendar["days"]), frozenset(calendar["holidays"])
    begins, (ends, days_later) = time.fromisoformat(calendar["from"]), _end_of_day(calendar["to"])
    for ordinal in range(first.toordinal(), _LAST_DAY.toordinal()):
        day = date.fromordinal(ordinal)
        if day.isoweekday() in days and day.isoformat() not in holidays:
            yield _utc(day, begins, zone), _utc(day + days_later, ends, zone)


def _end_of_day(text):
    """Return (time of day, days to add): "24:00" is midnight of the next day."""
    if text == _MIDNIGHT_AFTER:
        return time.min, timedelta(days=1)
    return time.fromisoformat(text), timedelta(0)


def _utc(day, clock, zone):
    return datetime.combine(day, clock, zone).astimezone(UTC)
