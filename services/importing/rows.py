"""Convert the lines of import files to people, requests and comments, and check them.

A line is refused with all its errors at once.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from models.enums import MASTERLESS_STATUSES, Role, Status
from services.common.clock import FIRST_MOMENT
from services.common.values import is_email

SHOWN = 40
"""Characters of a wrong value that a message quotes."""

SAME_DAY = "завершение в день приёма без времени сочтено временем приёма"

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_DATE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<d2>\d\d?)\.(?P<m2>\d\d?)\.(?P<y2>\d{4}))"
    r"(?:[ T](?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?",
    re.ASCII,
)

ROLES = {
    Role.CLIENT: "клиент, заказчик, покупатель, client, customer",
    Role.MASTER: "мастер, специалист, механик, автомеханик, техник, инженер, master, mechanic, specialist",
    Role.MANAGER: "менеджер, оператор, диспетчер, manager, operator",
    Role.ADMIN: "администратор, админ, administrator, admin",
}
STATUSES = {
    Status.NEW: "новая заявка, новая, открыта, зарегистрирована, new, open",
    Status.IN_PROGRESS: "в работе, в процессе, в процессе ремонта, в ремонте, выполняется, in progress",
    Status.WAITING_PARTS: "ожидает запчасти, ожидает запчастей, ожидание запчастей, ждет запчасти, waiting for parts",
    Status.DONE: "завершена, завершено, готова к выдаче, готова, готово, выполнена, выполнено, выдана, закрыта, "
    "completed, done",
    Status.CANCELLED: "отменена, отменено, отказ, cancelled, canceled",
}


def _by_word(synonyms):
    return {word: value for value, words in synonyms.items() for word in words.split(", ")}


_ROLE_WORDS, _STATUS_WORDS = _by_word(ROLES), _by_word(STATUSES)


@dataclass(slots=True, eq=False)
class Person:
    number: int
    fullname: str
    email: str
    role: Role
    phone: str | None = None
    line: int | None = None
    user_id: int | None = None
    """None until the person is in the database."""


@dataclass(slots=True, eq=False)
class Request:
    number: int
    startdate: datetime
    completiondate: datetime | None
    client: Person | None
    master: Person | None = None
    status: Status | None = None
    techtype: str | None = None
    techmodel: str | None = None
    problem: str | None = None
    parts: str | None = None
    serialnumber: str | None = None
    phone: str | None = None
    address: str | None = None
    requestid: int | None = None
    """None until the request is in the database."""
    version: int = 1


@dataclass(slots=True, eq=False)
class Comment:
    number: int
    request: Request | None
    author: Person | None
    message: str
    commentid: int | None = None


def people(sheet, domain, known):
    """Return people by number, `known` and new; None for a refused one."""
    lines_of_logins = {}

    def build(cells, number):
        email = cells.email("login", domain)
        if email and lines_of_logins.setdefault(email.lower(), cells.line) != cells.line:
            cells.wrong("login", f"«{email}» уже был в строке {lines_of_logins[email.lower()]}")
        person = Person(
            number=number,
            fullname=cells.text("fullname", 200),
            email=email,
            role=cells.one_of("role", _ROLE_WORDS, "незнакомая роль", Role),
            phone=cells.optional_text("phone", 32),
            line=cells.line,
        )
        return _the_same(cells, known[number], person) if number in known else person

    return _rows(sheet, known, build)


def requests(sheet, everybody, known, clock):
    """Return requests by number, `known` and new; None for a refused one.

    `everybody` is the result of `people`, or None if their file is broken; `clock` is (now, time zone).
    """

    def build(cells, number):
        if number in known:
            return known[number]
        request = Request(
            number=number,
            startdate=cells.moment("startdate", clock),
            completiondate=cells.optional_moment("completiondate", clock),
            client=_person(cells, "clientid", cells.number("clientid"), everybody, Role.CLIENT),
            master=_person(cells, "masterid", cells.optional_number("masterid"), everybody, Role.MASTER),
            status=cells.one_of("status", _STATUS_WORDS, "незнакомое состояние", Status),
            techtype=cells.text("techtype", 100),
            techmodel=cells.text("techmodel", 200),
            problem=cells.text("problem", 10_000),
            parts=cells.optional_text("parts", 2000),
            serialnumber=cells.optional_text("serialnumber", 100),
            phone=cells.optional_text("phone", 32),
            address=cells.optional_text("address", 300),
        )
        _check_state(cells, request)
        _check_dates(cells, request, clock[1])
        return request

    return _rows(sheet, known, build)


def comments(sheet, everybody, all_requests, known):
    """Return comments by number, `known` and new; None for a refused one."""

    def build(cells, number):
        if number in known:
            return known[number]
        author = _person(cells, "masterid", cells.number("masterid"), everybody)
        request = _request(cells, cells.number("requestid"), all_requests)
        if author and request and author.role == Role.CLIENT and author is not request.client:
            cells.wrong("masterid", f"{_called(author)} — клиент, но не этой заявки")
        return Comment(number, request, author, cells.text("message", 10_000))

    return _rows(sheet, known, build)


def _rows(sheet, known, build):
    """Return all rows by number; a line with errors is refused and becomes None."""
    rows, lines_of_numbers = dict(known), {}
    for line in sheet.lines:
        cells = _Cells(sheet, line)
        number = cells.number("number")
        first = lines_of_numbers.setdefault(number, line.number)
        if number is not None and first != line.number:
            cells.wrong("number", f"номер {number} уже был в строке {first}")
            row = rows[number]
        else:
            row = build(cells, number)
        if cells.problems:
            sheet.refuse(line.number, "; ".join(cells.problems))
            row = known.get(number)
        elif number in known:
            sheet.already += 1
        if number is not None:
            rows[number] = row
    return rows


# Cross-row checks


def _the_same(cells, known, person):
    """The known person. Another name and e-mail under the same number means another shop's files: an error."""
    if person.fullname != known.fullname and (person.email or "").lower() != known.email.lower():
        cells.wrong("number", f"под номером {known.number} в этой книге уже загружен другой человек "
                              f"({known.fullname}); для книги другой мастерской нужен свой --domain")  # fmt: skip
    return known


