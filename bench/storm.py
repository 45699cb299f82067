"""Login storm: the effect of many parallel sign-ins on other calls."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench import client, data, rounds

CONNECTIONS = 4


def measure(world, scale, say):
    """{quiet_p99_ms, storm_p99_ms, added_ms, logins, seconds}: the first page without and with the storm."""
    quiet, stormy, seconds = [], [], []
    for number in range(scale.repeats):
        say(f"login storm {number + 1} of {scale.repeats}")
        with ThreadPoolExecutor(scale.logins) as people:
            begun = time.monotonic()
            signed_in = [people.submit(_login, world, at) for at in range(scale.logins)]
            while not all(one.done() for one in signed_in):
                stormy += _some_calls(world)
            seconds.append(time.monotonic() - begun)
            for one in signed_in:
                one.result()
        until = time.monotonic() + seconds[-1]
        while time.monotonic() < until:
            quiet += _some_calls(world)
    before, during = (rounds.percentile(times, 0.99) * 1000 for times in (quiet, stormy))
    return {
        "quiet_p99_ms": before,
        "storm_p99_ms": during,
        "added_ms": during - before,
        "logins": scale.logins,
        "seconds": sum(seconds) / len(seconds),
    }


def _some_calls(world):
    connections = [client.Connection(world.server.port) for _ in range(CONNECTIONS)]
    result = client.drive(connections, [client.get("/api/requests/", world.manager)] * 10 * CONNECTIONS)
    for connection in connections:
        connection.close()
    return result.times


def _login(world, at):
    body = {"email": f"bench{data.FIRST_MASTER_ID + at}@example.org", "password": data.PASSWORD}
    connection = client.Connection(world.server.port)
    status, answer = connection.call(client.send("POST", "/api/auth/login", None, body))
    connection.close()
    if status != 200:
        raise RuntimeError(f"a login was answered with {status}: {answer[:300].decode()}")
