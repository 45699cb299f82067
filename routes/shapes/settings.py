"""Settings of the organisation, previewed deadlines, and the public configuration."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from models.enums import Priority, Role, Status
from routes.shapes.base import Answer, Body, Query, as_answer, as_change
from routes.shapes.fields import (
    Address,
    Clock,
    DayEnd,
    Holidays,
    OptionalEmail,
    OptionalWebAddress,
    Phone,
    Phrases,
    QueryHours,
    QueryWeekdays,
    Techtype,
    Techtypes,
    Timezone,
    Weekdays,
    WorkingHours,
    optional_up_to,
    text_up_to,
)


class OrganisationChange(Body):
    name: text_up_to(200)
    phone: Phone
    email: OptionalEmail
    address: Address
    hours: optional_up_to(200)


class Organisation(as_answer(OrganisationChange)):
    pass


class CalendarChange(Body):
    """Working days (ISO: 1 is Monday) with their hours, and holidays."""

    days: Annotated[Weekdays, Field(description="рабочие дни недели, 1 — понедельник")]
    begin: Annotated[Clock, Field(alias="from", description="начало рабочего дня, 09:00")]
    to: Annotated[DayEnd, Field(description="конец рабочего дня, до 24:00")]
    holidays: Holidays


class WorkingCalendar(as_answer(CalendarChange)):
    pass


class AllSettings(Body):
    """Every setting of the shop."""

    organisation: OrganisationChange
    techtypes: Techtypes
    due_soon_hours: Annotated[int, Field(ge=1, le=720, description="за сколько часов до срока заявка отмечается")]
    deadline_hours: Annotated[
        dict[Techtype, WorkingHours],
        Field(max_length=200, description="срок новой заявки по типу техники, рабочих часов"),
    ]
    default_deadline_hours: Annotated[
        WorkingHours | None, Field(description="срок для остальных типов; null — без срока")
    ]
    working_calendar: CalendarChange
    timezone: Annotated[Timezone | None, Field(description="null — TIMEZONE из окружения")]
    comment_templates: Annotated[Phrases, Field(description="готовые фразы комментариев мастера")]
    auto_assign: Annotated[bool, Field(description="новую заявку сразу получает первый из кандидатов")]
    feedback_url: Annotated[OptionalWebAddress, Field(description="null — FEEDBACK_FORM_URL из окружения")]
    password_max_age_days: Annotated[
        Annotated[int, Field(ge=0, le=3650)] | None,
        Field(description="0 — никогда; null — PASSWORD_MAX_AGE_DAYS из окружения"),
    ]
    password_composition: Annotated[
        bool, Field(description="пароль должен содержать буквы обоих регистров, цифру и знак")
    ]


class SettingsChange(as_change(AllSettings)):
    def given(self):
        """The settings that the client sent, in the stored format."""
        return self.model_dump(mode="json", by_alias=True, include=self.model_fields_set)


class Settings(as_answer(AllSettings)):
    organisation: Organisation
    working_calendar: WorkingCalendar


class SettingsOfEnvironment(Answer):
    timezone: str
    feedback_url: str = Field(description="пусто — формы нет")
    password_max_age_days: int


class DefaultSettings(Answer):
    settings: Settings
    environment: SettingsOfEnvironment = Field(description="что действует, пока настройка пуста")


class DeadlineTrial(Query):
    """A calendar that need not be stored, and the working hours to preview deadlines for."""

    repeatable: ClassVar[frozenset] = frozenset({"hours", "days", "holidays"})

    hours: Annotated[list[QueryHours], Field(min_length=1, max_length=50)]
    days: QueryWeekdays
    begin: Annotated[Clock, Field(alias="from")]
    to: DayEnd
    holidays: Holidays = Field([])
    timezone: Timezone | None = None

    def calendar(self):
        """The working calendar in the stored format."""
        holidays = [day.isoformat() for day in self.holidays]
        return {"days": self.days, "from": self.begin, "to": self.to, "holidays": holidays}


class TriedDeadline(Answer):
    hours: int
    duedate: datetime | None


class TriedDeadlines(Answer):
    at: datetime
    timezone: str
    items: list[TriedDeadline]


class PasswordRules(Answer):
    min_length: int
    max_length: int
    upper: bool
    lower: bool
    digit: bool
    special: bool
    max_age_days: int
    text: str


class Move(Answer):
    from_: Status = Field(alias="from")
    to: Status
    roles: list[Role] = Field(description="кто может перевести заявку; Клиент и Мастер — только свою")
    comment_required: bool = Field(description="нужен comment с причиной")
    master_required: bool = Field(description="нужен мастер; Мастер, который переводит ничью заявку, им становится")


class PublicConfig(Answer):
    organisation: Organisation
    roles: list[Role]
    statuses: list[Status] = Field(description="в порядке работы")
    open_statuses: list[Status] = Field(description="в которых работа ещё не закончена")
    moves: list[Move] = Field(description="все переходы между статусами")
    priorities: list[Priority]
    techtypes: list[str]
    comment_templates: list[str]
    password_rules: PasswordRules
    feedback_url: str | None
    timezone: str


class Health(Answer):
    status: str
