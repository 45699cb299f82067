"""Concurrent users: pages follow changes, survive lost connections, and never apply an action twice."""

import csv
import io
import re
import statistics
from datetime import datetime, timedelta
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from database import db
from models import Comment, RepairRequest, Role, Status
from services.common.clock import now
from tests.e2e.conftest import (
    assert_no_sideways_scroll,
    bearer,
    fill_new_request,
    fill_sign_in,
    go_to_next_step,
    kill_token,
)
from tools.local_server import free_port, run_server, stop_server

ROUNDS = 5
LIVE, TRYING, OFFLINE = "В эфире", "Переподключение…", "Нет связи"
WATCH = """([selector, requestid]) => {
    const number = new RegExp(`№ ${requestid}([^0-9]|$)`);
    const isThere = () => [...document.querySelectorAll(selector)].some((node) => number.test(node.textContent));
    window.seen = new Promise((resolve) => {
        const look = () => isThere() && resolve(Date.now());
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
}"""
PRESS = "(node) => { window.pressedAt = Date.now(); node.click(); }"


@pytest.fixture
def people(make):
    """A client, their master and a manager."""
    return make.user(Role.CLIENT), make.user(Role.MASTER), make.user(Role.MANAGER)


@pytest.fixture
def api(make, page, live_server):
    """Call it as `api(user, method, path, **body)`: another user's call."""
    tokens = {}

    def call(user, method, path, **body):
        token = tokens.setdefault(user.user_id, make.token(user))
        url = f"{live_server.url}/api{path}"
        answer = page.request.fetch(url, method=method, headers=bearer(token), data=body or None)
        assert answer.ok, answer.text()
        return answer.json()

    return call


@pytest.fixture
def count(app):
    """Call it with a model for its number of rows."""

    def rows(model):
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(model))

    return rows


def light(page):
    return page.locator(".light")


def expect_live(page):
    expect(light(page)).to_have_text(LIVE)


def at(repair):
    return f"/dashboard.html?request={repair.requestid}"


def row(page, repair):
    return page.get_by_role("row").filter(has=page.get_by_role("cell", name=f"№ {repair.requestid}", exact=True))


def seconds_until_seen(doer, button, watcher, selector, repair):
    """Seconds from the press in one browser until the other one shows the request."""
    watcher.evaluate(WATCH, [selector, repair.requestid])
    button.evaluate(PRESS)
    return (watcher.evaluate("window.seen") - doer.evaluate("window.pressedAt")) / 1000


def test_two_people_see_each_others_changes_in_under_a_second(new_page, make, sign_in, people):
    """The median of several rounds in both directions, because the test machine is busy."""
    _, master, manager = people
    fresh, given = ([make.request() for _ in range(ROUNDS)] for _ in range(2))
    bench, office = new_page(), new_page()
    sign_in(bench, master)
    sign_in(office, manager)
    expect_live(bench)
    expect(row(office, fresh[0])).to_be_visible()
    delays = []
    for mine, theirs in zip(fresh, given, strict=True):
        accept = bench.locator(f"[data-key=accept-{mine.requestid}]")
        delays.append(seconds_until_seen(bench, accept, office, "tr:has(.badge--progress)", mine))
        assign = row(office, theirs).get_by_role("button", name="Назначить первого")
        delays.append(seconds_until_seen(office, assign, bench, "[aria-label=Мои] article", theirs))
    assert statistics.median(delays) < 1, delays


def test_a_change_is_marked_for_others_and_not_for_its_author(new_page, make, sign_in, people):
    _, master, manager = people
    repair = make.request()
    bench, office = new_page(), new_page()
    sign_in(bench, master)
    sign_in(office, manager)
    row(office, repair).get_by_role("link").focus()
    expect_live(office)
    bench.get_by_role("button", name="Принять").click()
    expect(office.locator("tr[data-fresh]")).to_contain_text("В работе")
    expect(row(office, repair).get_by_role("link")).to_be_focused()
    expect(bench.get_by_role("region", name="Мои").get_by_role("article")).to_be_visible()
    expect(bench.locator("[data-fresh]")).to_have_count(0)
    expect(office.get_by_role("link", name="1 В работе")).to_be_visible()
    expect(office.get_by_role("status").filter(has_text="Изменилось заявок: 1")).to_be_attached()
    expect(office.locator("[data-fresh]")).to_have_count(0)


