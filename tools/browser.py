"""The Chromium that tests and tools drive."""

import os
import re
import shutil

from playwright.sync_api import expect

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --lang=ru-RU"
)
EXPECTED_ERROR = re.compile(
    r"^(Failed to load resource: (the server responded with a status of (4\d\d|503)|net::ERR_)"
    r"|Service Worker registration blocked by Playwright)"
)

expect.set_options(timeout=10_000)


def find_browser():
    """The Chromium of this machine, or None."""
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, CANDIDATES)), None)
