"""Screenshots of every page: each role and state, wide and narrow, light and dark.

    python3 run.py screenshots [FOLDER]

Files are named `<page>-<state>[-<role>]-<width>-<colours>.png`. Pages with JavaScript errors are listed at the end,
and the exit code is 1.
"""

import json
import re
import sys
from pathlib import Path

from playwright.sync_api import Error, expect, sync_playwright

from tools.browser import ARGUMENTS, EXPECTED_ERROR, find_browser
from tools.demo_shop import demo_shop, sign_in

FOLDER = "screenshots"
VIEWS = {"1280-light": (1280, 800, "light"), "360-dark": (360, 740, "dark")}
ROLES = {"client": "Клиент", "master": "Мастер", "manager": "Менеджер", "admin": "Администратор"}
UNAVAILABLE = json.dumps({"error": "Сервер временно недоступен", "code": "unavailable"})
LOADING, BROKEN = "loading", "broken"
COMPLAINT = re.compile("^(Не включается|Не моет)$")

# Name, role (None: not signed in), address; optionally the server's behaviour or the buttons to press first.
PAGES = [
    ("index-sign-in", None, "/"),
    ("index-registration", None, "/#registration"),
    ("index-errors", None, "/", {"press": ["Войти"]}),
    ("not-found", None, "/no-such-page"),
    ("styleguide", None, "/styleguide.html"),
    ("api-docs", None, "/api-docs.html"),
    *((f"dashboard-{role}", role, "/dashboard.html") for role in ROLES),
    *((f"request-{role}", role, f"/dashboard.html?request={{request_{role}}}") for role in ROLES),
    ("dashboard-board-manager", "manager", "/dashboard.html?view=board"),
    ("dashboard-columns-manager", "manager", "/dashboard.html", {"press": ["Настроить вид"]}),
    ("request-done-client", "client", "/dashboard.html?request={done_client}"),
    ("request-new-client", "client", "/dashboard.html?new=1"),
    ("request-new-breakdown-client", "client", "/dashboard.html?new=1", {"press": [re.compile("^Повторно")]}),
    ("request-new-check-client", "client", "/dashboard.html?new=1&step=2", {"press": [COMPLAINT, "Дальше"]}),
    ("request-new-manager", "manager", "/dashboard.html?new=1"),
    ("dashboard-loading-manager", "manager", "/dashboard.html", {"server": LOADING}),
    ("dashboard-empty-manager", "manager", "/dashboard.html?q=никтошин"),
    ("dashboard-error-manager", "manager", "/dashboard.html", {"server": BROKEN}),
    ("request-not-found-client", "client", "/dashboard.html?request=999999"),
    ("dashboard-today-master", "master", "/dashboard.html?day=today"),
    ("dashboard-undo-master", "master", "/dashboard.html", {"press": ["Ремонт завершён"]}),
    ("statistics-master", "master", "/statistics.html"),
    ("statistics-manager", "manager", "/statistics.html"),
    ("statistics-empty-manager", "manager", "/statistics.html?period=own&from=2001-01-01&to=2001-01-02"),
    ("statistics-loading-manager", "manager", "/statistics.html", {"server": LOADING}),
    ("users-manager", "manager", "/users.html"),
    ("users-admin", "admin", "/users.html"),
    ("users-empty-admin", "admin", "/users.html?q=никтошин"),
    ("users-person-admin", "admin", "/users.html?user={person}"),
    ("users-new-admin", "admin", "/users.html?new=1"),
    ("settings-admin", "admin", "/settings.html"),
    ("settings-journal-admin", "admin", "/settings.html?view=journal"),
    ("users-refused-client", "client", "/users.html"),
]


def main(arguments):
    """Take all pictures and return the exit code."""
    folder = Path(arguments[0] if arguments else FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    with demo_shop() as shop, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS.split())
        problems = [problem for view in VIEWS for problem in _take_view(shop, browser, view, folder)]
        browser.close()
    print(f"Готово: {len(PAGES) * len(VIEWS)} снимков в папке {folder}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _take_view(shop, browser, view, folder):
    """Screenshot every page in one view; yield the problems."""
    width, height, scheme = VIEWS[view]
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "has_touch": width < 600}
    options |= {"locale": "ru-RU", "timezone_id": "Europe/Moscow", "reduced_motion": "reduce", "base_url": shop.url}
    contexts = {role: browser.new_context(service_workers="block", **options) for role in (None, *ROLES)}
    ids = {}
    for role, context in contexts.items():
        if role:
            ids |= _enter(shop, context, role)
    for number, (name, role, address, *how) in enumerate(PAGES, 1):
        print(f"{view}: {number} из {len(PAGES)}, {name}")
        file = folder / f"{name}-{view}.png"
        yield from _take(contexts[role], address.format(**ids), how[0] if how else {}, file)
    for context in contexts.values():
        context.close()


def _enter(shop, context, role):
    """Sign in by the API, and find ids of a person and of requests for the addresses."""
    session = sign_in(shop, ROLES[role])
    page = context.new_page()
    page.goto("/favicon.svg")
    page.evaluate("(session) => localStorage.setItem('technic.session', JSON.stringify(session))", session)
    headers = {"Authorization": f"Bearer {session['token']}"}
    found = {"person": session["user"]["user_id"]} if role == "master" else {}
    for name, status in (("request", "В работе"), ("done", "Завершена")):
        query = {"limit": "1", "requeststatus": status}
        items = page.request.get("/api/requests/", params=query, headers=headers).json()["items"]
        found |= {f"{name}_{role}": item["requestid"] for item in items}
    page.close()
    return found


def _take(context, address, how, file):
    page = context.new_page()
    problems, held = [], []
    page.on("pageerror", lambda error: problems.append(f"{file.name}: {error}"))
    page.on("console", lambda message: problems.extend(_console_errors(file, message)))
    if how.get("server") == LOADING:
        page.route(re.compile("/api/(requests|statistics|users)"), lambda route: held.append(route))
    if how.get("server") == BROKEN:
        _clear_caches(page)
        page.route(re.compile("/api/"), lambda route: route.fulfill(status=503, body=UNAVAILABLE))
    try:
        _shoot(page, address, how, file)
    except (Error, AssertionError) as error:
        problems.append(f"{file.name}: {str(error).splitlines()[0]}")
    for route in held:
        route.abort()
    page.close()
    return problems


def _clear_caches(page):
    page.goto("/favicon.svg")
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")


def _shoot(page, address, how, file):
    page.goto(address)
    page.wait_for_selector("main:not([aria-busy])")
    if how.get("server") != LOADING:
        expect(page.locator("main:not(.guide) .skeleton, dialog .skeleton")).to_have_count(0)
    for name in how.get("press", []):
        page.get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_timeout(300)
    if not page.locator("dialog[open]").count():  # Fixed bars then stay at the bottom.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size(page.viewport_size | {"height": max(height, page.viewport_size["height"])})
    page.wait_for_timeout(300)
    page.screenshot(path=file)


def _console_errors(file, message):
    if message.type == "error" and not EXPECTED_ERROR.match(message.text):
        yield f"{file.name}: {message.text}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
