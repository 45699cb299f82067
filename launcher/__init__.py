"""The commands of `run.py`, which imports this package once it has checked the version of Python."""
