"""The command line: `python -m bench`; `--help` names the options."""

import argparse
import signal
import sys
import time

from bench import run, scale


def main(arguments=None):
    """Run the bench and return the exit code."""
    given = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        run.run(given, _say(time.monotonic()))
    except KeyboardInterrupt:
        print("interrupted: everything that was made is removed", file=sys.stderr)
        return 130
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="scale", action="store_const", const=scale.QUICK, help="a first look: < 2 min")
    size.add_argument("--tiny", dest="scale", action="store_const", const=scale.TINY, help="only whether it works")
    parser.set_defaults(scale=scale.FULL)
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--keep", metavar="DIR", help="build the databases there and use them again next time")
    place.add_argument("--database-url", metavar="URL", help="make the databases beside this one")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--write-docs", action="store_true", help="write the results into docs/performance.md")
    return parser


def _say(begun):
    def say(line):
        print(f"[{time.monotonic() - begun:6.1f} s] {line}", file=sys.stderr, flush=True)

    return say


def _stop(_signal, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
