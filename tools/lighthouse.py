"""Lighthouse (mobile profile) on the pages of a demo shop, each as a first visit.

    npm install --no-save --prefix /tmp/lighthouse lighthouse@12.8.2
    CHROMIUM_PATH=… python -m tools.lighthouse /tmp/lighthouse/node_modules/.bin/lighthouse [PAGE …]

Prints a table for docs/frontend.md. Only this tool needs Node. Signed-in pages start with a session in
localStorage and nothing else: no cache, no service worker. A discarded first run warms the server for each page.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.browser import ARGUMENTS, find_browser
from tools.demo_shop import demo_shop, sign_in
from tools.local_server import free_port
from tools.screenshots import ROLES

RUNS = 3
CATEGORIES = ("performance", "accessibility", "best-practices")
FIGURES = {
    "first-contentful-paint": "FCP, s",
    "largest-contentful-paint": "LCP, s",
    "total-blocking-time": "TBT, ms",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "KiB",
}
PAGES = {
    "index": (None, "/"),
    "dashboard, client": ("client", "/dashboard.html"),
    "dashboard, master": ("master", "/dashboard.html"),
    "dashboard, manager": ("manager", "/dashboard.html"),
    "dashboard, admin": ("admin", "/dashboard.html"),
    "statistics, manager": ("manager", "/statistics.html"),
    "users, admin": ("admin", "/users.html"),
    "settings, admin": ("admin", "/settings.html"),
    "styleguide": (None, "/styleguide.html"),
    "api-docs": (None, "/api-docs.html"),
    "404": (None, "/404.html"),
}


def main(lighthouse, *wanted):
    """Measure the pages whose names contain one of the wanted words, or all; print the median of RUNS runs."""
    chosen = {name: page for name, page in PAGES.items() if not wanted or any(word in name for word in wanted)}
    with demo_shop(_say) as shop, open_browser() as port, sync_playwright() as playwright:
        sessions = {role: sign_in(shop, ROLES[role]) for role in ROLES}
        print(f"| page | {' | '.join([*CATEGORIES, *FIGURES.values()])} |")
        print("|---" * (1 + len(CATEGORIES) + len(FIGURES)) + "|", flush=True)
        for name, (role, address) in chosen.items():
            runs = []
            for _ in range(1 + RUNS):
                _prepare(playwright, port, shop.url, sessions.get(role))
                runs.append(_measure(lighthouse, shop.url + address, port))
            print(f"| {name} | {' | '.join(_median(runs[1:]))} |", flush=True)
            _print_failed_audits(name, runs[-1])


def _say(text):
    print(text, file=sys.stderr)


@contextlib.contextmanager
def open_browser():
    """Yield the debugging port of a headless Chromium."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="technic-lighthouse-", ignore_cleanup_errors=True) as folder:
        arguments = [
            *ARGUMENTS.split(),
            "--headless=new",
            f"--remote-debugging-port={port}",
            f"--user-data-dir={folder}",
        ]
        process = subprocess.Popen([find_browser(), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("the browser does not start")


def _prepare(playwright, port, url, session):
    """Clear all browser storage, then store the session, if any."""
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
    page = browser.contexts[0].new_page()
    page.goto(url + "/favicon.svg")
    cdp = browser.contexts[0].new_cdp_session(page)
    cdp.send("Network.clearBrowserCache")
    cdp.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
    if session:
        page.evaluate("(session) => localStorage.setItem('technic.session', JSON.stringify(session))", session)
    page.close()
    browser.close()


def _measure(lighthouse, url, port):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--output=json", f"--output-path={report}", f"--port={port}", "--quiet", "--disable-storage-reset"]
        # Lighthouse waits for an idle network, but an open event stream never ends.
        options += ["--max-wait-for-load=12000", f"--only-categories={','.join(CATEGORIES)}", "--locale=en"]
        command = [lighthouse, url, *options]
        if subprocess.run(
            command, env=os.environ | {"CI": "1"}
        ).returncode:  # Retry once: on a busy machine a page may hang.
            subprocess.run(command, check=True, env=os.environ | {"CI": "1"})
        return json.loads(report.read_text(encoding="utf-8"))


def _median(runs):
    for category in CATEGORIES:
        yield str(round(100 * statistics.median(run["categories"][category]["score"] or 0 for run in runs)))
    for audit, unit in FIGURES.items():
        value = statistics.median(run["audits"][audit].get("numericValue", 0) for run in runs)
        yield {"s": f"{value / 1000:.1f}", "ms": f"{value:.0f}", "CLS": f"{value:.3f}", "KiB": f"{value / 1024:.0f}"}[
            unit.split(", ")[-1]
        ]


def _print_failed_audits(name, run):
    for category in CATEGORIES[1:]:
        for part in run["categories"][category]["auditRefs"]:
            audit = run["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"{name}: {audit['id']}: {audit['title']}", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
