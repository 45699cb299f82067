"""Build the static files: bundle, minify, hash and compress `frontend/`.

Bundles, styles and icons are served under `/~<digest>/…`. The digest covers all files, so browsers may cache them for
ever; the pages, which browsers revalidate, link to these addresses. The plain paths (`/js/core/api.js`) are served too,
as they are on disk: for development, and for a web server in front that sends `frontend/` itself.
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
import rcssmin
import rjsmin

from assets import bundle, unused

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
SWAGGER_ADDRESS = "/api/docs/assets/"
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")

LARGE = 200_000
"""Above this size brotli 11 takes seconds and saves little."""

BEST, GOOD, QUICK = 11, 9, 5
"""Qualities of brotli: for files that every visitor loads, for large files, and for rarely loaded ones."""

KEPT_SECONDS = 30 * 86400

# Pages that are useless offline, and their parts.
NOT_KEPT_OFFLINE = re.compile(
    rf"/api/|/js/{bundle.FOLDER}/(api_docs|styleguide)\.|/api-docs|/404|/styleguide|/css/styleguide|/sw\.js|/img/"
)

_LINK = re.compile(r'(?<=\s)(href|src)="(/[^"#]+)(#[^"]*)?"')
_ENTRY = re.compile(r'<script type="module" src="/js/([\w./]+)"')
_CSS_IMPORT = re.compile(r'^@import "\./([\w./]+)" layer\((\w+)\);$', re.M)


class Assets:
    """All files of one version: `.files` maps path to bytes, `.digest` identifies them, `.prefix` is their folder.

    `is_bundled=False` leaves pages, scripts and styles as they are on disk, for development.
    """

    def __init__(self, folder, is_bundled=True):
        sources = _sources(folder)
        self._bundles = _bundles_of(sources) if is_bundled else {}
        if is_bundled:
            sources |= _minified(sources, self._bundles.values())
        self.digest = _digest(sources)
        self.prefix = f"/~{self.digest}"
        self._immutable = [name for name in sources if _is_immutable(name)]
        self._offline_pages = ["/", *(name for name in sources if _is_page(name) and not NOT_KEPT_OFFLINE.match(name))]
        self.files = {
            name: self._page(name, body) if is_bundled and _is_page(name) else body for name, body in sources.items()
        }

    def folder_in(self, place):
        """Return the folder of `place` with these files, created if missing. Safe to call from several processes."""
        folder = place / self.digest
        if not folder.exists():
            _delete_old_builds(place)
            written = self._write_in(place)
            try:
                written.rename(folder)
            except OSError:  # Another process was faster.
                shutil.rmtree(written)
        return folder

    def _write_in(self, place):
        place.mkdir(parents=True, exist_ok=True)
        written = Path(tempfile.mkdtemp(dir=place))
        written.chmod(0o755)
        for name, body in self.files.items():
            _write(written / name.removeprefix("/"), body, self._quality(name, body))
        return written

    def _quality(self, name, body):
        """Brotli's quality for a file; single modules and stylesheet parts are not linked by any page."""
        if name not in self._immutable and not _is_page(name):
            return QUICK
        return BEST if len(body) < LARGE else GOOD

    def _page(self, name, body):
        text = body.decode()
        text = self._fill_worker(text) if name == "/sw.js" else self._link(_ENTRY.sub(self._start_with_bundle, text))
        return text.encode()

    def _start_with_bundle(self, match):
        return match[0].replace(match[1], self._bundles[match[1]].page)

    def _link(self, html):
        """Rewrite links to the immutable URLs."""

        def immutable(match):
            attribute, path, fragment = match.groups("")
            return f'{attribute}="{self.prefix}{path}{fragment}"' if path in self._immutable else match[0]

        return _LINK.sub(immutable, html)

    def _fill_worker(self, script):
        """Fill the digest, pages and files into the service worker."""
        files = [self.prefix + name for name in self._immutable if not NOT_KEPT_OFFLINE.match(name)]
        for name, value in (("VERSION", self.digest), ("PAGES", self._offline_pages), ("FILES", files)):
            empty = f"const {name} = {json.dumps(type(value)())};"
            script = script.replace(empty, f"const {name} = {json.dumps(value)};")
        return script


def stamp_of(folder):
    """Fingerprint of the folder: paths, modification times, sizes."""
    return [(path, status.st_mtime_ns, status.st_size) for path in _files(folder) for status in [path.stat()]]


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _sources(folder):
    ours = {f"/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _files(folder)}
    return ours | {SWAGGER_ADDRESS + name: (SWAGGER_UI / name).read_bytes() for name in SWAGGER_FILES}


def _bundles_of(sources):
    """Map each page's first module to its bundles."""
    pages = [body.decode() for name, body in sources.items() if name.endswith(".html")]
    scripts = {name.removeprefix("/js/"): body.decode() for name, body in sources.items() if name.startswith("/js/")}
    entries = {entry for page in pages for entry in _ENTRY.findall(page)}
    return {entry: bundle.Bundles(entry, unused.used_only(entry, scripts)) for entry in sorted(entries)}


def _minified(sources, bundles):
    """The bundles, and the stylesheets with their imports."""
    scripts = {name: text for each in bundles for name, text in each.files.items()}
    styles = [name for name in sources if re.fullmatch(r"/css/\w+\.css", name)]
    return {f"/js/{name}": rjsmin.jsmin(text).encode() for name, text in scripts.items()} | {
        name: rcssmin.cssmin(_with_css_imports(name, sources)).encode() for name in styles
    }


def _with_css_imports(name, sources):
    """The stylesheet with its `@import … layer(…)` lines replaced by the imported rules."""

    def layer(match):
        return f"@layer {match[2]} {{\n{sources[f'/css/{match[1]}'].decode()}}}"

    return _CSS_IMPORT.sub(layer, sources[name].decode())


def _digest(sources):
    """Identify the files and the code that builds them."""
    code = (__file__, bundle.__file__, unused.__file__)
    digest = hashlib.sha256(b"".join(Path(module).read_bytes() for module in code))
    for name, body in sorted(sources.items()):
        digest.update(f"{name} {len(body)} ".encode() + body)
    return digest.hexdigest()[:12]


def _is_page(name):
    return name.endswith(".html") or name == "/sw.js"


def _is_immutable(name):
    """Pages keep their URLs; single modules and parts of the stylesheet are only for development."""
    if name.startswith("/js/"):
        return name.startswith(f"/js/{bundle.FOLDER}/")
    return not _is_page(name) and not name.startswith("/css/parts/")


def _delete_old_builds(place):
    """Delete builds older than 30 days."""
    for folder in place.glob("*"):
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _write(path, body, quality):
    """Write a file and its compressed versions for WhiteNoise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    Path(f"{path}.br").write_bytes(brotli.compress(body, quality=quality))
    Path(f"{path}.gz").write_bytes(gzip.compress(body, mtime=0))
