"""Command-line administration: `flask create-user`, `set-password`, `import-csv`, `schema-sql` and others."""

from cli.accounts import create_user, deactivate_user, set_password
from cli.database import db, schema_sql
from cli.imports import import_csv

COMMANDS = (create_user, set_password, deactivate_user, import_csv, db, schema_sql)
