"""Commands of `run.py`: serve, check, locks, test, screenshots."""

import argparse
import os
import re
import signal
import sys
from pathlib import Path

from launcher import checks
from launcher.browser import ready_browser
from launcher.process import ROOT, VENV_PYTHON, Stop, become, on_signals
from launcher.server import check_port, serve_until_ctrl_c
from launcher.shop import database, prepare_shop, settings_with, write_env_file
from launcher.venv import PROGRAM_LOCK, TEST_LOCK, in_venv, prepare_venv

HELP = """Техник — заявки на ремонт бытовой техники.

  python3 run.py                    запустить программу (всё нужное установится само)
      --host АДРЕС                  на каком адресе отвечать, обычно 127.0.0.1 (или переменная HOST)
      --port ПОРТ                   на каком порту отвечать, обычно 5000 (или переменная PORT)
      --no-demo                     не заполнять пустую базу примером мастерской
  python3 run.py check              проверить вид и правила исходного текста
  python3 run.py locks              проверить, что пакеты устанавливаются на Python 3.11, 3.12 и 3.13
  python3 run.py test [ПАРАМЕТРЫ]   запустить тесты; параметры передаются pytest
  python3 run.py screenshots [ПАПКА]  снять все страницы на примере мастерской, обычно в папку screenshots
"""

LANES = ("--numprocesses=2", "--quiet")
"""Pytest options of a complete run: `tests/kit/lanes.py` distributes the tests over two processes."""

NOT_SELECTING = re.compile(r"-x|-v+|-q+|-r\w+|--(maxfail|durations|durations-min|tb|rounds|fuzz-examples)=.+|--zones")
"""Pytest options that do not select tests."""


def main(arguments):
    """Run one command and return the exit code of the process."""
    try:
        if arguments and arguments[0] in COMMANDS:
            return COMMANDS[arguments[0]](arguments[1:])
        return serve(arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"Нет прав на «{error.filename}»: запустите от имени владельца папки {ROOT}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nПрервано.", file=sys.stderr)
        return 130


def serve(arguments):
    """Install missing packages, then serve the shop until Ctrl-C."""
    options = _options(arguments)
    prepare_venv(PROGRAM_LOCK)
    write_env_file()
    if not in_venv():
        return become([str(VENV_PYTHON), str(ROOT / "run.py"), *arguments], os.environ)
    settings = settings_with(options)
    host, port = settings["HOST"], settings["PORT"]
    check_port(host, port)
    on_signals(signal.default_int_handler)
    with database(settings["DATABASE_URL"]) as embedded:
        prepare_shop(demo=embedded and not options["no_demo"])
        return serve_until_ctrl_c(host, port)


def check(arguments):
    """Install the tools, and check format and lint of all source text."""
    _expect_none(arguments)
    prepare_venv(PROGRAM_LOCK, TEST_LOCK)
    return min(1, checks.lint())


def locks(arguments):
    """Install both locks into an empty environment of each supported Python."""
    _expect_none(arguments)
    return min(1, checks.try_locks())


def test(arguments):
    """Install packages and browser, and run pytest: the complete suite in lanes, a selection in one process."""
    whole = all(NOT_SELECTING.fullmatch(argument) for argument in arguments)
    return _become_tool("pytest", [*(LANES if whole else []), *arguments])


def screenshots(arguments):
    """Install packages and browser, and save screenshots of a demo shop's pages to a folder."""
    folder = [str(Path(argument).absolute()) for argument in arguments[:1]]
    return _become_tool("tools.screenshots", folder)


def _become_tool(module, arguments):
    prepare_venv(PROGRAM_LOCK, TEST_LOCK)
    browser = ready_browser()
    return become([str(VENV_PYTHON), "-m", module, *arguments], dict(os.environ, CHROMIUM_PATH=browser), ROOT)


def _expect_none(arguments):
    if arguments:
        _unknown_arguments(arguments)


def _options(arguments):
    """Return the options of `serve` as a dict; `--help` prints the help and exits."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--host")
    parser.add_argument("--port")
    parser.add_argument("--no-demo", action="store_true")
    parser.error = _unknown_arguments
    options = vars(parser.parse_args(arguments))
    if options["help"]:
        print(HELP)
        sys.exit(0)
    return options


def _unknown_arguments(_message):
    raise Stop("Таких параметров нет.\n\n" + HELP)


COMMANDS = {"check": check, "locks": locks, "test": test, "screenshots": screenshots}
