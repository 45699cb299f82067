"""Taking over a shop's book (three CSV files): all of it in one transaction, or nothing with the reasons.

`docs/import.ru.md` tells the administrator what is known, what is repaired and what is refused.
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
from services.importing import files as book_files
from services.importing import rows as book_rows
from services.shop import settings as shop_settings

BATCH = 1000
"""Rows a statement: far within the statement timeout, and few enough to show progress."""

HASHING_THREADS = min(8, os.cpu_count() or 1)
COMMENTS_APART = timedelta(minutes=1)

PATHS = {
    Status.NEW: (),
    Status.IN_PROGRESS: (Status.IN_PROGRESS,),
    Status.WAITING_PARTS: (Status.IN_PROGRESS, Status.WAITING_PARTS),
    Status.DONE: (Status.IN_PROGRESS, Status.DONE),
    Status.CANCELLED: (Status.CANCELLED,),
}
"""By which moves a new request comes to each status."""

DATE_UNKNOWN = "Дата в книге не указана"
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")


class OneTimePassword(NamedTuple):
    fullname: str
    role: Role
    email: str
    password: str


class Count(NamedTuple):
    """Rows of one file: read, new, taken by an earlier import, refused."""

    file: str
    read: int
    new: int
    already: int
    refused: int


@dataclass
class Report:
    """What an import came to; nothing is `written` where a row was refused."""

    counts: list[Count]
    refusals: list[book_files.Refusal]
    repairs: Counter
    passwords: list[OneTimePassword] = field(default_factory=list)
    written: bool = False


@dataclass
class _Book:
    """Everything new in the book `name`."""

    name: str
    people: list
    requests: list
    comments: list


def import_book(folder, domain, keep_passwords=lambda passwords: None, watch=lambda items, label, length: items):
    """Take over the book in `folder`; logins become e-mails of `domain`, which also names the book.

    `keep_passwords` gets the one-time passwords before the commit, and its failure takes the import back.
    `watch(items, label, length)` sees the long work pass by. Returns a Report. Raises Invalid, NotFound, Conflict.
    """
    book, report = _read(folder, domain)
    if report.refusals:
        return report
    report.passwords = [
        OneTimePassword(person.fullname, person.role, person.email, one_time_password()) for person in book.people
    ]
    hashes = _hashes([entry.password for entry in report.passwords], watch)
    _write(book, hashes, _ids_to_keep, watch)
    keep_passwords(report.passwords)
    db.session.commit()
    report.written = True
    return report


def rehearse(folder, domain, watch=lambda items, label, length: items):
    """Do all that `import_book` does, except for the passwords, and take it back. Returns a Report. Raises the same."""
    book, report = _read(folder, domain)
    if not report.refusals:
        nobodys = hash_password(one_time_password())
        _write(book, [nobodys] * len(book.people), _ids_to_forget, watch)
        db.session.rollback()
    return report


# Reading


def _read(folder, domain):
    """The _Book with its Report so far. Raises Invalid, NotFound."""
    name = domain.strip().lower()
    if not _DOMAIN.fullmatch(name):
        raise Invalid({"domain": f"«{domain}» не похоже на домен, пример: shop.example"})
    sheets = book_files.read(folder)
    book = _checked(name, sheets)
    db.session.rollback()  # Hashing takes minutes; a transaction must not wait for it.
    new = (len(book.people), len(book.requests), len(book.comments))
    counts = [_count(sheet, n) for sheet, n in zip(sheets.values(), new, strict=True)]
    refusals = [refusal for sheet in sheets.values() for refusal in sorted(sheet.refusals, key=_by_line)]
    return book, Report(counts, refusals, sum((sheet.repairs for sheet in sheets.values()), Counter()))


def _count(sheet, new):
    refused = {refusal.line for refusal in sheet.refusals if refusal.line}
    return Count(sheet.file, sheet.read, new, sheet.already, len(refused))


def _by_line(refusal):
    return refusal.line or 0


def _checked(name, sheets):
    """The new rows of all sheets; what cannot be taken is refused in its sheet."""
    users, requests, comments = sheets["user"], sheets["request"], sheets["comment"]
    known = _known(name)
    people = book_rows.people(users, name, known["user"])
    new_people = _with_free_emails(users, _new(people, known["user"]))
    people = None if users.broken else people
    clock = now(), shop_settings.timezone()
    all_requests = book_rows.requests(requests, people, known["request"], clock)
    known_or_new = None if requests.broken else all_requests
    all_comments = book_rows.comments(comments, people, known_or_new, known["comment"])
    return _Book(name, new_people, _new(all_requests, known["request"]), _new(all_comments, known["comment"]))


def _new(rows, known):
    """The rows that are to be written, in the order of their numbers."""
    return [rows[number] for number in sorted(rows.keys() - known.keys()) if rows[number]]


def _known(name):
    """What earlier imports of this book have taken: kind → number → row."""
    people = {
        row.original: book_rows.Person(row.original, row.fullname, row.email, row.user_type, user_id=row.user_id)
        for row in _imported(name, "user", User.user_id, User.fullname, User.email, User.user_type)
    }
    by_id = {person.user_id: person for person in people.values()}
    columns = (RepairRequest.startdate, RepairRequest.completiondate, RepairRequest.clientid, RepairRequest.version)
    requests = {
        row.original: book_rows.Request(
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
    """The rows of a kind that the book has given, with their original numbers."""
    query = select(ImportedRow.original, key, *columns).join(key.class_, key == ImportedRow.new_id)
    return db.session.execute(query.where(ImportedRow.book == name, ImportedRow.kind == kind))


def _with_free_emails(sheet, new_people):
    """Those whose e-mail is not somebody else's already; the others are refused."""
    emails = literal([person.email.lower() for person in new_people], ARRAY(String))
    query = select(func.lower(User.email)).where(func.lower(User.email) == any_(emails))
    taken = set(db.session.scalars(query))
    for person in new_people:
        if person.email.lower() in taken:
            sheet.refuse(person.line, f"почта «{person.email}» уже занята учётной записью не из этой книги")
    return [person for person in new_people if person.email.lower() not in taken]


