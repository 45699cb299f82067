"""The pages and their files, answered before the API is asked."""

from http import HTTPStatus

from werkzeug.datastructures import Accept
from werkzeug.http import is_resource_modified, parse_accept_header

from assets import Assets, stamp_of

ENCODINGS = ("br", "gzip")
READING = ("GET", "HEAD")


class FrontEnd:
    """WSGI layer: sends the files of `folder`; what is none of them goes on to the application.

    `is_watched`: a changed file is seen at the next call, as a developer wants it.
    """

    def __init__(self, application, folder, is_watched):
        self.application = application
        self.folder = folder
        self.is_watched = is_watched
        self._read()

    def __call__(self, environ, start_response):
        self.follow()
        asset = self.assets.find(_path(environ))
        if asset is None:
            return self.application(environ, start_response)
        status, headers, body = _answer(asset, environ)
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def follow(self):
        if self.is_watched and stamp_of(self.folder) != self.stamp:
            self._read()

    def page(self, name):
        """The body of a page, for the application's own answers."""
        return self.assets.find(f"/{name}").body

    def _read(self):
        self.stamp = stamp_of(self.folder) if self.is_watched else None
        self.assets = Assets(self.folder)


def _path(environ):
    """WSGI hands on bytes as Latin-1."""
    return environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")


def _answer(asset, environ):
    if environ["REQUEST_METHOD"] not in READING:
        return HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", ", ".join(READING)), ("Content-Length", "0")], b""
    headers = [("Cache-Control", asset.cache_control), ("ETag", f'W/"{asset.etag}"'), ("Vary", "Accept-Encoding")]
    if not is_resource_modified(environ, etag=asset.etag):
        return HTTPStatus.NOT_MODIFIED, headers, b""
    encoding = _encoding(environ)
    body = getattr(asset, encoding) if encoding else asset.body
    headers += [("Content-Type", asset.media_type), ("Content-Length", str(len(body)))]
    headers += [("Content-Encoding", encoding)] if encoding else []
    return HTTPStatus.OK, headers, body if environ["REQUEST_METHOD"] == "GET" else b""


def _encoding(environ):
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""), Accept)
    return next((name for name in ENCODINGS if accepted[name] > 0), None)
