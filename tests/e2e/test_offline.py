"""Without a connection: pages open with saved data and its time, and entered data is neither lost nor doubled."""

import json
import time

from playwright.sync_api import expect
from sqlalchemy import func, select

from database import db
from models import Comment, Role, Status
from tests.e2e.conftest import PHONE

CACHES = "caches.keys().then((names) => names.filter((name) => name.startsWith('technic-kept-')))"
SHELL = (
    "caches.keys().then((names) => caches.open(names.find((name) => name.startsWith('technic-shell-'))))"
    ".then((cache) => cache.keys()).then((requests) => requests.map(({ url }) => url))"
)
STORED = "Object.values({...localStorage}).filter((text) => text.includes('comments')).length"


def count(app, column):
    with app.app_context():
        number = db.session.scalar(select(func.count(column)))
        db.session.rollback()
        return number


def eventually(page, expression, wanted):
    """Poll an expression; the page's policy forbids Playwright's own waiting, which evaluates strings."""
    deadline = time.monotonic() + 10
    while page.evaluate(expression) != wanted:
        assert time.monotonic() < deadline, expression
        time.sleep(0.05)


def wait_for_the_worker(page):
    """Wait until the shell is cached; the service worker controls a page from its next load on."""
    page.evaluate("navigator.serviceWorker.ready")
    eventually(page, "navigator.serviceWorker.controller !== null", True)


def bar(page, words):
    return page.locator(".banner", has_text=words)


def write_comment(page, text):
    page.get_by_label("Ваш комментарий").fill(text)
    page.get_by_role("button", name="Добавить комментарий").click()


def test_rows_that_an_older_version_kept_are_shown_without_actions(new_page, make, sign_in):
    """Rows of earlier versions have no `allowed`, their configuration has no moves."""
    client, master = make.user(), make.user(Role.MASTER)
    repairs = [make.request(client, master), make.request(client)]

    def as_before(route):
        answer = route.fetch().json()
        for item in answer.get("items", []):
            item.pop("allowed", None)
        for name in ("moves", "open_statuses"):
            answer.pop(name, None)
        route.fulfill(json=answer)

    for user, address, rows in (
        (make.user(Role.MANAGER), "/dashboard.html", "tr[data-requestid]"),
        (make.user(Role.MANAGER), "/dashboard.html?view=board", ".kanban-card"),
        (master, "/dashboard.html", "article"),
        (client, "/dashboard.html", "article"),
    ):
        page = new_page()
        page.route("**/api/requests/?**", as_before)
        page.route("**/api/config", as_before)
        sign_in(page, user, address)
        expect(page.locator(rows)).to_have_count(len(repairs))
        expect(page.get_by_role("button", name="Принять")).to_have_count(0)
    page.unroute_all()
    page.reload()
    expect(page.locator(rows)).to_have_count(len(repairs))


def test_what_was_seen_last_is_shown_without_a_connection_and_says_so(new_page, make, sign_in):
    client = make.user()
    repair = make.request(client, techmodel="Bosch WAN 2420", master=make.user(Role.MASTER))
    page = sign_in(new_page(PHONE, service_workers="allow"), client, f"/dashboard.html?request={repair.requestid}")
    expect(page.get_by_role("dialog")).to_contain_text("Bosch WAN 2420")
    wait_for_the_worker(page)
    page.context.set_offline(True)
    page.goto("/dashboard.html")
    expect(bar(page, "Нет связи с сервером")).to_contain_text("Показано сохранённое: сегодня")
    expect(page.get_by_role("article")).to_contain_text("Bosch WAN 2420")
    drawn = page.locator(".banner .icon use").first.evaluate("(use) => use.getBoundingClientRect().width")
    assert drawn > 5, "icons come without a connection, too"
    page.goto(f"/dashboard.html?request={repair.requestid}")
    expect(page.get_by_role("dialog")).to_contain_text("Не морозит одна из камер")
    page.context.set_offline(False)
    expect(page.get_by_text("Связь с сервером восстановлена")).to_be_visible()
    expect(bar(page, "Нет связи")).to_have_count(0)
    shell = page.evaluate(SHELL)
    assert len(shell) > 30 and not any("/api/" in url for url in shell)
    assert {"/bundles/" in url for url in shell if url.endswith(".js")} == {True}, "no module is kept twice"


def test_what_was_kept_goes_when_the_person_goes(new_page, make, sign_in):
    client = make.user()
    make.request(client)
    page = sign_in(new_page(service_workers="allow"), client)
    expect(page.get_by_role("article")).to_be_visible()
    eventually(page, CACHES, [f"technic-kept-{client.user_id}"])
    page.get_by_role("button", name="меню").click()
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("tab", name="Вход")).to_be_visible()
    assert page.evaluate(CACHES) == []


