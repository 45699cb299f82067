"""Master's day: sections, one tap to the next status with an undo, call, map, comment."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import Comment, Role, Status
from services.common.clock import now
from tests.e2e.conftest import assert_no_sideways_scroll
from tests.e2e.fonts import each_font
from tests.kit.helpers import one

ADDRESS = "Казань, ул. Баумана, 7"
SMALLEST_TARGET = 48


@pytest.fixture
def master(make):
    return make.user(Role.MASTER)


@pytest.fixture
def client(make):
    return make.user(phone="+7 900 111-22-33")


@pytest.fixture
def sent():
    """Call it with a page: a list that collects the status changes it sends."""

    def listen(page):
        moves = []
        page.context.on("request", lambda call: call.method == "PUT" and moves.append(call.post_data_json))
        return moves

    return listen


def card(page, repair):
    return page.get_by_role("article").filter(has_text=f"№ {repair.requestid}")


def wait_for(repair, status):
    """Wait until the database has the status: the page that sent it may be closed."""
    for _ in range(100):
        if repair.reload().requeststatus is status:
            return
        time.sleep(0.1)
    assert repair.requeststatus is status


@pytest.fixture
def work(make, app, client, master):
    """One request per section of the day; today's is due at the last second of the organisation's day."""
    tonight = now().astimezone(app.config["TIMEZONE"]).replace(hour=23, minute=59, second=59)
    return {
        "later": make.request(client, master, duedate=now() + timedelta(days=3), techmodel="Позже"),
        "parts": make.request(client, master, Status.WAITING_PARTS, techmodel="Ждёт"),
        "today": make.request(client, master, duedate=tonight, techmodel="Сегодня же", address=ADDRESS),
        "overdue": make.request(client, master, duedate=now() - timedelta(hours=2), techmodel="Опоздали"),
        "new": make.request(client, techmodel="Ничей", address=ADDRESS),
    }


def test_the_day_stands_in_order_and_fits_one_thumb(phone, sign_in, master, work):
    sign_in(phone, master)
    headings = phone.get_by_role("region", name="Мои").get_by_role("heading", level=2)
    expect(headings).to_have_text(["Просрочены 1", "Сегодня 1", "Ждут запчасти 1", "Остальные 1"])
    chips = phone.get_by_role("navigation", name="Мой день").get_by_role("link")
    expect(chips).to_have_text(["Все", "Просрочены1", "Сегодня1", "Ждут запчасти1", "Остальные1", "Новые1"])
    assert_no_sideways_scroll(phone)
    targets = phone.locator(".ticket__actions :is(a, button), .chips--day a")
    for font in each_font(phone):
        sizes = targets.evaluate_all("nodes => nodes.map((node) => node.getBoundingClientRect().height)")
        assert len(sizes) > 12 and min(sizes) >= SMALLEST_TARGET, font

    chips.filter(has_text="Сегодня").click()
    expect(phone.get_by_role("article")).to_have_count(1)
    expect(phone).to_have_url("/dashboard.html?day=today")
    phone.reload()
    today = card(phone, work["today"])
    expect(phone.get_by_role("article")).to_have_count(1)
    expect(today.get_by_role("link", name="Позвонить")).to_have_attribute("href", "tel:+79001112233")
    place = today.get_by_role("link", name="На карте")
    assert place.get_attribute("href").startswith("https://yandex.ru/maps/?text=%D0%9A%D0%B0")
    assert place.get_attribute("rel") == "noopener noreferrer"
    phone.go_back()
    expect(phone.get_by_role("article")).to_have_count(5)
    expect(card(phone, work["new"]).get_by_role("link")).to_have_count(1)


def test_a_step_waits_five_seconds_can_be_undone_and_is_sent_once(phone, sign_in, master, work, sent):
    moves = sent(phone)
    repair = work["today"]
    sign_in(phone, master)
    today = card(phone, repair)
    today.get_by_role("button", name="Ремонт завершён").dblclick()
    expect(today.get_by_text("(4 с)")).to_be_visible()
    today.get_by_role("button", name="Отменить").click()
    expect(today.get_by_role("button", name="Ремонт завершён")).to_be_focused()
    today.get_by_role("button", name="Жду запчасти").press("Enter")
    expect(today.get_by_role("button", name="Отменить")).to_be_focused()
    today.get_by_role("button", name="Отменить").press("Tab")
    now_button = today.get_by_role("button", name="Отправить сейчас")
    expect(now_button).to_be_focused()
    expect(now_button).to_be_enabled()
    now_button.press("Enter")
    expect(phone.get_by_text("Отмечено: ждём запчасти")).to_be_visible()
    assert [move["requeststatus"] for move in moves] == ["Ожидает запчасти"]
    today.get_by_role("button", name="Запчасти пришли").click()
    expect(today.get_by_text("Ещё не отправлено")).to_be_visible()
    expect(phone.get_by_text("Ремонт продолжается")).to_be_visible()
    assert [move["requeststatus"] for move in moves] == ["Ожидает запчасти", "В работе"]
    assert repair.reload().requeststatus is Status.IN_PROGRESS


def test_a_step_in_the_open_request_waits_and_can_be_undone_too(phone, sign_in, master, work, sent):
    moves = sent(phone)
    repair = work["today"]
    sign_in(phone, master, f"/dashboard.html?request={repair.requestid}")
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Ваш комментарий").fill("Пишу дальше")
    dialog.get_by_role("button", name="Ремонт завершён").click()
    expect(dialog.get_by_text("Ещё не отправлено")).to_be_visible()
    dialog.get_by_role("button", name="Отменить").click()
    expect(dialog.get_by_role("button", name="Ремонт завершён")).to_be_focused()
    dialog.get_by_role("button", name="Жду запчасти").click()
    phone.keyboard.press("Escape")
    today = card(phone, repair)
    expect(today.get_by_text("Ещё не отправлено")).to_be_visible()
    today.get_by_role("link", name="Сегодня же").click()
    expect(dialog.get_by_role("button", name="Запчасти пришли")).to_be_visible()
    expect(dialog.get_by_label("Ваш комментарий")).to_have_value("Пишу дальше")
    assert [move["requeststatus"] for move in moves] == ["Ожидает запчасти"]
    assert repair.reload().requeststatus is Status.WAITING_PARTS


def test_leaving_the_page_sends_what_waits_once(phone, sign_in, master, work, sent):
    sign_in(phone, master)
    card(phone, work["overdue"]).get_by_role("button", name="Ремонт завершён").click()
    phone.goto("/statistics.html")
    wait_for(work["overdue"], Status.DONE)
    moves = sent(phone)
    phone.goto("/dashboard.html")
    expect(phone.get_by_role("article")).to_have_count(4)
    phone.wait_for_timeout(2500)
    assert (len(moves), work["overdue"].reload().version) == (0, 2)
    assert phone.evaluate(f"localStorage.getItem('technic.outbox.{master.user_id}')") is None


def test_without_a_connection_a_step_waits_even_for_another_page(page, sign_in, master, work, sent):
    repair = work["later"]
    sign_in(page, master)
    later = card(page, repair)
    later.get_by_role("button", name="Ремонт завершён").click()
    page.route("**/api/requests/*/status", lambda route: route.abort())
    later.get_by_role("button", name="Отправить сейчас").click()
    expect(later.get_by_text("Нет связи. Отправим, когда она появится")).to_be_visible()
    assert repair.reload().requeststatus is Status.IN_PROGRESS
    page.unroute_all()
    moves = sent(page)
    page.reload()
    wait_for(repair, Status.DONE)
    expect(page.get_by_role("article")).to_have_count(4)
    assert len(moves) == 1


def test_a_step_that_is_refused_says_why(page, make, sign_in, master, work, login):
    page.route("**/api/events", lambda route: route.abort())
    sign_in(page, master)
    manager = login(make.user(Role.MANAGER))
    cancelled, waiting = work["today"], work["later"]
    for repair in (cancelled, waiting):
        card(page, repair).get_by_role("button", name="Ремонт завершён").click()
    manager.put(
        f"/api/requests/{cancelled.requestid}/status", json={"requeststatus": "Отменена", "comment": "Раздумал"}
    )
    manager.put(f"/api/requests/{waiting.requestid}/status", json={"requeststatus": "Ожидает запчасти"})
    for repair in (cancelled, waiting):
        card(page, repair).get_by_role("button", name="Отправить сейчас").click()
    expect(card(page, waiting).get_by_role("alert")).to_contain_text("Не отправлено. Нельзя перейти")
    expect(card(page, waiting).get_by_role("button", name="Запчасти пришли")).to_be_visible()
    expect(card(page, cancelled)).to_have_count(0)
    expect(page.locator(".toast--danger")).to_contain_text(f"№ {cancelled.requestid}: Нельзя перейти")


def test_a_comment_takes_one_step_and_a_phrase_of_the_shop(phone, page, app, make, sign_in, master, work):
    sign_in(page, make.user(Role.ADMIN), "/settings.html")
    phrases = page.get_by_role("region", name="Фразы мастера")
    phrases.get_by_label("Фраза", exact=True).nth(1).fill("Деталь в пути:")
    phrases.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Сохранено: Фразы мастера")).to_be_visible()
    sign_in(phone, master)
    card(phone, work["parts"]).get_by_role("button", name="Написать").click()
    dialog = phone.get_by_role("dialog", name="Комментарий к №")
    dialog.get_by_label("Ваш комментарий").fill("Звонил клиенту.")
    dialog.get_by_role("button", name="Деталь в пути…").click()
    phone.keyboard.type("насос")
    expect(dialog.get_by_label("Ваш комментарий")).to_have_value("Звонил клиенту.\nДеталь в пути: насос")
    dialog.get_by_role("button", name="Добавить комментарий").click()
    expect(dialog).to_have_count(0)
    assert one(app, Comment).message == "Звонил клиенту.\nДеталь в пути: насос"


def test_two_tabs_show_one_countdown(page, sign_in, master, work, sent):
    first, moves = page, sent(page)
    sign_in(first, master)
    second = first.context.new_page()
    second.goto("/dashboard.html")
    card(first, work["today"]).get_by_role("button", name="Ремонт завершён").click()
    expect(card(second, work["today"]).get_by_text("Ещё не отправлено")).to_be_visible()
    card(second, work["today"]).get_by_role("button", name="Отменить").click()
    expect(card(first, work["today"]).get_by_role("button", name="Ремонт завершён")).to_be_visible()
    assert moves == []
