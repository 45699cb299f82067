"""Unused code: what a page never mentions is left out, what has an effect stays."""

import pytest

from assets.unused import used_only

TOOLS = """\
/** Both: `unused()` and `used()`. */
export const used = () => helper();
export function unused() {
  own();
}

const LIMIT = 3;
const cache = new Map();
// Why.
const helper = () => LIMIT;
function own() {
  cache.clear();
}
"""


def page(text, **others):
    scripts = {"page.js": text, "tools.js": TOOLS} | {f"{name}.js": other for name, other in others.items()}
    return used_only("page.js", scripts)


def test_only_what_is_used_and_what_it_uses_stays():
    scripts = page('import { used, unused as other } from "./tools.js";\nused();\n')
    assert scripts == {
        "page.js": 'import { used } from "./tools.js";\nused();\n',
        "tools.js": "export const used = () => helper();\nconst LIMIT = 3;\nconst helper = () => LIMIT;\n",
    }


def test_a_renamed_import_uses_the_name_that_is_exported():
    assert "function unused()" in page('import { unused as other } from "./tools.js";\nother();\n')["tools.js"]


def test_an_import_that_is_no_longer_used_goes_if_it_runs_nothing():
    imports = 'import { used } from "./tools.js";\nimport { b } from "./busy.js";\n'
    scripts = page(f"{imports}const never = () => used(b);\nstart();\n", busy="export const b = 1;\nlisten();\n")
    assert scripts["page.js"] == 'import "./busy.js";\nstart();\n'
    assert scripts["busy.js"] == "listen();\n"


@pytest.mark.parametrize(
    "line",
    ["const seen = read();", "const { a } = window;", "let seen = start`x`;", "class Own {}", "window.x = 1;", "go();"],
)
def test_a_statement_that_may_have_an_effect_stays(line):
    assert page(f"{line}\n")["page.js"] == f"{line}\n"


@pytest.mark.parametrize("line", ["let seen = null;", "const KEYS = [1, { a: 2 }];", "async function* own() {}"])
def test_an_unused_declaration_without_an_effect_goes(line):
    assert page(f"{line}\n")["page.js"] == ""


def test_a_late_module_keeps_its_exports_unless_nothing_loads_it():
    late = 'import { used } from "../tools.js";\nexport const open = () => used();\nexport const close = () => null;\n'
    load = 'const load = () => import("./room/late.js");\n'
    scripts = {"page.js": load, "room/late.js": late, "tools.js": TOOLS}
    assert used_only("page.js", scripts) == {"page.js": ""}
    kept = used_only("page.js", scripts | {"page.js": f"{load}load();\n"})
    assert kept["room/late.js"] == late and "used" in kept["tools.js"] and "unused" not in kept["tools.js"]


def test_a_template_literal_that_looks_like_two_statements_is_named():
    with pytest.raises(ValueError, match=r"page\.js: a template literal"):
        page("const text = () => `a\nb`;\n")
