"""Chromium for tests and tools."""

import os
import re
import shutil

from playwright.sync_api import expect

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FEATURES_OFF = (
    # Each new page would load unused address bar suggestions: half a second of CPU time.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled"),
    # Playwright's own list, because only the last list counts.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    f"--disable-component-update --disable-sync --lang=ru-RU --disable-features={','.join(FEATURES_OFF)}"
)
EXPECTED_ERROR = re.compile(
    r"^(Failed to load resource: (the server responded with a status of (4\d\d|503)|net::ERR_)"
    r"|Service Worker registration blocked by Playwright)"
)

expect.set_options(timeout=10_000)


def find_browser():
    """Path of the system's Chromium, or None."""
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, CANDIDATES)), None)
