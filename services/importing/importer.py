"""Import a shop's dataset (three CSV files) in one transaction: all rows, or none and the reasons.

For administrators: `docs/import.ru.md`.
"""

import os
import re
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ARRAY, String, any_, func, insert, literal, select, text
from sqlalchemy.exc import IntegrityError

from database import db
from models.audit import AuditEvent
from models.comment import Comment
from models.enums import AuditKind, EventKind, Role, Status
from models.event import RequestEvent
from models.imported_row import ImportedRow
from models.password import hash_password
from models.request import RepairRequest
from models.user import User
from services.accounts.passwords import one_time_password
from services.common.clock import now
from services.common.errors import Conflict, Invalid
from services.importing import files as import_files
from services.importing import rows as import_rows
from services.requests import rules
from services.shop import settings as shop_settings

BATCH = 1000
"""Rows per INSERT: well within the statement timeout, and small enough to show progress."""

HASHING_THREADS = min(8, os.cpu_count() or 1)
COMMENT_INTERVAL = timedelta(minutes=1)

PATHS = {status: rules.steps_to(status) for status in import_rows.STATUSES}
"""Statuses that a new request passes on its way to each status."""

UNKNOWN_DATE_COMMENT = "Дата в книге не указана"
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")


class OneTimePassword(NamedTuple):
    fullname: str
    role: Role
    email: str
    password: str


class Count(NamedTuple):
    """Rows of one file: read, new, imported earlier, refused."""

    file: str
    read: int
    new: int
    already: int
    refused: int


@dataclass
class Report:
    """Result of an import; `written` is False if any row was refused."""

    counts: list[Count]
    refusals: list[import_files.Refusal]
    repairs: Counter
    passwords: list[OneTimePassword] = field(default_factory=list)
    written: bool = False


@dataclass
class _Dataset:
    """All new rows of the dataset `name`."""

    name: str
    people: list
    requests: list
    comments: list


def import_dataset(folder, domain, save_passwords=lambda passwords: None, watch=lambda items, label, length: items):
    """Import the dataset in `folder`; logins become e-mails of `domain`, which also names the dataset.

    `save_passwords` gets the one-time passwords before the commit; if it fails, the import is rolled back.
    `watch(items, label, length)` is a progress callback. Returns a Report. Raises Invalid, NotFound, Conflict.
    """
    dataset, report = _read(folder, domain)
    if report.refusals:
        return report
    report.passwords = [
        OneTimePassword(person.fullname, person.role, person.email, one_time_password()) for person in dataset.people
    ]
    hashes = _hashes([entry.password for entry in report.passwords], watch)
    _write(dataset, hashes, _sequence_ids, watch)
    save_passwords(report.passwords)
    db.session.commit()
    report.written = True
    return report


def dry_run(folder, domain, watch=lambda items, label, length: items):
    """Do the same as `import_dataset`, except for the passwords, and roll back. Returns a Report, raises the same."""
    dataset, report = _read(folder, domain)
    if not report.refusals:
        placeholder_hash = hash_password(one_time_password())
        _write(dataset, [placeholder_hash] * len(dataset.people), _temporary_ids, watch)
        db.session.rollback()
    return report


# Reading


def _read(folder, domain):
    """Return the _Dataset and its Report. Raises Invalid, NotFound."""
    name = domain.strip().lower()
    if not _DOMAIN.fullmatch(name):
        raise Invalid({"domain": f"«{domain}» не похоже на домен, пример: shop.example"})
    sheets = import_files.read(folder)
    dataset = _checked(name, sheets)
    db.session.rollback()  # Hashing takes minutes: hold no transaction open.
    new = (len(dataset.people), len(dataset.requests), len(dataset.comments))
    counts = [_count(sheet, n) for sheet, n in zip(sheets.values(), new, strict=True)]
    refusals = [refusal for sheet in sheets.values() for refusal in sorted(sheet.refusals, key=_by_line)]
    return dataset, Report(counts, refusals, sum((sheet.repairs for sheet in sheets.values()), Counter()))


def _count(sheet, new):
    refused = {refusal.line for refusal in sheet.refusals if refusal.line}
    return Count(sheet.file, sheet.read, new, sheet.already, len(refused))


def _by_line(refusal):
    return refusal.line or 0


def _checked(name, sheets):
    """Return the new rows of all sheets; rows with errors become refusals of their sheet."""
    users, requests, comments = sheets["user"], sheets["request"], sheets["comment"]
    known = _known(name)
    people = import_rows.people(users, name, known["user"])
    new_people = _with_free_emails(users, _new(people, known["user"]))
    people = None if users.broken else people
    clock = now(), shop_settings.timezone()
    all_requests = import_rows.requests(requests, people, known["request"], clock)
    known_or_new = None if requests.broken else all_requests
    all_comments = import_rows.comments(comments, people, known_or_new, known["comment"])
    return _Dataset(name, new_people, _new(all_requests, known["request"]), _new(all_comments, known["comment"]))


