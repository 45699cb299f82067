"""Enumerations: roles, statuses, priorities, event kinds. The values are shown to users."""

from enum import StrEnum

from sqlalchemy import Enum


class Role(StrEnum):
    CLIENT = "Клиент"
    MASTER = "Мастер"
    MANAGER = "Менеджер"
    ADMIN = "Администратор"


class Status(StrEnum):
    NEW = "Новая заявка"
    IN_PROGRESS = "В работе"
    WAITING_PARTS = "Ожидает запчасти"
    DONE = "Завершена"
    CANCELLED = "Отменена"


class Priority(StrEnum):
    LOW = "Низкий"
    NORMAL = "Обычный"
    URGENT = "Срочный"


class EventKind(StrEnum):
    CREATED = "created"
    EDITED = "edited"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    STATUS = "status"
    DEADLINE = "deadline"
    COMMENT = "comment"
    RATING = "rating"


class AuditKind(StrEnum):
    SETTING_CHANGED = "setting_changed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"


OFFICE = frozenset({Role.MANAGER, Role.ADMIN})
"""Roles that see and manage every request."""

OPEN_STATUSES = (Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS)
WORKING_STATUSES = (Status.IN_PROGRESS, Status.WAITING_PARTS)


def value_column(enum_class):
    """Text column of the enum's values, with a CHECK."""
    return Enum(
        enum_class,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=enum_class.__name__.lower(),
        length=40,
    )