def _person(cells, key, number, everybody, role=None):
    """Return the person of that number; a missing one or a wrong role is an error of the cell."""
    if number is None or everybody is None:
        return None
    if number not in everybody:
        return cells.wrong(key, f"№ {number} нет среди пользователей")
    person = everybody[number]
    if person and role and person.role and person.role != role:
        return cells.wrong(key, f"{_called(person)} — не {role.value}, а {person.role.value}")
    return person


def _request(cells, number, all_requests):
    if number is None or all_requests is None:
        return None
    if number not in all_requests:
        return cells.wrong("requestid", f"заявки № {number} нет")
    return all_requests[number]


def _called(person):
    return f"№ {person.number} ({person.fullname})"


def _check_state(cells, request):
    if request.status not in (*MASTERLESS_STATUSES, None) and cells.is_empty("masterid"):
        cells.wrong("masterid", f"в состоянии «{request.status.value}» нужен мастер")
    if request.status == Status.DONE and cells.is_empty("completiondate"):
        cells.wrong("completiondate", "заявка завершена, но даты завершения нет")
    if request.status not in (Status.DONE, None) and not cells.is_empty("completiondate"):
        cells.wrong("completiondate", f"дата завершения есть, а состояние — «{request.status.value}»")


def _check_dates(cells, request, zone):
    if not (request.startdate and request.completiondate) or request.completiondate >= request.startdate:
        return
    end = request.completiondate.astimezone(zone)
    if end.time() == time() and end.date() == request.startdate.astimezone(zone).date():
        request.completiondate = request.startdate
        cells.sheet.repairs[SAME_DAY] += 1
    else:
        cells.wrong("completiondate", "завершение раньше приёма")


class _Cells:
    """Typed access to the cells of one line; `problems` collects all errors."""

    def __init__(self, sheet, line):
        self.sheet, self.line, self._values, self.problems = sheet, line.number, line.cells, []

    def wrong(self, key, reason):
        """Record an error of a cell; return None as its value."""
        self.problems.append(f"«{self.sheet.headers[key]}»: {reason}")

    def is_empty(self, key):
        return self._values.get(key) is None

    def optional_text(self, key, limit):
        value = self._values.get(key)
        if value is not None and len(value) > limit:
            return self.wrong(key, f"длина {len(value)}, а можно не больше {limit} символов")
        return value

    def text(self, key, limit):
        return self.optional_text(key, limit) if self._filled(key) else None

    def optional_number(self, key):
        value = self._values.get(key)
        if value is None:
            return None
        if not _NUMBER.fullmatch(value) or not int(value):
            return self.wrong(key, f"«{value[:SHOWN]}» — не номер")
        return int(value)

    def number(self, key):
        return self.optional_number(key) if self._filled(key) else None

    def optional_moment(self, key, clock):
        """A date (its midnight) or time in the organisation's time zone, converted to UTC."""
        value = self._values.get(key)
        if value is None:
            return None
        now, zone = clock
        moment = _moment(value, zone)
        if moment is None:
            return self.wrong(key, f"«{value[:SHOWN]}» — не дата вида 2023-06-30 или 30.06.2023")
        if not FIRST_MOMENT <= moment <= now:
            when = "дата ещё не наступила" if moment > now else "дата раньше 2000 года"
            return self.wrong(key, f"«{value[:SHOWN]}» — {when}")
        return moment

    def moment(self, key, clock):
        return self.optional_moment(key, clock) if self._filled(key) else None

    def one_of(self, key, words, what, values):
        if not self._filled(key):
            return None
        value = self._values[key]
        word = " ".join(value.lower().replace("ё", "е").split()).rstrip(".")
        if word not in words:
            known = ", ".join(item.value for item in values)
            return self.wrong(key, f"{what} «{value[:SHOWN]}»; бывает: {known}")
        return words[word]

    def email(self, key, domain):
        """The login as an e-mail of the domain; a login that is an e-mail already is kept."""
        if not self._filled(key):
            return None
        login = self._values[key]
        email = login if "@" in login else f"{login}@{domain}"
        if not is_email(email):
            return self.wrong(key, f"«{login[:SHOWN]}» не годится для адреса почты")
        return email

    def _filled(self, key):
        if self.is_empty(key):
            self.wrong(key, "не заполнено")
        return not self.is_empty(key)


def _moment(text, zone):
    match = _DATE.fullmatch(text)
    if not match:
        return None
    part = {name: int(value) for name, value in match.groupdict().items() if value}
    day = (part.get("y", part.get("y2")), part.get("m", part.get("m2")), part.get("d", part.get("d2")))
    try:
        hours = (part.get("hour", 0), part.get("minute", 0), part.get("second", 0))
        return datetime(*day, *hours, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
