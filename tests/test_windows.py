"""Windows: importing and serving needs nothing that only POSIX has."""

import ast
import subprocess
import sys

import pytest

from config import ROOT
from tools.local_server import free_port

POSIX_ONLY = ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty")
NOT_ON_WINDOWS = ("gunicorn", "gevent")

SERVE = """
import builtins, json, os, select, sys, threading, urllib.request

import_module = builtins.__import__

def windows_import(name, globals=None, *others, **named):
    top, asking = name.partition(".")[0], (globals or {{}}).get("__file__") or ""
    ours = os.path.dirname(asking).startswith(os.getcwd()) and "site-packages" not in asking
    if top in {not_on_windows!r} or (ours and top in {posix_only!r}):
        raise ModuleNotFoundError(name)
    return import_module(name, globals, *others, **named)

builtins.__import__ = windows_import
if hasattr(select, "poll"):
    del select.poll

from app import create_app
import waitress

app = create_app({settings!r})
server = waitress.create_server(app, host="127.0.0.1", port={port})
threading.Thread(target=server.run, daemon=True).start()
url = "http://127.0.0.1:{port}"
answer = urllib.request.urlopen(url + "/api/health/ready").read()
page = urllib.request.urlopen(url + "/").read().decode("utf-8")
print(json.dumps([json.loads(answer)["status"], "Техник" in page]))
"""


def tracked_files():
    """The repository's files according to git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()]


def text_files():
    return [path for path in tracked_files() if path.suffix not in {".png", ".ico"} and "tests/data" not in str(path)]


def test_the_program_serves_without_posix_modules_gunicorn_and_gevent(app, settings):
    settings = {name: value for name, value in settings.items() if name != "TESTING"}
    names = {"posix_only": POSIX_ONLY, "not_on_windows": NOT_ON_WINDOWS}
    script = SERVE.format(**names, settings=settings, port=free_port())
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == '["ok", true]'


def test_no_file_name_is_refused_by_windows():
    reserved = {"con", "prn", "aux", "nul"} | {f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)}
    names = [path.relative_to(ROOT) for path in tracked_files()]
    assert not [name for name in names if set(str(name)) & set('<>:"|?*\\') or name.stem.lower() in reserved]
    folded = [str(name).casefold() for name in names]
    assert len(set(folded)) == len(folded), "names that differ in case only are one file there"


def test_text_is_utf8_with_unix_line_ends_and_git_keeps_them_so():
    for path in text_files():
        content = path.read_bytes()
        content.decode("utf-8")
        assert b"\r\n" not in content, path
    assert "eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["cli", "launcher", "middleware", "models", "postgres", "routes", "services", "."])
def test_every_text_file_is_opened_with_its_encoding(folder):
    """Windows would decode a Russian text by the system's code page."""
    files = list((ROOT / folder).glob("*.py" if folder == "." else "**/*.py"))
    assert files
    for path in files:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not _opens_text(call) or _says_how(call), f"{path.relative_to(ROOT)}:{call.lineno}"


def _opens_text(node):
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
    on_path = isinstance(node.func, ast.Attribute)
    return name in ("read_text", "write_text") or (name == "open" and not on_path)


def _says_how(call):
    modes = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    binary = any(isinstance(mode, str) and "b" in mode and len(mode) <= 3 for mode in modes)
    return binary or any(keyword.arg == "encoding" for keyword in call.keywords)
