"""Accounts, sign-in, and people in other answers."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from models.enums import Role, Scope
from routes.shapes.base import Answer, Body, CountedPage, Paging, as_answer, as_change
from routes.shapes.fields import AnyRole, Email, Flag, Fullname, Password, Phone, QueryText, one_of, text_up_to
from services.accounts import users
from services.common.values import LONGEST_EMAIL


class AccountText(Body):
    """Name and contact data of an account."""

    fullname: Fullname
    email: Email
    phone: Phone = None


class Registration(AccountText):
    password: Password


class NewUser(AccountText):
    user_type: AnyRole = Role.CLIENT
    password: Password | None = None


class UserChange(as_change(AccountText)):
    user_type: AnyRole = None
    is_active: bool = None


class Account(as_answer(AccountText)):
    user_id: int
    user_type: Role
    is_active: bool
    created_at: datetime
    password_expires_at: datetime | None


class NewAccount(Account):
    password: str = Field(default="", description="одноразовый пароль, если его не задали")


class UserList(Paging):
    repeatable: ClassVar[frozenset] = frozenset({"user_type"})

    user_type: list[Role] | None = None
    q: QueryText | None = None
    is_active: Flag | None = None
    sort: one_of(users.SORTS) = "fullname"
    count: Flag = False


class AccountPage(CountedPage):
    items: list[Account]


class OneTimePassword(Answer):
    password: str


class Login(Body):
    email: text_up_to(LONGEST_EMAIL)
    password: Password


class PasswordChange(Body):
    old_password: Password
    new_password: Password


class Token(Answer):
    token: str
    expires_at: datetime
    scope: Scope = Field(description="что открывает токен: всё или только смену пароля")


class SignIn(Token):
    user: Account
    password_expires_at: datetime | None
    password_expired: bool = Field(default=False, description="true, если scope — password_change")


class Person(Answer):
    user_id: int
    fullname: str | None
    user_type: Role


class Client(Answer):
    user_id: int
    fullname: str | None
    phone: str | None


class Master(Answer):
    user_id: int
    fullname: str
