"""Administrator's settings: saved by group, by two users at once, on desktop and phone."""

import re

import pytest
from playwright.sync_api import expect

from models import Role, Setting
from services.shop import settings as shop_settings
from tests.e2e.conftest import assert_no_sideways_scroll, eventually
from tests.kit.helpers import rows

TOO_MANY = {"error": "Слишком много запросов", "code": "too_many"}


@pytest.fixture
def admin(make):
    return make.user(Role.ADMIN, fullname="Админова Ада")


@pytest.fixture
def stored(app):
    """Stored settings by name."""
    return lambda: {row.name: row.value for row in rows(app, Setting)}


def store(app, user, **changes):
    """Change settings as another user."""
    with app.app_context():
        shop_settings.change(user, changes)


def group(page, name):
    return page.get_by_role("region", name=name, exact=True)


def save(page, name):
    group(page, name).get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text(f"Сохранено: {name}")).to_be_visible()


def test_contacts_are_changed_and_everybody_sees_them(page, new_page, make, admin, sign_in, stored):
    """Errors appear at their fields; clients see saved values; reset restores the initial ones."""
    sign_in(page, admin)
    page.get_by_role("link", name="Настройки").click()
    shop = group(page, "Организация")
    shop.get_by_label("Название").fill("Мастерская на Лесной")
    shop.get_by_label("Электронная почта").fill("нет")
    expect(shop.get_by_text("Не сохранено")).to_be_visible()
    shop.get_by_role("button", name="Сохранить").click()
    expect(shop.get_by_text("Неправильный адрес почты")).to_be_visible()
    expect(shop.get_by_label("Электронная почта")).to_be_focused()
    shop.get_by_label("Электронная почта").fill("lesnaya@example.org")
    save(page, "Организация")
    expect(shop.get_by_text("Не сохранено")).to_have_count(0)
    assert stored()["organisation"]["name"] == "Мастерская на Лесной"
    guest = new_page()
    guest.goto("/")
    expect(guest.get_by_text("Мастерская на Лесной")).to_be_visible()
    expect(guest.get_by_role("link", name="lesnaya@example.org")).to_be_visible()
    client = make.user()
    sign_in(guest, client, f"/dashboard.html?request={make.request(client).requestid}")
    contacts = guest.get_by_role("dialog").get_by_role("region", name="Мастерская")
    expect(contacts.get_by_role("link", name="lesnaya@example.org")).to_be_visible()
    expect(contacts.get_by_role("heading", name="Мастерская на Лесной")).to_be_visible()
    shop.get_by_role("button", name="Вернуть исходное").click()
    expect(shop.get_by_label("Название")).to_have_value("Техник")
    assert stored()["organisation"]["name"] == "Мастерская на Лесной", "until it is saved"
    shop.get_by_role("button", name="Отменить").click()
    expect(shop.get_by_label("Название")).to_have_value("Мастерская на Лесной")


def test_kinds_of_appliances_are_added_renamed_ordered_and_taken_out(app, page, make, admin, sign_in, stored):
    """A renamed type keeps its deadline; requests keep their text."""
    repair = make.request(techtype="Утюг")
    store(app, admin, techtypes=["Фен", "Утюг", "Тостер"], deadline_hours={"Утюг": 9, "Тостер": 5})
    sign_in(page, admin, "/settings.html")
    kinds = group(page, "Виды техники")
    fields = kinds.get_by_label("Вид техники", exact=True)
    fields.nth(1).fill("Утюг с паром")
    kinds.get_by_role("button", name="Убрать: Тостер").click()
    kinds.get_by_role("button", name="Ниже: Фен").click()
    expect(kinds.get_by_role("button", name="Выше: Фен")).to_be_focused()
    kinds.get_by_role("button", name="Добавить вид").click()
    page.keyboard.type("фен")
    kinds.get_by_role("button", name="Сохранить").click()
    expect(kinds.get_by_text("Значения не должны повторяться")).to_be_visible()
    fields.last.fill("Робот-пылесос")
    save(page, "Виды техники")
    assert stored()["techtypes"] == ["Утюг с паром", "Фен", "Робот-пылесос"]
    assert stored()["deadline_hours"] == {"Утюг с паром": 9}
    assert repair.reload().techtype == "Утюг"
    expect(group(page, "Сроки ремонта").get_by_label("Утюг с паром")).to_have_value("9")


