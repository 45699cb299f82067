"""`ETag` and `If-None-Match`: an unchanged answer becomes a 304 without a body."""

from flask import request

READING = frozenset({"GET", "HEAD"})


def tagged(response):
    """Tag the answer to a GET, and drop its body if the caller has it already.

    Streams have no tag. A route's own tag is a version for `If-Match`. Such an answer contains more than that version
    covers (names of people, overdue by now), so it is always sent.
    """
    if request.method not in READING or response.status_code != 200 or response.is_streamed:
        return response
    if "ETag" not in response.headers:
        response.add_etag()
        if "If-None-Match" in request.headers and request.if_none_match.contains_weak(response.get_etag()[0]):
            response.status_code = 304
            response.set_data(b"")
    return response
