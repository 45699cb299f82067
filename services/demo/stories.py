"""Simulation of a demo request: a script of steps, their times, and the resulting rows.

Times are counted backwards from the last step, so nothing lies in the future. The shop acts on weekdays from
9 to 18, clients on any day from 8 to 22, in the organisation's time zone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from models.comment import Comment
from models.enums import EventKind, Priority, Role, Status
from models.rating import Rating
from models.request import RepairRequest
from models.user import User
from services.common.clock import rfc3339
from services.demo import texts
from services.demo.texts import Case
from services.requests import rules

SHOP_HOURS, CLIENT_HOURS = (9, 18), (8, 22)


class Step(NamedTuple):
    """One step of a story, about `hours` after the previous one."""

    act: Callable
    actor: User
    hours: float
    what: object = None


@dataclass
class Story:
    """One request: its people and appliance, and the resulting rows.

    `due_days` is the deadline in days after the end (of an open request: after now), None for no deadline.
    """

    chance: Random
    case: Case
    client: User
    master: User
    manager: User
    due_days: int | None = None
    repair: RepairRequest = field(default_factory=RepairRequest)
    events: list[dict] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    rating: Rating | None = None


def play(story, last_at, moment, zone):
    """Fill the story's rows; the last step happens at `last_at` or before; `moment` is now."""
    steps = _script(story)
    times = _times(story.chance, steps, last_at, zone)
    ends = [at for step, at in zip(steps, times, strict=True) if step.what == Status.DONE]
    end = ends[-1] if ends else moment
    for step, at in zip(steps, times, strict=True):
        step.act(story, step.actor, at, _evening(end, at, story.due_days, zone) if step.act is _due else step.what)


# Scripts


def _script(story):
    """Steps of a story, by its ending."""
    return _opening(story) + {
        "new": lambda story: [],
        "assigned": lambda story: [_assignment(story)],
        "working": _work,
        "waiting": lambda story: [*_work(story), _order(story)],
        "withdrawn": _withdrawal,
        "cancelled": lambda story: _work(story) + _cancellation(story),
        "finished": lambda story: _work(story) + _completion(story),
        "rated": lambda story: [*_work(story), *_completion(story), _verdict(story)],
        "returned": lambda story: [*_work(story), *_completion(story), *_return(story), _verdict(story)],
    }[story.case.ending](story)


def _opening(story):
    """A client creates the request, or the office for a walk-in client; the office sets priority and deadline."""
    at_the_counter = story.case.days > 1 and story.chance.random() < 0.25
    priority = story.chance.choices(list(Priority), (10, 72, 18))[0]
    if at_the_counter:
        steps = [Step(_create, story.manager, 0, priority)]
    else:
        steps = [Step(_create, story.client, 0, Priority.NORMAL)]
        if priority != Priority.NORMAL and story.case.days > 1:
            steps.append(Step(_prioritise, story.manager, 1, priority))
    if story.due_days is not None:
        steps.append(Step(_due, story.manager, 0.2))
    if story.case.days > 1 and story.chance.random() < 0.2:
        steps.append(Step(_note, story.manager, 0.5, story.chance.choice(texts.OFFICE_NOTES)))
    return steps


def _assignment(story):
    return Step(_assign, story.manager, 2, story.master)


def _work(story):
    """From the new request to the diagnosis, with some comments."""
    chance, master = story.chance, story.master
    steps = [_assignment(story)] if chance.random() < 0.6 else []
    steps += [Step(_accept, master, 3), Step(_note, master, 4, story.case.diagnosis)]
    if chance.random() < 0.4:
        question, answer = chance.choice(texts.TALKS)
        steps += [Step(_say, story.client, 8, question), Step(_say, master, 3, answer)]
    elif chance.random() < 0.5:
        steps.append(Step(_note, master, 2, chance.choice(texts.AGREEMENTS)))
    return steps


def _order(story):
    return Step(_move, story.master, 5, (Status.WAITING_PARTS, f"Заказано: {story.case.part}"))


def _completion(story):
    """From the diagnosis to completion, with an order of a part if needed."""
    if story.case.part is None:
        return [_done(story)]
    arrival = (Status.IN_PROGRESS, story.chance.choice(texts.PARTS_ARRIVED))
    return [_order(story), Step(_move, story.master, 70, arrival), _done(story)]


def _return(story):
    """The fault returns and is repaired under warranty."""
    return [Step(_move, story.manager, 150, (Status.IN_PROGRESS, texts.RETURN_REASON)), _done(story)]


def _done(story):
    return Step(_finish, story.master, 14, Status.DONE)


def _verdict(story):
    """A rating; clients who waited past the deadline give lower scores."""
    late = story.due_days is not None and story.due_days < 0
    score = story.chance.choices((5, 4, 3, 2, 1), (10, 30, 30, 15, 15) if late else (60, 28, 8, 3, 1))[0]
    return Step(_rate, story.client, 40, (score, story.chance.choice(texts.PRAISE[score])))


