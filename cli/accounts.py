"""`flask create-user`, `set-password`, `deactivate-user`."""

import click
from pydantic import ValidationError

from cli.command import command
from models.enums import Role
from routes.http.inputs import messages
from routes.shapes.people import NewUser
from services.accounts import password_reset, users
from services.common.errors import Invalid


@command("create-user")
@click.option("--fullname", required=True, help="Фамилия, имя, отчество.")
@click.option("--email", required=True, help="Почта, она же логин.")
@click.option("--role", "user_type", type=click.Choice([role.value for role in Role]), required=True, help="Роль.")
@click.option("--phone", help="Телефон.")
@click.option("--password", help="Пароль; без него будет создан одноразовый.")
def create_user(**fields):
    """Создать учётную запись."""
    try:
        body = NewUser(**fields)
    except ValidationError as error:
        raise Invalid(messages(error)) from None
    account = users.create(users.OPERATOR, **dict(body))
    click.echo(f"Создан пользователь {account['user_id']}: {account['fullname']}, {account['user_type']}")
    if "password" in account:
        click.echo(f"Одноразовый пароль (сменить при первом входе): {account['password']}")


@command("set-password")
@click.argument("email")
@click.option("--password", help="Новый пароль; без него будет создан одноразовый.")
def set_password(email, password):
    """Задать пароль учётной записи EMAIL; все её сеансы завершатся."""
    one_time = password_reset.set_password_of(email, password)
    click.echo("Пароль изменён." if password else f"Одноразовый пароль (сменить при первом входе): {one_time}")


@command("deactivate-user")
@click.argument("email")
def deactivate_user(email):
    """Отключить учётную запись EMAIL; все её сеансы завершатся, история сохранится."""
    account = users.deactivate(email)
    click.echo(f"Отключён: {account['fullname']} ({account['email']})")
