"""Bundles: every module once per page, late modules in separate bundles, unknown syntax rejected."""

import os
import subprocess
import sys
from graphlib import CycleError

import pytest

from assets.bundle import Bundles
from config import ROOT

SCRIPTS = {
    "page.js": 'import "./first.js";\nimport { a, b as c } from "./tools.js";\nstart(a, c);\n'
    'const on = () => import("./late.js");\n',
    "first.js": "first();\n",
    "tools.js": "export const a = 1;\nexport async function b() {}\nfunction own() {}\n",
    "late.js": 'import { a } from "./tools.js";\nimport { both } from "./both.js";\nexport class Late {}\n'
    'const next = () => import("./later.js");\n',
    "later.js": 'import { both } from "./both.js";\nexport async function* later() {}\n',
    "both.js": "export const both = 2;\n",
    "other.js": "never();\n",
}


def test_a_page_travels_with_what_it_needs_at_once_and_what_late_modules_share():
    bundles = Bundles("page.js", SCRIPTS)
    assert bundles.page == "bundles/page.js"
    assert set(bundles.files) == {"bundles/page.js", "bundles/page.late.js", "bundles/page.later.js"}
    page = bundles.files["bundles/page.js"]
    assert [name for name in SCRIPTS if f'"{name}"() {{' in page] == ["page.js", "first.js", "tools.js", "both.js"]
    assert 'const { a, b: c } = $need("tools.js");' in page and '$need("first.js");\n' in page
    assert "return { a, b };" in page and '$late("late.js")' in page
    assert page.endswith('$need("page.js");\n') and "import(`./page.${file}`)" in page
    late = bundles.files["bundles/page.late.js"]
    assert '"late.js"() {' in late and "return { Late };" in late
    assert "return { later };" in bundles.files["bundles/page.later.js"]


def test_a_circle_of_imports_is_refused():
    scripts = {
        "page.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./page.js";\n',
    }
    with pytest.raises(CycleError):
        Bundles("page.js", scripts)


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export { a };",
        "export let a = 1;",
        'import * as all from "./a.js";',
        'import a from "./a.js";',
        'export * from "./a.js";',
        "const name = import(address);",
    ],
)
def test_another_form_of_import_or_export_is_named(line):
    with pytest.raises(ValueError, match=r"page\.js: .*(import|export)"):
        Bundles("page.js", {"page.js": f"{line}\n", "a.js": ""})


def test_every_process_builds_the_same_bundles():
    """Otherwise each restart compresses all files again, and browsers load what they already have."""
    scripts = {f"m{number}.js": "" for number in range(20)}
    scripts["entry.js"] = "".join(f'import "./{name}";\n' for name in scripts)
    program = f"from assets.bundle import Bundles; print(Bundles('entry.js', {scripts!r}).files)"
    built = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(built) == 1
