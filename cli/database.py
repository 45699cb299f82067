"""`flask schema-sql`."""

import click
from flask import current_app

import schema
from cli.command import command


@command("schema-sql")
def schema_sql():
    """Вывести схему базы данных (technic_bd.sql) по моделям."""
    click.echo(schema.as_sql(current_app), nl=False)
