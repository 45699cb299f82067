"""What each page loads: all of it at once, little of it, nothing that a strict CSP would stop."""

import re
from pathlib import Path

import brotli
import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGES = ("index", "dashboard", "statistics", "users")
BUDGET = 60 * 1024
BUDGET_WITH_DIALOGS = 70 * 1024
BOARDS = ("board_client.js", "board_master.js", "board_office.js")
DIALOG = "request_dialog.js"
OTHER_DIALOGS = ("request_assign.js", "request_edit.js", "request_new.js")
IMPORT = re.compile(r'(?:from|import) "\./([\w.]+)"')
LATE_IMPORT = re.compile(r'import\("\./([\w.]+)"\)')


def modules_of(name, known=None):
    """The module and all that it imports, by file name."""
    known = known if known is not None else set()
    if name not in known:
        known.add(name)
        for imported in IMPORT.findall((FRONTEND / "js" / name).read_text(encoding="utf-8")):
            modules_of(imported, known)
    return known


@pytest.mark.parametrize("page", PAGES)
def test_every_module_of_a_page_is_asked_for_at_once(page):
    html = (FRONTEND / f"{page}.html").read_text(encoding="utf-8")
    preloaded = re.findall(r'<link rel="modulepreload" href="/js/([\w.]+)">', html)
    assert preloaded == sorted(modules_of(f"{page}.js") - {f"{page}.js"})


def brotli_size(*roots):
    """Bytes of the stylesheet and of all that these modules import at once, each file by itself as it is sent."""
    names = {name for root in roots for name in modules_of(root)}
    files = [FRONTEND / "css" / "style.css", *(FRONTEND / "js" / name for name in names)]
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stays_small(page):
    assert brotli_size(f"{page}.js") <= BUDGET


@pytest.mark.parametrize("board", BOARDS)
def test_a_dashboard_stays_small_with_the_board_of_its_role(board):
    """What is loaded without any interaction counts: the page, its role's board, and the request of a shared link."""
    assert brotli_size("dashboard.js", board, DIALOG) <= BUDGET


@pytest.mark.parametrize("board", BOARDS)
def test_a_dashboard_stays_small_with_all_its_dialogs(board):
    """What a whole working day loads."""
    assert brotli_size("dashboard.js", board, DIALOG, *OTHER_DIALOGS) <= BUDGET_WITH_DIALOGS


def test_nothing_else_is_loaded_late():
    sources = [file.read_text("utf-8") for file in (FRONTEND / "js").glob("*.js")]
    late = [name for source in sources for name in LATE_IMPORT.findall(source)]
    assert sorted(late) == sorted([*BOARDS, DIALOG, *OTHER_DIALOGS])


def test_no_module_builds_markup_from_text():
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|setAttribute\(\"style\"")
    assert [file.name for file in (FRONTEND / "js").glob("*.js") if forbidden.search(file.read_text("utf-8"))] == []


def test_only_the_api_module_fetches():
    fetching = re.compile(r"\bfetch\(|XMLHttpRequest|sendBeacon|EventSource")
    found = [file.name for file in (FRONTEND / "js").glob("*.js") if fetching.search(file.read_text("utf-8"))]
    assert found == ["api.js"]


def test_every_icon_that_is_named_exists():
    sprite = set(re.findall(r'id="([\w-]+)"', (FRONTEND / "icons.svg").read_text(encoding="utf-8")))
    sources = [*(FRONTEND / "js").glob("*.js"), *FRONTEND.glob("*.html")]
    named = {
        name
        for file in sources
        for name in re.findall(r'icon\("([\w-]+)"|iconName: "([\w-]+)"|icons\.svg#([\w-]+)', file.read_text("utf-8"))
    }
    assert {part for parts in named for part in parts if part} <= sprite
