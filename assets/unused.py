"""Leave out of a page's scripts what the page never uses.

A page often imports a module for two of its ten functions. A top-level declaration is removed if nothing that runs on
the page mentions it and its value has no effect. Names are compared as words: a name in a string counts as a use.
Relies on the format of Biome: a top-level statement starts in the first column.
"""

import re

from assets import bundle

_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:.|\n)*?\*/[ \t]*)\n", re.M)
_START = re.compile(r"^(?=[^\s})\]])", re.M)
_DECLARED = re.compile(r"(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+)")
_WITHOUT_EFFECT = re.compile(
    r"(?:export )?(?:(?:async )?function\b"
    r"|(?:const|let) \w+ =\s+(?:(?:async )?(?:\([^()]*\)|\w+) =>|new (?:Map|Set)\(\);\s*\Z|[^(`]*\Z))"
)
_WORD = re.compile(r"\w+")


def used_only(entry, scripts):
    """Return the scripts of the page that starts with the module `entry`, each with its used statements only.

    A module that is imported late keeps all its exports. Raises KeyError for a missing module and
    ValueError for a template literal that continues in the first column of a line.
    """
    page = _Page(scripts)
    page.run(entry)
    return {name: page.text(name) for name in page.modules}


class _Module:
    def __init__(self, name, text):
        code = _COMMENT.sub("", text)
        self.imports = bundle.imports_of(name, code)
        self.origins = {local: (source, theirs) for source, names in self.imports for theirs, local in names}
        self.statements = [part for part in _START.split(bundle.IMPORT.sub("", code)) if part.strip()]
        if broken := [part for part in self.statements if part.count("`") % 2]:
            raise ValueError(f"{name}: a template literal may not continue in the first column: {broken[0]}")
        self.declared = {match[1]: part for part in self.statements if (match := _DECLARED.match(part))}
        self.used = set()


class _Page:
    """Modules that run on the page; the used statements are marked in `used` of each."""

    def __init__(self, scripts):
        self._scripts = scripts
        self.modules = {}

    def run(self, name):
        """Mark what runs when a module is loaded: its imports, and its statements with an effect."""
        if name in self.modules:
            return
        module = self.modules[name] = _Module(name, self._scripts[name])
        for source, _ in module.imports:
            self.run(source)
        for part in module.statements:
            if not _WITHOUT_EFFECT.match(part):
                self._use(name, part)

    def _use(self, name, part):
        module = self.modules[name]
        if part in module.used:
            return
        module.used.add(part)
        for word in set(_WORD.findall(part)):
            if word in module.declared:
                self._use(name, module.declared[word])
            if word in module.origins:
                self._use_export(*module.origins[word])
        for late in bundle.late_imports(name, part):
            self._use_late(late)

    def _use_export(self, name, export):
        if part := self.modules[name].declared.get(export):
            self._use(name, part)

    def _use_late(self, name):
        self.run(name)
        for part in self.modules[name].statements:
            if part.startswith("export "):
                self._use(name, part)

    def text(self, name):
        """The module with its used statements and the names that they import."""
        module = self.modules[name]
        body = "".join(part for part in module.statements if part in module.used)
        words = set(_WORD.findall(body))
        lines = [self._import(name, source, names, words) for source, names in module.imports]
        return "".join(lines) + body

    def _import(self, name, source, names, words):
        kept = [(theirs, local) for theirs, local in names if local in words]
        address = f'"{bundle.relative(name, source)}";\n'
        if kept:
            listed = ", ".join(theirs if theirs == local else f"{theirs} as {local}" for theirs, local in kept)
            return f"import {{ {listed} }} from {address}"
        return "" if self._is_idle(source) else f"import {address}"

    def _is_idle(self, name):
        """True if loading the module runs nothing."""
        module = self.modules[name]
        return all(_WITHOUT_EFFECT.match(part) for part in module.statements) and all(
            self._is_idle(source) for source, _ in module.imports
        )
