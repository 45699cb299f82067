"""The calling user: the columns of the account that every request needs."""

from dataclasses import dataclass
from datetime import datetime

from models.enums import OFFICE, Role, Scope


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """The caller's current account. `get` reads a field as in the manual."""

    user_id: int
    fullname: str
    email: str
    user_type: Role
    jti: str | None = None
    token_expires_at: datetime | None = None
    scope: Scope = Scope.FULL

    def get(self, name, default=None):
        """Return a field by name, like a dict (`current_user.get("user_type")`)."""
        return getattr(self, name, default)

    @property
    def is_office(self):
        """True for roles that see and manage every request (Менеджер, Администратор)."""
        return self.user_type in OFFICE

    @property
    def is_client(self):
        return self.user_type == Role.CLIENT

    @property
    def is_master(self):
        return self.user_type == Role.MASTER
