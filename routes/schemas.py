"""The bodies and query strings that the API takes. Limits are those of the contract."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

from models.enums import AuditKind, Priority, Role, Status
from services.accounts import users
from services.common.clock import FIRST_MOMENT, LAST_MOMENT
from services.requests import lists
from services.shop import audit_list

BIGINT = 2**63 - 1
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"',;:()\\]+@[^\s@<>\"',;:()\\.]+(\.[^\s@<>\"',;:()\\.]+)+")


def _storable(text):
    if "\x00" in text:
        raise ValueError("Недопустимые символы")
    return text


def _blank_is_none(value):
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
    if not _EMAIL.fullmatch(text):
        raise ValueError("Неправильный адрес почты")
    return text


def _web_address(text):
    """An address that a browser and a QR code (2331 bytes) can take."""
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
    except (ZoneInfoNotFoundError, ValueError, OSError):  # «Europe» is a folder.
        raise ValueError("Неизвестный часовой пояс, пример: Europe/Moscow") from None


def _clock(text):
    if not _CLOCK.fullmatch(text):
        raise ValueError("Время в виде 09:00")
    return text


def _after(begin, end):
    if end <= begin:
        raise ValueError("Должно быть позже начала дня")
    return end


def _distinct(values):
    """The list, refused where a value stands in it twice; texts are the same without regard to case."""
    seen = {value.casefold() if isinstance(value, str) else value for value in values}
    if len(seen) != len(values):
        raise ValueError("Значения не должны повторяться")
    return values


def _distinct_sorted(values):
    return sorted(_distinct(values))


def _flag(value):
    if value not in ("0", "1"):
        raise ValueError("Должно быть 1 или 0")
    return value == "1"


def _number(value):
    """Digits of a query string as a number."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,100}", value, re.ASCII):
        raise ValueError("Должно быть целым числом")
    return int(value)


def _id(number):
    """An id; one outside bigint does not exist, and 0 is the id of nothing."""
    return number if 0 < number <= BIGINT else 0


def _id_or_none(value):
    return value if value == "none" else _id(_number(value))


def _text(limit):
    trimmed = StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)
    return Annotated[str, trimmed, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"\S"})]


def _optional(limit):
    return Annotated[
        _text(limit) | None, BeforeValidator(_blank_is_none), _may_be_blank({"type": "string", "maxLength": limit})
    ]


def _may_be_blank(schema):
    """The JSON schema of a text that may be left empty."""
    return WithJsonSchema({"anyOf": [schema, {"type": "null"}]})


def _one_of(sorts):
    """The name of a documented sort, `-` before it for descending; `paging` refuses any other."""
    names = [prefix + name for name in sorts for prefix in ("", "-")]
    return Annotated[str, StringConstraints(max_length=40), Field(json_schema_extra={"enum": names})]


def _as_schema(kind, **schema):
    return Field(json_schema_extra={"type": kind} | schema)


Fullname, Techtype, Techmodel = _text(200), _text(100), _text(200)
LongText, ShortText, OptionalShortText = _text(10_000), _text(2000), _optional(2000)
Phone, Address, Project, Serialnumber = _optional(32), _optional(300), _optional(200), _optional(100)
Email = Annotated[_text(254), AfterValidator(_email)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_storable)]
Id = Annotated[int, AfterValidator(_id)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, BeforeValidator(_flag), _as_schema("integer", enum=[0, 1])]
QueryId = Annotated[int, AfterValidator(_id), BeforeValidator(_number)]
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(_number)]
QueryText = _text(200)
WebAddress = Annotated[_text(2000), AfterValidator(_web_address), _as_schema("string", format="uri")]
Clock = Annotated[str, AfterValidator(_clock), _as_schema("string", pattern=f"^({_CLOCK.pattern})$")]
_DISTINCT = _as_schema("array", uniqueItems=True)
Techtypes = Annotated[list[Techtype], Field(min_length=1, max_length=200), AfterValidator(_distinct), _DISTINCT]
Phrases = Annotated[list[_text(200)], Field(max_length=30), AfterValidator(_distinct), _DISTINCT]
Weekday = Annotated[int, Field(ge=1, le=7)]
Weekdays = Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_distinct_sorted), _DISTINCT]
Holidays = Annotated[list[Day], Field(max_length=400), AfterValidator(_distinct_sorted), _DISTINCT]
WorkingHours = Annotated[int, Field(ge=1, le=1000)]
Timezone = Annotated[_text(64), AfterValidator(_zone)]
SettingName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z_]+$")]
QueryHours = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_number)]
QueryWeekday = Annotated[int, Field(ge=1, le=7), BeforeValidator(_number)]
AnyRole, AnyStatus, AnyPriority = (Annotated[kind, Strict(False)] for kind in (Role, Status, Priority))


