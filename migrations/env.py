"""Alembic's entry: migrations run on the application's own engine."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run():
    """Run the migrations of one upgrade in one transaction: all of them or none."""
    with database.engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7243002)")
            context.run_migrations()
        connection.commit()


run()
