"""Minimal HTTP client for load: sends prepared bytes over keep-alive connections."""

import gc
import json
import select
import socket
import time
from dataclasses import dataclass, field

TIMEOUT_SECONDS = 120


def get(path, token=None):
    """HTTP bytes of a GET."""
    return _request("GET", path, token)


def send(method, path, token, body=None):
    """HTTP bytes of a call with a JSON body."""
    return _request(method, path, token, b"" if body is None else json.dumps(body, ensure_ascii=False).encode())


def _request(method, path, token=None, body=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


@dataclass
class Slice:
    """Times and answers of a number of calls."""

    times: list = field(default_factory=list)
    """Seconds of each call."""
    seconds: float = 0.0
    """Seconds of all calls together."""
    bodies: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    """(status, body) of every answer with status 300 and above."""
    cpu: list = field(default_factory=list)

    def record(self, seconds, answer):
        self.times.append(seconds)
        if answer[0] < 300:
            self.bodies.append(answer[1])
        else:
            self.failures.append(answer)


class Connection:
    """One keep-alive connection."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.local_port = self._socket.getsockname()[1]
        self._data = bytearray()
        self._whole = None

    def fileno(self):
        return self._socket.fileno()

    def close(self):
        self._socket.close()

    def begin(self, request):
        """Send a request."""
        self._data.clear()
        self._whole = None
        self._socket.sendall(request)

    def receive(self):
        """Read available bytes; return (status, body) once the answer is complete, otherwise None."""
        part = self._socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._data += part
        if self._whole is None:
            self._read_head()
        if self._whole is None or len(self._data) < self._whole:
            return None
        return int(self._data[9:12]), bytes(self._data[self._body_at : self._whole])

    def call(self, request):
        """Send a request and return its answer: (status, body)."""
        self.begin(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def _read_head(self):
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._data[:end]).lower()
        at = head.find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        self._body_at, self._whole = end + 4, end + 4 + length


def answers(port, call):
    """True if the server now answers a call with 200."""
    try:
        connection = Connection(port)
    except OSError:
        return False
    try:
        return connection.call(call)[0] == 200
    except OSError:
        return False
    finally:
        connection.close()


def take_turns(connections, requests):
    """Send {target: requests} over {target: connection}, one call at a time, each target in turn: {target: Slice}."""
    slices = {target: Slice() for target in requests}
    gc.disable()
    for at, turn in enumerate(zip(*requests.values(), strict=True)):
        calls = list(zip(requests, turn, strict=True))
        for target, request in calls[at % len(calls) :] + calls[: at % len(calls)]:
            begun = time.perf_counter()
            answer = connections[target].call(request)
            slices[target].record(time.perf_counter() - begun, answer)
    gc.enable()
    return slices


def drive(connections, requests):
    """Send each request once, over all connections in parallel, and return the Slice."""
    result, waiting, begun_at = Slice(), iter(requests), {}
    poller = select.epoll()
    by_number = {connection.fileno(): connection for connection in connections}
    gc.disable()
    begun = time.perf_counter()
    for connection in connections:
        poller.register(connection.fileno(), select.EPOLLIN)
        _next(connection, waiting, begun_at)
    while begun_at:
        _take_answers(poller, by_number, waiting, begun_at, result)
    result.seconds = time.perf_counter() - begun
    gc.enable()
    poller.close()
    return result


def _take_answers(poller, by_number, waiting, begun_at, result):
    for number, _ in poller.poll(TIMEOUT_SECONDS) or _raise_timeout():
        connection = by_number[number]
        answer = connection.receive()
        if answer is not None:
            result.record(time.perf_counter() - begun_at.pop(connection), answer)
            _next(connection, waiting, begun_at)


def _next(connection, waiting, begun_at):
    request = next(waiting, None)
    if request is not None:
        begun_at[connection] = time.perf_counter()
        connection.begin(request)


def _raise_timeout():
    raise TimeoutError(f"no answer within {TIMEOUT_SECONDS} s")


def decoded(body):
    """Parsed JSON of an answer."""
    return json.loads(body)
