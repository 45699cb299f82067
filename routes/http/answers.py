"""The shapes of the API's answers, for the OpenAPI document and the tests that hold answers against it.

`@answers(Model, status)` documents a route; nothing is converted at run time, services answer in these shapes.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.enums import AuditKind, EventKind, Priority, Role, Status

ETAG = {"ETag": {"description": 'версия, например "3"', "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "адрес нового объекта", "schema": {"type": "string"}}}


def answers(model, status=200, media_type="application/json", headers=None):
    """Name the model (None for an empty answer, a dict for a schema) of a route's success in its operation."""

    def documented(view):
        answer = {"description": "Успешно"} | ({"headers": headers} if headers else {})
        if model is not None:
            media_types = (media_type,) if isinstance(media_type, str) else media_type
            answer["content"] = {each: {"schema": _reference(model)} for each in media_types}
        view._spec = getattr(view, "_spec", {}) | {"responses": {status: answer}}
        return view

    return documented


def _reference(model):
    if isinstance(model, dict):
        return model
    MODELS[model.__name__] = model
    return {"$ref": f"#/components/schemas/{model.__name__}"}


MODELS = {}

FILE = {"type": "string", "format": "binary"}


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Error(Answer):
    """Every failure: a sentence for the user, a stable code, the wrong fields (422), the present object (412)."""

    error: str
    code: str
    fields: dict[str, str] = Field(default_factory=dict)
    current: dict[str, Any] = Field(default_factory=dict)


class Account(Answer):
    user_id: int
    fullname: str
    email: str
    phone: str | None
    user_type: Role
    is_active: bool
    created_at: datetime
    password_expires_at: datetime | None


class NewAccount(Account):
    password: str = Field(default="", description="одноразовый пароль, если его не задали")


class OneTimePassword(Answer):
    password: str


class Token(Answer):
    token: str
    expires_at: datetime


class SignIn(Token):
    user: Account
    password_expires_at: datetime | None
    password_expired: bool = False


class Client(Answer):
    user_id: int
    fullname: str | None
    phone: str | None


class Master(Answer):
    user_id: int
    fullname: str


class RatingAnswer(Answer):
    score: int
    comment: str | None
    rated_at: datetime


class Repair(Answer):
    requestid: int
    clientid: int
    masterid: int | None
    project: str | None
    techtype: str
    techmodel: str
    serialnumber: str | None
    problemdescription: str
    phone: str | None
    address: str | None
    priority: Priority
    requeststatus: Status
    startdate: datetime
    duedate: datetime | None
    completiondate: datetime | None
    version: int
    is_overdue: bool
    is_due_soon: bool
    client: Client
    master: Master | None
    rating: RatingAnswer | None


class Allowed(Answer):
    actions: list[str]
    requeststatus: list[Status]


class RepairWithActions(Repair):
    allowed: Allowed


class Page(Answer):
    next_cursor: str | None


class CountedPage(Page):
    total: int = 0
    total_is_capped: bool = False


class RepairPage(CountedPage):
    items: list[Repair]


class AccountPage(CountedPage):
    items: list[Account]


class Person(Answer):
    user_id: int
    fullname: str | None
    user_type: Role


class CommentAnswer(Answer):
    commentid: int
    requestid: int
    masterid: int
    message: str
    is_internal: bool
    comment_date: datetime
    author: Person


class CommentPage(Page):
    items: list[CommentAnswer]


class HistoryEvent(Answer):
    event_id: int
    at: datetime
    actor: Person | None
    kind: EventKind
    from_: Any = Field(alias="from")
    to: Any
    comment: str | None


class HistoryPage(Page):
    items: list[HistoryEvent]


class AuditEntry(Answer):
    audit_id: int
    at: datetime
    actor: Person | None = Field(description="кто изменил; null — командная строка сервера")
    kind: AuditKind
    user: Person | None = Field(description="чья учётная запись; null — изменена настройка")
    setting: str | None = Field(description="имя настройки; null — изменена учётная запись")
    from_: Any = Field(alias="from")
    to: Any


class AuditPage(CountedPage):
    items: list[AuditEntry]


