"""Files loaded by each page: complete, small, allowed by a strict CSP."""

import gzip
import re
import urllib.error
import urllib.request
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import expect
from werkzeug.test import Client

from assets import bundle
from assets.build import Assets
from middleware.front_end import FrontEnd
from models import Role
from tools.local_server import run_server, stop_server

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGES = {
    "index": "index",
    "dashboard": "dashboard",
    "statistics": "statistics",
    "users": "users",
    "settings": "settings",
}
"""Pages and their entry modules."""
BUDGET = 60 * 1024
BUDGET_OF_A_DAY = 80 * 1024
DIALOG = "requests/dialog.js"
BOARDS = ("boards/client.js", "boards/master.js", "boards/office.js")
OFFICE = "boards/office.js"
SIGHTS = {
    ("boards/client.js", "requests/progress_for_client.js"): (),
    ("boards/master.js",): (),
    (OFFICE, "boards/office_list.js", "requests/table.js"): (),
    (OFFICE, "boards/office_list.js", "requests/card.js"): (),
    (OFFICE, "kanban/board.js", "kanban/drag.js", "kanban/keys.js"): ("board",),
}
DIGEST = re.compile(r"/~(\w+)/")
ASK_FIRST = "max-age=0, public"


@pytest.fixture(scope="module")
def assets():
    return Assets(FRONTEND)


def late_bundles(page, assets):
    """{Late module of the page: path of its bundle}; modules within the page's bundle have none."""
    start = f"/js/bundles/{PAGES[page]}."
    late = [name for name in assets.files if name.startswith(start) and name != f"{start}js"]
    return {name.removeprefix(start).replace(".", "/", 1): name for name in late}


def brotli_size(assets, page, late=(), late_sheets=()):
    """Compressed bytes of the stylesheets, the page's bundle and the given late bundles."""
    sheets = [f"/css/{name}.css" for name in ("style", *late_sheets)]
    bundles = late_bundles(page, assets)
    files = [*sheets, f"/js/bundles/{PAGES[page]}.js", *(bundles[name] for name in late if name in bundles)]
    return sum(len(brotli.compress(assets.files[name])) for name in files)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_begins_with_one_pack_and_stays_small(page, assets):
    html = assets.files[f"/{page}.html"].decode()
    scripts = re.findall(r'<script type="module" src="([^"]+)"', html)
    early = [f"{assets.prefix}/js/bundles/dashboard_preload.js"] if page == "dashboard" else []
    assert scripts == [*early, f"{assets.prefix}/js/bundles/{PAGES[page]}.js"]
    assert brotli_size(assets, page) <= BUDGET


def test_the_style_guide_stays_small(assets):
    guide = ("/css/style.css", "/css/styleguide.css", "/js/bundles/styleguide.js")
    assert sum(len(brotli.compress(assets.files[name])) for name in guide) <= BUDGET


@pytest.mark.parametrize("view", ["settings/view.js", "journal/view.js"])
def test_the_settings_stay_small_with_each_of_their_views(view, assets):
    assert view in late_bundles("settings", assets)
    assert brotli_size(assets, "settings", [view]) <= BUDGET


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda names: names[-1])
def test_a_dashboard_stays_small_with_the_board_of_its_role(sight, assets):
    """Files loaded without any interaction: the page, its role's board, and the request of a shared link."""
    assert brotli_size(assets, "dashboard", [*sight, DIALOG], SIGHTS[sight]) <= BUDGET


@pytest.mark.parametrize("board", BOARDS)
def test_a_dashboard_stays_small_with_all_that_it_may_load_some_day(board, assets):
    """Files loaded in a working day; never the boards of other roles."""
    late = set(late_bundles("dashboard", assets)) - (set(BOARDS) - {board})
    assert brotli_size(assets, "dashboard", late, ("board",)) <= BUDGET_OF_A_DAY


def test_what_is_asked_for_early_is_there(assets):
    """`dashboard_preload.js` names bundles itself: none of them may be part of the page's bundle."""
    named = set(re.findall(r'"([\w/]+\.js)"', (FRONTEND / "js" / "pages" / "dashboard_preload.js").read_text("utf-8")))
    assert {*BOARDS, DIALOG} < named and named <= set(late_bundles("dashboard", assets))


@pytest.mark.parametrize("role", list(Role))
def test_what_a_browser_really_loads_stays_small(page, sign_in, make, role):
    """Measured in the browser with the real server: transferred (encoded) scripts and styles."""
    sign_in(page, make.user(role))
    expect(page.locator("main:not([aria-busy])")).to_be_visible()
    page.wait_for_load_state("load")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => /\\.(js|css)$/.test(name))"
        ".map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])"
    )
    assert 4 <= len(loaded) <= 7 and all(DIGEST.search(name) for name, _, _ in loaded)
    assert sum(encoded for _, encoded, _ in loaded) <= BUDGET
    assert all(encoded < decoded for _, encoded, decoded in loaded)


def test_second_visit_takes_everything_but_the_page_from_the_browsers_own_cache(page, sign_in, make):
    sign_in(page, make.user(Role.MANAGER))
    files = """performance.getEntriesByType("resource").filter(({ name }) => name.includes("/~"))
        .map(({ name, transferSize }) => [name, transferSize])"""
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    known = dict(page.evaluate(files))
    page.goto("/statistics.html")
    page.goto("/dashboard.html")
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    again = dict(page.evaluate(files))
    assert len(known) > 5 and {again[name] for name in known if name in again} == {0}


