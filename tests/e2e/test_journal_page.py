"""Journal: changes of settings and accounts as sentences, filters in the URL; history of one account."""

import re

import pytest
from playwright.sync_api import expect

from database import db
from models import AuditEvent, Role
from tests.e2e.conftest import assert_no_sideways_scroll

TOO_MANY = {"error": "Слишком много запросов", "code": "too_many"}


@pytest.fixture
def admin(make):
    return make.user(Role.ADMIN, fullname="Админова Ада Ивановна")


@pytest.fixture
def story(make, login, admin):
    """A master becomes a manager, gets a phone number and a password and is deactivated; a setting changes."""
    master, boss = make.user(Role.MASTER, fullname="Петров Пётр"), login(admin)
    path = f"/api/users/{master.user_id}"
    boss.patch(path, json={"user_type": "Менеджер"})
    boss.patch(path, json={"phone": "112"})
    boss.post(f"{path}/password")
    boss.patch(path, json={"is_active": False})
    boss.patch("/api/settings", json={"techtypes": ["Фен", "Утюг"], "due_soon_hours": 48})
    return master


def entries(page):
    return page.get_by_role("main").get_by_role("listitem").filter(has=page.locator(".event__body"))


def test_it_speaks_in_sentences_and_is_searched_by_the_url(page, admin, story, sign_in):
    sign_in(page, admin, "/settings.html?view=journal")
    expect(page.get_by_text("6 записей")).to_be_visible()
    expect(entries(page).last).to_contain_text("Админова Ада Ивановна сменила роль: Петров Пётр")
    expect(entries(page).last).to_contain_text("Мастер → Менеджер")
    expect(entries(page).first).to_contain_text(re.compile("изменила настройку «(Виды техники|Отметка „скоро срок“)»"))
    page.get_by_label("Что менялось").select_option("Вход закрыт или открыт")
    expect(entries(page)).to_have_count(1)
    expect(entries(page)).to_contain_text("Админова Ада Ивановна закрыла вход: Петров Пётр")
    page.get_by_label("Что менялось").select_option("Всё")
    entries(page).last.get_by_role("link", name="Петров Пётр").click()
    expect(entries(page)).to_have_count(4)
    expect(page).to_have_url(re.compile(f"user={story.user_id}"))
    page.reload()
    expect(entries(page)).to_have_count(4)
    page.get_by_label("Кто менял").select_option("Командная строка")
    expect(page.get_by_role("heading", name="Таких записей нет")).to_be_visible()
    page.go_back()
    expect(entries(page)).to_have_count(4)
    page.get_by_role("button", name="Все люди").click()
    page.get_by_label("Чья учётная запись").fill("петр")
    page.get_by_role("button", name="Петров Пётр").click()
    expect(entries(page)).to_have_count(4)


def test_it_grows_by_pages_and_a_failure_can_be_repeated(app, phone, admin, sign_in):
    with app.app_context():
        change = {"kind": "account_changed", "subject": str(admin.user_id), "actor_id": admin.user_id}
        db.session.add_all(AuditEvent(**change, to_value={"fullname": "О" * 200}) for _ in range(25))
        db.session.commit()
    phone.route("**/api/audit/*", lambda route: route.fulfill(status=429, json=TOO_MANY))
    sign_in(phone, admin, "/settings.html?view=journal")
    expect(phone.get_by_role("alert").filter(has_text=TOO_MANY["error"])).to_be_visible()
    phone.unroute("**/api/audit/*")
    phone.get_by_role("button", name="Повторить").click()
    expect(phone.get_by_text("Показано 20, всего 25 записей")).to_be_visible()
    assert_no_sideways_scroll(phone)
    phone.get_by_role("button", name="Показать ещё").click()
    expect(entries(phone)).to_have_count(25)


def test_a_new_shop_has_an_empty_journal(page, admin, sign_in):
    sign_in(page, admin, "/settings.html?view=journal")
    expect(page.get_by_role("heading", name="Журнал пока пуст")).to_be_visible()


def test_the_history_of_one_account_stands_in_its_dialog(page, admin, story, sign_in):
    sign_in(page, admin, f"/users.html?user={story.user_id}")
    dialog = page.get_by_role("dialog", name="Учётная запись")
    dialog.get_by_text("История учётной записи").click()
    expect(dialog.get_by_text("сменила роль")).to_be_visible()
    dialog.get_by_role("button", name="Включить").click()
    expect(dialog.get_by_text("открыла вход")).to_be_visible()
    dialog.get_by_role("button", name="Закрыть сообщение").click()
    dialog.get_by_role("link", name="Открыть в журнале").click()
    expect(entries(page)).to_have_count(5)
