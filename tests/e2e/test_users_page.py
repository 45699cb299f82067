"""Accounts page: search, creation, changes, deactivation, and rights by role."""

import re

import pytest
from playwright.sync_api import expect

from models import Role
from tests.e2e.conftest import assert_no_sideways_scroll, eventually

TOO_MANY = {"error": "Слишком много запросов", "code": "too_many"}


@pytest.fixture
def admin(make):
    return make.user(Role.ADMIN, fullname="Админова Ада")


def rows(page):
    return page.get_by_role("table", name="Учётные записи").get_by_role("row")


def open_account(page, sign_in, user, account):
    return sign_in(page, user, f"/users.html?user={account.user_id}").get_by_role("dialog", name="Учётная запись")


def test_filters_live_in_the_url(page, make, admin, sign_in):
    make.user(Role.MASTER, fullname="Гаев Пётр")
    make.user(Role.CLIENT, fullname="Гаева Анна", is_active=False)
    sign_in(page, admin, "/users.html")
    expect(rows(page)).to_have_count(4)
    page.get_by_label("Поиск людей").fill("гаев")
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Роль").select_option("Клиент")
    expect(rows(page)).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Поиск людей")).to_have_value("гаев")
    expect(rows(page).last).to_contain_text("Отключена")
    page.get_by_label("Вход").select_option("Открыт")
    expect(page.get_by_role("heading", name="Никого не нашлось")).to_be_visible()
    page.go_back()
    expect(rows(page)).to_have_count(2)


def test_the_list_grows_by_pages(page, make, admin, sign_in):
    for _ in range(21):
        make.user()
    sign_in(page, admin, "/users.html")
    expect(page.get_by_text("Показано 20, всего 22 человека")).to_be_visible()
    page.get_by_role("button", name="Показать ещё").click()
    expect(rows(page)).to_have_count(23)


def test_a_new_account_shows_its_one_time_password_once(page, admin, sign_in):
    sign_in(page, admin, "/users.html")
    page.get_by_role("link", name="Новая учётная запись").click()
    dialog = page.get_by_role("dialog", name="Новая учётная запись")
    dialog.get_by_label("Фамилия").fill("Иванова Мария")
    dialog.get_by_label("почта").fill(admin.email.upper())
    dialog.get_by_role("radio", name="Мастер").check()
    dialog.get_by_role("button", name="Создать").click()
    expect(dialog.get_by_label("почта")).to_be_focused()
    expect(dialog.get_by_text("Эта почта уже зарегистрирована")).to_be_visible()
    dialog.get_by_label("почта").fill("maria@example.org")
    dialog.get_by_role("button", name="Создать").click()
    expect(dialog.locator(".one-time")).to_have_text(re.compile(r"\S{14}"))
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Пароль записан?").get_by_role("button", name="Не надо").click()
    dialog.get_by_role("button", name="Пароль передан").click()
    expect(rows(page)).to_have_count(3)
    expect(rows(page).last).to_contain_text("Мастер")
    expect(page).to_have_url(re.compile(r"/users\.html$"))


def test_the_one_time_password_is_copied(page, make, admin, sign_in):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = open_account(page, sign_in, admin, make.user())
    dialog.get_by_role("button", name="Новый пароль").click()
    page.get_by_role("button", name="Выдать", exact=True).click()
    page.get_by_role("button", name="Скопировать пароль").click()
    expect(page.get_by_text("Скопировано")).to_be_visible()
    password = page.locator(".one-time").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == password
    page.get_by_role("button", name="Скопировать приглашение").click()
    invitation = eventually(lambda: page.evaluate("navigator.clipboard.readText()"), lambda copied: copied != password)
    assert password in invitation and "http://127.0.0.1" in invitation and "@example.org" in invitation


def test_an_account_is_changed(page, make, admin, sign_in):
    account = make.user(Role.CLIENT)
    dialog = open_account(page, sign_in, admin, account)
    dialog.get_by_label("Телефон").fill("")
    dialog.get_by_label("Фамилия").fill("Новая Фамилия")
    dialog.get_by_role("radio", name="Менеджер").check()
    dialog.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Изменения сохранены")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    account.reload()
    assert (account.fullname, account.phone, account.user_type) == ("Новая Фамилия", None, Role.MANAGER)


