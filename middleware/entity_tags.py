"""`ETag` and `If-None-Match`: who has an answer already gets a 304 without a body."""

from flask import request

READING = frozenset({"GET", "HEAD"})


def tagged(response):
    """Give the answer to a reading call its tag, and leave its body out where the caller has it.

    Streams have no tag. A route's own tag names a version for `If-Match`; the answer holds more than that version
    (names of people, what is overdue by now), so it is always sent.
    """
    if request.method not in READING or response.status_code != 200 or response.is_streamed:
        return response
    if "ETag" not in response.headers:
        response.add_etag()
        if "If-None-Match" in request.headers and request.if_none_match.contains_weak(response.get_etag()[0]):
            response.status_code = 304
            response.set_data(b"")
    return response
