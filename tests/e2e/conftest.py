"""Browser tests: one real Chromium for all of them, the real server of `live_server`, both sizes of screen.

A page that logs an error, or that the Content-Security-Policy stops at something, fails its test.
"""

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
    """Start the Chromium of this machine; nothing is downloaded."""
    found = find_browser()
    if not found:
        pytest.fail("No Chromium: install it or name it in CHROMIUM_PATH", pytrace=False)
    return browser_type_launch_args | {"executable_path": found, "args": ARGUMENTS.split()}


@pytest.fixture
def new_page(browser, live_server, app):
    """Call it for a page of another person (`size=PHONE` for a phone, `url` for another server of the same database).

    Further options are those of Playwright's `new_context`; without `service_workers="allow"` there are none.

    All are closed and checked at the end.
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
def sign_in(make):
    """Call it as `sign_in(page, user, path)`: the page opens at `path` with a real session of a made user."""

    def enter(page, user, path="/dashboard.html"):
        token = make.token(user)
        page.token = token
        account = page.request.get("/api/auth/me", headers=bearer(token)).json()
        page.goto("/favicon.svg")
        page.evaluate(
            "session => localStorage.setItem('technic.session', JSON.stringify(session))",
            {"token": token, "expires_at": "2099-01-01T00:00:00Z", "user": account},
        )
        page.goto(path)
        return page

    return enter


@pytest.fixture
def look(page):
    """Call it with the name of a state of the page: axe finds nothing in any view; all findings are told at the end."""
    found = []
    yield lambda state: found.extend(findings(page, state))
    assert found == [], "\n\n".join(found)


@pytest.fixture
def shop(make):
    """Requests in every status, with a story to tell: people by role, `told` and `done` by number."""
    people = {role: make.user(role) for role in Role}
    client, master = people[Role.CLIENT], people[Role.MASTER]
    for status in Status:
        make.request(client, None if status == Status.NEW else master, status)
    done = make.request(client, master, Status.DONE)
    make.rating(done, 4, comment="Быстро и чисто")
    told = make.request(
        client, master, Status.IN_PROGRESS, serialnumber="SN-1", address="ул. Мира, 1", priority="Срочный"
    )
    make.comment(told, master, "Нужна помпа")
    make.comment(told, master, "Клиент просил не звонить утром", is_internal=True)
    make.event(told, master, "accepted")
    return people | {"told": told.requestid, "done": done.requestid}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def fill_sign_in(page, email, password=PASSWORD):
    """Sign in by the form that is on the screen, on the first page or over another."""
    form = page.locator("form:visible").last
    form.get_by_label("Электронная почта").fill(email)
    form.get_by_label("Пароль", exact=True).fill(password)
    form.get_by_role("button", name="Войти", exact=True).click()


def fill_new_request(page, techtype="Утюг", techmodel="Tefal FV5", problem="Не греет"):
    """Fill in a client's new request up to its last step."""
    page.get_by_label("Вид техники").fill(techtype)
    page.get_by_label("Марка и модель").fill(techmodel)
    lead_on(page)
    page.get_by_label("Что случилось").fill(problem)
    lead_on(page)
    expect(page.get_by_role("button", name="Отправить заявку")).to_be_visible()


def lead_on(page):
    page.get_by_role("button", name="Дальше").click()


def kill_token(page):
    """The server forgets the token; the browser does not know yet."""
    page.request.post("/api/auth/logout", headers=bearer(page.token))


def eventually(read, is_so, seconds=10):
    """What `read()` returns as soon as `is_so` of it; after the time whatever it is then."""
    deadline = time.monotonic() + seconds
    while not is_so(value := read()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def assert_no_sideways_scroll(page):
    for font in each_font(page):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], font


def _wait_for_the_server(app):
    """What closed pages had asked for is answered before the tables are emptied."""
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