def _withdrawal(story):
    return [Step(_move, story.client, 9, (Status.CANCELLED, story.chance.choice(texts.CLIENT_CANCELS)))]


def _cancellation(story):
    return [Step(_move, story.manager, 20, (Status.CANCELLED, story.chance.choice(texts.OFFICE_CANCELS)))]


# Times


def _times(chance, steps, last_at, zone):
    """Times of all steps, counted backwards from the last one."""
    times = []
    latest = last_at
    for step in reversed(steps):
        times.append(_waking(chance, latest, zone, step.actor.user_type == Role.CLIENT))
        latest = times[-1] - timedelta(hours=step.hours * chance.lognormvariate(0, 0.7), seconds=chance.uniform(40, 90))
    return times[::-1]


def _waking(chance, latest, zone, is_client):
    """Latest time, not after `latest`, within the hours of clients or of the shop."""
    opens, closes = CLIENT_HOURS if is_client else SHOP_HOURS
    local = latest.astimezone(zone)
    while not (opens <= local.hour < closes and (is_client or local.weekday() < 5)):
        day = local.date() if local.hour >= closes else local.date() - timedelta(days=1)
        local = _at(day, chance.uniform(closes - 4, closes - 0.02), zone)
    return local.astimezone(UTC)


def _at(day, hour, zone):
    return datetime.combine(day, time(), zone) + timedelta(hours=hour)


def _evening(end, at, days, zone):
    """Deadline: closing time of the day `days` after `end`, and at least one day after it was set."""
    day = (end.astimezone(zone) + timedelta(days=days)).date()
    if days >= 0 and _at(day, SHOP_HOURS[1], zone) < end:
        day += timedelta(days=1)
    return _at(max(day, (at.astimezone(zone) + timedelta(days=1)).date()), SHOP_HOURS[1], zone).astimezone(UTC)


# Steps: each changes the request and adds its event, like services/requests/commands.py


def _create(story, actor, at, priority):
    case, repair = story.case, story.repair
    repair.clientid, repair.startdate, repair.version = story.client.user_id, at, 1
    repair.techtype, repair.techmodel, repair.serialnumber = case.techtype, case.techmodel, case.serialnumber
    repair.problemdescription, repair.phone = case.problem, story.client.phone
    repair.address = texts.ADDRESSES[story.client.email] if story.chance.random() < 0.6 else None
    repair.project = texts.CONTRACTS.get(story.client.email)
    repair.priority, repair.requeststatus = priority, Status.NEW
    _record(story, actor, at, EventKind.CREATED, None, Status.NEW.value)


def _prioritise(story, actor, at, priority):
    before, story.repair.priority = story.repair.priority, priority
    _changed(story, actor, at, EventKind.EDITED, {"priority": before.value}, {"priority": priority.value})


def _due(story, actor, at, duedate):
    story.repair.duedate = duedate
    reason = story.chance.choice(texts.DEADLINE_REASONS)
    _changed(story, actor, at, EventKind.DEADLINE, None, rfc3339(duedate), reason)


def _assign(story, actor, at, master):
    story.repair.masterid = master.user_id
    person = {"user_id": master.user_id, "fullname": master.fullname}
    _changed(story, actor, at, EventKind.ASSIGNED, None, person)


def _accept(story, actor, at, _what):
    rules.enforce(rules.move(actor, story.repair, Status.IN_PROGRESS))
    story.repair.masterid, story.repair.requeststatus = actor.user_id, Status.IN_PROGRESS
    _changed(story, actor, at, EventKind.ACCEPTED, Status.NEW.value, Status.IN_PROGRESS.value)


def _move(story, actor, at, what):
    status, comment = what
    rules.enforce(rules.explained_move(actor, story.repair, status, comment))
    before, story.repair.requeststatus = story.repair.requeststatus, status
    story.repair.completiondate = at if status == Status.DONE else None
    _changed(story, actor, at, EventKind.STATUS, before.value, status.value, comment)


def _finish(story, actor, at, status):
    _move(story, actor, at, (status, story.chance.choice(texts.WORK_DONE)))


def _say(story, actor, at, message, is_internal=False):
    comment = Comment(masterid=actor.user_id, message=message, is_internal=is_internal, comment_date=at)
    story.comments.append(comment)
    _record(story, actor, at, EventKind.COMMENT, None, comment, message, is_internal)


def _note(story, actor, at, message):
    _say(story, actor, at, message, is_internal=True)


def _rate(story, actor, at, what):
    score, comment = what
    story.rating = Rating(score=score, comment=comment, rated_at=at)
    _changed(story, actor, at, EventKind.RATING, None, score, comment)


def _changed(story, actor, at, kind, before, after, comment=None):
    story.repair.version += 1
    _record(story, actor, at, kind, before, after, comment)


def _record(story, actor, at, kind, before, after, comment=None, is_internal=False):
    story.events.append(
        {
            "at": at,
            "actor_id": actor.user_id,
            "kind": kind,
            "from_value": before,
            "to_value": after,
            "comment": comment,
            "is_internal": is_internal,
            "version": story.repair.version,
        }
    )
