"""The measured writes: requests are created, accepted, commented and finished in a loop.

Each story ends with a closed request, so the number of open requests stays the same.
"""

from bench import client

WRITES = (("create", "create"), ("accept", "accept"), ("comment", "comment"), ("finish", "status change"))


def play(worlds, drive, number):
    """Play `number` stories in each of `worlds` ({target: World}); return {name: {target: Slice}}.

    `drive` sends the {target: requests} of one step and returns {target: Slice}.
    """
    slices = {"create": drive({target: _creations(world, number) for target, world in worlds.items()})}
    ids = {target: [_requestid(body) for body in made.bodies] for target, made in slices["create"].items()}
    for name, step in (("accept", _accept), ("comment", _comment), ("finish", _finish)):
        slices[name] = drive({target: [step(worlds[target], number) for number in ids[target]] for target in worlds})
    return slices


def comment(world, requestid, message):
    """HTTP bytes of a manager's comment."""
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
