"""Generate `technic_bd.sql`: the models' schema as a script for `psql technic_db < technic_bd.sql`."""

import io

from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.ddl import CreateIndex

from config import MIGRATIONS_DIR
from database import db
from models.triggers import TRIGGER_STATEMENTS

HEADER = """\
-- Техник: схема базы данных (PostgreSQL 12+).
-- Применение: createdb technic_db && psql technic_db < technic_bd.sql
-- Файл создан командой: flask schema-sql > technic_bd.sql
"""


def as_sql(_app=None):
    """Return the script: tables in foreign-key order, indexes, triggers, Alembic's version row."""
    script = io.StringIO()
    script.write(HEADER + "\nBEGIN;\n")
    for table in db.metadata.sorted_tables:
        _write(script, CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: index.name):
            _write(script, CreateIndex(index))
    for statement in TRIGGER_STATEMENTS:
        script.write(f"\n{statement};\n")
    script.write(_migration_mark() + "\nCOMMIT;\n")
    return script.getvalue()


def _write(script, statement):
    text = str(statement.compile(dialect=postgresql.dialect()))
    lines = [line.rstrip().replace("\t", "    ") for line in text.strip().splitlines()]
    script.write("\n" + "\n".join(line for line in lines if line) + ";\n")


def _migration_mark():
    head = ScriptDirectory(str(MIGRATIONS_DIR)).get_current_head()
    return f"""
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

INSERT INTO alembic_version (version_num) VALUES ('{head}');
"""
