"""Commands of the administrator: `flask create-user`, `set-password`, `deactivate-user`, `import-csv`, `schema-sql`."""

from cli.accounts import create_user, deactivate_user, set_password
from cli.books import import_csv
from cli.database import db, schema_sql

COMMANDS = (create_user, set_password, deactivate_user, import_csv, db, schema_sql)