def test_deadlines_are_shown_before_they_are_saved(page, admin, sign_in, stored):
    sign_in(page, admin, "/settings.html")
    deadlines, calendar = group(page, "Сроки ремонта"), group(page, "Рабочий календарь")
    said = deadlines.get_by_role("status").filter(has_text="Заявка, поданная сейчас")
    expect(said).to_contain_text("40 рабочих часов")
    for day in ("пн", "вт", "ср", "чт", "пт"):
        calendar.get_by_label(day).uncheck()
    expect(said).to_have_count(0)
    expect(deadlines.get_by_text("срок не сосчитать")).to_be_visible()
    calendar.get_by_label("вс").check()
    deadlines.get_by_label("Обычный срок").fill("3")
    expect(said).to_have_text(re.compile(r"получит срок: вс, .* \(3 рабочих часа\)"))
    deadlines.get_by_label("Фен").fill("x")
    deadlines.get_by_role("button", name="Сохранить").click()
    expect(deadlines.get_by_text("Должно быть целым числом")).to_be_visible()
    deadlines.get_by_label("Фен").fill("2")
    expect(deadlines.get_by_text(re.compile("^сейчас: вс"))).to_be_visible()
    save(page, "Сроки ремонта")
    assert stored() == {"default_deadline_hours": 3, "deadline_hours": {"Фен": 2}}


def test_the_calendar(page, admin, sign_in, stored):
    sign_in(page, admin, "/settings.html#calendar")
    calendar = group(page, "Рабочий календарь")
    calendar.get_by_label("сб").check()
    calendar.get_by_label("Конец дня").fill("00:00")
    calendar.get_by_label("Часовой пояс").select_option("Asia/Vladivostok")
    calendar.get_by_role("button", name="Праздники").last.click()
    calendar.get_by_label("Какой день").fill("2027-12-31")
    calendar.get_by_role("button", name="Добавить день").click()
    calendar.get_by_role("button", name=re.compile("Убрать 8 марта")).click()
    save(page, "Рабочий календарь")
    saved = stored()
    assert saved["timezone"] == "Asia/Vladivostok"
    assert (saved["working_calendar"]["days"], saved["working_calendar"]["to"]) == ([1, 2, 3, 4, 5, 6], "24:00")
    holidays = saved["working_calendar"]["holidays"]
    assert "2027-12-31" in holidays and not [day for day in holidays if day.endswith("03-08")] and len(holidays) == 14
    page.reload()
    expect(calendar.get_by_label("Конец дня")).to_have_value("00:00")
    expect(calendar.get_by_text("Не сохранено")).to_have_count(0)


def test_the_feedback_form_has_its_code_and_the_rest_is_saved_too(page, admin, sign_in, stored):
    sign_in(page, admin, "/settings.html")
    feedback = group(page, "Форма отзывов")
    before = feedback.get_by_role("img").get_attribute("src")
    feedback.get_by_label("Адрес формы").fill("https://forms.example.org/new")
    save(page, "Форма отзывов")
    picture = feedback.get_by_role("img", name="QR-код: https://forms.example.org/new")
    assert picture.get_attribute("src") != before
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    group(page, "Распределение заявок").get_by_label("автоматически").check()
    save(page, "Распределение заявок")
    group(page, "Пароли").get_by_label("Срок действия").fill("30")
    group(page, "Пароли").get_by_label("обязательны").uncheck()
    save(page, "Пароли")
    assert stored() == {
        "feedback_url": "https://forms.example.org/new",
        "auto_assign": True,
        "password_max_age_days": 30,
        "password_composition": False,
    }


