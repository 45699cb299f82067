"""Exports of requests and statistics as files for office programs."""

from operator import itemgetter

from flask import current_app

from database import db
from services.common.errors import BadRequest
from services.exporting import tables
from services.requests import lists
from services.shop import settings as shop_settings
from services.statistics_service import statistics

PAGE = 500


def _value(name):
    """Getter of an enum column's value."""
    return lambda row: row[name].value


def _inner(part, name):
    """Getter of a name inside a part of the row, None without that part."""
    return lambda row: row[part] and row[part][name]


COLUMNS = (
    ("Номер", itemgetter("requestid")),
    ("Статус", _value("requeststatus")),
    ("Срочность", _value("priority")),
    ("Вид техники", itemgetter("techtype")),
    ("Модель", itemgetter("techmodel")),
    ("Серийный номер", itemgetter("serialnumber")),
    ("Неисправность", itemgetter("problemdescription")),
    ("Проект", itemgetter("project")),
    ("Клиент", _inner("client", "fullname")),
    ("Телефон клиента", _inner("client", "phone")),
    ("Телефон заявки", itemgetter("phone")),
    ("Адрес", itemgetter("address")),
    ("Мастер", _inner("master", "fullname")),
    ("Принята", itemgetter("startdate")),
    ("Срок", itemgetter("duedate")),
    ("Завершена", itemgetter("completiondate")),
    ("Просрочена", lambda row: "да" if row["is_overdue"] else "нет"),
    ("Оценка", _inner("rating", "score")),
    ("Отзыв", _inner("rating", "comment")),
)
"""(title, getter) of each column; a row is a request as the API answers it."""

STATUS_COLUMNS = (("Статус", itemgetter("requeststatus")), ("Заявок", itemgetter("count")))
TECHTYPE_COLUMNS = (
    ("Вид техники", itemgetter("techtype")),
    ("Создано", itemgetter("created")),
    ("Завершено", itemgetter("completed")),
    ("Среднее время, ч", itemgetter("mean_hours")),
)
MASTER_COLUMNS = (
    ("Мастер", itemgetter("fullname")),
    ("Завершено", itemgetter("completed")),
    ("В работе", itemgetter("in_progress")),
    ("Среднее время, ч", itemgetter("mean_hours")),
    ("Средняя оценка", itemgetter("rating_mean")),
    ("Оценок", itemgetter("rating_n")),
)
DAY_COLUMNS = (
    ("День", itemgetter("date")),
    ("Создано", itemgetter("created")),
    ("Завершено", itemgetter("completed")),
)

HEADING = tuple(title for title, _ in COLUMNS)


def export_requests(user, filters, sort, file_format):
    """All requests that match the filters: (chunks of the file, media type). Raises BadRequest.

    Rows are read page by page while the file is sent; no connection is held in between.
    """
    application = current_app._get_current_object()
    first = lists.list_requests(user, filters, sort=sort, limit=PAGE)
    rows = _cells(COLUMNS, _items(application, user, filters, sort, first))
    if file_format == "csv":
        return tables.csv_pieces(HEADING, rows, shop_settings.timezone()), tables.CSV_TYPE
    if lists.count(user, filters, tables.MAX_XLSX_ROWS) > tables.MAX_XLSX_ROWS:
        raise BadRequest("Для таблицы Excel заявок слишком много: сузьте отбор или выберите CSV")
    sheets = [("Заявки", HEADING, rows)]
    return tables.xlsx_pieces(sheets, shop_settings.timezone()), tables.XLSX_TYPE


def export_statistics(user, period, file_format):
    """The statistics of a period: (chunks of the file, media type). `period` holds the arguments of `statistics`."""
    figures, zone = statistics(user, *period), shop_settings.timezone()
    sheets = _sheets(figures)
    if file_format == "xlsx":
        return tables.xlsx_pieces(sheets, zone), tables.XLSX_TYPE
    rows = [(name, *row) for name, heading, rows in sheets for row in (heading, *rows)]
    return tables.csv_pieces(("Раздел",), rows, zone), tables.CSV_TYPE


def _items(application, user, filters, sort, page):
    while True:
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        with application.app_context():
            page = lists.list_requests(user, filters, sort=sort, limit=PAGE, cursor=page["next_cursor"])
            db.session.rollback()


def _cells(columns, rows):
    """Yield the cells of each row."""
    getters = [getter for _, getter in columns]
    return ([getter(row) for getter in getters] for row in rows)


def _sheets(figures):
    """(name, heading, rows) of each sheet."""
    return [
        ("Итоги", ("Показатель", "Значение"), _totals(figures)),
        _sheet("По статусам", STATUS_COLUMNS, figures["by_status"]),
        _sheet("По видам техники", TECHTYPE_COLUMNS, figures["by_techtype"]),
        _sheet("По мастерам", MASTER_COLUMNS, figures["by_master"]),
        _sheet("По дням", DAY_COLUMNS, figures["timeline"]),
    ]


def _sheet(name, columns, rows):
    return name, [title for title, _ in columns], _cells(columns, rows)


def _totals(figures):
    totals, completion = figures["totals"], figures["completion"]
    return [
        ("Период с", figures["period"]["from"]),
        ("Период по", figures["period"]["to"]),
        ("Создано", totals["created"]),
        ("Завершено", totals["completed"]),
        ("Отменено", totals["cancelled"]),
        ("Открыто сейчас", totals["open"]),
        ("Просрочено сейчас", totals["overdue"]),
        ("Среднее время ремонта, ч", completion["mean_hours"]),
        ("Медиана времени ремонта, ч", completion["median_hours"]),
        ("90 % ремонтов не дольше, ч", completion["p90_hours"]),
        ("Доля завершённых в срок", figures["on_time"]["share"]),
        ("Средняя оценка", figures["rating"]["mean"]),
        ("Оценок", figures["rating"]["n"]),
    ]
