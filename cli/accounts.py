"""Commands of the administrator: `flask create-user`, `set-password`, `deactivate-user`, `schema-sql`."""

import click
from flask import current_app
from flask.cli import with_appcontext
from pydantic import ValidationError

import schema
from models.enums import Role
from routes.schemas import NewUser
from services import user_service
from services.errors import AppError, Invalid


def _told_in_russian(error):
    """An AppError as the sentence that the command line shows."""
    if isinstance(error, Invalid):
        return click.ClickException("; ".join(f"{name}: {text}" for name, text in error.extra["fields"].items()))
    return click.ClickException(error.message)


@click.command("create-user")
@click.option("--fullname", required=True, help="Фамилия, имя, отчество.")
@click.option("--email", required=True, help="Почта, она же логин.")
@click.option("--role", "user_type", type=click.Choice([role.value for role in Role]), required=True, help="Роль.")
@click.option("--phone", help="Телефон.")
@click.option("--password", help="Пароль; без него будет создан одноразовый.")
@with_appcontext
def create_user(fullname, email, user_type, phone, password):
    """Создать учётную запись."""
    try:
        body = NewUser(fullname=fullname, email=email, user_type=user_type, phone=phone, password=password)
        account = user_service.create(user_service.THE_OPERATOR, **dict(body))
    except ValidationError as error:
        names = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise click.ClickException(f"Проверьте поля: {names}") from None
    except AppError as error:
        raise _told_in_russian(error) from None
    click.echo(f"Создан пользователь {account['user_id']}: {account['fullname']}, {account['user_type']}")
    if "password" in account:
        click.echo(f"Одноразовый пароль (сменить при первом входе): {account['password']}")


@click.command("set-password")
@click.argument("email")
@click.option("--password", help="Новый пароль; без него будет создан одноразовый.")
@with_appcontext
def set_password(email, password):
    """Задать пароль учётной записи EMAIL; все её сеансы завершатся."""
    try:
        one_time = user_service.set_password_of(email, password)
    except AppError as error:
        raise _told_in_russian(error) from None
    click.echo("Пароль изменён." if password else f"Одноразовый пароль (сменить при первом входе): {one_time}")


@click.command("deactivate-user")
@click.argument("email")
@with_appcontext
def deactivate_user(email):
    """Отключить учётную запись EMAIL; все её сеансы завершатся, история сохранится."""
    try:
        account = user_service.deactivate(email)
    except AppError as error:
        raise _told_in_russian(error) from None
    click.echo(f"Отключён: {account['fullname']} ({account['email']})")


@click.command("schema-sql")
@with_appcontext
def schema_sql():
    """Вывести схему базы данных (technic_bd.sql) по моделям."""
    click.echo(schema.as_sql(current_app), nl=False)


COMMANDS = (create_user, set_password, deactivate_user, schema_sql)
