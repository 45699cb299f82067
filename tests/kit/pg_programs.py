"""PostgreSQL's programs (psql, pg_dump, createdb) for the tests' server."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg2

from config import INSTANCE_DIR
from postgres.embedded_server import EmbeddedServer


def run(server_url, program, *arguments, stdin=None):
    """Run a program on the server of the URL and return its output; fail with its error message."""
    parts = psycopg2.extensions.parse_dsn(server_url)
    environment = os.environ | _environment(parts)
    command = [str(_find(server_url, program)), *arguments]
    done = subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def psql(url, script, *arguments):
    """Run a script with psql in the database of the URL; stop at the first error."""
    database = psycopg2.extensions.parse_dsn(url)["dbname"]
    return run(url, "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", *arguments, database, stdin=script)


def dump_schema(url):
    """`pg_dump -s` of a database, without lines that vary per run."""
    database = psycopg2.extensions.parse_dsn(url)["dbname"]
    lines = run(url, "pg_dump", "-s", "--no-owner", "--no-privileges", database).splitlines()
    return [line for line in lines if line and not line.startswith(("--", "SET ", "SELECT pg_catalog", "\\"))]


def _environment(parts):
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    return {names[key]: value for key, value in parts.items() if key in names} | {"PGCLIENTENCODING": "UTF8"}


def _find(server_url, program):
    """Path of the program in the server's version: an older pg_dump rejects a newer server."""
    if not os.environ.get("DATABASE_URL"):
        return EmbeddedServer(INSTANCE_DIR / "postgres").bin_dir / program
    found = shutil.which(program)
    own = Path(os.path.realpath(shutil.which("pg_config") or found or program)).parent / program
    for path in (own, Path(found or program)):
        if path.exists():
            return path
    raise FileNotFoundError(f"{program}: install the client programs of PostgreSQL")
