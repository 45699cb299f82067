"""User accounts: clients, masters, managers, administrators."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    DateTime,
    Identity,
    Index,
    String,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from database import db
from models.enums import Role, value_column
from models.password import hash_password, is_hash


class User(db.Model):
    """One account. `User(password="…")` stores the hash; the password policy is checked at the next sign-in.

    A null `password_changed_at` means that the password must be changed at the next sign-in.
    """

    __tablename__ = "users"

    user_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    fullname: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    user_type: Mapped[Role] = mapped_column(value_column(Role), default=Role.CLIENT)
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), server_default=func.now())
    is_active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    name_search: Mapped[str] = deferred(
        mapped_column(
            TSVECTOR,
            Computed("to_tsvector('simple'::regconfig, translate(lower(fullname::text), 'ё', 'е'))", persisted=True),
        )
    )

    __table_args__ = (
        CheckConstraint("btrim(fullname) <> ''", name="fullname_not_blank"),
        CheckConstraint("position('@' in email) > 1", name="email_has_at"),
        Index("uq_users_email", text("lower(email::text)"), unique=True),
        Index("ix_users_role_name", "user_type", "fullname", "user_id"),
        Index("ix_users_name_search", "name_search", postgresql_using="gin"),
    )

    @property
    def password(self):
        raise AttributeError("Пароль не хранится, сохраняется только его хеш")

    @password.setter
    def password(self, value):
        self.password_hash = value if is_hash(value) else hash_password(value)

    def password_expires_at(self, max_age_days):
        """Return when the password expires (UTC), or None for never."""
        return password_expiry(self.password_changed_at, max_age_days)


def password_expiry(changed_at, max_age_days):
    """Return when a password set at `changed_at` expires: the epoch if it must be changed now, None for never."""
    if changed_at is None:
        return datetime.fromtimestamp(0, UTC)
    return changed_at + timedelta(days=max_age_days) if max_age_days else None
