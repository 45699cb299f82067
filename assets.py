"""The files of `frontend/` as they are sent: read once, named by their content, made small.

Scripts, styles and icons stand under `/~<digest>/…`. Any change of any file makes another digest, so a browser may
keep them for ever; the pages, which it asks for each time, name these addresses. Relative imports need no rewriting.
The plain addresses (`/js/api.js`) answer as well: a web server in front may send `frontend/` as it lies on the disk.
"""

import gzip
import hashlib
import json
import mimetypes
import re
from functools import cached_property
from pathlib import Path

import brotli
import flask_swagger_ui

FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
SWAGGER_ADDRESS = "/api/docs/assets/"
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")

# Beyond this the best compression takes seconds, and the next best hardly more bytes.
LARGE = 200_000

# Pages that are of no use without a connection, and their parts.
NOT_KEPT_OFFLINE = re.compile(r"/api|/js/api_docs|/js/styleguide|/api-docs|/404|/styleguide|/sw\.js|/img/")

_LINK = re.compile(r'(?<=\s)(href|src)="(/[^"#]+)(#[^"]*)?"')
_ENTRY = re.compile(r'^ *<script type="module" src="/js/([\w.]+)"></script>', re.M)
_IMPORT = re.compile(r'(?:from|import) "\./([\w.]+)"')
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.M | re.S)
_LINE_COMMENT = re.compile(r"^[ \t]*//.*\n?", re.M)
_INDENTATION = re.compile(r"^[ \t]+|\n(?=\s*\n)", re.M)


class Asset:
    """One file and how long it may be kept: `.body`, `.media_type`, `.etag`, `.cache_control`."""

    def __init__(self, name, body, cache_control):
        self.body = body
        self.cache_control = cache_control
        self.media_type = _media_type(name)
        self.etag = hashlib.sha256(body).hexdigest()[:16]

    @cached_property
    def br(self):
        return brotli.compress(self.body, quality=11 if len(self.body) < LARGE else 9)

    @cached_property
    def gzip(self):
        return gzip.compress(self.body, mtime=0)


class Assets:
    """All files of one moment: `find("/js/api.js")`, `find("/~…/js/api.js")`, `.digest`."""

    def __init__(self, folder):
        sources = _sources(folder)
        self.digest = _digest(sources)
        self.prefix = f"/~{self.digest}"
        self._scripts = {name: text for name, text in sources.items() if name.startswith("/js/")}
        self._kept = {name: Asset(name, body, FOR_EVER) for name, body in sources.items() if not _is_page(name)}
        self._plain = {name: Asset(name, body, ASK_FIRST) for name, body in sources.items() if not _is_page(name)}
        self._pages = {name: self._page(name, body) for name, body in sources.items() if _is_page(name)}
        self._pages["/"] = self._pages["/index.html"]

    def find(self, path):
        """The Asset of an address, or None.

        A page of an earlier digest may still be open and load a part of itself late: it gets today's, not to be kept.
        """
        if not path.startswith("/~"):
            return self._pages.get(path) or self._plain.get(path)
        digest, _, name = path[2:].partition("/")
        return (self._kept if digest == self.digest else self._plain).get(f"/{name}")

    def _page(self, name, body):
        text = body.decode()
        text = self._fill_worker(text) if name == "/sw.js" else self._link(self._preload(text))
        return Asset(name, text.encode(), ASK_FIRST)

    def _link(self, html):
        """Let every link to one of our files lead to its address for ever."""

        def lead(match):
            attribute, path, fragment = match.groups("")
            return f'{attribute}="{self.prefix}{path}{fragment}"' if path in self._kept else match[0]

        return _LINK.sub(lead, html)

    def _preload(self, html):
        """Let the browser ask for all modules of a page at once, not for one level of imports after the other."""

        def lines(match):
            names = sorted(self._imports_of(match[1]) - {match[1]})
            return "".join(f'  <link rel="modulepreload" href="/js/{name}">\n' for name in names) + match[0]

        return _ENTRY.sub(lines, html)

    def _imports_of(self, name, known=None):
        known = known if known is not None else set()
        if name not in known:
            known.add(name)
            for imported in _IMPORT.findall(self._scripts[f"/js/{name}"].decode()):
                self._imports_of(imported, known)
        return known

    def _fill_worker(self, script):
        """The service worker keeps the files of exactly this digest."""
        files = [self.prefix + name for name in self._kept if not NOT_KEPT_OFFLINE.match(name)]
        script = script.replace('const VERSION = "";', f'const VERSION = "{self.digest}";')
        return script.replace("const FILES = [];", f"const FILES = {json.dumps(files)};")


def stamp_of(folder):
    """What differs as soon as a file is changed, added or taken away."""
    return [(path, status.st_mtime_ns, status.st_size) for path in _files(folder) for status in [path.stat()]]


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _sources(folder):
    ours = {f"/{path.relative_to(folder).as_posix()}": _smaller(path) for path in _files(folder)}
    return ours | {SWAGGER_ADDRESS + name: (SWAGGER_UI / name).read_bytes() for name in SWAGGER_FILES}


def _smaller(path):
    """Without whole-line comments and indentation, which are for us and a sixth of the bytes."""
    if path.suffix not in (".js", ".css"):
        return path.read_bytes()
    text = _BLOCK_COMMENT.sub("", path.read_text(encoding="utf-8"))
    if path.suffix == ".js":
        text = _LINE_COMMENT.sub("", text)
    return _INDENTATION.sub("", text).encode()


def _digest(sources):
    digest = hashlib.sha256()
    for name, body in sorted(sources.items()):
        digest.update(f"{name} {len(body)} ".encode() + body)
    return digest.hexdigest()[:12]


def _is_page(name):
    return name.endswith(".html") or name == "/sw.js"


def _media_type(name):
    known = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}
    media_type = known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