def test_comment_without_a_connection_is_sent_once_after_a_closed_tab_and_from_two_tabs(new_page, make, sign_in, app):
    master = make.user(Role.MASTER)
    repair = make.request(master=master)
    page = sign_in(new_page(service_workers="allow"), master, f"/dashboard.html?request={repair.requestid}")
    wait_for_the_worker(page)
    expect(page.get_by_label("Ваш комментарий")).to_be_visible()
    page.context.set_offline(True)
    write_comment(page, "Заменил помпу")
    expect(bar(page, "Отправим, когда связь вернётся")).to_contain_text(f"комментарий к заявке № {repair.requestid}")
    expect(page.get_by_label("Ваш комментарий")).to_have_value("")
    page.reload()
    expect(bar(page, "Отправим, когда связь вернётся")).to_be_visible()
    tabs = [page.context.new_page() for _ in range(2)]
    page.close()
    for tab in tabs:
        tab.goto("/dashboard.html")
        expect(bar(tab, "Отправим, когда связь вернётся")).to_be_visible()
    assert count(app, Comment.commentid) == 0
    tabs[0].context.set_offline(False)
    for tab in tabs:
        expect(bar(tab, "Отправим")).to_have_count(0)
    assert count(app, Comment.commentid) == 1


def test_what_waits_is_shown_can_be_taken_back_and_is_never_sent_for_another(page, make, sign_in, app):
    first, second = make.user(), make.user()
    repair = make.request(first)
    sign_in(page, first, f"/dashboard.html?request={repair.requestid}")
    expect(page.get_by_label("Ваш комментарий")).to_be_visible()
    page.route("**/api/comments/", lambda route: route.abort())
    page.route("**/api/health/ready", lambda route: route.abort())
    write_comment(page, "Тайна")
    expect(bar(page, "Отправим")).to_be_visible()
    page.unroute_all()
    sign_in(page, second)
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    assert bar(page, "Отправим").count() == 0 and count(app, Comment.commentid) == 0
    page.route("**/api/comments/", lambda route: route.abort())
    sign_in(page, first)
    bar(page, "Отправим").get_by_role("button", name="Показать").click()
    waiting = page.get_by_role("dialog", name="Ждёт отправки")
    expect(waiting).to_contain_text("Тайна")
    waiting.get_by_role("button", name="Не отправлять").click()
    page.get_by_role("dialog", name="Не отправлять?").get_by_role("button", name="Не отправлять").click()
    expect(bar(page, "Отправим")).to_have_count(0)
    assert page.evaluate(STORED) == 0 and count(app, Comment.commentid) == 0


def test_a_status_is_offered_again_and_not_sent_by_itself(page, make, sign_in):
    repair = make.request(master=make.user(Role.MASTER))
    sign_in(page, make.user(Role.MANAGER), f"/dashboard.html?request={repair.requestid}")
    failure = json.dumps({"error": "Сервер временно недоступен", "code": "unavailable"})
    page.route("**/api/requests/*/status", lambda route: route.fulfill(status=503, body=failure))
    page.get_by_role("dialog").get_by_role("button", name="Ремонт завершён").click()
    expect(page.get_by_text("предложим отправить это ещё раз")).to_be_visible()
    page.unroute_all()
    page.reload()
    bar(page, "Не отправлено, решите сами").get_by_role("button", name="Показать").click()
    assert repair.reload().requeststatus is Status.IN_PROGRESS
    page.get_by_role("dialog", name="Ждёт отправки").get_by_role("button", name="Отправить сейчас").click()
    expect(page.get_by_text("Отправлено: №")).to_be_visible()
    expect(bar(page, "решите сами")).to_have_count(0)
    assert repair.reload().requeststatus is Status.DONE


def test_items_that_version_1_2_has_stored_are_sent_after_the_update(page, make, sign_in, app):
    """Until version 1.2, undoable moves were stored separately from comments and new requests."""
    master = make.user(Role.MASTER)
    repair, commented = make.request(master=master), make.request(master=master)
    move = {"requestid": repair.requestid, "from": "В работе", "to": "Завершена", "version": repair.version, "ends": 1}
    comment = {
        "id": "key-of-1.2",
        "method": "POST",
        "path": "/comments/",
        "body": {"requestid": commented.requestid, "message": "Написано в 1.2"},
        "key": "key-of-1.2",
        "what": "комментарий",
        "at": int(time.time() * 1000),
    }
    page.goto("/favicon.svg")
    for name, items in (("steps", [move]), ("outbox", [comment])):
        page.evaluate(
            "([name, text]) => localStorage.setItem(name, text)",
            [f"technic.{name}.{master.user_id}", json.dumps(items)],
        )
    sign_in(page, master, "/statistics.html")
    expect(page.get_by_text("Отправлено: комментарий")).to_be_visible()
    expect(page.get_by_text(f"Отправлено: № {repair.requestid}: «Завершена»")).to_be_visible()
    assert repair.reload().requeststatus is Status.DONE and count(app, Comment.commentid) == 1
    assert page.evaluate("Object.keys(localStorage).filter((key) => /steps|outbox/.test(key))") == []
