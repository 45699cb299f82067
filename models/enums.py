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


class Scope(StrEnum):
    """Rights of a token."""

    # A new value needs a migration of `sessions.scope`, and routes that accept it.
    FULL = "full"
    PASSWORD_CHANGE = "password_change"


class AuditKind(StrEnum):
    SETTING_CHANGED = "setting_changed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"


OFFICE = frozenset({Role.MANAGER, Role.ADMIN})
"""Roles that see and manage every request."""

STAFF = OFFICE | {Role.MASTER}

CLOSED_STATUSES = (Status.DONE, Status.CANCELLED)
OPEN_STATUSES = tuple(status for status in Status if status not in CLOSED_STATUSES)
WORKING_STATUSES = tuple(status for status in OPEN_STATUSES if status is not Status.NEW)
"""Statuses of which a master does the work: open, and no longer new."""

MASTERLESS_STATUSES = (Status.NEW, Status.CANCELLED)
"""Statuses in which a request may lack a master."""


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
