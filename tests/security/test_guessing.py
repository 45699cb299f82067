"""Password guessing is limited for the guesser only: exact counts, per address, forged addresses ignored."""

import http.client
import json
import math
import time
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from app import create_app
from config import ConfigError, load_settings
from models import ThrottleCounter
from services.accounts import throttle
from services.common.clock import now
from tests.kit.factories import PASSWORD
from tests.kit.helpers import at_once, rows

LIMIT = throttle.GUESSES_PER_ACCOUNT_AND_ADDRESS
WRONG = "Ne-Tot-Parol-7"


@pytest.fixture
def cheap(monkeypatch):
    """Replace hashing where only the count is tested."""
    monkeypatch.setattr("services.accounts.sign_in.verify_password", lambda _stored, password: password == PASSWORD)


def sign_in(client, email, password=WRONG, address="10.0.0.1", **headers):
    body = {"email": email, "password": password}
    return client.post("/api/auth/login", json=body, headers=headers, environ_base={"REMOTE_ADDR": address})


def statuses(client, email, times, **options):
    return Counter(sign_in(client, email, **options).status_code for _ in range(times))


def test_of_50_parallel_guesses_exactly_the_limit_is_checked(make, client, live_server):
    user = make.user()
    answers = at_once(*[lambda: guess_over_the_wire(live_server, user.email)] * 50)
    assert Counter(status for status, _ in answers) == {401: LIMIT, 429: 50 - LIMIT}
    assert all(0 < int(wait) <= 15 * 60 for status, wait in answers if status == 429)
    assert sign_in(client, user.email, PASSWORD, "127.0.0.1").status_code == 429
    assert sign_in(client, user.email, PASSWORD, "10.0.0.9").status_code == 200, "the owner is not locked out"
    assert sign_in(client, make.user().email, PASSWORD, "127.0.0.1").status_code == 200, "nor is anybody else"


def guess_over_the_wire(server, email):
    """Guess until the attempt is answered; a guesser repeats calls that got a 503."""
    while (answer := one_guess(server, email))[0] == 503:
        time.sleep(0.1)
    return answer


def one_guess(server, email):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    body = json.dumps({"email": email, "password": WRONG})
    connection.request("POST", "/api/auth/login", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.headers["Retry-After"]


def test_wait_that_is_asked_for_is_long_enough(make, client, cheap):
    user = make.user()
    assert statuses(client, user.email, LIMIT) == {401: LIMIT}
    wait = int(sign_in(client, user.email, PASSWORD).headers["Retry-After"])
    (counter,) = rows_of(client, "guess:")
    assert wait >= math.floor((counter.window_ends - now()).total_seconds())
    with time_machine.travel(counter.window_ends - timedelta(seconds=1), tick=False):
        assert sign_in(client, user.email, PASSWORD).status_code == 429
    with time_machine.travel(now() + timedelta(seconds=wait)):
        assert sign_in(client, user.email, PASSWORD).status_code == 200


def rows_of(client, prefix):
    return rows(client.application, ThrottleCounter, ThrottleCounter.key.startswith(prefix))


def test_wrong_old_passwords_and_sign_ins_are_counted_together(make, login, client, cheap):
    caller = login(make.user())
    change = {"old_password": WRONG, "new_password": "Sovsem-Drugoj-8"}
    for _ in range(LIMIT - 1):
        answer = caller.post("/api/auth/change-password", json=change, environ_base={"REMOTE_ADDR": "10.0.0.1"})
        assert answer.status_code == 422
    assert statuses(client, caller.user.email, 3) == {401: 1, 429: 2}


def test_one_address_may_not_try_all_accounts(make, client, cheap):
    limit = throttle.GUESSES_PER_ADDRESS
    answers = Counter(sign_in(client, f"nobody{number}@example.org").status_code for number in range(limit + 5))
    assert answers == {401: limit, 429: 5}
    user = make.user()
    assert sign_in(client, user.email, PASSWORD).status_code == 429
    assert sign_in(client, user.email, PASSWORD, "10.0.0.2").status_code == 200


def test_right_passwords_of_one_address_are_no_guesses(make, client, cheap):
    """The shop's users share one address."""
    user = make.user()
    tries = throttle.GUESSES_PER_ADDRESS + LIMIT
    assert statuses(client, user.email, tries, password=PASSWORD) == {200: tries}


@pytest.mark.parametrize(
    ("first", "second", "one_caller"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "unix:", False),
    ],
)
def test_addresses_of_one_household_are_one_caller(make, client, cheap, first, second, one_caller):
    user = make.user()
    assert statuses(client, user.email, LIMIT, address=first) == {401: LIMIT}
    assert sign_in(client, user.email, PASSWORD, second).status_code == (429 if one_caller else 200)


# Behind a proxy


def test_callers_behind_a_trusted_proxy_are_told_apart_and_others_are_not_believed(app, settings, make, cheap):
    client = create_app(settings | {"TRUSTED_PROXIES": "10.0.0.0/8, ::1"}).test_client()
    user = make.user()
    guesser, owner = {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "203.0.113.6"}
    assert statuses(client, user.email, LIMIT + 2, **guesser) == {401: LIMIT, 429: 2}
    assert sign_in(client, user.email, PASSWORD, **owner).status_code == 200
    assert sign_in(client, user.email, PASSWORD, "::ffff:10.0.0.1", **guesser).status_code == 429
    forged = {"X-Forwarded-For": "198.51.100.7, 203.0.113.5"}
    assert sign_in(client, user.email, PASSWORD, **forged).status_code == 429, "what stands left anybody may write"
    changing = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(LIMIT + 2)]
    answers = [sign_in(client, user.email, address="203.0.113.9", **header).status_code for header in changing]
    assert Counter(answers) == {401: LIMIT, 429: 2}, "and no proxy is not believed"


@pytest.mark.parametrize("proxies", ["nginx", "10.0.0.0/33", "10.0.0.1; 10.0.0.2", "*"])
def test_proxies_that_are_no_addresses_do_not_start(settings, proxies):
    with pytest.raises(ConfigError, match="TRUSTED_PROXIES"):
        load_settings(settings | {"TRUSTED_PROXIES": proxies})


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "10.0.0.0/8, ::1", "10.1.2.3/8,"])
def test_proxies_are_addresses_and_networks(settings, proxies):
    assert len(load_settings(settings | {"TRUSTED_PROXIES": proxies})["TRUSTED_PROXIES"]) == len(
        [part for part in proxies.split(",") if part.strip()]
    )
