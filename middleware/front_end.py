"""Static files by WhiteNoise, before the API."""

import tempfile
from pathlib import Path

from whitenoise import WhiteNoise

from assets.build import Assets, stamp_of

MEDIA_TYPES = {".webmanifest": "application/manifest+json"}


class FrontEnd(WhiteNoise):
    """WSGI layer for the files of `source`; other requests go to the application.

    The built files are written once per version to a folder of `place`. With `is_watched`, for development, files are
    served as on disk and changes are detected on the next request.
    """

    def __init__(self, application, source, place, is_watched):
        super().__init__(application, max_age=0, allow_all_origins=False, mimetypes=MEDIA_TYPES)
        self.source, self.place, self.is_watched = source, place, is_watched
        self._read()

    def __call__(self, environ, start_response):
        self.refresh()
        environ["PATH_INFO"] = self._current_path(environ.get("PATH_INFO", ""))
        return super().__call__(environ, start_response)

    def refresh(self):
        """Rebuild if a source file changed (development)."""
        if self.is_watched and stamp_of(self.source) != self.stamp:
            self._read()

    def page(self, name):
        """Body of a page, for the application's own answers."""
        return self.assets.files[f"/{name}"]

    def immutable_file_test(self, _path, url):
        return url.startswith("/~")

    def _read(self):
        self.stamp = stamp_of(self.source) if self.is_watched else None
        self.assets = Assets(self.source, is_bundled=not self.is_watched)
        folder = self._folder()
        self.files = {}
        self.add_files(folder)
        self.add_files(folder, self.assets.prefix)
        self.files["/"] = self.files["/index.html"]

    def _folder(self):
        """Folder of the built files; a temporary one for the life of the process if `place` is not writable."""
        try:
            return self.assets.folder_in(self.place)
        except OSError:
            self._own_place = tempfile.TemporaryDirectory(prefix="technic-")
            return self.assets.folder_in(Path(self._own_place.name))

    def _current_path(self, path):
        """Map an outdated hashed URL to the current file: an older page may still load late modules."""
        if not path.startswith("/~") or path in self.files:
            return path
        plain = path[path.find("/", 1) :]
        return plain if plain in self.files else path
