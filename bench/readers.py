"""Process that holds thousands of event streams and records when each event arrives."""

import gc
import multiprocessing
import re
import select
import socket
import time
from collections import defaultdict, deque
from contextlib import suppress

from bench import client

MOST_AT_ONCE = 64
"""Streams opened in parallel."""

OPEN_SECONDS = 120
LATE_SECONDS = 20
"""Events that arrive later than this, in seconds, count as lost."""
_ID = re.compile(rb"id: (\d+)\nevent: ")


class Readers:
    """Parent's end of the readers' process; `open` adds streams to the open ones."""

    def __init__(self):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_main, args=(theirs,), daemon=True)

    def __enter__(self):
        self._process.start()
        return self

    def __exit__(self, *exception):
        with suppress(OSError):
            self._pipe.send(("end",))
        self._process.join(10)
        self._process.kill()

    def open(self, port, tokens):
        """Open one stream per token; return when each has its first bytes. Raises RuntimeError."""
        opened = self._call("open", port, tokens)
        if opened != len(tokens):
            raise RuntimeError(f"{opened} of {len(tokens)} streams opened")

    def arrivals(self, first_id, last_id):
        """({event_id: [arrival on each stream, monotonic s]}, streams); waits until all have the last event."""
        return self._call("arrivals", first_id, last_id)

    def close(self):
        """Close all streams."""
        return self._call("close")

    def _call(self, *message):
        self._pipe.send(message)
        if not self._pipe.poll(OPEN_SECONDS):
            raise RuntimeError(f"the readers did not {message[0]}")
        return self._pipe.recv()


class _Stream:
    """One open stream and its received data: [(time, bytes)]."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), client.TIMEOUT_SECONDS)
        self.socket.sendall(client.get("/api/events", token))
        self.socket.setblocking(False)
        self.received = []

    def has(self, event_id):
        """True if the stream's latest events include this one."""
        return any(f"id: {event_id}\n".encode() in part for _, part in self.received[-3:])

    def events(self):
        """Yield (event_id, time of its first byte) for all received events."""
        ends, whole = [], b""
        for when, part in self.received:
            whole += part
            ends.append((len(whole), when))
        place = iter(ends)
        end, when = next(place, (0, 0))
        for found in _ID.finditer(whole):
            while found.end() > end:
                end, when = next(place)
            yield int(found[1]), when


class _Reading:
    """The loop of the readers' process."""

    def __init__(self, pipe):
        self.pipe, self.poller = pipe, select.epoll()
        self.poller.register(pipe.fileno(), select.EPOLLIN)
        self.streams, self.opening, self.asked, self.port = {}, set(), deque(), None
        self.wanted = self.awaited = None
        self.alive = True

    def run(self):
        while self.alive:
            for number, _ in self.poller.poll(0.2):
                if number == self.pipe.fileno():
                    self._run_command(*self.pipe.recv())
                else:
                    self._read(number)
            self._open_more()
            self._send_arrivals()

    def _run_command(self, command, *arguments):
        getattr(self, f"_{command}")(*arguments)

    def _end(self):
        self.alive = False

    def _open(self, port, tokens):
        self.port, self.wanted = port, len(tokens)
        self.asked.extend(tokens)

    def _open_more(self):
        while self.asked and len(self.opening) < MOST_AT_ONCE:
            stream = _Stream(self.port, self.asked.popleft())
            self.streams[stream.socket.fileno()] = stream
            self.opening.add(stream.socket.fileno())
            self.poller.register(stream.socket.fileno(), select.EPOLLIN)
        if self.wanted and not self.asked and not self.opening:
            self.pipe.send(self.wanted)
            self.wanted = None

    def _read(self, number):
        part = self.streams[number].socket.recv(65_536)
        self.streams[number].received.append((time.monotonic(), part))
        if not part:
            self.poller.unregister(number)
        if number in self.opening and (not part or b"id: " in part):
            self.opening.discard(number)

    def _arrivals(self, first_id, last_id):
        self.awaited = first_id, last_id, time.monotonic() + LATE_SECONDS

    def _send_arrivals(self):
        """Send the arrival times once every stream has the last awaited event, or after LATE_SECONDS."""
        if self.awaited is None:
            return
        first_id, last_id, until = self.awaited
        if time.monotonic() > until or all(stream.has(last_id) for stream in self.streams.values()):
            self.pipe.send((self._times(first_id, last_id), len(self.streams)))
            self.awaited = None

    def _times(self, first_id, last_id):
        times = defaultdict(list)
        for stream in self.streams.values():
            for event_id, when in dict(stream.events()).items():
                if first_id <= event_id <= last_id:
                    times[event_id].append(when)
        return dict(times)

    def _close(self):
        for stream in self.streams.values():
            stream.socket.close()
        self.pipe.send(len(self.streams))
        self.streams.clear()


def _main(pipe):
    gc.disable()  # GC pauses would count as delays of the server.
    _Reading(pipe).run()
