"""Bundle ES modules: one file per page, and one more per module that the page loads late.

Sixty small files mean sixty round trips, each compressed without the others as context. In a bundle a module is a
function that runs once, at its first use: `import { el } from "../core/dom.js"` becomes `const { el } =
$need("core/dom.js")`, `import("../kanban/board.js")` becomes `$late("kanban/board.js")`. Modules that two late bundles
share travel with the page. Only the import and export forms used here are supported: others raise ValueError.
"""

import json
import posixpath
import re
from collections import Counter
from graphlib import TopologicalSorter

FOLDER = "bundles"
"""Folder of the bundles, below `js/` like the rooms, so that relative URLs mean the same in both."""

IMPORT = re.compile(r'^import (?:\{([^}]+)\} from )?"(\.{1,2}/[\w./]+)";$', re.M)
_LATE_IMPORT = re.compile(r'\bimport\("(\.{1,2}/[\w./]+)"\)')
_EXPORT = re.compile(r"^export ((?:async )?(?:const|class|function\*?) (\w+))", re.M)
# Outside of whole-line comments.
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*|^(?![ \t]*(?:/?\*|//)).*\bimport\(.*", re.M)

_PAGE = """\
const makers = {MODULES};
const made = {};
const $need = (name) => (made[name] ??= makers[name]());
const $late = async (name) => {
if (!(name in makers)) {
const file = name.replaceAll("/", ".");
Object.assign(makers, (await import(`./PAGE.${file}`)).default($need, $late));
}
return $need(name);
};
$need(ENTRY);
"""
_LATE = "export default ($need, $late) => ({MODULES});\n"


class Bundles:
    """The bundles of one page: `.files` maps path to text, `.page` is the path of the first one.

    `entry` is the module that the page starts with, `scripts` maps the path of every module, relative to `js/`, to its
    text. Raises graphlib.CycleError for a circular import, KeyError for a missing module.
    """

    def __init__(self, entry, scripts):
        self._scripts = scripts
        self._page = posixpath.basename(entry).removesuffix(".js")
        self.page = f"{FOLDER}/{self._page}.js"
        needed = self._late_modules(entry)
        shared = Counter(name for names in needed.values() for name in names)
        at_once = self._with_imports(entry) | {name for name, times in shared.items() if times > 1}
        page = _PAGE.replace("PAGE", self._page).replace("ENTRY", json.dumps(entry))
        self.files = {self.page: self._fill(page, at_once)}
        for name, names in needed.items():
            if own := names - at_once:
                self.files[self.late_file(name)] = self._fill(_LATE, own)

    def late_file(self, name):
        """Path of the bundle that holds a late module."""
        return f"{FOLDER}/{self._page}.{name.replace('/', '.')}"

    def _late_modules(self, entry):
        """Map each module that the page may load late to the set of modules it imports."""
        needed, waiting = {}, [entry]
        while waiting:
            names = self._with_imports(waiting.pop())
            found = {late for name in names for late in late_imports(name, self._scripts[name])} - needed.keys()
            needed |= {late: self._with_imports(late) for late in found}
            waiting += found
        return dict(sorted(needed.items()))

    def _with_imports(self, name, known=()):
        """The module and all modules it imports, directly or not."""
        known = set(known) | {name}
        for imported in static_imports(name, self._scripts[name]):
            known |= known if imported in known else self._with_imports(imported, known)
        return known

    def _fill(self, template, names):
        """The template with the modules in it, each after those it imports."""
        # Sorted, because the order of a set differs from process to process, and so would the digest of the files.
        graph = {name: sorted(static_imports(name, self._scripts[name]) & names) for name in sorted(names)}
        modules = [_as_function(name, self._scripts[name]) for name in TopologicalSorter(graph).static_order()]
        return template.replace("MODULES", "\n" + ",\n".join(modules) + "\n", 1)


def static_imports(name, text):
    """Paths of the modules that a module imports by `import … from`."""
    return {source for source, _ in imports_of(name, text)}


def imports_of(name, text):
    """List the imported modules in order: [(path, [(exported name, local name), …]), …]."""
    found = []
    for names, path in IMPORT.findall(text):
        pairs = [pair.split(" as ") for part in names.split(",") if (pair := part.strip())]
        found.append((_resolved(name, path), [(pair[0], pair[-1]) for pair in pairs]))
    return found


def late_imports(name, text):
    """Paths of the modules that a module imports by `import(…)`."""
    return {_resolved(name, path) for path in _LATE_IMPORT.findall(text)}


def _resolved(importer, path):
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def relative(importer, name):
    """The path by which `importer` imports the module `name`."""
    path = posixpath.relpath(name, posixpath.dirname(importer) or ".")
    return path if path.startswith(".") else f"./{path}"


def _as_function(name, text):
    """The module as a method of an object literal; it returns the exports."""

    def need(match):
        names, path = match.groups()
        call = f"$need({json.dumps(_resolved(name, path))});"
        return f"const {{{names.replace(' as ', ': ')}}} = {call}" if names else call

    def late(match):
        return f"$late({json.dumps(_resolved(name, match[1]))})"

    exported = ", ".join(exports[1] for exports in _EXPORT.findall(text))
    for form, replacement in ((IMPORT, need), (_EXPORT, r"\1"), (_LATE_IMPORT, late)):
        text = form.sub(replacement, text)
    if other := _OTHER_FORM.search(text):
        raise ValueError(f"{name}: unsupported form of import or export: {other[0]}")
    return f"{json.dumps(name)}() {{\n{text}return {{ {exported} }};\n}}"
