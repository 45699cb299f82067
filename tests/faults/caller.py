"""Clients of the real server: keep-alive connections of signed-in users, and a reader of the live feed."""

import http.client
import json
import select
import socket
import threading
import time
from contextlib import suppress

from tests.faults.shop import TIMEOUT_S, wait_until


class Lost(Exception):
    """The connection broke before the complete answer."""


class Answer:
    """An answer with the interface of Flask's test client, and its duration."""

    def __init__(self, response, began):
        self.status_code, self.headers = response.status, response.headers
        self.mimetype = response.headers.get_content_type()
        self.body = response.read()
        self.seconds = time.monotonic() - began

    def get_json(self):
        return json.loads(self.body)


class Caller:
    """Connection of one user (anonymous without a token); a broken one is reopened."""

    def __init__(self, port, user_id=None, token=None):
        self.user_id, self._token = user_id, token
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)

    def send(self, method, path, body=None, **headers):
        """Return the Answer. Raises Lost."""
        began = time.monotonic()
        try:
            return Answer(self.open(method, path, body, **headers), began)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(str(error)) from error

    def open(self, method, path, body=None, **headers):
        """Send a call and return the response without reading its body."""
        headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._drop_closed_connection()
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        return self._connection.getresponse()

    def close(self):
        self._connection.close()

    def shut_down(self):
        """Shut the connection down while another thread reads from it."""
        with suppress(OSError, AttributeError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _drop_closed_connection(self):
        """Reconnect if the server has closed the idle connection, as every client does."""
        if self._connection.sock and select.select([self._connection.sock], [], [], 0)[0]:
            self.close()


class Listener(threading.Thread):
    """Reads the live feed and reconnects with Last-Event-ID, as a browser does.

    `received` are the event ids; `ends` has one entry per ended stream: "polite" or "broken".
    """

    def __init__(self, port, account):
        super().__init__(daemon=True)
        self.received, self.ends = [], []
        self.begins_behind = self.last_id = None
        self._caller = Caller(port, *account)
        self._stopped = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def stop(self):
        self._stopped.set()
        self._caller.shut_down()

    def wait_for_all_events(self, shop):
        """Wait for every event since the start; each was received once, and in order."""
        query = "SELECT event_id FROM request_events WHERE event_id > %s ORDER BY event_id"
        written = [event_id for (event_id,) in shop.query(query, self.begins_behind)]
        wait_until(lambda: len(self.received) >= len(written), "the live feed lost events")
        assert self.received == written

    def run(self):
        while not self._stopped.is_set():
            with suppress(OSError, http.client.HTTPException):
                response = self._open()
                if response.status == 200:
                    self.ends.append(self._read(response))
            self._caller.close()
            time.sleep(0.1)

    def _open(self):
        headers = {} if self.last_id is None else {"Last_Event_ID": self.last_id}
        return self._caller.open("GET", "/api/events", **headers)

    def _read(self, response):
        """Read frames until the stream ends; return how it ended."""
        rest = b""
        try:
            while chunk := response.read1(65536):
                *frames, rest = (rest + chunk).split(b"\n\n")
                for frame in frames:
                    self._take(frame.decode())
        except (OSError, http.client.HTTPException):
            return "broken"
        return "polite"

    def _take(self, frame):
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if ": " in line)
        if "id" not in fields:
            return
        self.last_id = int(fields["id"])
        if self.begins_behind is None:
            self.begins_behind = self.last_id
        if "event" in fields:
            assert fields["event"] != "reset", "a gap"
            self.received.append(self.last_id)
