"""An invented status, its moves and an action, each added in one place, work in API, lists, board and bulk work.

The server runs from a copy of the program with additional lines in the tables of statuses, moves and actions.
"""

import re
import shutil

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app import create_app
from database import db, init_db
from models import Role, Status
from tests.kit.factories import Factory
from tools.local_server import ROOT, run_server, stop_server

INVENTED = "На диагностике"

LINES = {
    ("models/enums.py", '    IN_PROGRESS = "В работе"\n'): f'    DIAGNOSIS = "{INVENTED}"\n',
    ("services/requests/rules.py", "        Move(Status.DONE, Status.IN_PROGRESS, OFFICE, comment_required=True),\n"): (
        "        Move(Status.IN_PROGRESS, Status.DIAGNOSIS, STAFF, comment_required=True),\n"
        "        Move(Status.DIAGNOSIS, Status.IN_PROGRESS, STAFF),\n"
    ),
    ("services/requests/rules.py", '    "comment": comment,\n'): (
        '    "weigh": lambda user, _repair: None if user.is_office else Forbidden(),\n'
    ),
}
"""(file, line of a table) → lines to insert after it."""

NOT_COPIED = (".*", "__pycache__", "tests", "docs", "bench", "instance", "logs")


@pytest.fixture(scope="module")
def app(settings, make_database):
    """The program on a new database that accepts the invented status."""
    app = create_app(settings | {"DATABASE_URL": make_database()})
    init_db(app)
    listed = ", ".join(f"'{status}'" for status in [*Status, INVENTED])
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE repair_requests DROP CONSTRAINT ck_repair_requests_status"))
        connection.execute(text(f"ALTER TABLE repair_requests ADD CHECK (requeststatus IN ({listed}))"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def live_server(app, settings, tmp_path_factory):
    """Server of the modified copy."""
    root = tmp_path_factory.mktemp("inventions") / "technic"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for (name, line), more in LINES.items():
        source = (root / name).read_text(encoding="utf-8")
        assert source.count(line) == 1, f"{name} has no line {line}"
        (root / name).write_text(source.replace(line, line + more), encoding="utf-8")
    server = run_server(settings | {"DATABASE_URL": app.config["DATABASE_URL"]}, root=root)
    yield server
    stop_server(server)


@pytest.fixture
def master(make):
    return make.user(Role.MASTER)


@pytest.fixture
def manager(make):
    return make.user(Role.MANAGER)


@pytest.fixture
def repair(make, master):
    return make.request(master=master, techmodel="Bosch WAN")


@pytest.fixture
def api(page, app):
    """Call it as `api(user, "GET", path, body)`: (status, JSON) from the modified server."""

    def ask(user, method, path, body=None):
        token = Factory(app).token(user)
        options = {"data": body} if body else {}
        answer = page.request.fetch(
            f"/api{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **options
        )
        return answer.status, answer.json()

    return ask


def diagnose(api, user, repair, comment="Нужен стенд"):
    return api(user, "PUT", f"/requests/{repair.requestid}/status", {"requeststatus": INVENTED, "comment": comment})


def status_of(app, repair):
    with app.app_context():
        query = text("SELECT requeststatus FROM repair_requests WHERE requestid = :requestid")
        return db.session.scalar(query, {"requestid": repair.requestid})


def lane(page, name):
    return page.locator("section.lane").filter(has=page.get_by_role("heading", name=name))


def open_board(sign_in, page, user):
    sign_in(page, user, "/dashboard.html?view=board")
    expect(page.locator(".lane").first).to_be_visible()
    page.mouse.move(1, 1)
    expect(page.locator(".kanban[data-carries]")).to_be_visible()


def test_the_api_allows_makes_and_documents_them(app, api, make, manager, master, repair):
    client = make.user()
    own = make.request(client, master)
    for user, is_staff, is_office in ((manager, True, True), (master, True, False), (client, False, False)):
        _, page = api(user, "GET", "/requests/")
        _, one = api(user, "GET", f"/requests/{own.requestid}")
        for row in (*page["items"], one):
            assert (INVENTED in row["allowed"]["requeststatus"]) == is_staff
            assert ("weigh" in row["allowed"]["actions"]) == is_office
    assert diagnose(api, client, own)[0] == 403
    status, refused = diagnose(api, master, own, comment=None)
    assert (status, set(refused["fields"])) == (422, {"comment"})
    assert status_of(app, own) == Status.IN_PROGRESS
    status, moved = diagnose(api, master, own)
    assert (status, moved["requeststatus"], moved["allowed"]["requeststatus"]) == (200, INVENTED, ["В работе"])
    assert status_of(app, own) == INVENTED
    _, config = api(manager, "GET", "/config")
    assert config["statuses"][2] == INVENTED and INVENTED in config["open_statuses"]
    assert [move["to"] for move in config["moves"] if move["from"] == INVENTED] == ["В работе"]
    _, document = api(manager, "GET", "/openapi.json")
    assert INVENTED in document["components"]["schemas"]["Status"]["enum"]


def test_the_list_counts_filters_and_names_the_status(page, sign_in, api, make, manager, repair):
    make.request()
    assert diagnose(api, manager, repair)[0] == 200
    sign_in(page, manager)
    row = page.get_by_role("row").filter(has_text=f"№ {repair.requestid}")
    expect(row).to_contain_text(INVENTED)
    page.get_by_role("navigation", name="Заявки по статусам").get_by_role("link", name=INVENTED).click()
    expect(page.locator("tr[data-requestid]")).to_have_count(1)
    expect(row).to_be_visible()
    row.get_by_role("link").first.click()
    dialog = page.get_by_role("dialog", name=f"Заявка № {repair.requestid}")
    dialog.get_by_role("button", name="Перевести: «В работе»").click()
    expect(page.get_by_text("Теперь «В работе»")).to_be_visible()


def test_the_board_has_a_column_that_accepts_cards(page, sign_in, app, manager, repair):
    open_board(sign_in, page, manager)
    headings = page.locator("section.lane").get_by_role("heading")
    expect(headings).to_have_text([re.compile(name) for name in ("Новые", "В работе", INVENTED, "Ждут", "Зав", "Отм")])
    card = page.locator(f".kanban li[data-requestid='{repair.requestid}']")
    card.hover()
    page.mouse.down()
    box = lane(page, INVENTED).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40, steps=6)
    expect(lane(page, INVENTED)).to_have_attribute("data-accepts", "yes")
    expect(lane(page, "Новые")).to_have_attribute("data-accepts", "no")
    page.mouse.up()
    why = page.get_by_role("dialog", name=f"Перевести: «{INVENTED}»")
    why.get_by_label("Причина").fill("Нужен стенд")
    why.get_by_role("button", name="Перевести").click()
    expect(lane(page, INVENTED).locator(".kanban-card:not([aria-busy])")).to_have_count(1)
    assert status_of(app, repair) == INVENTED
    card.get_by_role("button", name="Переместить").click()
    menu = page.get_by_role("dialog", name=f"Переместить № {repair.requestid}")
    expect(menu.get_by_role("button", name="В работе")).to_be_enabled()
    expect(menu.get_by_role("button", name="Завершена")).to_be_disabled()


def test_bulk_work_offers_it_and_asks_for_the_reason(page, sign_in, app, make, manager, repair):
    fresh = make.request()
    sign_in(page, manager)
    page.get_by_label("Выбрать все показанные").check()
    page.get_by_role("button", name="Статус…").click()
    choice = page.get_by_label("Новый статус")
    expect(choice.locator("option", has_text=INVENTED)).to_have_text(f"{INVENTED} — подойдёт 1 из 2")
    choice.select_option("Завершена")
    expect(page.get_by_label("Причина")).to_be_hidden()
    choice.select_option(INVENTED)
    expect(page.get_by_text("Не подойдёт: 1 заявка")).to_be_visible()
    page.get_by_label("Причина").fill("Нужен стенд")
    page.get_by_role("button", name="Изменить статус").click()
    summary = page.get_by_role("dialog", name=f"Статус «{INVENTED}»")
    expect(summary).to_contain_text("Готово: 1 заявка")
    assert (status_of(app, repair), status_of(app, fresh)) == (INVENTED, Status.NEW)


def test_a_master_moves_it_by_one_tap_and_the_client_reads_where_it_is(new_page, phone, sign_in, app, make, master):
    client = make.user()
    repair = make.request(client, master)
    sign_in(phone, master)
    ticket = phone.get_by_role("article").filter(has_text=f"№ {repair.requestid}")
    ticket.get_by_role("button", name=f"Перевести: «{INVENTED}»").click()
    why = phone.get_by_role("dialog", name=f"Перевести: «{INVENTED}»")
    why.get_by_label("Причина").fill("Нужен стенд")
    why.get_by_role("button", name="Перевести").click()
    expect(ticket).to_contain_text(INVENTED)
    theirs = sign_in(new_page(), client, f"/dashboard.html?request={repair.requestid}")
    expect(theirs.get_by_role("dialog")).to_contain_text(f"Сейчас: «{INVENTED}»")
    ticket.get_by_role("button", name="Перевести: «В работе»").click()
    ticket.get_by_role("button", name="Отправить сейчас").click()
    expect(theirs.get_by_role("dialog")).to_contain_text("Мастер ремонтирует прибор")
    assert status_of(app, repair) == Status.IN_PROGRESS
