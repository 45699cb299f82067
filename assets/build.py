"""The files of `frontend/` as they are sent: read once, packed, named by their content, made small.

Packs of scripts, styles and icons stand under `/~<digest>/…`. Any change of any file makes another digest, so a browser
may keep them for ever; the pages, which it asks for each time, name these addresses. The plain addresses (`/js/api.js`)
answer as well: a developer, or a web server in front, may send `frontend/` as it lies on the disk.
"""

import gzip
import hashlib
import json
import re
import shutil
import tempfile
import time
from pathlib import Path

import brotli
import flask_swagger_ui

from assets.bundle import Packs

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
SWAGGER_ADDRESS = "/api/docs/assets/"
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")

# Beyond this the best compression takes seconds, and the next best hardly more bytes.
LARGE = 200_000

KEPT_SECONDS = 30 * 86400

# Pages that are of no use without a connection, and their parts.
NOT_KEPT_OFFLINE = re.compile(
    r"/api/|/js/api_docs|/js/styleguide|/api-docs|/404|/styleguide|/css/styleguide|/sw\.js|/img/"
)

_LINK = re.compile(r'(?<=\s)(href|src)="(/[^"#]+)(#[^"]*)?"')
_ENTRY = re.compile(r'<script type="module" src="/js/([\w.]+)"')
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.M | re.S)
_LINE_COMMENT = re.compile(r"^[ \t]*//.*\n?", re.M)
_INDENTATION = re.compile(r"^[ \t]+|\n(?=\s*\n)", re.M)


class Assets:
    """All files of one moment: `.files` {address: bytes}, `.digest`, and `.prefix`, under which they may be kept.

    `is_packed=False`: pages and scripts as they lie on the disk, which is what a developer wants to see.
    """

    def __init__(self, folder, is_packed=True):
        sources = _sources(folder, _smaller if is_packed else Path.read_bytes)
        self._packs = _packs_of(sources) if is_packed else {}
        sources |= {
            f"/js/{name}": text.encode() for packs in self._packs.values() for name, text in packs.files.items()
        }
        self.digest = _digest(sources)
        self.prefix = f"/~{self.digest}"
        self._kept = [name for name in sources if not _is_page(name) and (".pack." in name or not _is_script(name))]
        self._offline_pages = ["/", *(name for name in sources if _is_page(name) and not NOT_KEPT_OFFLINE.match(name))]
        self.files = {
            name: self._page(name, body) if is_packed and _is_page(name) else body for name, body in sources.items()
        }

    def folder_in(self, place):
        """Return the folder of `place` that holds them, made where it is not there yet; several processes may ask."""
        folder = place / self.digest
        if not folder.exists():
            _forget_old(place)
            made = self._made_in(place)
            try:
                made.rename(folder)
            except OSError:  # Another process was faster.
                shutil.rmtree(made)
        return folder

    def _made_in(self, place):
        place.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=place))
        made.chmod(0o755)
        for name, body in self.files.items():
            _write(made / name.removeprefix("/"), body)
        return made

    def _page(self, name, body):
        text = body.decode()
        text = self._fill_worker(text) if name == "/sw.js" else self._link(_ENTRY.sub(self._begin_with_pack, text))
        return text.encode()

    def _begin_with_pack(self, match):
        return match[0].replace(match[1], self._packs[match[1]].page)

    def _link(self, html):
        """Let every link to one of our files lead to its address for ever."""

        def lead(match):
            attribute, path, fragment = match.groups("")
            return f'{attribute}="{self.prefix}{path}{fragment}"' if path in self._kept else match[0]

        return _LINK.sub(lead, html)

    def _fill_worker(self, script):
        """The service worker keeps the pages and files of exactly this digest."""
        files = [self.prefix + name for name in self._kept if not NOT_KEPT_OFFLINE.match(name)]
        for name, value in (("VERSION", self.digest), ("PAGES", self._offline_pages), ("FILES", files)):
            empty = f"const {name} = {json.dumps(type(value)())};"
            script = script.replace(empty, f"const {name} = {json.dumps(value)};")
        return script


def stamp_of(folder):
    """What differs as soon as a file is changed, added or taken away."""
    return [(path, status.st_mtime_ns, status.st_size) for path in _files(folder) for status in [path.stat()]]


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _sources(folder, read):
    ours = {f"/{path.relative_to(folder).as_posix()}": read(path) for path in _files(folder)}
    return ours | {SWAGGER_ADDRESS + name: (SWAGGER_UI / name).read_bytes() for name in SWAGGER_FILES}


def _packs_of(sources):
    """{Module that a page begins with: its packs}."""
    pages = [body.decode() for name, body in sources.items() if name.endswith(".html")]
    scripts = {name.removeprefix("/js/"): body.decode() for name, body in sources.items() if _is_script(name)}
    return {entry: Packs(entry, scripts) for page in pages for entry in _ENTRY.findall(page)}


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


def _is_script(name):
    return name.startswith("/js/")


def _forget_old(place):
    """Versions of long ago: nobody serves them any more."""
    for folder in place.glob("*"):
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _write(path, body):
    """Write a file and beside it what WhiteNoise sends to those who take it compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    Path(f"{path}.br").write_bytes(brotli.compress(body, quality=11 if len(body) < LARGE else 9))
    Path(f"{path}.gz").write_bytes(gzip.compress(body, mtime=0))
