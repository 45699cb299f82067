"""Audit log of settings and accounts."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from models.enums import AuditKind
from routes.shapes.base import Answer, CountedPage, DayRange, Paging
from routes.shapes.fields import Flag, QueryId, QueryIdOrNone, SettingName
from routes.shapes.people import Person
from services.shop import audit_list


class AuditList(DayRange, Paging):
    """`actor` made the change (`none`: the command line); `user_id` is the changed account; days include both ends."""

    repeatable: ClassVar[frozenset] = frozenset({"kind"})

    actor: QueryIdOrNone | None = None
    user_id: QueryId | None = None
    kind: list[AuditKind] | None = None
    field: Literal[audit_list.FIELDS] | None = None
    setting: SettingName | None = None
    count: Flag = False


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
