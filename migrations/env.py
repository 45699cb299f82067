"""Alembic environment: migrations run on the application's engine."""

from alembic import context
from flask import current_app

from postgres.deadlines import statement_timeout

HOUR = 3600

database = current_app.extensions["migrate"].db


def run():
    """Run all pending migrations in one transaction; a lock serialises parallel upgrades."""
    with database.engine.connect() as connection, statement_timeout(connection, HOUR):
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7243002)")
        context.configure(connection=connection, target_metadata=database.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
