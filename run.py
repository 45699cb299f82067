#!/usr/bin/env python3
"""Technic in one command: `python3 run.py` serves the shop, `python3 run.py test` runs its tests.

`python3 run.py screenshots` takes screenshots of all pages.

This file must parse on Python 3.6, to report that a newer version is needed.
The commands are in `launcher/`. They use only the standard library until this file restarts in `.venv`.
"""

import sys

MIN_PYTHON = (3, 11)


def main(arguments):
    """Run one command and return the exit code of the process."""
    _print_utf8()
    _check_python(sys.version_info)
    from launcher import commands  # Imported here: older versions cannot parse it.

    return commands.main(arguments)


def _print_utf8():
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def _check_python(version):
    """End the process with a message where this Python is too old."""
    if tuple(version[:2]) < MIN_PYTHON:
        raise SystemExit(
            "Нужен Python {}.{} или новее, а это {}.{}. "
            "Установите его и запустите снова, например: python3.12 run.py".format(*MIN_PYTHON, *version[:2])
        )


"""Exit with a message if this Python is too old."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
