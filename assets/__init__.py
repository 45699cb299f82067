"""Build of the static files: bundle, minify, hash and compress `frontend/`."""
