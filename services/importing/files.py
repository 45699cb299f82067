"""Read the three CSV files of an import; encodings, delimiters and column names vary.

The meaning of the cells is in `services/importing/rows.py`. What cannot be read becomes a Refusal.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from services.common.errors import NotFound

FILES = {
    "user": "inputDataUsers.csv",
    "request": "inputDataRequests.csv",
    "comment": "inputDataComments.csv",
}
MAX_BYTES = 256 * 1024 * 1024
DELIMITERS = ";,\t"
NOTHING = frozenset({"", "null", "none", "\\n"})
"""Cell values, in lower case, that mean «empty» (`\\n` is MySQL's)."""

TRIMMED, FROM_1251 = "убраны пробелы по краям значений", "прочитано из кодировки Windows-1251"


class Column(NamedTuple):
    """A column's name in messages (empty for an optional column), and its known names in lower case without spaces
    and signs. `endings` identify the column in longer names."""

    called: str
    names: frozenset
    endings: tuple = ()


def _column(called, names, *endings):
    return Column(called, frozenset(names.split()), endings)


COLUMNS = {
    "user": {
        "number": _column("с номером (userID)", "userid id номер код idпользователя"),
        "fullname": _column("с именем (fio)", "fio fullname name фио имя"),
        "login": _column("с логином (login)", "login email mail логин почта"),
        "role": _column("с ролью (type)", "type usertype role роль тип должность"),
        "phone": _column("", "phone tel telephone телефон"),
        "password": _column("", "password pass пароль"),
    },
    "request": {
        "number": _column("с номером (requestID)", "requestid id номер номерзаявки idзаявки"),
        "startdate": _column("с датой приёма (startDate)", "startdate датаначала датаприема датаприёма датазаявки"),
        "techtype": _column("с видом техники (…Type)", "техника типтехники видтехники", "type"),
        "techmodel": _column("с моделью (…Model)", "модель модельтехники", "model"),
        "problem": _column(
            "с неисправностью (problemDescryption)",
            "problemdescryption problemdescription problem описание описаниепроблемы неисправность",
        ),
        "status": _column("с состоянием (requestStatus)", "requeststatus status статус состояние"),
        "completiondate": _column("с датой завершения (completionDate)", "completiondate датазавершения датаокончания"),
        "masterid": _column("с номером мастера (masterID)", "masterid мастер idмастера"),
        "clientid": _column("с номером клиента (clientID)", "clientid клиент заказчик idклиента idзаказчика"),
        "parts": _column("", "repairparts parts запчасти"),
        "serialnumber": _column("", "serialnumber serial серийныйномер"),
        "phone": _column("", "phone телефон"),
        "address": _column("", "address адрес"),
    },
    "comment": {
        "number": _column("с номером (commentID)", "commentid id номер idкомментария"),
        "message": _column("с текстом (message)", "message text comment сообщение текст комментарий"),
        "masterid": _column("с номером автора (masterID)", "masterid userid authorid мастер автор"),
        "requestid": _column("с номером заявки (requestID)", "requestid заявка номерзаявки idзаявки"),
    },
}
"""Columns of each file."""


class Refusal(NamedTuple):
    """A rejected record or file and the reason; `line` is None if it concerns the whole file."""

    file: str
    line: int | None
    reason: str

    def __str__(self):
        where = self.file if self.line is None else f"{self.file}, строка {self.line}"
        return printable(f"{where}: {self.reason}")


class Line(NamedTuple):
    """One record: its first line in the file, and its cells by field; empty cells are None."""

    number: int
    cells: dict


@dataclass
class Sheet:
    """One file as read: `headers` are its own column names by field; `broken` is True if reading failed.

    `read` is the number of records, `already` the number imported earlier.
    """

    kind: str
    file: str
    lines: list[Line] = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    repairs: Counter = field(default_factory=Counter)
    broken: bool = False
    read: int = 0
    already: int = 0

    def refuse(self, line, reason):
        self.refusals.append(Refusal(self.file, line, reason))


class Unreadable(Exception):
    """The whole file is rejected; the text gives the reason in Russian."""


def read(folder):
    """Return the Sheets of a folder by kind, each with its refusals. Raises NotFound."""
    folder = Path(folder)
    if not folder.is_dir():
        raise NotFound(f"Папки «{folder}» нет")
    return {kind: _sheet(folder, kind, name) for kind, name in FILES.items()}


def _sheet(folder, kind, name):
    sheet = Sheet(kind, name)
    try:
        path = _find(folder, name)
        sheet.file = path.name
        _parse(sheet, _decode(sheet, _bytes(path)))
    except Unreadable as error:
        sheet.broken = True
        sheet.refuse(None, str(error))
    return sheet


# The file as bytes and as text


def _find(folder, name):
    """Path of the file with that name, case-insensitively."""
    try:
        found = [path for path in folder.iterdir() if path.name.casefold() == name.casefold()]
    except OSError:
        raise Unreadable("не найден: папка недоступна") from None
    if not found:
        raise Unreadable("файла с таким именем в папке нет")
    if len(found) > 1:
        names = ", ".join(sorted(path.name for path in found))
        raise Unreadable(f"в папке несколько таких файлов, оставьте один: {names}")
    return found[0]


def _bytes(path):
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"файл больше {MAX_BYTES // 1024**2} МБ")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"не читается ({error.strerror})") from None


