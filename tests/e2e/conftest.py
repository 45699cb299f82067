"""Browser tests: one real Chromium, the real server of `live_server`, desktop and phone.

A test fails if its page logs an error or violates the Content-Security-Policy.
"""

import json
import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from database import db
from models import Role, Status
from tests.e2e.axe import DESKTOP, PHONE, findings
from tests.e2e.fonts import each_font
from tests.kit.factories import PASSWORD
from tools.browser import ARGUMENTS, EXPECTED_ERROR, find_browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the system's Chromium; nothing is downloaded."""
    found = find_browser()
    if not found:
        pytest.fail("No Chromium: install it or name it in CHROMIUM_PATH", pytrace=False)
    return browser_type_launch_args | {"executable_path": found, "args": ARGUMENTS.split()}


@pytest.fixture
def new_page(browser, live_server, app):
    """Call it for a page of a new visitor (`size=PHONE` for a phone, `url` for another server of the same database).

    Further options are those of Playwright's `new_context`; service workers need `service_workers="allow"`.

    All pages are checked and closed at the end.
    """
    pages = []

    def open_page(size=DESKTOP, url=live_server.url, **options):
        context = browser.new_context(
            **{"service_workers": "block"} | options,
            base_url=url,
            viewport=size,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            has_touch=size is PHONE,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: _note(page, message.type, message.text))
        page.on("pageerror", lambda error: _note(page, "pageerror", str(error)))
        pages.append(page)
        return page

    yield open_page
    problems = [problem for page in pages for problem in page.problems]
    for page in pages:
        page.context.close()
    _wait_for_the_server(app)
    assert problems == []


@pytest.fixture
def page(new_page):
    """A page on a desktop."""
    return new_page(DESKTOP)


@pytest.fixture
def phone(new_page):
    """A page on a phone."""
    return new_page(PHONE)


@pytest.fixture
def sign_in(login):
    """Call it as `sign_in(page, user, path)`: opens `path` with a real session of a created user.

    The session is stored before the page's own scripts run, so that one navigation is enough.
    """

    def enter(page, user, path="/dashboard.html"):
        caller = login(user)
        page.token = caller.token
        account = caller.get("/api/auth/me").get_json()
        session = {"token": caller.token, "expires_at": "2099-01-01T00:00:00Z", "user": account}
        with page.add_init_script(f"localStorage.setItem('technic.session', {json.dumps(json.dumps(session))})"):
            page.goto(path)
        return page

    return enter


@pytest.fixture
def look(page):
    """Call it with the name of a state: axe checks the page in all views; violations fail the test at its end."""
    found = []
    yield lambda state: found.extend(findings(page, state))
    assert found == [], "\n\n".join(found)


@pytest.fixture
def shop(make):
    """Requests in every status: users by role, and the numbers `full` (with comments and history) and `done`."""
    people = {role: make.user(role) for role in Role}
    client, master = people[Role.CLIENT], people[Role.MASTER]
    for status in Status:
        make.request(client, None if status == Status.NEW else master, status)
    done = make.request(client, master, Status.DONE)
    make.rating(done, 4, comment="Быстро и чисто")
    full = make.request(
        client, master, Status.IN_PROGRESS, serialnumber="SN-1", address="ул. Мира, 1", priority="Срочный"
    )
    make.comment(full, master, "Нужна помпа")
    make.comment(full, master, "Клиент просил не звонить утром", is_internal=True)
    make.event(full, master, "accepted")
    return people | {"full": full.requestid, "done": done.requestid}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def dialog(page, name):
    return page.get_by_role("dialog", name=name)


def fill_sign_in(page, email, password=PASSWORD):
    """Sign in by the visible form, on the first page or in a dialog."""
    form = page.locator("form:visible").last
    form.get_by_label("Электронная почта").fill(email)
    form.get_by_label("Пароль", exact=True).fill(password)
    form.get_by_role("button", name="Войти", exact=True).click()


def fill_new_request(page, techtype="Утюг", techmodel="Tefal FV5", problem="Не греет"):
    """Fill in a client's new request up to the last step."""
    page.get_by_label("Вид техники").fill(techtype)
    page.get_by_label("Марка и модель").fill(techmodel)
    go_to_next_step(page)
    page.get_by_label("Что случилось").fill(problem)
    go_to_next_step(page)
    expect(page.get_by_role("button", name="Отправить заявку")).to_be_visible()


def go_to_next_step(page):
    page.get_by_role("button", name="Дальше").click()


def kill_token(page):
    """Revoke the token on the server; the browser does not know yet."""
    page.request.post("/api/auth/logout", headers=bearer(page.token))


def eventually(read, is_so, seconds=10):
    """Return `read()` once `is_so` is true of it, or its last value after the time limit."""
    deadline = time.monotonic() + seconds
    while not is_so(value := read()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def assert_no_sideways_scroll(page):
    for font in each_font(page):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], font


def _wait_for_the_server(app):
    """Wait until the server has answered all requests of closed pages, before the tables are emptied."""
    busy = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
    with app.app_context():
        for _ in range(100):
            if db.session.scalar(busy) <= 1:
                break
            time.sleep(0.05)
        db.session.rollback()


def _note(page, kind, text):
    if kind in ("error", "pageerror", "warning") and not EXPECTED_ERROR.match(text):
        page.problems.append(f"{kind}: {text}")
