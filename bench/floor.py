"""The floor: what the same answers cost at least, in the same server with the same settings.

A bare Flask view sends the SQL that the program's route was seen to issue (its session's query too) by raw
psycopg2 over a simple pool, outside of transactions, and turns the last rows into JSON. No check of the token, no
validation, no log, no headers. Served only by the bench: gunicorn "bench.floor:create_app()".
"""

import os
import pickle
import queue
from types import SimpleNamespace

import gevent.socket
import msgspec
import psycopg2
from flask import Flask, Response
from psycopg2 import extensions


def create_app():
    """The WSGI application; BENCH_STATEMENTS names the file of captured statements (`capture.py`)."""
    app = Flask(__name__, static_folder=None)
    # gunicorn.conf.py closes the program's event streams; there are none here.
    app.extensions["live_feed"] = SimpleNamespace(close=lambda: None)
    extensions.set_wait_callback(_wait)
    statements, pool = _statements(), queue.LifoQueue()

    @app.get("/api/health")
    def health():
        return "ok"

    @app.get("/floor/<name>/<int:number>")
    def floor(name, number):
        connection = _take(pool)
        try:
            with connection.cursor() as cursor:
                for statement, parameters in statements[name][number]:
                    cursor.execute(statement, parameters)
                names = [column.name for column in cursor.description]
                rows = [dict(zip(names, row, strict=True)) for row in cursor]
        finally:
            pool.put(connection)
        return Response(msgspec.json.encode({"items": rows}), mimetype="application/json")

    return app


def _statements():
    with open(os.environ["BENCH_STATEMENTS"], "rb") as file:
        return pickle.load(file)


def _take(pool):
    try:
        return pool.get_nowait()
    except queue.Empty:
        connection = psycopg2.connect(os.environ["DATABASE_URL"], options="-c timezone=UTC")
        connection.autocommit = True
        return connection


def _wait(connection):
    while (state := connection.poll()) != extensions.POLL_OK:
        wait = gevent.socket.wait_write if state == extensions.POLL_WRITE else gevent.socket.wait_read
        wait(connection.fileno())
