"""Live feed: each worker follows the event log once and delivers events to its open streams.

One `Feed` per process listens for NOTIFY (which carries ids only), reads the new events and puts visible ones into
the streams' queues. Ids follow commits (`models/triggers.py`), so «all after id N» misses nothing. A stream never
holds a database connection. The queue of a slow reader is replaced by one `reset`.
"""

import threading
import time
from contextlib import closing

import psycopg2
from psycopg2.extras import NamedTupleCursor

from database import log_outage
from models.enums import Role
from postgres.greenlets import under_gevent, wait_ready
from services.common.errors import Unavailable
from services.live.frames import HEARTBEAT, frames_of, position, reset
from services.live.stream import BATCH, Stream
from services.requests.visibility import EVERY_MASTER, group_of, groups_concerned

CHANNEL = "request_events"

MAX_REPLAYED = 5000
"""Missed events that are replayed; beyond that the client reloads its lists."""

MAX_STREAMS = 9000
MAX_STREAMS_WITH_THREADS = 16
"""Streams per process. With threads each stream occupies one, and other requests need some too."""

HEARTBEAT_SECONDS = 15
RECHECK_SECONDS = 2
RECONNECT_SECONDS = 0.5

_EVENTS = """
SELECT e.event_id, e.requestid, e.kind, e.version, e.is_internal, e.actor_id, e.former_masterid, e.was_takeable,
       r.clientid, r.masterid, r.requeststatus
FROM request_events e JOIN repair_requests r USING (requestid)
WHERE e.event_id > %(after)s ORDER BY e.event_id LIMIT %(limit)s
"""
_LIVE_SESSIONS = """
SELECT s.jti, u.user_type FROM sessions s JOIN users u USING (user_id)
WHERE s.jti = ANY(%(jtis)s) AND s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active
"""


class Feed:
    """Streams of one process and the thread (greenlet) that feeds them."""

    def __init__(self, engine_url):
        self._url = engine_url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._most = MAX_STREAMS if under_gevent() else MAX_STREAMS_WITH_THREADS
        self._lock = threading.Lock()
        self._streams = {}
        self._last_id = None
        self._thread = None
        self._next_beat = 0.0
        self._closed = False
        self._ready = threading.Event()

    def open(self, user, last_event_id=None):
        """Return a Stream for the user that starts after `last_event_id`, if given. Raises Unavailable."""
        self._run()
        if self.count() >= self._most:
            raise Unavailable()
        with self._lock:
            if self._closed:
                raise Unavailable()
            start = self._last_id
            stream = Stream(self, user, last_event_id)
            self._streams.setdefault(group_of(user), set()).add(stream)
        try:
            stream.backlog = self._backlog(user, last_event_id, start)
        except Exception:
            self.leave(stream)
            raise
        return stream

    def leave(self, stream):
        """Remove a stream."""
        with self._lock:
            group = self._streams.get(group_of(stream.user))
            if group is not None:
                group.discard(stream)
                if not group:
                    del self._streams[group_of(stream.user)]

    def close(self):
        """End all streams and stop following, when the worker stops."""
        with self._lock:
            self._closed = True
        for stream in self._open_streams():
            stream.end()

    def count(self):
        """Number of open streams in this process."""
        return len(self._open_streams())

    def _run(self):
        with self._lock:
            if self._closed:  # A stopping worker still accepts requests for some seconds.
                raise Unavailable()
            if self._thread is None or not self._thread.is_alive():
                self._ready.clear()
                self._thread = threading.Thread(target=self._follow, name="live-feed", daemon=True)
                self._thread.start()
        if not self._ready.wait(timeout=3):
            raise Unavailable()

    def _open_streams(self):
        with self._lock:
            return [stream for group in self._streams.values() for stream in group]

    def _backlog(self, user, last_event_id, start):
        """Initial frames: missed events, or just the current id."""
        if last_event_id is None or last_event_id == start:
            return (position(start),)
        if start - last_event_id > MAX_REPLAYED:
            return (reset(start),)
        with closing(psycopg2.connect(self._url)) as connection, _reading(connection) as cursor:
            if last_event_id > start:
                return (position(last_event_id) if last_event_id <= _newest_id(cursor) else reset(start),)
            events = self._events_after(cursor, last_event_id, MAX_REPLAYED)
        frames = (frames_of(event).to(user) for event in events if event.event_id <= start)
        return (*(chunk for chunk in frames if chunk is not None), position(start))

    def _follow(self):
        """Follow the log as long as the process runs; reconnect after database outages."""
        while not self._closed:
            try:
                self._follow_one_connection()
            except psycopg2.Error as error:
                log_outage(error)
                self._send_heartbeat_if_due()
                time.sleep(RECONNECT_SECONDS)

    def _follow_one_connection(self):
        with closing(psycopg2.connect(self._url, application_name="technic-feed")) as connection:
            connection.autocommit = True
            with _reading(connection) as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
                if self._last_id is None:
                    self._last_id = _newest_id(cursor)
                self._ready.set()
                self._deliver_events(connection, cursor)

    def _deliver_events(self, connection, cursor):
        next_recheck = time.monotonic()
        while not self._closed:
            self._deliver_new_events(cursor)
            self._send_heartbeat_if_due()
            if time.monotonic() >= next_recheck:
                self._end_revoked_streams(cursor)
                next_recheck = time.monotonic() + RECHECK_SECONDS
            _wait_for_notice(connection, next_recheck - time.monotonic())

    def _deliver_new_events(self, cursor):
        while True:
            events = self._events_after(cursor, self._last_id, BATCH)
            for event in events:
                self._deliver(event)
            if len(events) < BATCH:
                return
            time.sleep(0.01)  # Let the readers empty their queues before the next batch.

    def _events_after(self, cursor, event_id, limit):
        cursor.execute(_EVENTS, {"after": event_id, "limit": limit})
        return cursor.fetchall()

    def _deliver(self, event):
        frames = frames_of(event)
        with self._lock:
            for group in self._groups_of(event):
                for stream in self._streams.get(group, ()):
                    chunk = frames.to(stream.user)
                    if chunk is not None:
                        stream.put(chunk, event.event_id)
            self._last_id = event.event_id

    def _groups_of(self, event):
        """Groups with open streams that may contain a recipient of the event."""
        groups = groups_concerned(event)
        if EVERY_MASTER in groups:
            return [group for group in self._streams if group in groups or group[0] == Role.MASTER]
        return groups

    def _end_revoked_streams(self, cursor):
        """End streams whose session was revoked, or whose account or role has changed."""
        streams = self._open_streams()
        if not streams:
            return
        cursor.execute(_LIVE_SESSIONS, {"jtis": list({stream.user.jti for stream in streams})})
        alive = {(row.jti, row.user_type) for row in cursor.fetchall()}
        for stream in streams:
            if not stream.ended and (stream.user.jti, stream.user.user_type) not in alive:
                stream.end()

    def _send_heartbeat_if_due(self):
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + HEARTBEAT_SECONDS
        for stream in self._open_streams():
            stream.put(HEARTBEAT)


def _newest_id(cursor):
    cursor.execute("SELECT coalesce(max(event_id), 0) AS newest FROM request_events")
    return cursor.fetchone().newest


def _reading(connection):
    return connection.cursor(cursor_factory=NamedTupleCursor)


def _wait_for_notice(connection, seconds):
    """Wait for a NOTIFY or the timeout; the notification's content is not used."""
    if seconds > 0:
        wait_ready(connection.fileno(), False, seconds)
    connection.poll()
    connection.notifies.clear()
