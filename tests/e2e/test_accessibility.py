"""axe finds no violation on any page, for any role; later states are in test_accessibility_states.py."""

import pytest
from playwright.sync_api import expect

from models import Role
from services.shop import settings as shop_settings
from tests.e2e.axe import broken, held
from tests.e2e.conftest import dialog


def shut(page):
    page.keyboard.press("Escape")


def test_the_first_page(page, look):
    page.goto("/")
    expect(page.get_by_role("tab", name="Вход")).to_be_visible()
    look("sign-in")
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_text("Заполните это поле").first).to_be_visible()
    look("sign-in with errors")
    page.get_by_role("tab", name="Регистрация").click()
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_text("Заполните это поле").last).to_be_visible()
    look("registration with errors")
    page.goto("/no-such-page.html")
    look("not found")


@pytest.mark.parametrize("role", list(Role))
def test_the_dashboard(page, look, shop, sign_in, role):
    sign_in(page, shop[role])
    expect(page.locator("main:not([aria-busy])")).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    look("board")
    page.get_by_role("button", name="меню").click()
    look("menu")
    shut(page)
    page.goto(f"/dashboard.html?request={shop['full']}")
    expect(page.get_by_role("dialog")).to_contain_text("Нужна помпа")
    look("request")
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_text("Заполните это поле")).to_be_visible()
    look("comment with an error")


def test_the_dashboard_loading_empty_and_broken(page, look, make, sign_in):
    client = make.user(Role.CLIENT)
    with held(page, "**/api/requests/**"):
        sign_in(page, client)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".skeleton").first).to_be_visible()
        look("loading")
    page.goto("/dashboard.html")
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    look("empty")
    broken(page, "**/api/requests/**")
    expect(page.get_by_role("button", name="Повторить").first).to_be_visible()
    look("error and banner")
    page.unroute_all()


def test_the_dialogs_of_a_client(page, look, shop, sign_in):
    sign_in(page, shop[Role.CLIENT], "/dashboard.html?new=1")
    expect(dialog(page, "Новая заявка")).to_be_visible()
    page.get_by_role("button", name="Холодильник Indesit").first.click()
    page.get_by_role("button", name="Назад").click()
    expect(page.locator(".past--hint")).to_be_visible()
    look("new request, the appliance")
    page.get_by_role("button", name="Дальше").click()
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_text("Заполните это поле")).to_be_visible()
    look("new request, the breakdown with an error")
    page.get_by_role("button", name="Не морозит").click()
    page.get_by_role("button", name="Дальше").click()
    look("new request, contacts and a look at all")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    look("receipt")
    page.goto(f"/dashboard.html?request={shop['done']}")
    expect(page.get_by_role("dialog")).to_contain_text("Как вам ремонт?")
    page.get_by_text("Этот прибор: другие заявки").click()
    expect(page.locator(".past__one").first).to_be_visible()
    look("rating and other requests of the appliance")


def test_a_step_of_the_masters_day_that_waits(page, look, shop, sign_in):
    sign_in(page, shop[Role.MASTER])
    page.route("**/api/requests/*/status", lambda route: route.abort())
    card = page.get_by_role("article").filter(has_text=f"№ {shop['full']}")
    card.get_by_role("button", name="Ремонт завершён").click()
    card.get_by_role("button", name="Отправить сейчас").click()
    expect(card.get_by_text("Нет связи. Отправим")).to_be_visible()
    look("a step that waits")
    card.get_by_role("button", name="Отменить").click()
    card.get_by_role("button", name="Написать").click()
    expect(dialog(page, "Комментарий к №")).to_be_visible()
    look("comment from a card")
    page.unroute_all()


def test_the_dialogs_of_the_office(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER], f"/dashboard.html?request={shop['full']}")
    for button, title in (
        ("Изменить", "Изменить заявку"),
        ("Сменить мастера", "Мастер заявки"),
        ("Назначить срок", "Срок заявки"),
        ("Отменить заявку", "Отменить заявку"),
    ):
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(dialog(page, title)).to_be_visible()
        look(title)
        shut(page)
        expect(dialog(page, title)).to_have_count(0)


def test_the_tools_of_the_office(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER], "/dashboard.html?priority=Срочный")
    page.get_by_label(f"Выбрать № {shop['full']}", exact=True).check()
    page.get_by_text("Загрузка мастеров").click()
    expect(page.get_by_text("Выбрано: 1 заявка")).to_be_visible()
    look("chosen")
    for button in ("Сохранить вид", "Настроить вид", "Клавиши", "Назначить мастера…", "Статус…"):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look(button)
        shut(page)


