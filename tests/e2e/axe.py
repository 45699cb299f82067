"""WCAG 2.2 AA checks by axe-core, light and dark, wide and narrow.

Each state is checked four times: all rules on a light desktop and on a dark phone, then the rules that depend on
colour or size in the other two combinations.
"""

import json
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
LOOKS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}, "resultTypes": ["violations"]}
FAILURE = json.dumps({"error": "Сервер временно недоступен", "code": "unavailable"})
CLEAR_CACHES = "caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))"
VIEWS = [(DESKTOP, "light", ALL), (PHONE, "dark", ALL), (DESKTOP, "dark", LOOKS), (PHONE, "light", LOOKS)]


def findings(page, state):
    """Run axe on the page in all views; return a sentence per violation. The page is wide again afterwards."""
    found = []
    for size, scheme, options in VIEWS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        violations = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
        found += [
            f"{state}, {size['width']} {scheme}: {rule['id']} at {node['target']}: {node['failureSummary']}"
            for rule in violations
            for node in rule["nodes"]
        ]
    page.set_viewport_size(DESKTOP)
    return found


@contextmanager
def held(page, pattern):
    """Leave matching requests unanswered within the block, so that the page stays in its loading state."""
    page.route(pattern, lambda route: None)
    yield
    page.unroute(pattern)


def broken(page, pattern):
    """Open the page again with matching requests answered by 503 and without saved answers.

    It leaves the page first: a request that was held until now may still be answered, and the answer saved.
    """
    address = page.url
    page.goto("/favicon.svg")
    page.evaluate(CLEAR_CACHES)
    page.route(pattern, lambda route: route.fulfill(status=503, body=FAILURE))
    page.goto(address)
