"""Demo shop for an empty database: people, a year of requests, and one account per role to sign in with."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import insert, select

from database import db
from models.comment import Comment
from models.enums import Role
from models.event import RequestEvent
from models.password import hash_password
from models.user import User
from services.accounts.passwords import one_time_password, set_password
from services.common.clock import now
from services.common.errors import Conflict
from services.demo import texts
from services.demo.stories import Story, play
from services.shop import settings as shop_settings

SEED = "Техник"
OPENED_DAYS_AGO = (390, 430)
OTHER_MASTERS_SHARE = 0.15
"""Share of the work done by another master than the usual one for that type of appliance."""


@dataclass(frozen=True)
class Account:
    """An account to sign in with; its password is stored nowhere else."""

    user_type: Role
    email: str
    password: str
    fullname: str


def fill():
    """Fill an empty database with the demo shop; return one Account per role. Raises Conflict if it has users."""
    if db.session.scalar(select(User.user_id).limit(1)):
        raise Conflict("conflict", "В базе уже есть пользователи: пример заполняет только пустую базу")
    chance, moment = Random(SEED), now()
    people = _people(chance, moment)
    accounts = [_give_password(people, role, moment) for role in (Role.ADMIN, Role.MANAGER, Role.MASTER, Role.CLIENT)]
    db.session.add_all(people)
    db.session.flush()
    stories = _stories(chance, people, moment)
    _date_the_clients(chance, people, stories)
    _save(stories)
    db.session.commit()
    return accounts


# People


def _people(chance, moment):
    """All people of the shop; they share one random password, which is not kept."""
    nobodys = hash_password(secrets.token_urlsafe(32))
    return [
        User(
            fullname=person.fullname,
            email=person.email,
            user_type=person.user_type,
            phone=f"+7 (900) 000-{chance.randrange(100):02}-{chance.randrange(100):02}",
            password_hash=nobodys,
            password_changed_at=moment,
            created_at=moment - timedelta(days=chance.uniform(*OPENED_DAYS_AGO)),
        )
        for person in texts.PEOPLE
    ]


def _give_password(people, role, moment):
    """Give the first person of a role a new password and return the Account."""
    person = _of_role(people, role)[0]
    password = one_time_password()
    set_password(person, hash_password(password))
    return Account(role, person.email, password, person.fullname)


def _of_role(people, role):
    return [person for person in people if person.user_type == role]


def _date_the_clients(chance, people, stories):
    """Date each client's account shortly before their first request."""
    for client in _of_role(people, Role.CLIENT):
        starts = [story.repair.startdate for story in stories if story.client is client]
        if starts:
            client.created_at = min(starts) - timedelta(hours=chance.expovariate(1 / 20), minutes=3)


# Requests


def _stories(chance, people, moment):
    """All requests with their steps."""
    zone, owners, stories = shop_settings.timezone(), {}, []
    for case in texts.CASES:
        own = Random(f"{SEED}: {case.problem}")
        client, master = _owner(chance, owners, case, people), _master(own, case, people)
        story = Story(own, case, client, master, own.choice(_of_role(people, Role.MANAGER)), _due_days(own, case))
        play(story, moment - timedelta(days=case.days), moment, zone)
        stories.append(story)
    return stories


def _owner(chance, owners, case, people):
    """Owner of the appliance: the same client for the same serial number; some clients come more often."""
    if case.client:
        return _by_email(people, case.client)
    others = [client for client in _of_role(people, Role.CLIENT) if client.email not in texts.OWN_CASES_ONLY]
    client = chance.choices(others, [1 / (place + 3) for place in range(len(others))])[0]
    return owners.setdefault(case.serialnumber, client) if case.serialnumber else client


def _master(own, case, people):
    if own.random() < OTHER_MASTERS_SHARE:
        return own.choice(_of_role(people, Role.MASTER))
    return _by_email(people, texts.MASTER_OF[case.techtype])


def _due_days(own, case):
    """Days to the deadline. Open requests have it in the table; most closed ones had one and mostly kept it."""
    if case.due is not None or case.ending in texts.OPEN_ENDINGS:
        return case.due
    return own.choice((None, None, 0, 0, 1, 1, 2, 3, -1, -2))


def _by_email(people, email):
    return next(person for person in people if person.email == email)


# Rows


def _save(stories):
    """Insert the rows of all stories in chronological order."""
    stories.sort(key=lambda story: story.repair.startdate)
    db.session.add_all([story.repair for story in stories])
    db.session.flush()
    for story in stories:
        for row in (*story.comments, *([story.rating] if story.rating else [])):
            row.requestid = story.repair.requestid
            db.session.add(row)
    db.session.flush()
    events = [_event_row(story, event) for story in stories for event in story.events]
    db.session.execute(insert(RequestEvent), sorted(events, key=lambda event: event["at"]))


def _event_row(story, event):
    """Row of an event, with the ids of its request and comment."""
    value = event["to_value"]
    if isinstance(value, Comment):
        value = {"commentid": value.commentid, "is_internal": value.is_internal}
    return event | {"requestid": story.repair.requestid, "to_value": value}
