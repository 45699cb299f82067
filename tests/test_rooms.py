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


def python_imports():
    """{module as `folder/name`: our modules that it imports}."""
    modules = python_modules()
    assert len(modules) > 100
    return {name: _imported(path, modules) for name, path in modules.items()}


def python_modules():
    """{module as `folder/name`: its file} of all rooms."""
    names = {room.split("/")[0] for room in PYTHON.split()}
    files = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0].removesuffix(".py") in names]
    return {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in files}


def _imported(path, modules):
    dotted = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
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
    return f"{first}/{rest[0]}" if first in SPLIT_ROOMS and f"{first}/{rest[0]}" in PYTHON.split() else first


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
