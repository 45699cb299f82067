"""Base of all commands: an application context, and errors as one Russian sentence."""

import click
from flask.cli import with_appcontext
from psycopg2 import errors
from sqlalchemy.exc import OperationalError, ProgrammingError

from services.common.errors import AppError, Invalid


class Refused(click.ClickException):
    """A command failed without changing anything; the text gives the reason. Exit code 1."""

    def show(self, file=None):
        click.echo(f"Ошибка: {self.format_message()}", err=True, file=file)


class _Command(click.Command):
    """A click command that reports wrong parameters and AppErrors in Russian."""

    def make_context(self, *args, **extra):
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            raise Refused(f"{_wrong_parameter(error)}. Подсказка: flask {self.name} --help") from None

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except Invalid as error:
            raise Refused("; ".join(f"{name}: {text}" for name, text in error.extra["fields"].items())) from None
        except AppError as error:
            raise Refused(error.message) from None
        except ProgrammingError as error:
            if not isinstance(error.orig, errors.UndefinedTable | errors.UndefinedColumn):
                raise
            raise Refused("В базе нет нужных таблиц. Сначала приведите её в порядок: flask db upgrade") from None
        except OperationalError as error:
            reason = str(error.orig).partition("\n")[0]
            raise Refused(f"База данных недоступна или занята, ничего не изменено: {reason}") from None


def command(name):
    """Decorator for a Flask command of that name."""
    return lambda function: click.command(name, cls=_Command)(with_appcontext(function))


def _wrong_parameter(error):
    if isinstance(error, click.MissingParameter):
        return f"Не указано: {_called(error)}"
    if isinstance(error, click.NoSuchOption):
        return f"Нет параметра {error.option_name}"
    if isinstance(error, click.BadParameter):
        return f"Неверное значение {_called(error)}{_choices(error.param)}"
    if isinstance(error, click.BadOptionUsage):
        return f"Не указано значение {error.option_name}"
    return "Лишние или неверные параметры"


def _called(error):
    return error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx)


def _choices(parameter):
    return f", бывает: {', '.join(parameter.type.choices)}" if isinstance(parameter.type, click.Choice) else ""
