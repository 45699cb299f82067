"""Every page fits its screen, from a small phone to a desk, in a narrow and in a wide font."""

import pytest
from playwright.sync_api import expect

from models import Role, Status
from tests.e2e.fonts import each_font

WIDTHS = (320, 360, 768, 1024, 1280)
LONG = "Оченьдлинноеназваниемодели" * 2
PAGES = [
    *((None, address) for address in ("/", "/#registration", "/no-such-page", "/api-docs.html", "/styleguide.html")),
    *((role, address) for role in Role for address in ("/dashboard.html", "/dashboard.html?request={told}")),
    (Role.CLIENT, "/dashboard.html?new=1"),
    (Role.CLIENT, "/dashboard.html?request={done}"),
    (Role.MASTER, "/statistics.html"),
    (Role.MANAGER, "/dashboard.html?view=board"),
    (Role.MANAGER, "/dashboard.html?new=1"),
    (Role.MANAGER, "/statistics.html"),
    (Role.MANAGER, "/users.html"),
    (Role.ADMIN, "/users.html?user={master}"),
    (Role.ADMIN, "/users.html?new=1"),
    (Role.ADMIN, "/settings.html"),
    (Role.ADMIN, "/settings.html?view=journal"),
]
TOO_WIDE = """async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const scrolls = ".kanban, .views, .chips--row, .table-wrap, .settings__contents ul";
    const bleeds = `${scrolls}, .wizard > .form__actions`;  // They reach into the padding around them.
    const end = (node) => node.getBoundingClientRect().right;
    const isWide = (node) => node.scrollWidth > node.clientWidth + 1;
    const isAllowed = (node, style) =>
        style.display.startsWith("inline") && !node.clientWidth
        || node.closest("svg, .visually-hidden") || node.matches("input, select, textarea")
        || style.clipPath !== "none" || style.textOverflow === "ellipsis"
        || ["auto", "scroll"].includes(style.overflowX) && node.matches(scrolls)
        || style.overflowX === "visible" && [...node.querySelectorAll(bleeds)].some((part) => end(part) > end(node));
    return [...document.querySelectorAll("body, body *")]
        .filter((node) => isWide(node) && node.checkVisibility({ visibilityProperty: true }))
        .filter((node) => !isAllowed(node, getComputedStyle(node)))
        .map((node) => `${node.tagName.toLowerCase()}.${node.className}: ${node.scrollWidth} in ${node.clientWidth}, `
            + `«${node.textContent.trim().slice(0, 40)}»`);
}"""


@pytest.fixture
def wordy(make, shop):
    """The shop with words that are longer than a phone is wide."""
    client, master = shop[Role.CLIENT], shop[Role.MASTER]
    for status in Status:
        make.request(client, None if status is Status.NEW else master, status, techmodel=LONG, problemdescription=LONG)
    repair = make.request(client, master, techmodel=LONG, problemdescription=f"{LONG} " * 5, address=LONG)
    make.comment(repair, master, LONG)
    return shop | {"told": repair.requestid, "master": master.user_id}


@pytest.mark.parametrize(("role", "address"), PAGES, ids=lambda value: value or "anybody")
def test_a_page_fits_every_screen(new_page, wordy, sign_in, role, address):
    page = new_page()
    address = address.format(**{name: wordy[name] for name in ("told", "done", "master")})
    if role:
        sign_in(page, wordy[role], address)
    else:
        page.goto(address)
    expect(page.locator("main:not([aria-busy])")).to_be_visible()
    expect(page.locator("main:not(.guide) .skeleton, dialog .skeleton")).to_have_count(0)
    found = []
    for font in each_font(page):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{font} at {width}: {problem}" for problem in page.evaluate(TOO_WIDE)]
    assert found == [], "\n".join(found)
