"""Working hours: examples calculated by hand, and properties for any calendar, zone and time."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.shop.working_time import add_working_hours, default_deadline

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
OFFICE = {"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00", "holidays": []}
ALWAYS = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "24:00", "holidays": []}


def local(text, zone=MOSCOW):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(begin, hours, zone=MOSCOW, **calendar):
    """The result in the shop's local time."""
    moment = add_working_hours(local(begin, zone), hours, OFFICE | calendar, zone)
    assert moment.tzinfo is UTC
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("begin", "hours", "expected"),
    [
        ("2026-11-23 10:00", 3, "2026-11-23 13:00"),
        ("2026-11-23 16:00", 3, "2026-11-24 10:00"),
        ("2026-11-23 09:00", 9, "2026-11-23 18:00"),
        ("2026-11-23 09:00", 10, "2026-11-24 10:00"),
        ("2026-11-23 06:30", 1, "2026-11-23 10:00"),
        ("2026-11-23 18:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 23:59", 1, "2026-11-24 10:00"),
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),
        ("2026-11-22 12:00", 40, "2026-11-27 13:00"),
        ("2026-11-23 17:59", 1, "2026-11-24 09:59"),
    ],
)
def test_hours_count_within_the_days_of_the_office(begin, hours, expected):
    assert due(begin, hours) == expected


def test_holidays_are_not_worked():
    assert due("2026-12-31 17:00", 2, holidays=["2027-01-01", "2027-01-04"]) == "2027-01-05 10:00"


def test_a_holiday_on_a_sunday_changes_nothing():
    assert due("2026-11-27 17:00", 2, holidays=["2026-11-29"]) == "2026-11-30 10:00"


def test_a_shop_that_works_one_day_a_week():
    assert due("2026-11-23 12:00", 20, days=[6]) == "2026-12-12 11:00"


def test_day_and_night_are_worked_until_midnight_and_on():
    assert due("2026-11-23 22:00", 5, **ALWAYS) == "2026-11-24 03:00"
    assert due("2026-11-23 22:00", 2, **ALWAYS) == "2026-11-24 00:00"


def test_an_hour_that_the_clocks_skip_is_not_worked():
    """Berlin, 2026-03-29: 02:00 becomes 03:00."""
    assert due("2026-03-28 22:00", 6, BERLIN, **ALWAYS) == "2026-03-29 05:00"
    assert due("2026-03-27 17:00", 2, BERLIN) == "2026-03-30 10:00"


def test_an_hour_that_the_clocks_repeat_is_worked_twice():
    """Berlin, 2026-10-25: 03:00 becomes 02:00."""
    assert due("2026-10-24 22:00", 6, BERLIN, **ALWAYS) == "2026-10-25 03:00"


def test_a_working_day_that_lies_in_the_skipped_hour_has_no_time_in_it():
    night = {"days": [7], "from": "02:30", "to": "03:00"}
    assert due("2026-03-28 12:00", 1, BERLIN, **night) == "2026-04-12 03:00"


def test_beyond_the_times_of_the_contract_there_is_no_result():
    with pytest.raises(OverflowError):
        add_working_hours(local("2099-12-20 12:00"), 1000, OFFICE, MOSCOW)


@pytest.mark.parametrize(
    ("calendar", "milliseconds"),
    [(OFFICE, 5), (OFFICE | {"days": [1], "to": "10:00"}, 30), (OFFICE | {"days": [7], "to": "09:01"}, 500)],
)
def test_a_thousand_hours_are_counted_fast(calendar, milliseconds):
    holidays = [(date(2027, 1, 1) + timedelta(days=9 * n)).isoformat() for n in range(400)]
    tries = [_milliseconds(calendar | {"holidays": holidays}) for _ in range(5)]
    assert min(tries) < milliseconds


def _milliseconds(calendar):
    begin = time.perf_counter()
    with suppress(OverflowError):
        add_working_hours(local("2026-11-23 10:00"), 1000, calendar, MOSCOW)
    return (time.perf_counter() - begin) * 1000


SETTINGS = {"deadline_hours": {"Фен": 9}, "default_deadline_hours": 18, "working_calendar": OFFICE}