class DeviceRequest(Answer):
    requestid: int
    techtype: str
    techmodel: str
    serialnumber: str | None
    problemdescription: str = Field(description="первые 200 символов")
    requeststatus: Status
    startdate: datetime
    completiondate: datetime | None
    master: Master | None
    same: Literal["serialnumber", "techmodel"] = Field(description="совпал серийный номер или клиент и модель")


class DeviceRequests(Answer):
    items: list[DeviceRequest] = Field(description="до десяти, новые первыми")
    has_more: bool


class OwnDevice(Answer):
    requestid: int = Field(description="последняя заявка этого прибора")
    techtype: str
    techmodel: str
    serialnumber: str | None
    address: str | None
    startdate: datetime


class Suggestions(Answer):
    own: list[OwnDevice] = Field(description="последние приборы клиента")
    common: list[str] = Field(description="модели этого типа хотя бы у трёх клиентов, частые первыми")


class Summary(Answer):
    by_status: dict[Status, int]
    overdue: int
    due_soon: int
    without_master: int
    total: int


class Experience(Answer):
    n: int = Field(description="завершённых ремонтов этого типа среди последних двадцати")
    median_hours: float | None
    shop_median_hours: float | None


class RatingOfMaster(Answer):
    mean: float | None
    n: int
    shrunk_mean: float | None = Field(description="средняя, притянутая к средней мастерской тем сильнее, чем меньше n")


class Candidate(Answer):
    user_id: int
    fullname: str
    score: float = Field(description="от 0 до 100")
    open_work: int
    overdue_work: int
    experience: Experience
    rating: RatingOfMaster
    mean_days: float | None
    reason: str


class Candidates(Answer):
    items: list[Candidate] = Field(description="действующие мастера, лучший первым")


class MasterLoad(Answer):
    user_id: int
    fullname: str
    is_active: bool
    new: int
    in_progress: int
    waiting_parts: int
    overdue: int
    completed_7_days: int


class Load(Answer):
    items: list[MasterLoad] = Field(description="самый занятый первым; недействующие, пока у них есть заявки")


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


class Organisation(Answer):
    name: str
    phone: str | None
    email: str | None
    address: str | None
    hours: str | None


class WorkingCalendar(Answer):
    days: list[int] = Field(description="рабочие дни недели, 1 — понедельник")
    from_: str = Field(alias="from", description="начало рабочего дня, 09:00")
    to: str = Field(description="конец рабочего дня, до 24:00")
    holidays: list[date]


class Settings(Answer):
    organisation: Organisation
    techtypes: list[str]
    due_soon_hours: int = Field(description="за сколько часов до срока заявка отмечается")
    deadline_hours: dict[str, int] = Field(description="срок новой заявки по типу техники, рабочих часов")
    default_deadline_hours: int | None = Field(description="срок для остальных типов; null — без срока")
    working_calendar: WorkingCalendar
    timezone: str | None = Field(description="null — TIMEZONE из окружения")
    comment_templates: list[str] = Field(description="готовые фразы комментариев мастера")
    auto_assign: bool = Field(description="новую заявку сразу получает первый из кандидатов")
    feedback_url: str | None = Field(description="null — FEEDBACK_FORM_URL из окружения")
    password_max_age_days: int | None = Field(description="0 — никогда; null — PASSWORD_MAX_AGE_DAYS из окружения")
    password_composition: bool = Field(description="пароль должен содержать буквы обоих регистров, цифру и знак")


class SettingsOfEnvironment(Answer):
    timezone: str
    feedback_url: str = Field(description="пусто — формы нет")
    password_max_age_days: int


class DefaultSettings(Answer):
    settings: Settings
    environment: SettingsOfEnvironment = Field(description="что действует, пока настройка пуста")


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


class PublicConfig(Answer):
    organisation: Organisation
    roles: list[Role]
    statuses: list[Status]
    priorities: list[Priority]
    techtypes: list[str]
    comment_templates: list[str]
    password_rules: PasswordRules
    feedback_url: str | None
    timezone: str


class Health(Answer):
    status: str
