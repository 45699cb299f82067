"""Time zones of machine and database have no effect, and a clock that is set back blocks nobody."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from config import ROOT
from database import db
from models import Role
from postgres.embedded_server import SUPERUSER
from tests.kit.clients import SignedIn
from tests.kit.factories import PASSWORD

ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kolkata")
DAY = datetime(2031, 3, 9, tzinfo=UTC)
"""Day of a clock change in St. John's; no other test writes in this year."""

NEW_REQUEST = {"techtype": "Фен", "techmodel": "ТА112", "problemdescription": "Не греет"}
SUITE = ("tests/routes", "tests/services", "tests/models")


@pytest.fixture(params=ZONES)
def zone(request, shop, monkeypatch):
    """Time zone of the machine, the database and the shop."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    shop.query(f"ALTER ROLE technic SET timezone = '{request.param}'", user=SUPERUSER)
    monkeypatch.setitem(shop.app.config, "TIMEZONE", ZoneInfo(request.param))
    _reset_connections(shop)
    yield shop.app.config["TIMEZONE"]
    shop.query("ALTER ROLE technic RESET timezone", user=SUPERUSER)
    _reset_connections(shop)
    monkeypatch.undo()
    time.tzset()


def _reset_connections(shop):
    with shop.app.app_context():
        db.engine.dispose()


@pytest.fixture
def sign_in(shop):
    """Call it with a role: a signed-in user with a new password."""

    def sign_in(role=Role.CLIENT):
        return SignedIn(shop.app, shop.make.user(role, password_changed_at=datetime.now(UTC)))

    return sign_in


def test_times_are_the_same_in_every_zone(zone, sign_in):
    with time_machine.travel(DAY + timedelta(hours=4, minutes=59), tick=False):
        manager = sign_in(Role.MANAGER)
        repair = sign_in().post("/api/requests/", json=NEW_REQUEST).json
        duedate = {"duedate": "2031-03-09T10:30:00+05:30"}
        moved = manager.put(f"/api/requests/{repair['requestid']}/deadline", json=duedate).json
        query = "created_from=2031-03-09T04:59:00Z&created_to=2031-03-09T04:59:01Z"
        found = manager.get(f"/api/requests/?{query}").json["items"]
    assert repair["startdate"] == "2031-03-09T04:59:00Z"
    assert moved["duedate"] == "2031-03-09T05:00:00Z"
    assert repair["requestid"] in [item["requestid"] for item in found]


def test_days_are_those_of_the_shop(shop, zone, sign_in):
    """Requests of each hour around a local day: exactly that day's requests are counted."""
    day = datetime(2032, 1 + ZONES.index(zone.key), 14, tzinfo=zone)
    hours = [(day + timedelta(hours=hour)).astimezone(UTC) for hour in range(-3, 27)]
    owner = shop.make.user()
    for hour in hours:
        shop.make.request(client=owner, startdate=hour)
    figures = sign_in(Role.MANAGER).get(f"/api/statistics/?from={day:%Y-%m-%d}&to={day:%Y-%m-%d}").json
    assert figures["totals"]["created"] == 24
    assert figures["timeline"] == [{"date": f"{day:%Y-%m-%d}", "created": 24, "completed": 0}]


@pytest.mark.zones
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ZONES)
def test_suite_passes_in_every_zone(name, shop, figures):
    """The whole suite in each zone; only in the long run, because it takes minutes."""
    environment = os.environ | {"TZ": name, "PGTZ": name, "DATABASE_URL": shop.postgres.url()}
    command = [sys.executable, "-m", "pytest", "-q", *SUITE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    figures.add_zone(name, done.stdout.strip().rpartition("\n")[2])
    assert done.returncode == 0, done.stdout


def test_work_can_be_finished_after_the_clock_was_set_back(shop, sign_in):
    master = sign_in(Role.MASTER)
    repair = shop.make.request(master=master.user, startdate=datetime.now(UTC) + timedelta(hours=1))
    answer = master.put(f"/api/requests/{repair.requestid}/status", json={"requeststatus": "Завершена"})
    assert answer.status_code == 200
    assert answer.json["completiondate"] == answer.json["startdate"]


def test_guesses_are_forgiven_after_the_clock_was_set_back(shop):
    user = shop.make.user()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        guesses = [_sign_in(shop, user, "Ne-Tot-Parol-7") for _ in range(11)]
    assert guesses[-1] == 429
    assert _sign_in(shop, user, PASSWORD) == 200


def _sign_in(shop, user, password):
    body = {"email": user.email, "password": password}
    return shop.app.test_client().post("/api/auth/login", json=body).status_code