def _new(rows, known):
    """Return the rows to write, ordered by number."""
    return [rows[number] for number in sorted(rows.keys() - known.keys()) if rows[number]]


def _known(name):
    """Return the rows of earlier imports of this dataset: kind → number → row."""
    people = {
        row.original: import_rows.Person(row.original, row.fullname, row.email, row.user_type, user_id=row.user_id)
        for row in _imported(name, "user", User.user_id, User.fullname, User.email, User.user_type)
    }
    by_id = {person.user_id: person for person in people.values()}
    columns = (RepairRequest.startdate, RepairRequest.completiondate, RepairRequest.clientid, RepairRequest.version)
    requests = {
        row.original: import_rows.Request(
            number=row.original,
            startdate=row.startdate,
            completiondate=row.completiondate,
            client=by_id.get(row.clientid),
            requestid=row.requestid,
            version=row.version,
        )
        for row in _imported(name, "request", RepairRequest.requestid, *columns)
    }
    comments = {row.original: None for row in _imported(name, "comment", Comment.commentid)}
    return {"user": people, "request": requests, "comment": comments}


def _imported(name, kind, key, *columns):
    """Rows of a kind that the dataset has created earlier, with their original numbers."""
    query = select(ImportedRow.original, key, *columns).join(key.class_, key == ImportedRow.new_id)
    return db.session.execute(query.where(ImportedRow.book == name, ImportedRow.kind == kind))


def _with_free_emails(sheet, new_people):
    """Return the people whose e-mail is free; refuse the others."""
    emails = literal([person.email.lower() for person in new_people], ARRAY(String))
    query = select(func.lower(User.email)).where(func.lower(User.email) == any_(emails))
    taken = set(db.session.scalars(query))
    for person in new_people:
        if person.email.lower() in taken:
            sheet.refuse(person.line, f"почта «{person.email}» уже занята учётной записью не из этой книги")
    return [person for person in new_people if person.email.lower() not in taken]


# Writing


def _hashes(passwords, watch):
    """Hash the passwords in threads: hashing releases the GIL."""
    pool = ThreadPoolExecutor(HASHING_THREADS)
    try:
        return list(watch(pool.map(hash_password, passwords), "Пароли", len(passwords)))
    finally:
        pool.shutdown(cancel_futures=True)


def _write(dataset, hashes, new_ids, watch):
    """Insert all rows within the caller's transaction. Raises Conflict if the database changed meanwhile.

    Events are inserted last: the first one takes the log's lock, and from then on all other changes wait.
    """
    for rows, model, key in _targets(dataset):
        for row, new_id in zip(rows, new_ids(model, key, len(rows)), strict=True):
            setattr(row, key, new_id)
    for request in dataset.requests:
        request.version = 1 + (request.master is not None) + len(PATHS[request.status])
    timed_comments = _by_request(dataset.comments)
    try:
        _insert(User, watch(_user_rows(dataset.people, hashes), "Пользователи", len(dataset.people)))
        _insert(AuditEvent, map(_audit_row, dataset.people))
        _insert(RepairRequest, watch(map(_request_row, dataset.requests), "Заявки", len(dataset.requests)))
        _insert(Comment, watch(_comment_rows(timed_comments), "Комментарии", len(dataset.comments)))
        _insert(ImportedRow, _imported_rows(dataset))
        events = sum(request.version for request in dataset.requests) + len(dataset.comments)
        _insert(RequestEvent, watch(_event_rows(dataset, timed_comments), "История", events))
    except IntegrityError:
        db.session.rollback()
        raise Conflict("conflict", "Пока книга загружалась, базу изменили; ничего не записано, повторите") from None


def _targets(dataset):
    """(rows, model, key) of the three kinds."""
    return (
        (dataset.people, User, "user_id"),
        (dataset.requests, RepairRequest, "requestid"),
        (dataset.comments, Comment, "commentid"),
    )


def _sequence_ids(model, key, count):
    """Reserve ids from the table's sequence, so that rows can refer to each other before the INSERT."""
    sequence = text(
        "SELECT nextval(CAST(pg_get_serial_sequence(:table, :key) AS regclass)) FROM generate_series(1, :count)"
    )
    return sorted(db.session.scalars(sequence, {"table": model.__tablename__, "key": key, "count": count}))