def test_the_board_of_the_office(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER], "/dashboard.html?view=board")
    page.get_by_role("button", name="Показать последние").first.click()
    expect(page.locator(".lane--done .kanban-card").first).to_be_visible()
    look("board of cards")
    expect(page.locator(".kanban[data-carries]")).to_be_visible()
    grip = page.get_by_role("button", name=f"Переместить № {shop['full']}")
    grip.press("Enter")
    look("ways to move")
    shut(page)
    grip.press("Space")
    expect(page.locator("[data-lifted]")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.evaluate("window.scrollTo(0, 0)")
    look("a card that is carried")


@pytest.mark.parametrize("role", [Role.MASTER, Role.MANAGER])
def test_the_statistics(page, look, shop, sign_in, role):
    with held(page, "**/api/statistics/**"):
        sign_in(page, shop[role], "/statistics.html")
        expect(page.locator(".skeleton").first).to_be_visible()
        look("loading")
    page.reload()
    expect(page.locator(".report__panel").first).to_be_visible()
    look("data")
    if role is Role.MASTER:
        return
    page.goto("/statistics.html?from=2001-01-01&to=2001-01-02")
    expect(page.get_by_role("heading", name="За этот период заявок нет")).to_be_visible()
    look("empty")


def test_the_people(page, look, shop, sign_in):
    admin = shop[Role.ADMIN]
    sign_in(page, admin, "/users.html")
    expect(page.get_by_role("row").nth(2)).to_be_visible()
    look("list")
    page.goto("/users.html?q=Никтошин")
    expect(page.get_by_role("heading", name="Никого не нашлось")).to_be_visible()
    look("nobody")
    page.goto(f"/users.html?user={shop[Role.MASTER].user_id}")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_text("История учётной записи").click()
    expect(page.get_by_text("ещё не меняли")).to_be_visible()
    look("person")
    page.goto("/users.html?new=1")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").locator("[type=submit]").click()
    look("new person with errors")


def test_the_settings(app, page, look, shop, sign_in):
    sign_in(page, shop[Role.ADMIN], "/settings.html")
    expect(page.get_by_role("heading", name="Настройки", level=1)).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    look("settings")
    organisation = page.get_by_role("region", name="Организация")
    organisation.get_by_label("Телефон").fill("1")
    with app.app_context():
        shop_settings.change(
            shop[Role.ADMIN], {"organisation": shop_settings.DEFAULTS["organisation"] | {"phone": "2"}}
        )
    organisation.get_by_role("button", name="Сохранить").click()
    expect(organisation.get_by_text("Пока вы правили")).to_be_visible()
    look("settings of two administrators")
    organisation.get_by_role("button", name="Взять, как сейчас").click()
    page.goto("/settings.html?view=journal")
    expect(page.get_by_role("heading", name="Журнал изменений", level=1)).to_be_visible()
    expect(page.get_by_text("1 запись")).to_be_visible()
    page.get_by_label("Чья учётная запись").fill("тест")
    expect(page.get_by_role("button", name="Тестова").first).to_be_visible()
    look("journal")


def test_what_a_role_may_not_open(page, look, shop, sign_in):
    sign_in(page, shop[Role.CLIENT], "/users.html")
    expect(page.get_by_role("heading", name="Недостаточно прав")).to_be_visible()
    look("refused")


def test_the_page_of_the_api_is_read_at_once_and_tried_when_it_is_wanted(page, look):
    page.goto("/api-docs.html")
    page.locator("summary", has_text="/api/requests/{requestid}/status").click()
    expect(page.get_by_text("requeststatus", exact=True)).to_be_visible()
    look("api")
    page.get_by_role("button", name="Попробовать вызовы").click()
    expect(page.locator(".swagger-ui .opblock").first).to_be_visible()


def test_the_style_guide_shows_everything_without_a_session(page, look):
    page.goto("/styleguide.html")
    expect(page.locator(".swatch__text p").first).to_contain_text(": 1 на")
    look("guide")
    for button, state in (
        ("Обычное окно", "dialog"),
        ("Подтверждение", "confirmation"),
        ("Одноразовый пароль", "password"),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look(state)
        shut(page)
    page.get_by_role("button", name="Не удалось").click()
    look("toast")
