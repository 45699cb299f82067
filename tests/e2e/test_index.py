"""First page: sign-in, registration, and the page that follows."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from models import Role
from tests.e2e.conftest import assert_no_sideways_scroll, bearer, fill_sign_in

GOOD_PASSWORD = "Novyi-Parol-9"


def register(page, **changes):
    values = {
        "Фамилия, имя, отчество": "Лебедева Анна Игоревна",
        "Электронная почта": "anna@example.org",
        "Пароль": GOOD_PASSWORD,
    } | changes
    page.get_by_role("tab", name="Регистрация").click()
    panel = page.get_by_role("tabpanel", name="Регистрация")
    for label, value in values.items():
        panel.get_by_label(label, exact=True).fill(value)
    panel.get_by_role("button", name="Зарегистрироваться").click()
    return panel


def test_wrong_password_is_said_and_the_email_stays(page, make):
    user = make.user()
    page.goto("/")
    fill_sign_in(page, user.email, "Sovsem-Ne-To-1")
    expect(page.locator(".form__alert:visible")).to_contain_text("парол")
    expect(page.get_by_label("Электронная почта").first).to_have_value(user.email)
    fill_sign_in(page, user.email)
    expect(page).to_have_url("/dashboard.html")


def test_registration_leads_to_the_dashboard(page, make):
    page.goto("/")
    register(page)
    expect(page).to_have_url("/dashboard.html")
    expect(page.get_by_role("heading", name="Мои заявки")).to_be_visible()


def test_password_rules_are_ticked_while_typing(page, make):
    page.goto("/#registration")
    rules = page.get_by_role("list", name="Каким должен быть пароль").get_by_role("listitem")
    expect(rules).to_have_count(5)
    page.get_by_label("Пароль", exact=True).last.fill("абвГ1")
    for index, met in enumerate(["false", "true", "true", "true", "false"]):
        expect(rules.nth(index)).to_have_attribute("data-met", met)


def test_refused_registration_keeps_the_text_and_focuses_the_first_bad_field(page, make):
    taken = make.user()
    page.goto("/")
    panel = register(page, **{"Электронная почта": "не почта", "Пароль": "слабый"})
    email = panel.get_by_label("Электронная почта")
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(panel.get_by_label("Пароль", exact=True)).to_have_value("слабый")
    panel = register(page, **{"Электронная почта": taken.email})
    expect(panel.get_by_role("alert").or_(panel.locator(".field__error:visible"))).to_contain_text("уже")


def test_missing_fields_are_named_before_anything_is_sent(page, make):
    page.goto("/")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_text("Заполните это поле")).to_have_count(2)
    expect(page.get_by_label("Электронная почта").first).to_be_focused()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/dashboard.html?q=насос", "/dashboard.html?" + urlencode({"q": "насос"})),
        ("https://example.org/dashboard.html", "/dashboard.html"),
        ("//example.org/dashboard.html", "/dashboard.html"),
        ("/api/docs", "/dashboard.html"),
    ],
)
def test_next_leads_to_own_pages_only(page, make, wanted, reached):
    user = make.user()
    page.goto("/?" + urlencode({"next": wanted}))
    fill_sign_in(page, user.email)
    expect(page).to_have_url(reached)


def test_who_is_signed_in_goes_straight_on(page, make, sign_in):
    sign_in(page, make.user(), "/")
    expect(page).to_have_url("/dashboard.html")


def test_a_stranger_on_the_dashboard_is_led_to_the_sign_in_and_back(page, make):
    user = make.user()
    page.goto("/dashboard.html?new=1")
    expect(page).to_have_url("/?next=%2Fdashboard.html%3Fnew%3D1")
    fill_sign_in(page, user.email)
    expect(page.get_by_role("dialog", name="Новая заявка")).to_be_visible()


def test_a_one_time_password_must_be_changed_first(page, make):
    user, admin = make.user(Role.MASTER), make.user(Role.ADMIN)
    headers = bearer(make.token(admin))
    page.goto("/")
    one_time = page.request.post(f"/api/users/{user.user_id}/password", headers=headers).json()["password"]
    fill_sign_in(page, user.email, one_time)
    expect(page.get_by_text("Срок действия пароля истёк")).to_be_visible()
    expect(page.get_by_label("Нынешний пароль")).to_have_value(one_time)
    page.get_by_label("Новый пароль").fill(GOOD_PASSWORD)
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page.get_by_role("heading", name="Моя работа")).to_be_visible()


def test_tabs_work_by_keyboard(page, make):
    page.goto("/")
    page.get_by_role("tab", name="Вход").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Регистрация")).to_be_focused()
    expect(page.get_by_label("Фамилия, имя, отчество")).to_be_visible()


def test_fits_a_phone(phone, make):
    phone.goto("/#registration")
    expect(phone.get_by_role("listitem").first).to_be_visible()
    assert_no_sideways_scroll(phone)


def test_an_unknown_address_answers_in_russian(page, make):
    answer = page.goto("/net-takoi.html")
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Такой страницы здесь нет")).to_be_visible()
