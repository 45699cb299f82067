"""CSV that Excel opens correctly, and XLSX; no cell becomes a formula."""

import csv
import io
import tempfile
from datetime import datetime

import xlsxwriter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_XLSX_ROWS = 1_048_575
"""Excel's limit without the heading."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_PIECE = 64 * 1024


def csv_pieces(heading, rows, zone):
    """Yield the bytes of a CSV file row by row (UTF-8 with BOM, semicolons, CRLF)."""
    yield "\ufeff".encode()
    yield _csv_line(heading, zone)
    for row in rows:
        yield _csv_line(row, zone)


def xlsx_pieces(sheets, zone):
    """Yield the bytes of a workbook. `sheets` is a list of (name, heading, rows); rows are consumed one by one."""
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd.mm.yyyy hh:mm",
        }
        with xlsxwriter.Workbook(file, options) as workbook:
            for name, heading, rows in sheets:
                _write_sheet(workbook, name, heading, rows, zone)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write_sheet(workbook, name, heading, rows, zone):
    sheet, bold = workbook.add_worksheet(name), workbook.add_format({"bold": True})
    sheet.set_column(0, max(len(heading) - 1, 0), 18)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heading, bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [_xlsx_cell(value, zone) for value in row])


def _csv_line(row, zone):
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow([_csv_cell(value, zone) for value in row])
    return line.getvalue().encode()


def _csv_cell(value, zone):
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%d.%m.%Y %H:%M")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return neutral(value)


def _xlsx_cell(value, zone):
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    return neutral(value)


def neutral(value):
    """Prefix text that looks like a formula with an apostrophe."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA_STARTS):
        return "'" + value
    return value