def _decode(sheet, data):
    """Decode a file as UTF-8 or Windows-1251. Raises Unreadable."""
    _check_is_text(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _check_is_not_damaged_utf8(data, error.start)
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError as error:
        raise Unreadable(f"строка {_line_of(data, error.start)} не в UTF-8 и не в Windows-1251") from None
    sheet.repairs[FROM_1251] += 1
    return text


def _check_is_text(data):
    if not data.strip():
        raise Unreadable("файл пуст")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("файл в кодировке UTF-16; сохраните его как CSV в UTF-8")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("это не CSV, а книга Excel или архив; сохраните её как CSV в UTF-8")


def _check_is_not_damaged_utf8(data, position):
    """UTF-8 with a few broken bytes would also decode as Windows-1251, into garbage."""
    readable = len(re.findall(rb"[\xd0\xd1][\x80-\xbf]", data))
    if readable > len(re.findall(rb"[\x80-\xff]", data)) / 4:
        raise Unreadable(f"файл в UTF-8, но строка {_line_of(data, position)} повреждена")


def _line_of(data, position):
    return data.count(b"\n", 0, position) + 1


# The text as lines and cells


def _parse(sheet, text):
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = _records(sheet, reader)
    _, header = next(records, (1, []))
    fields = _fields(sheet, header)
    for number, cells in records:
        sheet.read += 1
        _add_line(sheet, number, fields, cells)


def _records(sheet, reader):
    """Yield (line, cells) of every record; skip blank ones, refuse those that csv cannot parse."""
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            sheet.refuse(number, "строка не разобрана: кавычки не закрыты или стоят не на месте")
            sheet.read += 1
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells


def _add_line(sheet, number, fields, cells):
    while len(cells) > len(fields) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(fields):
        return sheet.refuse(number, f"строка повреждена: значений {len(cells)}, а столбцов {len(fields)}")
    if any("\x00" in cell for cell in cells):
        return sheet.refuse(number, "недопустимый символ NUL")
    line = Line(number, {name: _value(sheet, cell) for name, cell in zip(fields, cells, strict=True)})
    sheet.lines.append(line)


def _value(sheet, cell):
    trimmed = cell.strip()
    if trimmed.lower() in NOTHING:
        return None
    if trimmed != cell:
        sheet.repairs[TRIMMED] += 1
    return trimmed


# Columns


def _fields(sheet, header):
    """Return the field of each column, in the file's order. Raises Unreadable with all errors at once."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    fields = [_field_of(sheet.kind, name) for name in names]
    if not any(fields):
        raise Unreadable("это не похоже на CSV-файл книги: в первой строке нет ни одного знакомого столбца")
    problems = _unknown(names, fields) + _doubled(names, fields) + _missing(sheet.kind, fields)
    if problems:
        raise Unreadable("; ".join(problems))
    sheet.headers = dict(zip(fields, names, strict=True))
    return fields


def _field_of(kind, name):
    """Return the field of a column with this name, or None."""
    bare = re.sub(r"[\W_]+", "", name.lower())
    for key, column in COLUMNS[kind].items():
        if bare in column.names or (column.endings and bare.endswith(column.endings)):
            return key
    return None


def _unknown(names, fields):
    pairs = enumerate(zip(names, fields, strict=True), 1)
    return [
        f"незнакомый столбец «{name}»" if name else f"столбец {place} без названия"
        for place, (name, key) in pairs
        if key is None
    ]


def _doubled(names, fields):
    by_field = {}
    for name, key in zip(names, fields, strict=True):
        by_field.setdefault(key, []).append(f"«{name}»")
    return [
        f"столбцы {' и '.join(same)} означают одно и то же" for key, same in by_field.items() if key and len(same) > 1
    ]


def _missing(kind, fields):
    columns = COLUMNS[kind].items()
    return [f"нет столбца {column.called}" for key, column in columns if column.called and key not in fields]


def printable(text):
    """The text without control characters that would affect a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