def test_pages_work_as_they_lie_on_the_disk_too(new_page, settings, make, sign_in):
    """Separate modules: for developers, and for a web server that serves `frontend/` directly."""
    manager, repair = make.user(Role.MANAGER), make.request(make.user())
    server = run_server(settings | {"FLASK_ENV": "development"}, WEB_CONCURRENCY="1")
    try:
        page = sign_in(new_page(url=server.url), manager, f"/dashboard.html?view=board&request={repair.requestid}")
        expect(page.get_by_role("dialog")).to_contain_text(repair.problemdescription)
        page.keyboard.press("Escape")
        expect(page.locator(".kanban-card")).to_have_count(1)
        loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        assert f"{server.url}/js/kanban/board.js" in loaded
        assert not any(re.search("/~|/bundles/", name) for name in loaded)
        page.goto("/statistics.html")
        expect(page.locator(".report__panel").first).to_be_visible()
    finally:
        stop_server(server)


def ask(server, path, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(server.url + path, headers=headers), timeout=10)
    except urllib.error.HTTPError as error:
        return error


def test_files_are_kept_for_ever_and_pages_are_asked_for(live_server):
    with ask(live_server, "/dashboard.html") as page:
        html = page.read().decode()
        assert page.headers["Cache-Control"] == ASK_FIRST
        etag = page.headers["ETag"]
    assert ask(live_server, "/dashboard.html", **{"If-None-Match": etag}).status == 304
    for path in re.findall(r'(?:href|src)="(/[^"#]+)', html):
        with ask(live_server, path) as file:
            immutable = "immutable" in file.headers["Cache-Control"]
            assert immutable == path.startswith("/~"), path


def test_files_come_in_the_encoding_that_is_wanted(live_server):
    with ask(live_server, "/js/core/api.js") as plain:
        assert plain.headers["Content-Encoding"] is None and plain.headers["Cache-Control"] == ASK_FIRST
        text = plain.read()
    for wanted, encoding, decode in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
    ):
        with ask(live_server, "/js/core/api.js", **{"Accept-Encoding": wanted}) as packed:
            assert packed.headers["Content-Encoding"] == encoding and packed.headers["Vary"] == "Accept-Encoding"
            assert decode(packed.read()) == text


def test_a_page_of_before_an_update_can_still_load_its_late_parts(live_server):
    with ask(live_server, "/~0123456789ab/js/bundles/dashboard.requests.dialog.js") as file:
        assert (file.status, file.headers["Cache-Control"]) == (200, ASK_FIRST)


@pytest.fixture
def pages(tmp_path):
    """A folder of minimal pages."""
    (tmp_path / "pages" / "js").mkdir(parents=True)
    for name in ("index.html", "sw.js"):
        (tmp_path / "pages" / name).write_text('<script type="module" src="/js/page.js"></script>', encoding="utf-8")
    (tmp_path / "pages" / "js" / "page.js").write_text("one();\n", encoding="utf-8")
    return tmp_path / "pages"


def test_a_developer_sees_files_as_they_lie_and_every_change(pages, tmp_path):
    layer = FrontEnd(None, pages, tmp_path / "kept", is_watched=True)
    before = layer.assets.digest
    (pages / "js" / "page.js").write_text("// Why.\ntwo();\n\n", encoding="utf-8")
    browser = Client(layer)
    assert browser.get("/").text == (pages / "index.html").read_text("utf-8")
    assert browser.get("/js/page.js").data == b"// Why.\ntwo();\n\n"
    assert layer.assets.digest != before


def test_a_changed_file_has_another_address(pages, tmp_path):
    before = FrontEnd(None, pages, tmp_path / "kept", is_watched=False).assets
    (pages / "js" / "page.js").write_text("two();\n\n", encoding="utf-8")
    layer = FrontEnd(None, pages, tmp_path / "kept", is_watched=False)
    browser = Client(layer)
    html = browser.get("/").text
    assert f"{layer.assets.prefix}/js/bundles/page.js" in html and before.prefix not in html
    for prefix in ("", layer.assets.prefix, before.prefix):
        assert b"two();" in browser.get(f"{prefix}/js/bundles/page.js").data


def test_files_that_no_place_may_hold_are_sent_all_the_same(pages, tmp_path):
    (tmp_path / "kept").write_text("a file where a folder should be", encoding="utf-8")
    layer = FrontEnd(None, pages, tmp_path / "kept", is_watched=False)
    assert Client(layer).get("/js/page.js").data == b"one();\n"


def scripts():
    """{Path below js/: text} of every module."""
    files = sorted((FRONTEND / "js").rglob("*.js"))
    assert len(files) > 100
    return {file.relative_to(FRONTEND / "js").as_posix(): file.read_text("utf-8") for file in files}


def test_late_imports_name_modules_that_exist(assets):
    late = {found for name, text in scripts().items() for found in bundle.late_imports(name, text)}
    assert all(f"/js/{name}" in assets.files for name in late) and {*BOARDS, DIALOG} <= late


def test_no_module_builds_markup_from_text():
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|setAttribute\(\"style\"")
    assert [name for name, text in scripts().items() if forbidden.search(text)] == []


def test_only_the_api_module_fetches():
    fetching = re.compile(r"\bfetch\(|XMLHttpRequest|sendBeacon|EventSource")
    assert [name for name, text in scripts().items() if fetching.search(text)] == ["core/api.js"]


def test_every_icon_that_is_named_exists():
    sprite = set(re.findall(r'id="([\w-]+)"', (FRONTEND / "icons.svg").read_text(encoding="utf-8")))
    sources = [*(FRONTEND / "js").rglob("*.js"), *FRONTEND.glob("*.html")]
    named = {
        name
        for file in sources
        for name in re.findall(r'icon\("([\w-]+)"|iconName: "([\w-]+)"|icons\.svg#([\w-]+)', file.read_text("utf-8"))
    }
    assert {part for parts in named for part in parts if part} <= sprite
