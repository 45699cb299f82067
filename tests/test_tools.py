"""The developer's tools cover everything."""

from config import ROOT
from tools import lighthouse, screenshots


def test_every_page_has_its_picture_and_its_measurement():
    pages = {f"/{path.name}".replace("/index.html", "/") for path in (ROOT / "frontend").glob("*.html")}
    pages -= {"/404.html"}
    assert pages <= {address.partition("?")[0] for _, _, address, *_ in screenshots.PAGES}
    assert pages <= {address.partition("?")[0] for _, address in lighthouse.PAGES.values()}


def test_no_picture_overwrites_another():
    names = [name for name, *_ in screenshots.PAGES]
    assert len(names) == len(set(names))
