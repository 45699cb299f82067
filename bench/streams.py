"""Open event streams: delay, completeness, memory, and their effect on other calls."""

import resource
import socket
import time
from statistics import median

from bench import client, data, rounds, stories
from bench.readers import Readers

PAUSE_SECONDS = 0.3
"""Pause between two comments, so that each is delivered to all before the next."""

CALLS_WITH_STREAMS = 200
CLOSED_SECONDS = 60
EVENTS_AT_ONCE = 250


def measure(world, scale, say):
    """{number of streams: {p50_ms, p99_ms, delivered, lost, kib_each}}, and the figures of idle and unread streams."""
    _raise_descriptor_limit()
    tokens = world.tokens([data.MANAGER_ID] * max(*scale.streams, scale.idle_streams))
    lone = None
    by_number = {}
    for number in scale.streams:
        say(f"streams: {number:,}")
        by_number[number] = _deliver(world, tokens[:number], scale.broadcasts)
        lone = lone or (number, by_number[number].pop("memory_kib"))
        if "memory_kib" in by_number[number]:
            grown = by_number[number].pop("memory_kib") - lone[1]
            by_number[number]["kib_each"] = grown / (number - lone[0])
    say(f"streams: API with {scale.idle_streams:,} idle ones")
    idle = _api_beside_idle(world, tokens[: scale.idle_streams], scale.repeats)
    say("streams: a reader that does not read")
    return {"by_number": by_number, "idle": idle, "unread": _unread(world, tokens[0], scale.unread_events)}


def _deliver(world, tokens, comments):
    """Post comments while all streams are open, and compare the received events with the log."""
    server = world.server
    requestid = world.one("SELECT max(requestid) FROM repair_requests")
    with Readers() as readers:
        readers.open(server.port, tokens)
        memory = sum(server.memory())
        before = world.one("SELECT max(event_id) FROM request_events")
        begun = _post(world, requestid, comments)
        events = world.rows(
            "SELECT event_id, (to_value->>'commentid')::bigint FROM request_events WHERE event_id > %s", before
        )
        times, streams = readers.arrivals(before + 1, max(event for event, _ in events))
    delays = [(when - begun[comment]) * 1000 for event, comment in events for when in times.get(event, ())]
    _wait_until_closed(world)
    return {
        "p50_ms": rounds.percentile(delays, 0.5),
        "p99_ms": rounds.percentile(delays, 0.99),
        "delivered": len(delays),
        "lost": streams * len(events) - len(delays),
        "memory_kib": memory,
    }


def _post(world, requestid, number):
    """Post comments one by one; return {commentid: start of its POST, monotonic s}."""
    begun = {}
    for at in range(number):
        connection = client.Connection(world.server.port)
        start = time.monotonic()
        status, body = connection.call(stories.comment(world, requestid, f"Сообщение {at}"))
        connection.close()
        if status != 201:
            raise RuntimeError(f"a comment was answered with {status}: {body[:300].decode()}")
        begun[client.decoded(body)["commentid"]] = start
        time.sleep(PAUSE_SECONDS)
    return begun


def _api_beside_idle(world, tokens, times):
    """Median time of the first page, alternating without and with idle streams: {without_ms, with_ms, ratio}."""
    without, beside = [], []
    for _ in range(times):
        without.append(_first_page_ms(world))
        with Readers() as readers:
            readers.open(world.server.port, tokens)
            beside.append(_first_page_ms(world))
        _wait_until_closed(world)
    ratios = [more / less for more, less in zip(beside, without, strict=True)]
    return {"streams": len(tokens), "without_ms": median(without), "with_ms": median(beside), "ratio": median(ratios)}


def _first_page_ms(world):
    connections = world.server.balanced(2)
    result = client.drive(connections, [client.get("/api/requests/", world.manager)] * CALLS_WITH_STREAMS)
    for connection in connections:
        connection.close()
    return median(result.times) * 1000


def _unread(world, token, events):
    """Send events to a stream whose client does not read: {events, grown_kib, cut_to_reset}."""
    before = sum(world.server.memory())
    with socket.socket() as stalled:
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.connect(("127.0.0.1", world.server.port))
        stalled.sendall(client.get("/api/events", token))
        time.sleep(1)
        last = _write_events(world, events)
        time.sleep(1)
        grown = sum(world.server.memory()) - before
        text = _read_until(stalled, f"id: {last}\n".encode())
    return {"events": events, "grown_kib": grown, "cut_to_reset": b"event: reset" in text}


def _write_events(world, number):
    """Append events to the log in batches; return the last one's id."""
    insert = """INSERT INTO request_events (requestid, kind, version)
                SELECT (SELECT max(requestid) FROM repair_requests), 'edited', 1 FROM generate_series(1, %s)"""
    for at in range(0, number, EVENTS_AT_ONCE):
        world.rows(insert, min(number - at, EVENTS_AT_ONCE))
        time.sleep(0.02)
    return world.one("SELECT max(event_id) FROM request_events")


def _read_until(stalled, wanted):
    """Read up to the wanted bytes and return everything received. Raises TimeoutError."""
    stalled.settimeout(20)
    text = bytearray()
    while wanted not in text[-20_000:]:
        part = stalled.recv(65_536)
        if not part:
            raise RuntimeError("the stream ended without the last event")
        text += part
    return bytes(text)


def _wait_until_closed(world):
    """Wait until the workers have noticed the closed streams; they notice on the next write."""
    deadline = time.monotonic() + CLOSED_SECONDS
    _write_events(world, 1)
    while sum(len(worker.net_connections("tcp4")) for worker in world.server.workers()) > 20:
        if time.monotonic() > deadline:
            raise RuntimeError("the workers keep streams whose readers are gone")
        time.sleep(0.1)
        _write_events(world, 1)


def _raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
