"""Commands of `run.py`, which imports this package after it has checked the version of Python."""