class Body(BaseModel):
    """A JSON body: unknown fields and wrong types are refused, all at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self):
        """The fields that the client named, as a dict."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Query(BaseModel):
    """A query string; `repeatable` names the parameters that may stand more than once."""

    model_config = ConfigDict(extra="forbid")
    repeatable: ClassVar[frozenset] = frozenset()


class Registration(Body):
    fullname: Fullname
    email: Email
    password: Password
    phone: Phone = None


class Login(Body):
    email: _text(254)
    password: Password


class PasswordChange(Body):
    old_password: Password
    new_password: Password


class NewRequest(Body):
    techtype: Techtype
    techmodel: Techmodel
    problemdescription: LongText
    project: Project = None
    serialnumber: Serialnumber = None
    phone: Phone = None
    address: Address = None
    clientid: Id | None = None
    priority: AnyPriority | None = None
    duedate: Moment | None = None


class RequestChange(Body):
    techtype: Techtype = None
    techmodel: Techmodel = None
    problemdescription: LongText = None
    project: Project = None
    serialnumber: Serialnumber = None
    phone: Phone = None
    address: Address = None
    priority: AnyPriority = None


class MasterChoice(Body):
    masterid: Id | None


class StatusChange(Body):
    requeststatus: AnyStatus
    comment: OptionalShortText = None


class Deadline(Body):
    duedate: Moment | None
    reason: OptionalShortText = None


class NewRating(Body):
    score: Annotated[int, Field(ge=1, le=5)]
    comment: OptionalShortText = None


class NewComment(Body):
    requestid: Id
    message: LongText
    is_internal: bool = False


class NewUser(Body):
    fullname: Fullname
    email: Email
    user_type: AnyRole = Role.CLIENT
    phone: Phone = None
    password: Password | None = None


class UserChange(Body):
    fullname: Fullname = None
    email: Email = None
    phone: Phone = None
    user_type: AnyRole = None
    is_active: bool = None


class OrganisationChange(Body):
    name: _text(200)
    phone: Phone
    email: Annotated[Email | None, BeforeValidator(_blank_is_none), _may_be_blank({"type": "string", "maxLength": 254})]
    address: Address
    hours: _optional(200)


class CalendarChange(Body):
    """Working days (ISO: 1 is Monday), the hours of each, and the days on which nobody works."""

    days: Weekdays
    begin: Annotated[Clock, Field(alias="from")]
    to: Clock
    holidays: Holidays

    @field_validator("to")
    @classmethod
    def ends_after_it_begins(cls, to, info):
        return _after(info.data.get("begin", ""), to)


class SettingsChange(Body):
    organisation: OrganisationChange = None
    techtypes: Techtypes = None
    due_soon_hours: Annotated[int, Field(ge=1, le=720)] = None
    deadline_hours: Annotated[dict[Techtype, WorkingHours], Field(max_length=200)] = None
    default_deadline_hours: WorkingHours | None = None
    working_calendar: CalendarChange = None
    timezone: Timezone | None = None
    comment_templates: Phrases = None
    auto_assign: bool = None
    feedback_url: Annotated[
        WebAddress | None, BeforeValidator(_blank_is_none), _may_be_blank({"type": "string", "maxLength": 2000})
    ] = None
    password_max_age_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    password_composition: bool = None

    def given(self):
        """The settings that the client named, as they are stored."""
        return self.model_dump(mode="json", by_alias=True, include=self.model_fields_set)


