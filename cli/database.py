"""`flask db` and `flask schema-sql`."""

import click
from flask import current_app
from flask.cli import AppGroup

from cli.command import command


class Migrations(AppGroup):
    """Group of Flask-Migrate commands, imported on first use: a server starts faster without them."""

    def list_commands(self, context):
        return self._all().list_commands(context)

    def get_command(self, context, name):
        return self._all().get_command(context, name)

    def _all(self):
        from flask_migrate.cli import db as group

        return group


db = Migrations("db", help="Перенести схему базы данных.")


@command("schema-sql")
def schema_sql():
    """Вывести схему базы данных (technic_bd.sql) по моделям."""
    from cli import schema_script  # Imported here: only this command needs Alembic.

    click.echo(schema_script.as_sql(current_app), nl=False)
