"""The writes that are measured: a request handed in, accepted, commented and finished, over and over.

Each story ends with a closed request, so the open work stays what it was.
"""

from bench import client

WRITES = (("create", "create"), ("accept", "accept"), ("comment", "comment"), ("finish", "status change"))


def play(worlds, drive, number):
    """{name: {target: Slice}} of `number` stories in each of `worlds` ({target: World}).

    `drive` takes {target: requests} of one step and returns {target: Slice}.
    """
    slices = {"create": drive({target: _creations(world, number) for target, world in worlds.items()})}
    ids = {target: [_requestid(body) for body in made.bodies] for target, made in slices["create"].items()}
    for name, step in (("accept", _accept), ("comment", _comment), ("finish", _finish)):
        slices[name] = drive({target: [step(worlds[target], number) for number in ids[target]] for target in worlds})
    return slices


def comment(world, requestid, message):
    """The bytes of a manager's comment."""
    return client.send("POST", "/api/comments/", world.manager, {"requestid": requestid, "message": message})


def _creations(world, number):
    return [
        client.send("POST", "/api/requests/", world.manager, _new(clientid)) for clientid in world.client_ids(number)
    ]


def _new(clientid):
    return {
        "clientid": clientid,
        "techtype": "Холодильник",
        "techmodel": "Indesit DS 316 W белый",
        "serialnumber": "BENCH00001",
        "problemdescription": "Не морозит одна из камер. Началось вчера вечером. Позвоните за час до приезда.",
    }


def _requestid(body):
    return client.decoded(body)["requestid"]


def _accept(world, requestid):
    return client.send("POST", f"/api/requests/{requestid}/accept", world.master, {})


def _comment(world, requestid):
    return comment(world, requestid, f"Проверено, заявка {requestid}.")


def _finish(world, requestid):
    return client.send("PUT", f"/api/requests/{requestid}/status", world.manager, {"requeststatus": "Завершена"})