def test_a_request_that_a_colleague_took_disappears(new_page, make, sign_in, api):
    repair, colleague = make.request(), make.user(Role.MASTER)
    bench = new_page()
    sign_in(bench, make.user(Role.MASTER))
    expect(bench.get_by_role("button", name="Принять")).to_be_visible()
    expect_live(bench)
    api(colleague, "POST", f"/requests/{repair.requestid}/accept")
    expect(bench.get_by_role("heading", name="Свободных заявок нет")).to_be_visible()


def test_an_open_request_that_a_colleague_took_says_so(page, make, sign_in, api):
    repair = make.request()
    sign_in(page, make.user(Role.MASTER), at(repair))
    expect(page.get_by_role("dialog").get_by_role("button", name="Принять заявку")).to_be_visible()
    expect_live(page)
    api(make.user(Role.MASTER), "POST", f"/requests/{repair.requestid}/accept")
    expect(page.get_by_role("dialog")).to_contain_text("Эта заявка больше не ваша")


def test_a_client_sees_the_repair_go_on_in_the_open_dialog(page, make, sign_in, api, people):
    client, master, _ = people
    repair = make.request(client, master, Status.IN_PROGRESS)
    sign_in(page, client, at(repair))
    page.get_by_label("Ваш комментарий").fill("Пока пишу")
    expect_live(page)
    api(master, "POST", "/comments/", requestid=repair.requestid, message="Насос заказан")
    expect(page.get_by_role("listitem").filter(has_text="Насос заказан")).to_be_visible()
    api(master, "PUT", f"/requests/{repair.requestid}/status", requeststatus="Завершена")
    expect(page.get_by_role("button", name="Поставить оценку")).to_be_visible()
    expect(page.get_by_label("Ваш комментарий")).to_have_value("Пока пишу")
    expect(page.get_by_label("Ваш комментарий")).to_be_focused()


def test_rows_that_nobody_changed_stay_where_they_are(page, make, sign_in, api, people):
    client, _, manager = people
    repairs = [make.request(client, startdate=now() - timedelta(days=day)) for day in range(30)]
    sign_in(page, manager)
    page.get_by_text("Показано 20").scroll_into_view_if_needed()
    expect(page.get_by_role("row")).to_have_count(31)
    expect_live(page)
    last = row(page, repairs[-1])
    last.evaluate("(node) => { node.mine = true; node.scrollIntoView({ block: 'center' }); }")
    before = last.bounding_box()["y"]
    api(client, "POST", "/requests/", techtype="Утюг", techmodel="Tefal", problemdescription="Не греет")
    expect(page.get_by_role("row")).to_have_count(31 + 1)
    assert last.evaluate("(node) => node.mine") is True
    assert abs(last.bounding_box()["y"] - before) < 2


def test_a_burst_of_changes_is_read_a_few_times(page, make, sign_in, api, people):
    client, _, manager = people
    repair = make.request(client)
    sign_in(page, manager)
    expect_live(page)
    expect(row(page, repair)).to_be_visible()
    reads = []
    page.on("request", lambda request: "/api/requests/?" in request.url and reads.append(request.url))
    started = now()
    for day in range(1, 21):
        api(manager, "PUT", f"/requests/{repair.requestid}/deadline", duedate=f"2030-05-{day:02}T15:00:00Z")
    expect(row(page, repair)).to_contain_text("20 мая")
    assert len(reads) <= 3 + (now() - started) / timedelta(milliseconds=250)
    page.wait_for_timeout(600)  # The event of the last change may come after the list that already shows it.
    reads.clear()
    api(manager, "POST", "/comments/", requestid=repair.requestid, message="В списке его не видно")
    page.wait_for_timeout(600)
    assert reads == []


def test_the_light_tells_of_a_restart_and_the_page_catches_up(new_page, settings, make, sign_in, api, people):
    client, _, manager = people
    repair, port = make.request(client), free_port()
    server = run_server(settings, port, WEB_CONCURRENCY="1")
    try:
        page = new_page(url=server.url)
        sign_in(page, manager)
        expect_live(page)
        expect(row(page, repair)).to_contain_text("Новая заявка")
    finally:
        stop_server(server)
    expect(light(page)).to_have_text(re.compile(f"{TRYING}|{OFFLINE}"))
    expect(light(page)).to_have_attribute("title", re.compile(r"с \d\d:\d\d:\d\d\. Показанное могло устареть"))
    api(manager, "PUT", f"/requests/{repair.requestid}/status", requeststatus="Отменена", comment="Передумал")
    server = run_server(settings, port, WEB_CONCURRENCY="1")
    try:
        expect(light(page)).to_have_text(LIVE, timeout=40_000)
        expect(row(page, repair)).to_contain_text("Отменена")
        page.close()
    finally:
        stop_server(server)


