"""Two managers decide at once: the second one gets a message and does not overwrite the first one's change."""

import pytest
from playwright.sync_api import expect

from models import Role


@pytest.fixture
def other(make, login):
    return login(make.user(Role.MANAGER, fullname="Второва Вера"))


@pytest.fixture
def repair(make):
    return make.request()


@pytest.fixture
def board(page, make, repair, sign_in):
    """A manager's page without live events."""
    make.user(Role.MASTER, fullname="Первый Павел")
    page.route("**/api/events*", lambda route: route.abort())
    return sign_in(page, make.user(Role.MANAGER))


def check_success(answer):
    assert answer.status_code == 200, answer.json


def test_a_master_who_was_given_meanwhile_is_not_replaced_unseen(board, make, repair, other):
    path, chosen = f"/api/requests/{repair.requestid}", make.user(Role.MASTER, fullname="Выбранный Виктор")
    button = board.get_by_role("button", name="Назначить первого")
    expect(button).to_be_visible()
    check_success(other.put(f"{path}/master", json={"masterid": chosen.user_id}))
    button.click()
    expect(board.get_by_text("Заявку уже изменил другой менеджер Второва В.")).to_be_visible()
    expect(board.get_by_text("мастер — Выбранный В.")).to_be_visible()
    expect(button).to_have_count(0)
    assert repair.reload().masterid == chosen.user_id


def test_what_touches_nobodys_choice_stops_nobody(board, repair, other):
    button = board.get_by_role("button", name="Назначить первого")
    expect(button).to_be_visible()
    check_success(other.patch(f"/api/requests/{repair.requestid}", json={"phone": "112"}, headers={"If-Match": "*"}))
    button.click()
    expect(board.get_by_text("назначен мастер Первый П.")).to_be_visible()
    assert repair.reload().masterid and repair.phone == "112"


def test_a_dialog_shows_the_present_state_and_then_does_what_is_meant(board, make, repair, other):
    path, chosen = f"/api/requests/{repair.requestid}", make.user(Role.MASTER, fullname="Выбранный Виктор")
    board.goto(f"/dashboard.html?request={repair.requestid}")
    board.get_by_role("button", name="Назначить мастера").click()
    dialog = board.get_by_role("dialog", name=f"Мастер заявки № {repair.requestid}")
    dialog.get_by_role("radio", name="Первый Павел").check()
    check_success(other.put(f"{path}/master", json={"masterid": chosen.user_id}))
    dialog.get_by_role("button", name="Назначить", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="другой менеджер Второва В.").first).to_be_visible()
    expect(dialog.get_by_text("Сейчас", exact=True)).to_be_visible()
    assert repair.reload().masterid == chosen.user_id
    dialog.get_by_role("radio", name="Первый Павел").check()
    dialog.get_by_role("button", name="Назначить", exact=True).click()
    expect(dialog).to_have_count(0)
    assert repair.reload().masterid != chosen.user_id


def test_a_deadline_that_was_moved_meanwhile_is_shown_first(board, repair, other):
    path = f"/api/requests/{repair.requestid}/deadline"
    board.goto(f"/dashboard.html?request={repair.requestid}")
    board.get_by_role("button", name="Назначить срок").click()
    dialog = board.get_by_role("dialog", name=f"Срок заявки № {repair.requestid}")
    check_success(other.put(path, json={"duedate": "2030-01-01T09:00:00Z"}))
    dialog.get_by_label("Готово к").fill("2031-05-05T12:00")
    dialog.get_by_role("button", name="Назначить срок").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Сейчас: «Новая заявка», без мастера, срок — 1 янв. 2030")
    assert repair.reload().duedate.year == 2030
    dialog.get_by_role("button", name="Назначить срок").click()
    expect(dialog).to_have_count(0)
    assert repair.reload().duedate.year == 2031


def test_of_many_at_once_only_the_one_that_was_changed_is_refused(board, make, repair, other):
    untouched, chosen = make.request(), make.user(Role.MASTER, fullname="Выбранный Виктор")
    board.reload()
    board.get_by_label("Выбрать все показанные").check()
    board.get_by_role("button", name="Назначить мастера…").click()
    check_success(other.put(f"/api/requests/{repair.requestid}/master", json={"masterid": chosen.user_id}))
    board.get_by_role("dialog", name="Мастер: 2 заявки").get_by_role("button", name="Назначить").click()
    summary = board.get_by_role("dialog", name="Назначаем мастера")
    expect(summary).to_contain_text("Не получилось: 1 заявка")
    expect(summary).to_contain_text("Заявку уже изменил другой менеджер Второва В.")
    assert repair.reload().masterid == chosen.user_id
    assert untouched.reload().masterid is not None
