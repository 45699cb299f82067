"""Rooms import only from rooms above them in these lists, in Python and scripts, and never in a circle.

Rooms in one line do not import each other. A new room needs a place here.
"""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import PurePosixPath

import pytest

from assets import bundle
from config import ROOT

PYTHON = """
config
postgres
database
models
services/common
services/shop
services/requests  services/accounts
services/live  services/statistics_service
services/exporting  services/importing  services/demo
assets
middleware
routes/shapes
routes/http
routes
cli
app
launcher  gunicorn.conf
run  bench  tools
"""
SCRIPTS = """
config.js
core
ui
live  people  statistics
auth.js  offline  journal
requests.js
requests
settings  kanban  accounts
boards
pages
users.js
"""
SPLIT_ROOMS = {"services", "routes"}
"""Folders that consist of rooms."""

OUTSIDE = {"tests", "migrations", "instance", "venv"}
"""Top folders that are no rooms: no room may import them, or they hold no code of ours."""


def python_imports():
    """{module as `folder/name`: our modules that it imports}."""
    modules = python_modules()
    assert len(modules) > 100
    return {name: _imported(path, modules) for name, path in modules.items()}


def python_modules():
    """{module as `folder/name`: its file} of all rooms."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in OUTSIDE and path.name[0] != "."]
    files = [*ROOT.glob("*.py"), *(file for folder in folders for file in folder.rglob("*.py"))]
    return {file.relative_to(ROOT).with_suffix("").as_posix(): file for file in files}


def _imported(path, modules):
    dotted = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: name the folder of an import"
            dotted |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    paths = {name.replace(".", "/") for name in dotted}
    inner = {name for name in paths if name in modules}
    packages = {f"{name}/__init__" for name in paths} & modules.keys()
    return inner | {name for name in packages if not any(other.startswith(name[:-8]) for other in inner)}


def script_imports():
    """{module below js/: modules that it imports, statically or dynamically}."""
    folder = ROOT / "frontend" / "js"
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.js")}
    assert len(texts) > 100
    return {name: bundle.static_imports(name, text) | bundle.late_imports(name, text) for name, text in texts.items()}


def room_of(module):
    """Room of a module: its folder, or the module itself outside a folder."""
    first, *rest = PurePosixPath(module).parts
    is_split = first in SPLIT_ROOMS and (len(rest) > 1 or f"{first}/{rest[0]}" in PYTHON.split())
    return f"{first}/{rest[0]}" if is_split else first


@pytest.fixture(params=["python", "scripts"])
def house(request):
    """(Order of the rooms, imports of the modules)."""
    return (PYTHON, python_imports()) if request.param == "python" else (SCRIPTS, script_imports())


def test_every_room_imports_only_from_rooms_above_it_in_the_list(house):
    order, imports = house
    floor = {room: number for number, line in enumerate(order.strip().splitlines()) for room in line.split()}
    assert {room_of(name) for name in imports} <= floor.keys(), "a new room needs its place in the list"
    upward = [
        f"{name} → {other}"
        for name, others in sorted(imports.items())
        for other in sorted(others)
        if room_of(other) != room_of(name) and floor[room_of(other)] >= floor[room_of(name)]
    ]
    assert upward == []


def test_no_room_imports_the_tests():
    tests = re.compile(r"(?m)^\s*(from|import) tests\b")
    assert [name for name, path in python_modules().items() if tests.search(path.read_text(encoding="utf-8"))] == []
    assert tests.search("def late():\n    from tests.kit import roles")


def test_no_modules_import_each_other(house):
    _, imports = house
    list(TopologicalSorter(imports).static_order())  # Raises CycleError with the names.


def test_the_guard_notices_an_upward_import(house):
    order, imports = house
    lowest, highest = ("config", "app") if order is PYTHON else ("config.js", "users.js")
    assert lowest in imports and highest in imports
    with pytest.raises(AssertionError, match=f"{lowest} → {highest}"):
        test_every_room_imports_only_from_rooms_above_it_in_the_list((order, imports | {lowest: {highest}}))


@pytest.mark.parametrize("name", ["attic/box", "routes/attic/box", "services/attic/box"])
def test_the_guard_notices_a_new_room(house, name):
    order, imports = house
    with pytest.raises(AssertionError, match="a new room"):
        test_every_room_imports_only_from_rooms_above_it_in_the_list((order, imports | {name: set()}))


def test_the_guard_reads_every_folder_of_python(tmp_path, monkeypatch):
    for name in ("app.py", "attic/box.py", "attic/inner/box.py", "tests/test_box.py", ".venv/box.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("import app\n", encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert python_modules().keys() == {"app", "attic/box", "attic/inner/box"}
