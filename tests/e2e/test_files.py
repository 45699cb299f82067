"""What each page loads: all of it at once, little of it, nothing that a strict CSP would stop."""

import re
from pathlib import Path

import brotli
import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGES = ("index", "dashboard", "statistics", "users")
BUDGET = 60 * 1024
IMPORT = re.compile(r'(?:from|import) "\./([\w.]+)"')


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


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stays_small(page):
    files = [FRONTEND / "css" / "style.css", *(FRONTEND / "js" / name for name in modules_of(f"{page}.js"))]
    assert sum(len(brotli.compress(file.read_bytes())) for file in files) <= BUDGET


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