def test_unsaved_changes_are_not_lost_by_accident(page, make, admin, sign_in):
    dialog = open_account(page, sign_in, admin, make.user())
    dialog.get_by_label("Фамилия").fill("Начато")
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Закрыть без сохранения?").get_by_role("button", name="Не надо").click()
    expect(dialog.get_by_label("Фамилия")).to_have_value("Начато")


def test_switching_off_names_the_consequence(page, make, admin, sign_in):
    master = make.user(Role.MASTER)
    make.request(master=master)
    dialog = open_account(page, sign_in, admin, master)
    dialog.get_by_role("button", name="Отключить").click()
    question = page.get_by_role("dialog", name="Отключить учётную запись?")
    expect(question).to_contain_text("сразу выйдет на всех устройствах")
    expect(question).to_contain_text("останется 1 открытая заявка: сами к другому они не перейдут")
    expect(question).to_contain_text("Новых заявок этот мастер не получит")
    expect(question.get_by_role("link", name="Передать их сейчас")).to_have_attribute("target", "_blank")
    question.get_by_role("button", name="Отключить").click()
    expect(question).to_have_count(0)
    expect(dialog.get_by_text("Отключена")).to_be_visible()
    assert master.reload().is_active is False
    open_work = f"/dashboard.html?masterid={master.user_id}&requeststatus="
    assert dialog.get_by_role("link", name="Передать другому").get_attribute("href").startswith(open_work)
    dialog.get_by_role("button", name="Включить").click()
    expect(dialog.get_by_role("button", name="Отключить")).to_be_visible()
    assert master.reload().is_active is True


def test_the_last_administrator_stays(page, admin, sign_in):
    dialog = open_account(page, sign_in, admin, admin)
    dialog.get_by_role("radio", name="Менеджер").check()
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog.get_by_text("Последнего администратора")).to_be_visible()
    dialog.get_by_role("button", name="Отключить").click()
    question = page.get_by_role("dialog", name="Отключить учётную запись?")
    question.get_by_role("button", name="Отключить").click()
    expect(question.get_by_role("alert")).to_contain_text("Последнего администратора")
    assert admin.reload().is_active is True


def test_a_manager_reads_and_opens_accounts_for_clients(page, make, sign_in):
    client = make.user(Role.CLIENT, fullname="Яковлева Яна")
    make.user(Role.ADMIN)
    sign_in(page, make.user(Role.MANAGER), "/users.html")
    expect(rows(page)).to_have_count(3)
    page.get_by_role("link", name=client.fullname).click()
    dialog = page.get_by_role("dialog", name="Учётная запись")
    expect(dialog).to_contain_text(client.phone)
    expect(dialog.get_by_role("textbox")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Новый клиент").click()
    expect(page.get_by_role("dialog", name="Новый клиент").get_by_role("radio")).to_have_count(0)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MASTER])
def test_others_are_led_to_the_panel(page, make, sign_in, role):
    sign_in(page, make.user(role), "/users.html")
    expect(page.get_by_role("heading", name="Недостаточно прав")).to_be_visible()
    page.get_by_role("link", name="На панель").click()
    expect(page).to_have_url(re.compile("/dashboard.html$"))


def test_a_failure_is_said_and_can_be_repeated(page, admin, sign_in):
    page.route("**/api/users/?*", lambda route: route.fulfill(status=429, json=TOO_MANY))
    sign_in(page, admin, "/users.html")
    expect(page.get_by_role("alert").filter(has_text=TOO_MANY["error"])).to_be_visible()
    page.unroute("**/api/users/?*")
    page.get_by_role("button", name="Повторить").click()
    expect(rows(page)).to_have_count(2)


def test_people_on_a_phone(phone, make, admin, sign_in):
    sign_in(phone, admin, "/users.html")
    expect(phone.get_by_role("link", name=admin.fullname)).to_be_visible()
    assert_no_sideways_scroll(phone)
    phone.get_by_role("link", name=admin.fullname).click()
    expect(phone.get_by_role("button", name="Сохранить")).to_be_visible()
    assert_no_sideways_scroll(phone)
