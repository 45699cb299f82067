"""Requests and statistics as files for office programs."""

from flask import current_app

from database import db
from services.common.errors import BadRequest
from services.exporting import tables
from services.requests import lists
from services.shop import settings as shop_settings
from services.statistics_service import statistics

PAGE = 500

HEADING = (
    "Номер", "Статус", "Срочность", "Вид техники", "Модель", "Серийный номер", "Неисправность", "Проект", "Клиент",
    "Телефон клиента", "Телефон заявки", "Адрес", "Мастер", "Принята", "Срок", "Завершена", "Просрочена", "Оценка",
    "Отзыв",
)  # fmt: skip


def export_requests(user, filters, sort, file_format):
    """Every request that the filters select: (pieces of the file, media type). Raises BadRequest.

    The rows are read page by page while the file is sent; no connection is held in between.
    """
    application = current_app._get_current_object()
    first = lists.list_requests(user, filters, sort=sort, limit=PAGE)
    rows = _rows(application, user, filters, sort, first)
    if file_format == "csv":
        return tables.csv_pieces(HEADING, rows, shop_settings.timezone()), tables.CSV_TYPE
    if lists.count(user, filters, tables.MAX_XLSX_ROWS) > tables.MAX_XLSX_ROWS:
        raise BadRequest("Для таблицы Excel заявок слишком много: сузьте отбор или выберите CSV")
    sheets = [("Заявки", HEADING, rows)]
    return tables.xlsx_pieces(sheets, shop_settings.timezone()), tables.XLSX_TYPE


def export_statistics(user, period, file_format):
    """The figures of a period: (pieces of the file, media type). `period` are the arguments of `statistics`."""
    figures, zone = statistics(user, *period), shop_settings.timezone()
    sheets = _sheets(figures)
    if file_format == "xlsx":
        return tables.xlsx_pieces(sheets, zone), tables.XLSX_TYPE
    rows = [(name, *row) for name, heading, rows in sheets for row in (heading, *rows)]
    return tables.csv_pieces(("Раздел",), rows, zone), tables.CSV_TYPE


def _rows(application, user, filters, sort, page):
    while True:
        yield from (_row(item) for item in page["items"])
        if page["next_cursor"] is None:
            return
        with application.app_context():
            page = lists.list_requests(user, filters, sort=sort, limit=PAGE, cursor=page["next_cursor"])
            db.session.rollback()


def _row(item):
    rating = item["rating"] or {"score": None, "comment": None}
    return (
        item["requestid"],
        item["requeststatus"].value,
        item["priority"].value,
        item["techtype"],
        item["techmodel"],
        item["serialnumber"],
        item["problemdescription"],
        item["project"],
        item["client"]["fullname"],
        item["client"]["phone"],
        item["phone"],
        item["address"],
        item["master"]["fullname"] if item["master"] else None,
        item["startdate"],
        item["duedate"],
        item["completiondate"],
        "да" if item["is_overdue"] else "нет",
        rating["score"],
        rating["comment"],
    )


def _sheets(figures):
    """(name, heading, rows) of each part of the statistics."""
    return [
        ("Итоги", ("Показатель", "Значение"), _totals(figures)),
        ("По статусам", ("Статус", "Заявок"), [(row["requeststatus"], row["count"]) for row in figures["by_status"]]),
        (
            "По видам техники",
            ("Вид техники", "Создано", "Завершено", "Среднее время, ч"),
            [(row["techtype"], row["created"], row["completed"], row["mean_hours"]) for row in figures["by_techtype"]],
        ),
        (
            "По мастерам",
            ("Мастер", "Завершено", "В работе", "Среднее время, ч", "Средняя оценка", "Оценок"),
            [_master(row) for row in figures["by_master"]],
        ),
        (
            "По дням",
            ("День", "Создано", "Завершено"),
            [(row["date"], row["created"], row["completed"]) for row in figures["timeline"]],
        ),
    ]


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


def _master(row):
    return (
        row["fullname"],
        row["completed"],
        row["in_progress"],
        row["mean_hours"],
        row["rating_mean"],
        row["rating_n"],
    )
