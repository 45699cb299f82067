"""Compares the database with the journal and checks it for consistency."""

from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from psycopg2.extras import NamedTupleCursor

NEW = "Новая заявка"
_REQUESTS_OF_THE_LOAD = "SELECT * FROM repair_requests WHERE problemdescription LIKE 'create-%'"
"""Requests created by the load; other tests insert requests without a history."""

_COUNTED = """
SELECT scope, requeststatus, sum(n) FROM (
    SELECT scope, requeststatus, n FROM request_counts
    UNION ALL SELECT scope, requeststatus, delta FROM request_count_deltas
) AS both_parts GROUP BY scope, requeststatus HAVING sum(n) <> 0
"""
_REAL = """
SELECT 0, requeststatus, count(*) FROM repair_requests GROUP BY requeststatus
UNION ALL
SELECT masterid, requeststatus, count(*) FROM repair_requests WHERE masterid IS NOT NULL
GROUP BY masterid, requeststatus
"""


@dataclass
class Findings:
    """Problems found, as sentences."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    unanswered: list = field(default_factory=list)
    """Calls that were applied although the caller got no answer; not an error by itself."""

    def __bool__(self):
        return bool(self.lost or self.doubled or self.half)


class Evidence:
    """All rows of the load's requests."""

    def __init__(self, shop):
        self.requests = {row.requestid: row for row in _rows(shop, _REQUESTS_OF_THE_LOAD)}
        self.comments = {row.commentid: row for row in _rows(shop, "SELECT * FROM comments")}
        self.ratings = {row.requestid: row for row in _rows(shop, "SELECT * FROM ratings")}
        self.counted = set(shop.query(_COUNTED))
        self.real = set(shop.query(_REAL))
        self.events = defaultdict(list)
        for row in _rows(shop, "SELECT * FROM request_events ORDER BY event_id"):
            self.events[row.requestid].append(row)

    def marks(self):
        """{(kind, mark): number of traces in the database}."""
        created = [("create", request.problemdescription) for request in self.requests.values()]
        changed = [mark for events in self.events.values() for event in events for mark in _marks(event)]
        return Counter(created + changed)


def check(shop, journal):
    """Check all calls of the journal and all rows of the database; return Findings."""
    evidence, findings = Evidence(shop), Findings()
    _check_calls(journal, evidence.marks(), findings)
    for requestid, request in evidence.requests.items():
        findings.half += [f"request {requestid}: {what}" for what in _problems(evidence, request)]
    _check_comments(evidence, findings)
    if evidence.counted != evidence.real:
        findings.half.append(f"counters differ: {evidence.counted ^ evidence.real}")
    return findings


def _check_calls(journal, marks, findings):
    for call in journal.calls:
        found = marks[call.kind, call.mark]
        if call.was_acknowledged and not found:
            findings.lost.append(f"{call}")
        if call.is_unknown and found:
            findings.unanswered.append(call)
        if call.was_refused and found:
            findings.half.append(f"refused, and yet there: {call}")
        if found > 1:
            findings.doubled.append(f"{found} times: {call}")


def _marks(event):
    """Marks of an event; a master's move of a new request into work also accepts it, with a comment."""
    if event.kind == "accepted":
        return [("status", event.comment) if event.comment else ("accepted", f"{event.requestid} by {event.actor_id}")]
    return [(event.kind, event.to_value["serialnumber"] if event.kind == "edited" else event.comment)]


def _problems(evidence, request):
    """Yield contradictions between a request's row and its history."""
    events = evidence.events[request.requestid]
    changes = [event for event in events if event.kind != "comment"]
    if [event.kind for event in events].count("created") != 1 or events[0].kind != "created":
        yield "it was not created once and first"
    if [event.version for event in changes] != list(range(1, request.version + 1)):
        yield f"version {request.version}, but changes {[event.version for event in changes]}"
    yield from _status_problems(request, changes)
    yield from _chain_problems("duedate", _moment(request.duedate), _steps(changes, "deadline", _moment_of))
    yield from _chain_problems("serialnumber", request.serialnumber, _steps(changes, "edited", _serialnumber_of))
    yield from _rating_problems(evidence.ratings.get(request.requestid), _of_kind(changes, "rating"))


def _status_problems(request, changes):
    moves = [event for event in changes if event.kind in ("accepted", "status")]
    yield from _chain_problems(
        "status", request.requeststatus, [(NEW, NEW), *((m.from_value, m.to_value) for m in moves)]
    )
    masters = [event.actor_id for event in _of_kind(changes, "accepted")]
    if masters != ([request.masterid] if request.masterid else []):
        yield f"accepted by {masters}, but its master is {request.masterid}"
    if (request.completiondate is not None) != (request.requeststatus == "Завершена"):
        yield f"{request.requeststatus}, completed {request.completiondate}"


def _chain_problems(what, now, steps):
    """Each change must start from the previous value; the last one must match the row."""
    for (_, before), (after, _) in pairwise(steps):
        if before != after:
            yield f"{what}: a change to {before} is followed by one from {after}"
    if steps and steps[-1][1] != now:
        yield f"{what} is {now}, but the last change was to {steps[-1][1]}"


def _rating_problems(rating, events):
    given = (rating.score, rating.comment) if rating else None
    told = (events[-1].to_value, events[-1].comment) if events else None
    if given != told:
        yield f"rating {given}, but the history tells {told}"


def _check_comments(evidence, findings):
    """Every comment needs an event, and every comment event a comment."""
    told = {
        (event.to_value["commentid"], event.requestid, event.comment)
        for events in evidence.events.values()
        for event in _of_kind(events, "comment")
    }
    written = {(row.commentid, row.requestid, row.message) for row in evidence.comments.values()}
    findings.half += [f"comment without its other half: {odd}" for odd in told ^ written]


def _of_kind(events, kind):
    return [event for event in events if event.kind == kind]


def _steps(changes, kind, read):
    return [(read(event.from_value), read(event.to_value)) for event in _of_kind(changes, kind)]


def _serialnumber_of(value):
    return value["serialnumber"]


def _moment_of(value):
    return value and _moment(datetime.fromisoformat(value))


def _moment(moment):
    return moment and moment.timestamp()


def _rows(shop, statement):
    with closing(shop.connect()) as connection, connection.cursor(cursor_factory=NamedTupleCursor) as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
