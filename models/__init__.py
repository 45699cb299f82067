"""All models; importing the package completes the metadata."""

from models.audit import AuditEvent
from models.comment import Comment
from models.counter import RequestCount, RequestCountDelta
from models.enums import Priority, Role, Scope, Status
from models.event import RequestEvent
from models.idempotency import IdempotencyKey
from models.imported_row import ImportedRow
from models.rating import Rating
from models.request import RepairRequest
from models.session import Session
from models.setting import Setting
from models.throttle import ThrottleCounter
from models.user import User

__all__ = [
    "AuditEvent",
    "Comment",
    "IdempotencyKey",
    "ImportedRow",
    "Priority",
    "Rating",
    "RepairRequest",
    "RequestCount",
    "RequestCountDelta",
    "RequestEvent",
    "Role",
    "Scope",
    "Session",
    "Setting",
    "Status",
    "ThrottleCounter",
    "User",
]