def test_the_type_of_the_appliance_decides_the_default_deadline():
    moment = local("2026-11-23 09:00")
    assert default_deadline("Фен", moment, SETTINGS, MOSCOW) == local("2026-11-23 18:00")
    assert default_deadline("фен", moment, SETTINGS, MOSCOW) == local("2026-11-24 18:00")


def test_seconds_of_the_moment_do_not_make_a_crooked_deadline():
    moment = local("2026-11-23 10:11:12.131415")
    assert default_deadline("Фен", moment, SETTINGS, MOSCOW) == local("2026-11-24 10:11")


def test_without_a_default_only_the_named_types_have_a_deadline():
    none = SETTINGS | {"default_deadline_hours": None}
    moment = local("2026-11-23 09:00")
    assert default_deadline("Утюг", moment, none, MOSCOW) is None
    assert default_deadline("Фен", moment, none, MOSCOW) == local("2026-11-23 18:00")


def test_a_deadline_beyond_all_times_is_none():
    assert default_deadline("Утюг", local("2099-12-30 12:00"), SETTINGS, MOSCOW) is None


zones = st.sampled_from(
    ["Europe/Moscow", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
).map(ZoneInfo)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
hours_of_work = st.integers(1, 300)


@st.composite
def calendars(draw):
    """Calendars with working days of half an hour to 24 hours and some holidays."""
    begin = draw(st.integers(0, 47))
    end = draw(st.integers(begin + 1, 48))
    clock = [f"{half // 2:02}:{half % 2 * 30:02}" for half in (begin, end)]
    days = draw(st.sets(st.integers(1, 7), min_size=1))
    first = draw(st.dates(date(2005, 1, 1), date(2035, 1, 1)))
    holidays = [(first + timedelta(days=n)).isoformat() for n in draw(st.sets(st.integers(0, 60), max_size=20))]
    return {"days": sorted(days), "from": clock[0], "to": clock[1], "holidays": sorted(holidays)}


def worked(begin, end, calendar, zone):
    """Working time from `begin` to `end`: the sum of each day's overlap."""
    total, day = timedelta(0), begin.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        if day.isoweekday() in calendar["days"] and day.isoformat() not in calendar["holidays"]:
            opens, closes = (_on(day, clock, zone) for clock in (calendar["from"], calendar["to"]))
            total += max(min(end, closes) - max(begin, opens), timedelta(0))
        day += timedelta(days=1)
    return total


def _on(day, clock, zone):
    hours, minutes = map(int, clock.split(":"))
    day, hours = day + timedelta(days=hours // 24), hours % 24
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=zone).astimezone(UTC)


@settings(max_examples=300, deadline=None)
@given(moments, hours_of_work, calendars(), zones)
def test_exactly_these_hours_of_work_lie_before_the_result(moment, hours, calendar, zone):
    result = add_working_hours(moment, hours, calendar, zone)
    assert worked(moment, result, calendar, zone) == timedelta(hours=hours)
    assert worked(moment, result - timedelta(microseconds=1), calendar, zone) < timedelta(hours=hours)


@settings(max_examples=100, deadline=None)
@given(moments, hours_of_work, hours_of_work, calendars(), zones)
def test_hours_may_be_added_in_parts(moment, first, second, calendar, zone):
    half_way = add_working_hours(moment, first, calendar, zone)
    whole = add_working_hours(moment, first + second, calendar, zone)
    assert add_working_hours(half_way, second, calendar, zone) == whole


@settings(max_examples=100, deadline=None)
@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)), hours_of_work, calendars(), zones)
def test_who_comes_later_is_not_due_sooner(moment, later, hours, calendar, zone):
    assert add_working_hours(moment, hours, calendar, zone) <= add_working_hours(moment + later, hours, calendar, zone)


@settings(max_examples=100, deadline=None)
@given(moments, hours_of_work, zones)
def test_a_shop_that_never_closes_counts_hours_as_everyone_does(moment, hours, zone):
    assert add_working_hours(moment, hours, ALWAYS, zone) == moment + timedelta(hours=hours)
