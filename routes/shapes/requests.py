"""Repair requests: changes, lists, history, appliances, workload of masters."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.enums import EventKind, Priority, Status
from routes.shapes.base import Answer, Body, CountedPage, Page, Paging, Query, as_answer, as_change
from routes.shapes.fields import (
    Address,
    AnyPriority,
    AnyStatus,
    FileFormat,
    Flag,
    Id,
    LongText,
    Moment,
    OptionalShortText,
    Phone,
    QueryId,
    QueryIdOrNone,
    QueryText,
    Techmodel,
    Techtype,
    one_of,
    optional_up_to,
    text_up_to,
)
from routes.shapes.people import Client, Master, Person
from services.requests import lists


class RequestText(Body):
    """Texts of a request: appliance, fault, address."""

    techtype: Techtype
    techmodel: Techmodel
    problemdescription: LongText
    project: optional_up_to(200) = None
    serialnumber: optional_up_to(100) = None
    phone: Phone = None
    address: Address = None


class NewRequest(RequestText):
    clientid: Id | None = None
    priority: AnyPriority | None = None
    duedate: Moment | None = None


class RequestChange(as_change(RequestText)):
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


class RatingAnswer(as_answer(NewRating)):
    rated_at: datetime


class Allowed(Answer):
    actions: list[str] = Field(description="что этот пользователь может сделать с заявкой сейчас: имена действий")
    requeststatus: list[Status] = Field(description="в какие статусы он может её перевести")


class Repair(as_answer(RequestText)):
    requestid: int
    clientid: int
    masterid: int | None
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
    allowed: Allowed


class RequestFilters(Query):
    repeatable: ClassVar[frozenset] = frozenset({"requeststatus"})

    requeststatus: list[Status] | None = None
    masterid: QueryIdOrNone | None = None
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
        """The filters as a dict with the API's names, None for missing ones."""
        return {name: getattr(self, name) for name in RequestFilters.model_fields}


class RequestList(RequestFilters, Paging):
    sort: one_of(lists.SORTS) = lists.DEFAULT_SORT
    count: Flag = False


class RequestExport(RequestFilters):
    format: FileFormat = "csv"
    sort: one_of(lists.SORTS) = lists.DEFAULT_SORT


class RepairPage(CountedPage):
    items: list[Repair]


class Summary(Answer):
    by_status: dict[Status, int]
    overdue: int
    due_soon: int
    without_master: int
    total: int


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


class DeviceQuery(Query):
    """An appliance: that of a request, or described by its fields."""

    requestid: QueryId | None = None
    serialnumber: text_up_to(100) | None = None
    techmodel: Techmodel | None = None
    clientid: QueryId | None = None


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


class SuggestionsQuery(Query):
    techtype: Techtype | None = None
    q: QueryText | None = None
    clientid: QueryId | None = None


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
