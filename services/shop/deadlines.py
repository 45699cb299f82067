"""Deadlines of requests in the organisation's working calendar."""

from services.common.clock import now
from services.shop import settings as shop_settings
from services.shop.working_time import default_deadline

SETTINGS_OF_DEADLINES = ("deadline_hours", "default_deadline_hours", "working_calendar", "timezone")


def deadline_of(techtype, moment, settings):
    """Return the deadline of a request for `techtype` created at `moment`, or None.

    `settings` holds SETTINGS_OF_DEADLINES.
    """
    return default_deadline(techtype, moment, settings, shop_settings.zone(settings["timezone"]))


def deadlines_now(hours, calendar, zone_name):
    """Preview the deadlines of requests created now, by a calendar that need not be stored.

    `hours` is a list of working hours, `zone_name` None for the environment's zone. Returns `{at, timezone,
    items[{hours, duedate}]}`.
    """
    at, zone = now(), shop_settings.zone(zone_name)
    settings = {"deadline_hours": {}, "working_calendar": calendar}
    found = {each: default_deadline("", at, settings | {"default_deadline_hours": each}, zone) for each in hours}
    items = [{"hours": each, "duedate": duedate} for each, duedate in found.items()]
    return {"at": at, "timezone": zone.key, "items": items}