class DeadlineTrial(Query):
    """A working calendar that need not be stored yet, and for how many working hours deadlines are wanted."""

    repeatable: ClassVar[frozenset] = frozenset({"hours", "days", "holidays"})

    hours: Annotated[list[QueryHours], Field(min_length=1, max_length=50)]
    days: Annotated[list[QueryWeekday], Field(min_length=1, max_length=7), AfterValidator(_distinct_sorted), _DISTINCT]
    begin: Annotated[Clock, Field(alias="from")]
    to: Clock
    holidays: Holidays = []
    timezone: Timezone | None = None

    @field_validator("to")
    @classmethod
    def ends_after_it_begins(cls, to, info):
        return _after(info.data.get("begin", ""), to)

    def calendar(self):
        """The working calendar as it is stored."""
        holidays = [day.isoformat() for day in self.holidays]
        return {"days": self.days, "from": self.begin, "to": self.to, "holidays": holidays}


class Paging(Query):
    limit: Limit = 20
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class RequestFilters(Query):
    repeatable: ClassVar[frozenset] = frozenset({"requeststatus"})

    requeststatus: list[Status] | None = None
    masterid: Annotated[int | Literal["none"], BeforeValidator(_id_or_none)] | None = None
    clientid: QueryId | None = None
    techtype: Techtype | None = None
    priority: Priority | None = None
    overdue: Flag | None = None
    due_soon: Flag | None = None
    created_from: Moment | None = None
    created_to: Moment | None = None
    completed_from: Moment | None = None
    completed_to: Moment | None = None
    q: QueryText | None = None

    def filters(self):
        """The filters as a dict by the contract's names, None for those not given."""
        return {name: getattr(self, name) for name in RequestFilters.model_fields}


class RequestList(RequestFilters, Paging):
    sort: _one_of(lists.SORTS) = lists.DEFAULT_SORT
    count: Flag = False


class DeviceQuery(Query):
    """An appliance: that of a request, or one described by what is known of it."""

    requestid: QueryId | None = None
    serialnumber: _text(100) | None = None
    techmodel: Techmodel | None = None
    clientid: QueryId | None = None


class SuggestionsQuery(Query):
    techtype: Techtype | None = None
    q: QueryText | None = None
    clientid: QueryId | None = None


class RequestExport(RequestFilters):
    format: Literal["csv", "xlsx"] = "csv"
    sort: _one_of(lists.SORTS) = lists.DEFAULT_SORT


class CommentList(Paging):
    requestid: QueryId


class UserList(Paging):
    repeatable: ClassVar[frozenset] = frozenset({"user_type"})

    user_type: list[Role] | None = None
    q: QueryText | None = None
    is_active: Flag | None = None
    sort: _one_of(users.SORTS) = "fullname"
    count: Flag = False


class AuditList(Paging):
    """`actor` is who changed, `none` the command line; `user_id` whose account; days include both ends."""

    repeatable: ClassVar[frozenset] = frozenset({"kind"})

    actor: Annotated[int | Literal["none"], BeforeValidator(_id_or_none)] | None = None
    user_id: QueryId | None = None
    kind: list[AuditKind] | None = None
    field: Literal[audit_list.FIELDS] | None = None
    setting: SettingName | None = None
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    count: Flag = False


class StatisticsQuery(Query):
    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None
    techtype: Techtype | None = None
    masterid: QueryId | None = None


class StatisticsExport(StatisticsQuery):
    format: Literal["csv", "xlsx"] = "xlsx"
