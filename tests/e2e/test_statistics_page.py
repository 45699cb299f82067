"""Statistics page: figures linked to their requests, charts by keyboard, filters in the URL."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import Role, Status
from services.common.clock import now
from tests.e2e.conftest import assert_no_sideways_scroll

TOO_MANY = {"error": "Слишком много запросов", "code": "too_many"}
MARK = re.compile("Создано: 2$")


@pytest.fixture
def shop(make):
    """A master who finished one of two irons this week, and a fridge of two months ago."""
    master = make.user(Role.MASTER, fullname="Умелов Иван")
    started = now() - timedelta(days=3)
    done = {"status": Status.DONE, "startdate": started, "completiondate": started + timedelta(hours=28)}
    make.rating(make.request(master=master, techtype="Утюг", duedate=now(), **done), score=4)
    make.request(techtype="Утюг", techmodel="Tefal FV5", startdate=started)
    make.request(master=master, techtype="Холодильник", startdate=now() - timedelta(days=60))
    return master


@pytest.fixture
def office(make, shop, sign_in):
    """Call it with a page and a URL: a manager opens it."""
    manager = make.user(Role.MANAGER)
    return lambda page, path="/statistics.html": sign_in(page, manager, path)


def tile(page, name):
    return page.locator(".counter", has_text=name)


def panel(page, name):
    return page.get_by_role("region", name=name)


def test_figures_of_the_last_month_in_words(page, office):
    office(page)
    expect(tile(page, "Создано")).to_contain_text("2")
    expect(tile(page, "Открыто")).to_contain_text("2")
    expect(panel(page, "Сколько длится ремонт")).to_contain_text("1 день 4 часа")
    expect(panel(page, "В срок").get_by_role("img", name=re.compile(r"100\s%"))).to_be_visible()
    expect(panel(page, "Оценки клиентов")).to_contain_text("из 5 по 1 оценке")
    row = panel(page, "По мастерам").get_by_role("row", name="Умелов Иван")
    expect(row.get_by_role("cell")).to_have_text(["1", "1", "1 день 4 часа", re.compile("^4 из 5")])


def test_every_figure_leads_to_its_requests(page, office):
    office(page)
    panel(page, "По видам техники").get_by_role("row", name="Утюг").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/dashboard.html"))
    expect(page.get_by_text("2 заявки", exact=True)).to_be_visible()
    page.go_back()
    panel(page, "По мастерам").get_by_role("row", name="Умелов Иван").get_by_role("link").nth(1).click()
    expect(page.get_by_text("1 заявка", exact=True)).to_be_visible()


def test_the_chart_is_walked_by_keyboard(page, office):
    office(page)
    mark = page.get_by_role("link", name=MARK)
    mark.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    done = page.get_by_role("link", name=re.compile("Завершено: 1$"))
    expect(done).to_be_focused()
    expect(page.locator(".plot__tip")).to_contain_text("Завершено: 1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 заявка", exact=True)).to_be_visible()


def test_the_same_chart_is_a_table(page, office):
    office(page)
    page.get_by_text("Показать таблицей").click()
    days = page.get_by_role("table", name="Создано и завершено").get_by_role("row")
    expect(days).to_have_count(31)
    expect(days.filter(has=page.get_by_role("link", name="2", exact=True))).to_have_count(1)


def test_period_and_filters_live_in_the_url(page, office):
    office(page)
    page.get_by_role("link", name="90 дней").click()
    expect(tile(page, "Создано")).to_contain_text("3")
    page.get_by_label("Вид техники").select_option("Холодильник")
    expect(tile(page, "Создано")).to_contain_text("1")
    page.reload()
    expect(page.get_by_role("link", name="90 дней")).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Вид техники")).to_have_value("Холодильник")
    expect(page.get_by_role("status").filter(has_text="90 дней · Холодильник")).to_be_visible()
    page.go_back()
    expect(tile(page, "Создано")).to_contain_text("3")


def test_a_day_that_turns_the_period_round_takes_the_other_along(page, office):
    office(page, "/statistics.html?from=2026-01-01&to=2026-01-31")
    page.get_by_label("С", exact=True).fill("2026-03-05")
    expect(page.get_by_label("По", exact=True)).to_have_value("2026-03-05")
    expect(page.get_by_role("status").filter(has_text="1 день")).to_be_visible()


def test_a_period_without_requests_says_so(page, office):
    office(page, "/statistics.html?from=2020-01-01&to=2020-01-07")
    expect(page.get_by_role("heading", name="За этот период заявок нет")).to_be_visible()
    page.get_by_role("link", name="Показать за год").click()
    expect(tile(page, "Создано")).to_contain_text("3")


def test_a_master_sees_only_their_own_figures(page, make, shop, sign_in):
    make.request(master=make.user(Role.MASTER))
    sign_in(page, shop, "/statistics.html?masterid=1000")
    expect(page.get_by_role("heading", name="Мои показатели")).to_be_visible()
    expect(tile(page, "Завершено")).to_contain_text("1")
    expect(tile(page, "Открыто")).to_contain_text("1")
    expect(page.get_by_label("Мастер", exact=True)).to_have_count(0)
    expect(panel(page, "По мастерам")).to_have_count(0)


def test_a_client_is_led_to_the_panel(page, make, sign_in):
    sign_in(page, make.user(), "/statistics.html")
    expect(page.get_by_role("heading", name="Недостаточно прав")).to_be_visible()


def test_a_failure_is_said_and_can_be_repeated(page, office):
    page.route("**/api/statistics/?*", lambda route: route.fulfill(status=429, json=TOO_MANY))
    office(page)
    expect(page.get_by_role("alert").filter(has_text=TOO_MANY["error"])).to_be_visible()
    page.unroute("**/api/statistics/?*")
    page.get_by_role("button", name="Повторить").click()
    expect(tile(page, "Создано")).to_contain_text("2")


def test_figures_on_a_phone(phone, office):
    office(phone)
    expect(tile(phone, "Создано")).to_contain_text("2")
    phone.get_by_text("Показать таблицей").click()
    assert_no_sideways_scroll(phone)