def test_what_happened_without_a_network_is_caught_up(page, make, sign_in, api, people):
    client, _, manager = people
    repair = make.request(client)
    sign_in(page, manager)
    expect_live(page)
    expect(row(page, repair)).to_be_visible()
    page.context.set_offline(True)
    expect(light(page)).to_have_text(OFFLINE)
    page.context.set_offline(False)
    expect_live(page)
    api(manager, "PUT", f"/requests/{repair.requestid}/status", requeststatus="Отменена", comment="Передумал")
    expect(row(page, repair)).to_contain_text("Отменена")


def test_a_page_that_could_not_listen_at_first_reads_everything_when_it_can(page, make, sign_in, api, people):
    client, _, manager = people
    repair = make.request(client)
    unavailable = {"error": "Сервер занят", "code": "unavailable"}
    page.route("**/api/events", lambda route: route.fulfill(status=503, json=unavailable))
    sign_in(page, manager)
    expect(row(page, repair)).to_be_visible()
    expect(light(page)).to_have_text(TRYING)
    expect(page.locator(".banner")).to_have_count(0)
    api(manager, "PUT", f"/requests/{repair.requestid}/status", requeststatus="Отменена", comment="Передумал")
    page.unroute_all()
    expect_live(page)
    expect(row(page, repair)).to_contain_text("Отменена")