# Writing


def _hashes(passwords, watch):
    """The stored forms of the passwords; threads help, because hashing lets go of the interpreter."""
    pool = ThreadPoolExecutor(HASHING_THREADS)
    try:
        return list(watch(pool.map(hash_password, passwords), "Пароли", len(passwords)))
    finally:
        pool.shutdown(cancel_futures=True)


def _write(book, hashes, new_ids, watch):
    """Insert everything; joins the caller's transaction. Raises Conflict where somebody else was faster.

    The events come last: the first of them takes the log's lock, and from then on all other changes wait.
    """
    for rows, model, key in _targets(book):
        for row, new_id in zip(rows, new_ids(model, key, len(rows)), strict=True):
            setattr(row, key, new_id)
    for request in book.requests:
        request.version = 1 + (request.master is not None) + len(PATHS[request.status])
    remarks = _by_request(book.comments)
    try:
        _insert(User, watch(_user_rows(book.people, hashes), "Пользователи", len(book.people)))
        _insert(AuditEvent, map(_audit_row, book.people))
        _insert(RepairRequest, watch(map(_request_row, book.requests), "Заявки", len(book.requests)))
        _insert(Comment, watch(_comment_rows(remarks), "Комментарии", len(book.comments)))
        _insert(ImportedRow, _imported_rows(book))
        events = sum(request.version for request in book.requests) + len(book.comments)
        _insert(RequestEvent, watch(_event_rows(book, remarks), "История", events))
    except IntegrityError:
        db.session.rollback()
        raise Conflict("conflict", "Пока книга загружалась, базу изменили; ничего не записано, повторите") from None


def _targets(book):
    """(rows, model, key) of the three kinds."""
    return (
        (book.people, User, "user_id"),
        (book.requests, RepairRequest, "requestid"),
        (book.comments, Comment, "commentid"),
    )


def _ids_to_keep(model, key, count):
    """New keys from the table's own sequence, so that rows can name each other before they are inserted."""
    sequence = text(
        "SELECT nextval(CAST(pg_get_serial_sequence(:table, :key) AS regclass)) FROM generate_series(1, :count)"
    )
    return sorted(db.session.scalars(sequence, {"table": model.__tablename__, "key": key, "count": count}))


def _ids_to_forget(_model, _key, count):
    """Keys below zero: a rehearsal must not use up the numbers of real requests, which no rollback gives back."""
    return range(-1, -count - 1, -1)


def _insert(model, rows):
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        db.session.execute(insert(model.__table__), batch)


def _by_request(comments):
    """(request, [(comment, its time)]) of all requests that have new comments.

    The book has no dates of comments: they stand a minute apart from the request's start on, not after its end.
    """
    grouped = defaultdict(list)
    for comment in comments:
        grouped[comment.request].append(comment)
    return {request: _dated(request, theirs) for request, theirs in grouped.items()}


def _dated(request, comments):
    latest = request.completiondate or now()
    times = (request.startdate + COMMENTS_APART * place for place in range(1, len(comments) + 1))
    return [(comment, min(time, latest)) for comment, time in zip(comments, times, strict=True)]


def _user_rows(people, hashes):
    """Without `password_changed_at`: the one-time password must be changed at the first login."""
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
    """The log of accounts tells of the new one as it does of any other."""
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


def _comment_rows(remarks):
    return (
        {
            "commentid": comment.commentid,
            "requestid": request.requestid,
            "masterid": comment.author.user_id,
            "message": comment.message,
            "comment_date": at,
        }
        for request, theirs in remarks.items()
        for comment, at in theirs
    )


def _imported_rows(book):
    for kind, (rows, _model, key) in zip(("user", "request", "comment"), _targets(book), strict=True):
        for row in rows:
            yield {"book": book.name, "kind": kind, "original": row.number, "new_id": getattr(row, key)}


# History


def _event_rows(book, remarks):
    """The history of each new request from its creation to where it stands, and of new comments to older ones."""
    for request in book.requests:
        yield from _history(book.name, request, remarks.pop(request, ()))
    for request, theirs in remarks.items():
        for comment, at in theirs:
            yield _said(request, comment, at, request.version)


def _history(name, request, theirs):
    """In the order in which it happened; nobody of the program's people is its actor."""
    yield _event(request, EventKind.CREATED, request.startdate, 1, None, Status.NEW.value, _origin(name, request))
    version, status = 1, Status.NEW
    if request.master:
        version += 1
        master = {"user_id": request.master.user_id, "fullname": request.master.fullname}
        yield _event(request, EventKind.ASSIGNED, request.startdate, version, None, master)
    for target in PATHS[request.status]:
        if target == Status.DONE:
            yield from (_said(request, comment, at, version) for comment, at in theirs)
            theirs = ()
        version += 1
        at, comment = (request.completiondate, None) if target == Status.DONE else (request.startdate, DATE_UNKNOWN)
        yield _event(request, EventKind.STATUS, at, version, status.value, target.value, comment)
        status = target
    yield from (_said(request, comment, at, version) for comment, at in theirs)


def _origin(name, request):
    """Where the request came from, with what has no column of its own."""
    parts = f". Запчасти: {request.parts}" if request.parts else ""
    return f"Импортирована из книги {name}: заявка № {request.number}{parts}"


def _said(request, comment, at, version):
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
