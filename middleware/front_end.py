"""The pages and their files, answered by WhiteNoise before the API is asked."""

import tempfile
from pathlib import Path

from whitenoise import WhiteNoise

from assets.build import Assets, stamp_of

MEDIA_TYPES = {".webmanifest": "application/manifest+json"}


class FrontEnd(WhiteNoise):
    """WSGI layer: sends the files of `source`; what is none of them goes on to the application.

    They are written, packed and compressed, into a folder of `place` once a version. `is_watched`: as they lie on the
    disk, and a changed file is seen at the next call, as a developer wants it.
    """

    def __init__(self, application, source, place, is_watched):
        super().__init__(application, max_age=0, allow_all_origins=False, mimetypes=MEDIA_TYPES)
        self.source, self.place, self.is_watched = source, place, is_watched
        self._read()

    def __call__(self, environ, start_response):
        self.follow()
        environ["PATH_INFO"] = self._present(environ.get("PATH_INFO", ""))
        return super().__call__(environ, start_response)

    def follow(self):
        """Take up what a developer has changed."""
        if self.is_watched and stamp_of(self.source) != self.stamp:
            self._read()

    def page(self, name):
        """The body of a page, for the application's own answers."""
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
        """Where the place must not be written to, a folder that lasts as long as the process."""
        try:
            return self.assets.folder_in(self.place)
        except OSError:
            self._own_place = tempfile.TemporaryDirectory(prefix="technic-")
            return self.assets.folder_in(Path(self._own_place.name))

    def _present(self, path):
        """A page of an earlier version may still be open and load a part of itself late: it gets today's."""
        if not path.startswith("/~") or path in self.files:
            return path
        plain = path[path.find("/", 1) :]
        return plain if plain in self.files else path