def test_two_administrators_at_once_lose_nothing(app, page, make, admin, sign_in, stored):
    """Different settings are merged; for the same one the user chooses, and sees who was faster."""
    other = make.user(Role.ADMIN, fullname="Второв Виктор")
    sign_in(page, admin, "/settings.html")
    shop = group(page, "Организация")
    shop.get_by_label("Телефон").fill("+7 495 111-11-11")
    first = shop_settings.DEFAULTS["organisation"]
    store(app, other, organisation=first | {"address": "Лесная, 5"}, due_soon_hours=48)
    save(page, "Организация")
    assert stored()["organisation"] == first | {"address": "Лесная, 5", "phone": "+7 495 111-11-11"}
    expect(shop.get_by_label("Адрес")).to_have_value("Лесная, 5")
    expect(group(page, "Сроки ремонта").get_by_label("Предупреждать")).to_have_value("48")
    shop.get_by_label("Телефон").fill("+7 495 222-22-22")
    theirs = stored()["organisation"] | {"phone": "112", "hours": "Круглосуточно"}
    store(app, other, organisation=theirs)
    shop.get_by_role("button", name="Сохранить").click()
    notice = shop.get_by_role("alert").filter(has_text="Второв Виктор")
    expect(notice).to_contain_text("Телефон: у вас «+7 495 222-22-22», сейчас «112»")
    expect(notice).not_to_contain_text("Круглосуточно")
    assert stored()["organisation"] == theirs
    notice.get_by_role("button", name="Сохранить моё").click()
    expect(notice).to_have_count(0)
    expect(shop.get_by_label("Часы работы")).to_have_value("Круглосуточно")
    mine = theirs | {"phone": "+7 495 222-22-22"}
    assert eventually(lambda: stored()["organisation"], lambda shown: shown == mine) == mine


def test_unsaved_settings_are_not_left_by_accident(page, admin, sign_in):
    """The journal beside them is allowed; leaving the page asks first, and a reload loses nothing."""
    sign_in(page, admin, "/settings.html")
    shop = group(page, "Организация")
    shop.get_by_label("Название").fill("Начато")
    page.get_by_role("link", name="Журнал изменений").click()
    expect(page.get_by_role("heading", name="Журнал изменений")).to_be_visible()
    page.go_back()
    expect(shop.get_by_label("Название")).to_have_value("Начато")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Статистика").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(shop.get_by_label("Название")).to_have_value("Начато")
    expect(shop.get_by_text("Не сохранено")).to_be_visible()
    shop.get_by_role("button", name="Отменить").click()
    page.get_by_role("link", name="Статистика").click()
    expect(page).to_have_url(re.compile("/statistics.html"))


def test_settings_on_a_phone_and_a_failure_that_can_be_repeated(phone, admin, sign_in, stored):
    phone.route("**/api/settings/", lambda route: route.fulfill(status=429, json=TOO_MANY))
    sign_in(phone, admin, "/settings.html")
    expect(phone.get_by_role("alert").filter(has_text=TOO_MANY["error"])).to_be_visible()
    phone.unroute("**/api/settings/")
    phone.get_by_role("button", name="Повторить").click()
    expect(group(phone, "Организация")).to_be_visible()
    assert_no_sideways_scroll(phone)
    phone.get_by_role("link", name="Пароли").click()
    group(phone, "Пароли").get_by_label("Срок действия").fill("60")
    save(phone, "Пароли")
    assert stored() == {"password_max_age_days": 60}


@pytest.mark.parametrize("role", [Role.CLIENT, Role.MASTER, Role.MANAGER])
def test_nobody_else_has_the_page(page, make, sign_in, role):
    sign_in(page, make.user(role), "/settings.html")
    expect(page.get_by_role("heading", name="Недостаточно прав")).to_be_visible()
    expect(page.get_by_role("link", name="Настройки")).to_have_count(0)
