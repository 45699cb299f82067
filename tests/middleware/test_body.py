"""Request bodies: limits per route, rejected before they are read; files outside memory."""

import io
import tracemalloc

import pytest
from flask import request

from app import create_app
from middleware.body import MEBIBYTE, takes_file, takes_up_to
from tests.kit import contract

LIMIT, FILE_LIMIT = 100, 25 * MEBIBYTE


@pytest.fixture(scope="module")
def client(settings):
    """Client of an application with a route for short bodies and one for files."""
    app = create_app(settings)

    @app.post("/api/short")
    @takes_up_to(LIMIT)
    def short():
        return {"size": len(request.get_data())}

    @app.post("/api/file")
    @takes_file(FILE_LIMIT)
    def file():
        pieces = iter(lambda: request.stream.read(65536), b"")
        return {"size": sum(len(piece) for piece in pieces)}

    return app.test_client()


def in_chunks(body):
    """WSGI environment of a chunked body."""
    return {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


@pytest.mark.parametrize(("path", "limit"), [("/api/short", LIMIT), ("/api/file", FILE_LIMIT)])
@pytest.mark.parametrize("way", ["with its length", "in chunks"])
def test_body_up_to_the_limit_is_taken_and_a_longer_one_refused(client, path, limit, way):
    for size in (0, limit, limit + 1, 2 * limit):
        body = b"x" * size
        how = {"data": body} if way == "with its length" else {"environ_overrides": in_chunks(body)}
        answer = client.post(path, **how)
        if size <= limit:
            assert (answer.status_code, answer.json) == (200, {"size": size})
        else:
            contract.check_error(answer)
            assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["/api/short", "/api/file"])
def test_body_that_breaks_off_is_none(client, path):
    cut = {"wsgi.input": io.BytesIO(b"x" * 50), "CONTENT_LENGTH": "90"}
    answer = client.post(path, environ_overrides=cut)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert client.post(path, data=b"x" * 90).json == {"size": 90}


class Endless:
    """A body of any size that is never completely in memory."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        if size < 0:
            raise AssertionError("the body was read whole")
        piece = b"x" * min(size, self.left)
        self.left -= len(piece)
        return piece


def test_a_file_is_not_held_in_memory(client):
    long = {"wsgi.input": Endless(FILE_LIMIT), "CONTENT_LENGTH": str(FILE_LIMIT)}
    tracemalloc.start()
    answer = client.post("/api/file", environ_overrides=long)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.json == {"size": FILE_LIMIT}
    assert peak < 4 * MEBIBYTE
