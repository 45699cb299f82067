"""Browser for tests and screenshots."""

import os
import shutil
import subprocess

from launcher.process import VENV, VENV_PYTHON, WINDOWS, Stop, explain_failure, run_logged

BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def ready_browser():
    """Return the path of a browser for the tests; install missing packages."""
    missing = _missing_packages()
    if missing:
        _apt_install(missing)
        if _missing_packages():
            raise Stop("Браузер из apt не запускается. " + _browser_remedy(missing))
    return _find_browser()


def _missing_packages():
    """Return the missing Debian packages that the browser or its driver needs."""
    missing = [] if _find_browser() else ["chromium"]
    # Playwright's driver needs this library, which a minimal Debian lacks.
    driver = [str(VENV_PYTHON), "-m", "playwright", "--version"]
    if subprocess.run(driver, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        missing.append("libatomic1")
    return missing


def _browser_remedy(missing):
    packages = " ".join(missing)
    return f"Установите Chromium или Google Chrome (в Debian: apt install {packages}) и запустите снова."


def _find_browser():
    """Return the path of a working Chromium or Chrome, or None."""
    wanted = os.environ.get("CHROMIUM")
    for name in [wanted] if wanted else BROWSER_NAMES:
        path = shutil.which(name)
        if path and _browser_starts(path):
            return path
    if wanted:
        raise Stop(f"Браузер из переменной CHROMIUM не запускается: {wanted}")
    return None


def _browser_starts(path):
    """True for a working browser; Ubuntu's `chromium-browser` is a stub that only refers to a snap."""
    if WINDOWS:  # On Windows `--version` would open a window.
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _apt_install(packages):
    remedy = _browser_remedy(packages)
    if not shutil.which("apt-get") or not _may_install():
        raise Stop("Для тестов нужен браузер. " + remedy)
    log = VENV / "browser.log"
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*sudo, "env", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    for title, command in (
        ("Обновляю списки apt", ["update"]),
        ("Ставлю браузер для тестов", ["install", *packages]),
    ):
        if run_logged(title, apt + command, log):
            explain_failure(log, "Не удалось установить браузер. " + remedy)


def _may_install():
    if os.geteuid() == 0:
        return True
    sudo = shutil.which("sudo")
    return bool(sudo) and subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0
