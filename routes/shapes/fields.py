"""Field types of the API's input, with the limits of the contract."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StringConstraints, WithJsonSchema

from models.enums import Priority, Role, Status
from services.common.clock import FIRST_MOMENT, LAST_MOMENT
from services.common.values import LARGEST_ID, LONGEST_EMAIL, is_email

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)


def _storable(text):
    if "\x00" in text:
        raise ValueError("Недопустимые символы")
    return text


def _blank_is_none(value):
    """Return None for a blank text, other values unchanged."""
    return None if isinstance(value, str) and not value.strip() else value


def _moment(value):
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("Время в виде 2026-11-22T10:00:00Z")
    try:
        moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Такого времени не бывает") from None
    if not FIRST_MOMENT <= moment < LAST_MOMENT:
        raise ValueError("Время от 2000-01-01 до 2100-01-01")
    return moment


def _day(value):
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("День в виде 2026-11-22")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("Такого дня не бывает") from None
    if not FIRST_MOMENT.date() <= day < LAST_MOMENT.date():
        raise ValueError("День от 2000-01-01 до 2100-01-01")
    return day


def _email(text):
    if not is_email(text):
        raise ValueError("Неправильный адрес почты")
    return text


def _web_address(text):
    """An http(s) URL that fits into a QR code (2331 bytes)."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or not text.isprintable() or " " in text:
        raise ValueError("Адрес вида https://example.org/forma")
    if len(text.encode()) > 2000:
        raise ValueError("Не длиннее 2000 байт")
    return text


def _zone(name):
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: «Europe» is a folder.
        raise ValueError("Неизвестный часовой пояс, пример: Europe/Moscow") from None


def _clock(text):
    if not _CLOCK.fullmatch(text):
        raise ValueError("Время в виде 09:00")
    return text


def _after_begin(end, info):
    """Return the end of a working day; it must be later than the field `begin`."""
    if end <= info.data.get("begin", ""):
        raise ValueError("Должно быть позже начала дня")
    return end


def _distinct(values):
    """Return the list; duplicates are rejected, texts compared case-insensitively."""
    seen = {value.casefold() if isinstance(value, str) else value for value in values}
    if len(seen) != len(values):
        raise ValueError("Значения не должны повторяться")
    return values


def _distinct_sorted(values):
    """Return the sorted list; duplicates are rejected."""
    return sorted(_distinct(values))


def _flag(value):
    if value not in ("0", "1"):
        raise ValueError("Должно быть 1 или 0")
    return value == "1"


def _number(value):
    """Convert the digits of a query string to a number."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,100}", value, re.ASCII):
        raise ValueError("Должно быть целым числом")
    return int(value)


def _id(number):
    """An id; values outside bigint become 0, which matches no row."""
    return number if 0 < number <= LARGEST_ID else 0


def _id_or_none(value):
    """Convert an id of a query string; keep the word `none`."""
    return value if value == "none" else _id(_number(value))


def text_up_to(limit):
    """Return the type of a trimmed text with 1 to `limit` characters."""
    trimmed = StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)
    return Annotated[str, trimmed, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"\S"})]


def optional_up_to(limit):
    """Return the type of a trimmed text with at most `limit` characters; a blank one becomes None."""
    return _optional(text_up_to(limit), limit)


def _optional(kind, limit):
    """Return the type of a text of `kind`; a blank one becomes None."""
    schema = {"anyOf": [{"type": "string", "maxLength": limit}, {"type": "null"}]}
    return Annotated[kind | None, BeforeValidator(_blank_is_none), WithJsonSchema(schema)]


def one_of(sorts):
    """Type of a documented sort name, `-` for descending; `paging` rejects any other."""
    names = [prefix + name for name in sorts for prefix in ("", "-")]
    return Annotated[str, StringConstraints(max_length=40), Field(json_schema_extra={"enum": names})]


def _as_schema(kind, **schema):
    return Field(json_schema_extra={"type": kind} | schema)


Fullname, Techtype, Techmodel = text_up_to(200), text_up_to(100), text_up_to(200)
LongText, OptionalShortText = text_up_to(10_000), optional_up_to(2000)
Phone, Address = optional_up_to(32), optional_up_to(300)
Email = Annotated[text_up_to(LONGEST_EMAIL), AfterValidator(_email)]
OptionalEmail = _optional(Email, LONGEST_EMAIL)
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_storable)]
Id = Annotated[int, AfterValidator(_id)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, BeforeValidator(_flag), _as_schema("integer", enum=[0, 1])]
QueryId = Annotated[int, AfterValidator(_id), BeforeValidator(_number)]
QueryIdOrNone = Annotated[int | Literal["none"], BeforeValidator(_id_or_none)]
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(_number)]
QueryText = text_up_to(200)
WebAddress = Annotated[text_up_to(2000), AfterValidator(_web_address), _as_schema("string", format="uri")]
OptionalWebAddress = _optional(WebAddress, 2000)
Clock = Annotated[str, AfterValidator(_clock), _as_schema("string", pattern=f"^({_CLOCK.pattern})$")]
DayEnd = Annotated[Clock, AfterValidator(_after_begin)]
_DISTINCT = _as_schema("array", uniqueItems=True)
Techtypes = Annotated[list[Techtype], Field(min_length=1, max_length=200), AfterValidator(_distinct), _DISTINCT]
Phrases = Annotated[list[text_up_to(200)], Field(max_length=30), AfterValidator(_distinct), _DISTINCT]
Weekday = Annotated[int, Field(ge=1, le=7)]
Weekdays = Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_distinct_sorted), _DISTINCT]
Holidays = Annotated[list[Day], Field(max_length=400), AfterValidator(_distinct_sorted), _DISTINCT]
WorkingHours = Annotated[int, Field(ge=1, le=1000)]
Timezone = Annotated[text_up_to(64), AfterValidator(_zone)]
SettingName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z_]+$")]
QueryHours = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_number)]
QueryWeekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7), BeforeValidator(_number)]],
    Field(min_length=1, max_length=7),
    AfterValidator(_distinct_sorted),
    _DISTINCT,
]
FileFormat = Literal["csv", "xlsx"]
AnyRole, AnyStatus, AnyPriority = (Annotated[kind, Strict(False)] for kind in (Role, Status, Priority))