def _temporary_ids(_model, _key, count):
    """Negative ids for a dry run: a rollback would not give back the numbers of a sequence."""
    return range(-1, -count - 1, -1)


def _insert(model, rows):
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        db.session.execute(insert(model.__table__), batch)


def _by_request(comments):
    """(request, [(comment, its time)]) of all requests that have new comments.

    The files have no dates of comments: they are placed a minute apart from the request's start, not after its end.
    """
    grouped = defaultdict(list)
    for comment in comments:
        grouped[comment.request].append(comment)
    return {request: _dated(request, timed) for request, timed in grouped.items()}


def _dated(request, comments):
    latest = request.completiondate or now()
    times = (request.startdate + COMMENT_INTERVAL * place for place in range(1, len(comments) + 1))
    return [(comment, min(time, latest)) for comment, time in zip(comments, times, strict=True)]


def _user_rows(people, hashes):
    """`password_changed_at` is null: the one-time password must be changed at the first sign-in."""
    return (
        {
            "user_id": person.user_id,
            "fullname": person.fullname,
            "email": person.email,
            "phone": person.phone,
            "user_type": person.role,
            "password_hash": password_hash,
            "password_changed_at": None,
        }
        for person, password_hash in zip(people, hashes, strict=True)
    )


def _audit_row(person):
    """Audit event of a new account, as for any other account."""
    account = {"fullname": person.fullname, "email": person.email, "phone": person.phone, "user_type": person.role}
    return {"kind": AuditKind.ACCOUNT_CREATED, "subject": str(person.user_id), "to_value": account}


def _request_row(request):
    return {
        "requestid": request.requestid,
        "clientid": request.client.user_id,
        "masterid": request.master.user_id if request.master else None,
        "techtype": request.techtype,
        "techmodel": request.techmodel,
        "serialnumber": request.serialnumber,
        "problemdescription": request.problem,
        "phone": request.phone,
        "address": request.address,
        "requeststatus": request.status,
        "startdate": request.startdate,
        "completiondate": request.completiondate,
        "version": request.version,
    }


def _comment_rows(timed_comments):
    return (
        {
            "commentid": comment.commentid,
            "requestid": request.requestid,
            "masterid": comment.author.user_id,
            "message": comment.message,
            "comment_date": at,
        }
        for request, timed in timed_comments.items()
        for comment, at in timed
    )


def _imported_rows(dataset):
    for kind, (rows, _model, key) in zip(("user", "request", "comment"), _targets(dataset), strict=True):
        for row in rows:
            yield {"book": dataset.name, "kind": kind, "original": row.number, "new_id": getattr(row, key)}


# History


def _event_rows(dataset, timed_comments):
    """Events of each new request up to its status, and of new comments on requests imported earlier."""
    for request in dataset.requests:
        yield from _history(dataset.name, request, timed_comments.pop(request, ()))
    for request, timed in timed_comments.items():
        for comment, at in timed:
            yield _comment_event(request, comment, at, request.version)


def _history(name, request, timed):
    """Events in chronological order; an imported change has no actor."""
    yield _event(request, EventKind.CREATED, request.startdate, 1, None, Status.NEW.value, _origin(name, request))
    version, status = 1, Status.NEW
    if request.master:
        version += 1
        master = {"user_id": request.master.user_id, "fullname": request.master.fullname}
        yield _event(request, EventKind.ASSIGNED, request.startdate, version, None, master)
    for target in PATHS[request.status]:
        if target == Status.DONE:
            yield from (_comment_event(request, comment, at, version) for comment, at in timed)
            timed = ()
        version += 1
        at, comment = (
            (request.completiondate, None) if target == Status.DONE else (request.startdate, UNKNOWN_DATE_COMMENT)
        )
        yield _event(request, EventKind.STATUS, at, version, status.value, target.value, comment)
        status = target
    yield from (_comment_event(request, comment, at, version) for comment, at in timed)


def _origin(name, request):
    """Comment of the first event: the source, and the parts, which have no column."""
    parts = f". Запчасти: {request.parts}" if request.parts else ""
    return f"Импортирована из книги {name}: заявка № {request.number}{parts}"


def _comment_event(request, comment, at, version):
    value = {"commentid": comment.commentid, "is_internal": False}
    event = _event(request, EventKind.COMMENT, at, version, None, value, comment.message)
    return event | {"actor_id": comment.author.user_id}


def _event(request, kind, at, version, before, after, comment=None):
    return {
        "requestid": request.requestid,
        "at": at,
        "actor_id": None,
        "kind": kind,
        "from_value": before,
        "to_value": after,
        "comment": comment,
        "version": version,
    }