def set_hidden(page, hidden):
    page.evaluate(
        """(value) => {
            Object.defineProperty(document, "hidden", { value, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_tab_that_nobody_sees_leaves_its_connection_and_catches_up_when_seen(page, make, sign_in, api, people):
    client, _, manager = people
    repair = make.request(client)
    page.clock.install()
    sign_in(page, manager)
    expect_live(page)
    set_hidden(page, True)
    page.clock.fast_forward(11_000)
    expect(light(page)).to_have_text(TRYING)
    page.clock.fast_forward(60_000)
    api(manager, "PUT", f"/requests/{repair.requestid}/status", requeststatus="Отменена", comment="Передумал")
    expect(light(page)).to_have_text(TRYING)
    set_hidden(page, False)
    expect_live(page)
    expect(row(page, repair)).to_contain_text("Отменена")


def test_a_connection_that_says_nothing_is_dead(page, make, sign_in, people):
    page.clock.install()
    sign_in(page, people[2])
    expect_live(page)
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    page.wait_for_timeout(
        300
    )  # With the clock moved, pending requests would time out, and their retry would restart the feed.
    with page.expect_request("**/api/events") as again:
        page.clock.fast_forward(36_000)
        expect(light(page)).to_have_text(TRYING)
        page.clock.fast_forward(5_000)
    assert again.value.headers["last-event-id"].isdecimal()
    expect_live(page)


def test_a_session_that_was_ended_elsewhere_asks_to_sign_in_by_itself(page, make, sign_in, people):
    _, _, manager = people
    sign_in(page, manager)
    expect_live(page)
    kill_token(page)
    dialog = page.get_by_role("dialog", name="Войдите ещё раз")
    expect(dialog).to_be_visible()
    fill_sign_in(page, manager.email)
    expect(dialog).to_have_count(0)
    expect_live(page)


def test_an_open_edit_tells_at_once_that_somebody_else_changed_the_request(new_page, make, sign_in, people):
    client, _, manager = people
    repair = make.request(client, problemdescription="Шумит")
    mine, theirs = new_page(), new_page()
    for person, page in ((client, mine), (manager, theirs)):
        sign_in(page, person, at(repair))
        page.get_by_role("button", name="Изменить", exact=True).click()
    mine.get_by_label("Что случилось").fill("Шумит и течёт")
    theirs.get_by_label("Серийный номер").fill("SN-77")
    theirs.get_by_role("button", name="Сохранить").click()
    notice = mine.get_by_role("status").filter(has_text="Заявку только что изменил(а)")
    expect(notice).to_contain_text("Серийный номер")
    expect(mine.get_by_label("Что случилось")).to_have_value("Шумит и течёт")
    expect(mine.get_by_label("Что случилось")).to_be_focused()
    notice.get_by_role("button", name="Показать").click()
    expect(mine.get_by_text("Кроме того, в заявке уже изменено")).to_be_visible()
    mine.get_by_role("button", name="Сохранить вместе").click()
    expect(mine.get_by_text("Изменения сохранены")).to_be_visible()
    assert (repair.reload().problemdescription, repair.serialnumber) == ("Шумит и течёт", "SN-77")


def test_a_change_of_other_things_does_not_stop_an_edit(page, make, sign_in, api, people):
    client, master, manager = people
    repair = make.request(client, problemdescription="Шумит")
    sign_in(page, manager, at(repair))
    expect_live(page)
    page.get_by_role("button", name="Изменить", exact=True).click()
    page.get_by_label("Что случилось").fill("Шумит и течёт")
    api(manager, "PUT", f"/requests/{repair.requestid}/master", masterid=master.user_id)
    expect(page.get_by_role("listitem").filter(has_text="Назначен мастер")).to_be_attached()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Изменения сохранены")).to_be_visible()
    assert repair.reload().problemdescription == "Шумит и течёт"


def submit_request(page):
    page.get_by_role("button", name="Отправить заявку").click()
    return page.locator(".receipt__number")


def test_two_tabs_with_one_draft_make_one_request(page, make, sign_in, count):
    sign_in(page, make.user(), "/dashboard.html?new=1")
    fill_new_request(page)
    other = page.context.new_page()
    other.goto("/dashboard.html?new=1")
    expect(other.get_by_label("Что случилось")).to_have_value("Не греет")
    for _ in range(2):
        go_to_next_step(other)
    expect(submit_request(other)).to_have_text(submit_request(page).inner_text())
    assert count(RepairRequest) == 1


def test_the_same_words_begun_anew_are_a_second_request(page, make, sign_in, count):
    sign_in(page, make.user(), "/dashboard.html?new=1")
    for _ in range(2):
        fill_new_request(page)
        expect(submit_request(page)).to_be_visible()
        page.goto("/dashboard.html?new=1")
    assert count(RepairRequest) == 2


@pytest.fixture
def cut():
    """Call it with a page and a URL: the server handles the request, but its first answer is lost."""

    def lose_answer(page, address):
        def handle(route):
            route.fetch()
            route.abort()

        page.route(address, handle, times=1)

    return lose_answer


def test_a_comment_whose_answer_was_lost_is_added_once(page, make, sign_in, people, count, cut):
    client, master, _ = people
    sign_in(page, master, at(make.request(client, master)))
    page.get_by_label("Ваш комментарий").fill("Насос заменён")
    cut(page, "**/api/comments/")
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_text("Отправлено: комментарий")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Насос заменён")).to_have_count(1)
    assert count(Comment) == 1


def test_a_request_whose_answer_was_lost_is_made_once(page, make, sign_in, count, cut):
    sign_in(page, make.user(), "/dashboard.html?new=1")
    fill_new_request(page)
    page.route("**/api/health/ready", lambda route: route.abort())
    cut(page, "**/api/requests/")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Заявка сохранена на этом устройстве")).to_be_focused()
    page.get_by_role("button", name="Понятно").click()
    page.unroute("**/api/health/ready")
    expect(page.get_by_text("Отправлено: новая заявка")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    assert count(RepairRequest) == 1


def test_the_first_master_is_assigned_with_one_press(page, make, sign_in, people):
    client, idle, manager = people
    make.request(client, make.user(Role.MASTER), Status.IN_PROGRESS)
    repair = make.request(client)
    sign_in(page, manager)
    row(page, repair).get_by_role("button", name="Назначить первого").click()
    expect(page.get_by_text("Открытых заявок нет")).to_be_visible()
    expect(row(page, repair)).not_to_contain_text("не назначен")
    assert repair.reload().masterid == idle.user_id


def test_another_master_is_chosen_by_keyboard_with_the_reasons_in_sight(page, make, sign_in, people):
    client, idle, manager = people
    busy = make.user(Role.MASTER, fullname="Занятов Пётр Ильич")
    make.request(client, busy, Status.IN_PROGRESS)
    repair = make.request(client)
    sign_in(page, manager, at(repair))
    page.get_by_role("button", name="Назначить мастера").press("Enter")
    dialog = page.get_by_role("dialog", name=f"Мастер заявки № {repair.requestid}")
    expect(dialog.get_by_role("radio").first).to_be_checked()
    expect(dialog.locator("label").first).to_contain_text(f"1. {idle.fullname}")
    expect(dialog.locator("label").nth(1)).to_contain_text("1 открытая заявка")
    dialog.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=f"Назначен мастер: {busy.fullname}")).to_be_visible()


def test_the_load_of_all_masters_follows_the_work(page, make, sign_in, api, people):
    client, _, manager = people
    master = make.user(Role.MASTER, fullname="Занятов Пётр Ильич")
    repair = make.request(client)
    make.request(client, master, Status.IN_PROGRESS, duedate=now() - timedelta(days=1))
    sign_in(page, manager)
    page.get_by_text("Загрузка мастеров").click()
    panel = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=master.fullname))
    expect(panel).to_contain_text("1 открытая")
    expect(panel).to_contain_text("просрочено 1")
    expect_live(page)
    api(manager, "PUT", f"/requests/{repair.requestid}/master", masterid=master.user_id)
    expect(panel).to_contain_text("2 открытые")
    panel.get_by_role("link", name=master.fullname).click()
    expect(page.get_by_text("2 заявки", exact=True)).to_be_visible()


def test_deadlines_that_come_soon_are_marked_counted_and_found(page, make, sign_in, people):
    client, _, manager = people
    make.request(client, techmodel="Скоро", duedate=now() + timedelta(hours=2))
    make.request(client, techmodel="Нескоро", duedate=now() + timedelta(days=9))
    sign_in(page, manager)
    expect(page.get_by_role("link", name="1 Скоро срок")).to_be_visible()
    page.get_by_role("group", name="Быстрые фильтры").get_by_role("link", name="Скоро срок").click()
    expect(page).to_have_url("/dashboard.html?due_soon=1")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.locator(".badge--soon")).to_be_visible()
    page.get_by_role("group", name="Быстрые фильтры").get_by_role("link", name="Скоро срок").click()
    expect(page.get_by_role("row")).to_have_count(3)


def downloaded(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_what_the_filters_show_is_downloaded(page, make, sign_in, people):
    client, _, manager = people
    make.request(client, techtype="Утюг")
    make.request(client, techtype="Фен")
    sign_in(page, manager, "/dashboard.html?techtype=Фен")
    expect(page.get_by_role("row")).to_have_count(2)
    name, content = downloaded(page, "Скачать CSV")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert (name, len(lines)) == ("zayavki.csv", 2)
    assert "Фен" in lines[1]
    name, content = downloaded(page, "Скачать Excel")
    assert name == "zayavki.xlsx"
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(content)).namelist()


def test_figures_are_downloaded_and_follow_the_work(page, make, sign_in, api, people):
    client, _, manager = people
    make.request(client)
    sign_in(page, manager, "/statistics.html")
    created = page.locator(".counter", has_text="Создано")
    expect(created).to_contain_text("1")
    expect_live(page)
    assert downloaded(page, "Скачать Excel")[0] == "statistika.xlsx"
    page.get_by_text("Показать таблицей").click()
    api(client, "POST", "/requests/", techtype="Утюг", techmodel="Tefal", problemdescription="Не греет")
    expect(created).to_contain_text("2")


def test_the_days_are_those_of_the_organisation(page, make, sign_in, people):
    here = datetime.now(ZoneInfo("Europe/Moscow")).date()
    zones = ("Pacific/Kiritimati", "Pacific/Niue")
    zone = next(name for name in zones if datetime.now(ZoneInfo(name)).date() != here)

    def elsewhere(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"timezone": zone})

    page.route("**/api/config", elsewhere)
    sign_in(page, people[2], "/statistics.html")
    today = datetime.now(ZoneInfo(zone)).date()
    expect(page.get_by_label("По", exact=True)).to_have_value(today.isoformat())
    expect(page.get_by_label("С", exact=True)).to_have_value((today - timedelta(days=29)).isoformat())


@pytest.mark.parametrize("role", list(Role))
def test_the_light_fits_a_phone(phone, make, sign_in, role):
    sign_in(phone, make.user(role))
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect_live(phone)
    phone.context.set_offline(True)
    expect(light(phone)).to_have_text(OFFLINE)
    light(phone).evaluate(
        "(node, text) => { node.className = 'light light--reconnecting'; node.textContent = text; }", TRYING
    )
    assert_no_sideways_scroll(phone)
