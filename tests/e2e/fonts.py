"""A narrow and a wide font in place of the font of the machine: pages must fit with any."""

from base64 import b64encode
from functools import cache
from importlib.resources import files

FACES = {
    "narrow": (
        "fontpkg_pt_sans_narrow",
        {"PT_Sans-Narrow-Web-Regular": "100 500", "PT_Sans-Narrow-Web-Bold": "600 900"},
    ),
    "wide": ("fontpkg_montserrat", {"Montserrat[wght]": "100 900"}),
}
"""Name of the font: its package; its files and the weights that each is for."""

_ADD = """([family, faces]) => Promise.all(faces.map(async ([weight, data]) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    document.fonts.add(await new FontFace(family, bytes, { weight }).load());
}))"""
_USE = """(family) => {
    document.documentElement.style.setProperty("--font-text", `"${family}"`);
    return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""
_OWN = "document.documentElement.style.removeProperty('--font-text')"


def each_font(page):
    """Yield the name of each font while the page as it is now is shown in it."""
    for name in FACES:
        use_font(page, name)
        yield name
    page.evaluate(_OWN)


def use_font(page, name):
    """Show the page in this font, until it is loaded again."""
    family = f"{name} of the tests"
    if not page.evaluate("(family) => [...document.fonts].some((font) => font.family.includes(family))", family):
        page.evaluate(_ADD, [family, _faces(name)])
    page.evaluate(_USE, family)


@cache
def _faces(name):
    package, weights = FACES[name]
    folder = files(package) / "files"
    return [[weight, b64encode((folder / f"{file}.ttf").read_bytes()).decode()] for file, weight in weights.items()]
