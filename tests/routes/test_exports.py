"""Exports contain every selected row, and no cell is a formula."""

import csv
import io
import zipfile

import pytest

from models import Role, Status
from services.exporting.exports import HEADING, PAGE

EVIL = ["=1+1", " =cmd|' /C calc'!A0", "+7 900", "-1", "@SUM(A1)", "\t=1"]


def read_csv(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def strings_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as workbook:
        sheets = [name for name in workbook.namelist() if name.startswith("xl/worksheets/")]
        return {name: workbook.read(name).decode() for name in [*sheets, "xl/workbook.xml"]}


def test_csv_holds_every_row_that_the_filters_select(make, login):
    client, manager = make.user(), make.user(Role.MANAGER)
    for _ in range(PAGE + 3):
        make.request(client)
    make.request(client, status=Status.CANCELLED)
    rows = read_csv(login(manager).get("/api/requests/export?format=csv&requeststatus=Новая заявка"))
    assert rows[0] == list(HEADING)
    assert len(rows) == 1 + PAGE + 3
    assert len({row[0] for row in rows}) == len(rows)
    assert len(read_csv(login(manager).get("/api/requests/export"))) == 1 + PAGE + 4


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_csv_becomes_a_formula(make, login, text):
    make.request(make.user(), problemdescription=text)
    row = read_csv(login(make.user(Role.MANAGER)).get("/api/requests/export"))[1]
    assert row[HEADING.index("Неисправность")] == "'" + text


def test_no_cell_of_a_workbook_becomes_a_formula(make, login):
    for text in EVIL:
        make.request(make.user(), problemdescription=text, phone="+7 900 000-00-01")
    answer = login(make.user(Role.MANAGER)).get("/api/requests/export?format=xlsx")
    sheet = strings_of(answer)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert sheet.count("<row ") == 1 + len(EVIL)


def test_statistics_export_has_a_sheet_for_each_part(make, login):
    make.request(status=Status.DONE)
    manager = login(make.user(Role.MANAGER))
    workbook = strings_of(manager.get("/api/statistics/export"))
    for name in ("Итоги", "По статусам", "По видам техники", "По мастерам", "По дням"):
        assert f'name="{name}"' in workbook["xl/workbook.xml"]
    rows = read_csv(manager.get("/api/statistics/export?format=csv"))
    assert ["Итоги", "Завершено", "1"] in rows


@pytest.mark.parametrize("path", ["/api/requests/export", "/api/statistics/export"])
def test_a_client_exports_nothing(make, login, path):
    assert login(make.user()).get(path).status_code == 403
    assert login(make.user(Role.ADMIN)).get(path).status_code == 200


def test_an_unknown_format_is_refused(make, login):
    answer = login(make.user(Role.ADMIN)).get("/api/requests/export?format=pdf")
    assert answer.status_code == 400 and "format" in answer.json["error"]
