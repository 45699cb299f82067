"""Scripts as they travel: a page with all that it imports in one file, and one more for each module it loads late.

Sixty small files are sixty answers to wait for, and each is compressed without knowing the others. In a pack a module
is a function that runs once a page, when somebody needs it: `import { el } from "./dom.js"` becomes `const { el } =
$need("dom.js")`, `import("./kanban.js")` becomes `$late("kanban.js")`. What two late modules need travels with the
page. The house's own forms of import and export are known here, no others: ValueError names any that differs.
"""

import json
import re
from collections import Counter
from graphlib import TopologicalSorter

_IMPORT = re.compile(r'^import (?:\{ (.+) \} from )?"\./([\w.]+)";$', re.M)
_LATE_IMPORT = re.compile(r'\bimport\("\./([\w.]+)"\)')
_EXPORT = re.compile(r"^export ((?:async )?(?:const|class|function\*?) (\w+))", re.M)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.M)

_PAGE = """\
const makers = {MODULES};
const made = {};
const $need = (name) => (made[name] ??= makers[name]());
const $late = async (name) => {
if (!(name in makers)) Object.assign(makers, (await import(`./PACK.${name}`)).default($need, $late));
return $need(name);
};
$need(ENTRY);
"""
_LATE = "export default ($need, $late) => ({MODULES});\n"


class Packs:
    """The packs of a page: `.files` {name: text}, and `.page`, the name of the first.

    `entry` is the module that the page begins with, `scripts` {module: text} all there are. A circle of imports raises
    graphlib.CycleError.
    """

    def __init__(self, entry, scripts):
        self._scripts = scripts
        pack = f"{entry.removesuffix('.js')}.pack"
        at_once, needed = self._imports_of(entry), self._needed_late(entry)
        at_once |= {
            name for name, times in Counter(name for names in needed.values() for name in names).items() if times > 1
        }
        self.page = f"{pack}.js"
        page = _PAGE.replace("PACK", pack).replace("ENTRY", json.dumps(entry))
        self.files = {self.page: self._filled(page, at_once)}
        for name, names in needed.items():
            if own := names - at_once:
                self.files[f"{pack}.{name}"] = self._filled(_LATE, own)

    def _needed_late(self, entry):
        """{Module that is loaded late: what it imports}, for all that may be loaded on the page some day."""
        needed, waiting = {}, [entry]
        while waiting:
            names = self._imports_of(waiting.pop())
            found = {late for name in names for late in _LATE_IMPORT.findall(self._scripts[name])} - needed.keys()
            needed |= {late: self._imports_of(late) for late in found}
            waiting += found
        return dict(sorted(needed.items()))

    def _imports_of(self, name, known=()):
        """The module and all that it imports."""
        known = set(known) | {name}
        for _, imported in _IMPORT.findall(self._scripts[name]):
            known |= known if imported in known else self._imports_of(imported, known)
        return known

    def _filled(self, template, names):
        graph = {name: {other for _, other in _IMPORT.findall(self._scripts[name])} & names for name in sorted(names)}
        modules = [_function_of(name, self._scripts[name]) for name in TopologicalSorter(graph).static_order()]
        return template.replace("MODULES", "\n" + ",\n".join(modules) + "\n", 1)


def _function_of(name, text):
    """The module as a method of an object, which returns what it exports."""
    exported = ", ".join(exports[1] for exports in _EXPORT.findall(text))
    for form, by in ((_IMPORT, _as_need), (_EXPORT, r"\1"), (_LATE_IMPORT, r'$late("\1")')):
        text = form.sub(by, text)
    if other := _OTHER_FORM.search(text):
        raise ValueError(f"{name}: packs do not know this form of import or export: {other[0]}")
    return f"{json.dumps(name)}() {{\n{text}return {{ {exported} }};\n}}"


def _as_need(match):
    names, module = match.groups()
    needed = f"$need({json.dumps(module)});"
    return f"const {{ {names.replace(' as ', ': ')} }} = {needed}" if names else needed
