"""Rules of the stylesheets: layers, tokens, breakpoints."""

import re

from config import ROOT

CSS = ROOT / "frontend" / "css"
PARTS = {path.stem: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S) for path in CSS.rglob("*.css")}
TOKENS, PAPER = PARTS["tokens"], "print"
COMPONENTS = {name: text for name, text in PARTS.items() if name not in ("tokens", PAPER)}
BREAKPOINTS = {"40rem", "60rem"}
IMPORT = re.compile(r'^@import "\./parts/([a-z_]+)\.css" layer\(\w+\);$', re.M)
RAW_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(")


def test_every_part_is_imported_once():
    imported = [name for sheet in ("style", "board") for name in IMPORT.findall(PARTS[sheet])]
    assert sorted(imported) == sorted(path.stem for path in (CSS / "parts").glob("*.css"))


def test_every_import_has_the_form_that_the_build_replaces():
    for name, text in PARTS.items():
        assert text.count("@import") == len(IMPORT.findall(text)), name


def test_components_use_meanings_of_colours_only():
    pigments = set(re.findall(r"(--[a-z]+-\d+):", TOKENS.partition("--color-page")[0]))
    assert len(pigments) > 30
    for name, text in COMPONENTS.items():
        assert pigments.isdisjoint(re.findall(r"--[\w-]+", text)), name
        assert not RAW_COLOUR.search(text), name


def test_every_stacking_order_is_a_token():
    orders = {value for text in PARTS.values() for value in re.findall(r"z-index: ([^;]+);", text)}
    assert orders == {f"var({name})" for name in re.findall(r"(--z-[\w-]+):", TOKENS)}


def test_pages_change_at_two_widths_only():
    """Media queries cannot use custom properties, so this test keeps the numbers equal."""
    scripts = [path.read_text("utf-8") for path in (ROOT / "frontend" / "js").rglob("*.js")]
    queries = re.findall(r"\(([^()]*\bwidth\b[^()]*)\)", "".join(re.findall(r"@media[^{]+", "".join(PARTS.values()))))
    queries += re.findall(r'matchMedia\("\(([^()]*width[^()]*)\)', "".join(scripts))
    widths = {width for query in queries for width in re.findall(r"[\d.]+\w+", query)}
    assert widths == BREAKPOINTS


def test_every_variable_that_is_read_is_set():
    styles = "".join(PARTS.values())
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "frontend" / "js").rglob("*.js"))
    read = set(re.findall(r"var\((--[\w-]+)\)", styles))
    assert read - set(re.findall(r"(--[\w-]+):", styles)) <= set(re.findall(r'"(--[\w-]+)"', scripts))
