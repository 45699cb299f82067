"""One repair from registration to rating, through all four roles."""

import re

from playwright.sync_api import expect

from models import Role
from tests.e2e.conftest import PHONE, fill_new_request, fill_sign_in

PASSWORDS = {"manager": "Menedzher-Parol-1", "master": "Master-Parol-1", "client": "Klient-Parol-1"}


def test_from_a_new_request_to_its_rating(new_page, make, sign_in):
    office, bench, home = new_page(), new_page(PHONE), new_page()
    staff = administrator_creates_staff(office, make, sign_in)

    client_registers_and_hands_in(home)
    number = home.locator(".receipt__number").inner_text()

    manager_assigns_and_sets_deadline(office, staff["manager"], number)
    master_works(bench, staff["master"], number)
    client_rates(home)
    manager_reads_the_history(office)


def administrator_creates_staff(page, make, sign_in):
    """Two accounts, each with a one-time password that is shown once."""
    sign_in(page, make.user(Role.ADMIN), "/users.html")
    staff = {
        "manager": create_account(page, "Семёнова Мария Олеговна", "maria@example.org", Role.MANAGER),
        "master": create_account(page, "Ковалёв Андрей Петрович", "andrey@example.org", Role.MASTER),
    }
    page.get_by_role("button", name=re.compile("меню$")).click()
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("tab", name="Вход")).to_be_visible()
    return staff


def create_account(page, fullname, email, role):
    page.get_by_role("link", name="Новая учётная запись").click()
    dialog = page.get_by_role("dialog", name="Новая учётная запись")
    dialog.get_by_label("Фамилия, имя, отчество").fill(fullname)
    dialog.get_by_label("Электронная почта").fill(email)
    dialog.get_by_role("radio", name=role.value).check()
    dialog.get_by_role("button", name="Создать").click()
    password = dialog.locator(".one-time").inner_text().strip()
    dialog.get_by_role("button", name="Пароль передан").click()
    return {"email": email, "password": password}


def first_sign_in(page, person, password):
    """Sign in with a one-time password and choose a new one."""
    page.goto("/")
    fill_sign_in(page, person["email"], person["password"])
    page.get_by_label("Новый пароль").fill(password)
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page).to_have_url("/dashboard.html")


def client_registers_and_hands_in(page):
    page.goto("/#registration")
    panel = page.get_by_role("tabpanel", name="Регистрация")
    panel.get_by_label("Фамилия, имя, отчество").fill("Петрова Ирина Львовна")
    panel.get_by_label("Электронная почта").fill("irina@example.org")
    panel.get_by_label("Телефон").fill("+7 900 123-45-67")
    panel.get_by_label("Пароль", exact=True).fill(PASSWORDS["client"])
    panel.get_by_role("button", name="Зарегистрироваться").click()
    page.get_by_role("link", name="Новая заявка").first.click()
    fill_new_request(page, "Стиральная машина", "Bosch WAN 2420", "Не сливает воду")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()


def manager_assigns_and_sets_deadline(page, person, number):
    first_sign_in(page, person, PASSWORDS["manager"])
    page.get_by_role("row").filter(has_text=number).get_by_role("link").click()
    page.get_by_role("button", name="Назначить мастера").click()
    page.get_by_label("Ковалёв Андрей Петрович").check()
    page.get_by_role("button", name="Назначить", exact=True).click()
    page.get_by_role("button", name=re.compile("^(Назначить|Изменить) срок$")).click()
    due = page.get_by_role("dialog", name=re.compile("^Срок заявки"))
    due.get_by_role("button", name="Через неделю").click()
    due.get_by_label("Причина").fill("Клиент в отъезде")
    due.get_by_role("button", name="Назначить срок").click()
    expect(page.get_by_role("listitem").filter(has_text="Клиент в отъезде")).to_be_visible()


def master_works(page, person, number):
    first_sign_in(page, person, PASSWORDS["master"])
    mine = page.get_by_role("region", name="Мои")
    mine.get_by_role("button", name="Принять").click()
    mine.get_by_role("link", name="Стиральная машина Bosch WAN 2420").click()
    page.get_by_label("Ваш комментарий").fill("Насос забит, чищу")
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_role("listitem").filter(has_text="Насос забит, чищу")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Ремонт завершён").click()
    expect(page.get_by_role("listitem").filter(has_text="Ремонт завершён")).to_be_visible()


def client_rates(page):
    page.goto("/dashboard.html")
    page.get_by_role("link", name="Оценить ремонт").click()
    page.get_by_role("radio", name="5 из 5: отлично").check(force=True)
    page.get_by_label("Пара слов о ремонте").fill("Быстро и аккуратно")
    page.get_by_role("button", name="Поставить оценку").click()
    expect(page.get_by_role("button", name="Изменить оценку")).to_be_visible()


def manager_reads_the_history(page):
    page.reload()
    history = page.get_by_role("dialog").locator(".timeline > li")
    expect(history).to_have_text(
        [
            re.compile("Заявка принята.*Петрова Ирина Львовна, клиент", re.S),
            re.compile("Назначен мастер: Ковалёв Андрей Петрович.*Семёнова Мария Олеговна, менеджер", re.S),
            re.compile("Назначен срок|Срок перенесён", re.S),
            re.compile("Мастер взял заявку в работу.*Ковалёв Андрей Петрович, мастер", re.S),
            re.compile("Насос забит, чищу", re.S),
            re.compile("Ремонт завершён", re.S),
            re.compile("Клиент оценил ремонт.*Быстро и аккуратно", re.S),
        ]
    )
