"""The floor: the lowest possible cost of the same answers, in the same server with the same settings.

A bare Flask view replays the captured SQL of a route, its session query included. It uses psycopg2 in autocommit
over a simple pool and returns the last rows as JSON: no token check, validation, log or headers.
Started by the bench: gunicorn "bench.floor:create_app()".
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
    """Return the WSGI app; BENCH_STATEMENTS is the file of captured statements (`capture.py`)."""
    app = Flask(__name__, static_folder=None)
    # gunicorn.conf.py closes the live feed when a worker stops; the floor has none.
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
