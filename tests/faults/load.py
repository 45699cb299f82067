"""Load: parallel clients that play stories of repairs and change each other's requests."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta

from models import Role
from tests.faults.caller import Caller, Lost
from tests.faults.journal import UNAVAILABLE
from tests.faults.shop import wait_until

WRITERS = 8
MAX_PAUSE_S = 0.04
"""Longest pause of a client before a call, in seconds: restarting processes need CPU time too."""

EXPECTED = {200, 201, 403, 404, 409, 412, UNAVAILABLE}
"""No other status is allowed: the clients follow the contract."""

FIRST_DEADLINE = datetime(2027, 1, 1, tzinfo=UTC)


class Load:
    """The writers; they run inside the `with` block."""

    def __init__(self, shop, journal, people):
        self.journal = journal
        self.requests = []
        self.unexpected = []
        self.stopped = threading.Event()
        self._writers = [Writer(self, shop.port, *three) for three in people]

    def __enter__(self):
        for writer in self._writers:
            writer.start()
        return self

    def __exit__(self, *exception):
        self.stopped.set()
        for writer in self._writers:
            writer.join()
        assert self.unexpected == []

    def wait_for_acknowledged(self, number, since):
        """Wait until that many writes sent since a point in time are acknowledged."""

        def enough():
            return sum(attempt.succeeded for attempt in self.journal.since(since)) >= number

        wait_until(enough, f"fewer than {number} writes were acknowledged")


def create_people(make, writers=WRITERS):
    """Create (user_id, token) of a client, a master and a manager for each writer."""
    roles = (Role.CLIENT, Role.MASTER, Role.MANAGER)
    return [[_account(make, role) for role in roles] for _ in range(writers)]


def _account(make, role):
    user = make.user(role)
    return user.user_id, make.token(user)


class Writer(threading.Thread):
    """Thread with three users: a client, their master and a manager."""

    def __init__(self, load, port, *accounts):
        super().__init__(daemon=True)
        self.load, self.journal = load, load.journal
        self.client, self.master, self.manager = (Caller(port, *account) for account in accounts)
        self.chance = random.Random()
        self._tried_to_accept = set()

    def run(self):
        while not self.load.stopped.is_set():
            try:
                self._play_story()
            except Lost:
                time.sleep(0.05)
        for person in (self.client, self.master, self.manager):
            person.close()

    def _play_story(self):
        """Play a repair from creation to rating; a step with unknown outcome is not repeated."""
        requestid = self._create()
        if requestid is None:
            return
        self.load.requests.append(requestid)
        for step in (
            lambda: self._edit(self.client, requestid),
            lambda: self._set_deadline(requestid),
            lambda: self._accept(requestid),
            lambda: self._comment(self.master, requestid),
            lambda: self._move(requestid, "Ожидает запчасти"),
            lambda: self._move(requestid, "В работе"),
            lambda: self._comment(self.client, requestid),
            lambda: self._move(requestid, "Завершена"),
            lambda: self._rate(requestid),
        ):
            if self.load.stopped.is_set():
                return
            step()
            if self.chance.random() < 0.3:
                self._change_anothers_request()

    def _change_anothers_request(self):
        """Change a request that another writer may be changing."""
        requestid = self.chance.choice(self.load.requests[-2 * WRITERS :])
        act = self.chance.choice((self._accept, self._set_deadline, self._edit_as_manager, self._comment_as_manager))
        act(requestid)

    def _create(self):
        call = self.journal.begin("create")
        body = {"techtype": "Фен", "techmodel": "ТА112", "problemdescription": call.mark}
        answer = self._until_known(self.client, call, "/api/requests/", body)
        return answer.get_json()["requestid"] if answer and answer.status_code == 201 else None

    def _comment(self, person, requestid):
        call = self.journal.begin("comment", requestid)
        self._until_known(person, call, "/api/comments/", {"requestid": requestid, "message": call.mark})

    def _comment_as_manager(self, requestid):
        self._comment(self.manager, requestid)

    def _edit(self, person, requestid):
        seen = person.send("GET", f"/api/requests/{requestid}")
        if seen.status_code == 200:
            call = self.journal.begin("edited", requestid)
            body = {"serialnumber": call.mark}
            self._try(person, call, "PATCH", f"/api/requests/{requestid}", body, If_Match=seen.headers["ETag"])

    def _edit_as_manager(self, requestid):
        self._edit(self.manager, requestid)

    def _set_deadline(self, requestid):
        call = self.journal.begin("deadline", requestid)
        moment = FIRST_DEADLINE + timedelta(minutes=int(call.mark.rpartition("-")[2]))
        body = {"duedate": moment.isoformat(), "reason": call.mark}
        self._try(self.manager, call, "PUT", f"/api/requests/{requestid}/deadline", body)

    def _accept(self, requestid):
        """Accept without a retry, so that the history shows whose attempt succeeded."""
        if requestid not in self._tried_to_accept:
            self._tried_to_accept.add(requestid)
            call = self.journal.begin("accepted", requestid, f"{requestid} by {self.master.user_id}")
            self._try(self.master, call, "POST", f"/api/requests/{requestid}/accept")

    def _move(self, requestid, status):
        call = self.journal.begin("status", requestid)
        body = {"requeststatus": status, "comment": call.mark}
        self._try(self.master, call, "PUT", f"/api/requests/{requestid}/status", body)

    def _rate(self, requestid):
        call = self.journal.begin("rating", requestid)
        body = {"score": self.chance.randint(1, 5), "comment": call.mark}
        self._try(self.client, call, "PUT", f"/api/requests/{requestid}/rating", body)

    def _until_known(self, person, call, path, body):
        """POST with an Idempotency-Key; every second caller repeats it until the outcome is known."""
        stubborn = self.chance.random() < 0.5
        while True:
            answer = self._try(person, call, "POST", path, body, Idempotency_Key=call.mark)
            if not call.attempts[-1].failed or not stubborn or self.load.stopped.is_set():
                return answer
            time.sleep(0.1)

    def _try(self, person, call, method, path, body=None, **headers):
        """Send a call, recorded before and after; return the Answer, or None if it was lost."""
        time.sleep(self.chance.uniform(0, MAX_PAUSE_S))
        attempt = self.journal.send(call)
        try:
            answer = person.send(method, path, body, **headers)
        except Lost:
            answer = None
        else:
            attempt.record(answer)
        if attempt.failed:
            time.sleep(0.05)
        elif attempt.status not in EXPECTED:
            self.load.unexpected.append((call, answer.body))
        return answer
