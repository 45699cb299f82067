"""What an account can answer about itself."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from models import RepairRequest, Role, Status, User
from models.enums import OPEN_STATUSES
from models.request import COMMENT_REQUIRED, TRANSITIONS


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


CONTRACT = """
Новая заявка     | В работе         | Мастер Менеджер Администратор
Новая заявка     | Отменена         | Клиент Менеджер Администратор | comment
В работе         | Ожидает запчасти | Мастер Менеджер Администратор
В работе         | Завершена        | Мастер Менеджер Администратор
В работе         | Отменена         | Менеджер Администратор | comment
Ожидает запчасти | Отменена         | Менеджер Администратор | comment
Ожидает запчасти | В работе         | Мастер Менеджер Администратор
Завершена        | В работе         | Менеджер Администратор | comment
"""


def test_transitions_are_those_of_the_contract():
    rows = [[cell.strip() for cell in line.split("|")] for line in CONTRACT.strip().splitlines()]
    told = {(row[0], row[1]): set(row[2].split()) for row in rows}
    assert {(str(a), str(b)): {str(role) for role in roles} for (a, b), roles in TRANSITIONS.items()} == told
    assert {(str(a), str(b)) for a, b in COMMENT_REQUIRED} == {(row[0], row[1]) for row in rows if len(row) > 3}


def test_request_knows_its_next_statuses_and_who_may_take_it():
    repair = RepairRequest(requeststatus=Status.NEW)
    assert [status for status in Status if repair.can_move_to(status)] == [Status.IN_PROGRESS, Status.CANCELLED]
    assert repair.is_takeable()
    assert not RepairRequest(requeststatus=Status.NEW, masterid=1).is_takeable()
    assert not RepairRequest(requeststatus=Status.CANCELLED).is_takeable()
    assert set(OPEN_STATUSES) == {Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS}
