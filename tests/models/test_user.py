"""Methods of the User model."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from models import Role, Status, User


def test_password_is_stored_as_its_hash_and_cannot_be_read():
    user = User(fullname="Иван Петров", email="ivan@example.com", user_type="Мастер", password="hashed_password")
    assert check_password_hash(user.password_hash, "hashed_password")
    with pytest.raises(AttributeError):
        _ = user.password


def test_hash_given_as_a_password_is_taken_as_it_is():
    made = generate_password_hash("password123")
    assert User(password=made).password_hash == made


def test_password_ends_after_its_days_at_once_or_never():
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    user = User(password_changed_at=moment)
    assert user.password_expires_at(90) == moment + timedelta(days=90)
    assert user.password_expires_at(0) is None
    assert User(password_changed_at=None).password_expires_at(90) < moment
    assert User(password_changed_at=None).password_expires_at(0) < moment


def test_roles_and_statuses_are_those_of_the_contract():
    assert [role.value for role in Role] == ["Клиент", "Мастер", "Менеджер", "Администратор"]
    assert [status.value for status in Status] == [
        "Новая заявка", "В работе", "Ожидает запчасти", "Завершена", "Отменена",
    ]  # fmt: skip
