"""Administrator's commands: effects, and refusals as Russian sentences without changes."""

import csv
import os
import re
import stat
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from cli import imports, schema_script
from database import db
from models import RepairRequest, Role, User
from models.audit import AuditEvent
from services.common import password_policy

HOME = Path(__file__).resolve().parent / "data" / "imports" / "home"
STRONG, WEAK = "Krepkij-Parol-9", "12345678"


@pytest.fixture
def flask(app):
    """Call it with a command line: the result with `exit_code` and `output`."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def rows(app):
    """Call it for the rows of the database."""

    def rows():
        with app.app_context():
            people = db.session.execute(select(User.user_id, User.email, User.password_hash, User.is_active)).all()
            others = [db.session.scalar(select(func.count()).select_from(m)) for m in (RepairRequest, AuditEvent)]
            return sorted(people), others

    return rows


@pytest.fixture
def refused(flask, rows):
    """Call it with a command line that must be refused: the message."""

    def refused(*words):
        before = rows()
        result = flask(*words)
        assert result.exit_code == 1 and rows() == before
        assert isinstance(result.exception, SystemExit)
        sentence = result.output.splitlines()[-1]
        assert sentence.startswith("Ошибка: ") and "Traceback" not in result.output
        return sentence

    return refused


def sign_in(client, email, password):
    return client.post("/api/auth/login", json={"email": email, "password": password})


def one_time_password(result):
    return re.search(r"Одноразовый пароль.*: (\S+)", result.output).group(1)


def account(app, email):
    with app.app_context():
        return db.session.execute(select(User.user_type, User.phone).where(User.email == email)).one()


# create-user

NEW = {"--fullname": "Орлова Марина", "--email": "orlova@example.org", "--role": "Администратор"}


def options(**changes):
    merged = NEW | {f"--{name}": value for name, value in changes.items()}
    return [word for name, value in merged.items() if value is not None for word in (name, value)]


def test_create_user_with_a_password_of_ones_own(app, flask, client):
    result = flask("create-user", *options(password=STRONG, phone="+7 900 000-00-01"))
    assert result.exit_code == 0 and "Орлова Марина, Администратор" in result.output
    assert STRONG not in result.output
    person = account(app, "orlova@example.org")
    assert (person.user_type, person.phone) == (Role.ADMIN, "+7 900 000-00-01")
    answer = sign_in(client, "orlova@example.org", STRONG)
    assert answer.status_code == 200 and "password_expired" not in answer.json


def test_create_user_prints_a_one_time_password_that_must_be_changed(flask, client):
    password = one_time_password(flask("create-user", *options(role="Мастер")))
    assert password_policy.problem_with(password) is None
    assert sign_in(client, "orlova@example.org", password).json["password_expired"] is True


@pytest.mark.parametrize("role", list(Role))
def test_create_user_knows_every_role(app, flask, role):
    assert flask("create-user", *options(role=role.value)).exit_code == 0
    assert account(app, "orlova@example.org").user_type is role


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fullname": None}, "Не указано: --fullname"),
        ({"email": None}, "Не указано: --email"),
        ({"role": None}, "Не указано: --role"),
        ({"role": "Директор"}, "Неверное значение --role, бывает: Клиент, Мастер, Менеджер, Администратор"),
        ({"email": "orlova"}, "email: Неправильный адрес почты"),
        ({"fullname": "  "}, "fullname: "),
        ({"fullname": "я" * 201, "phone": "8" * 33}, "phone: "),
        ({"password": WEAK}, "password: Пароль должен содержать"),
    ],
)
def test_create_user_refuses(refused, changes, sentence):
    assert sentence in refused("create-user", *options(**changes))


def test_create_user_refuses_an_email_that_somebody_has(make, refused):
    make.user(email="Orlova@Example.org")
    assert "Эта почта уже зарегистрирована" in refused("create-user", *options())


# set-password


def test_set_password_ends_the_sessions_and_opens_the_account(flask, make, login, client):
    person = make.user()
    session = login(person)
    result = flask("set-password", person.email.upper(), "--password", STRONG)
    assert result.exit_code == 0 and result.output == "Пароль изменён.\n"
    assert session.get("/api/auth/me").status_code == 401
    assert sign_in(client, person.email, STRONG).status_code == 200


def test_set_password_without_one_prints_a_one_time_password(flask, make, client):
    person = make.user()
    password = one_time_password(flask("set-password", person.email))
    assert sign_in(client, person.email, password).json["password_expired"] is True


def test_set_password_refuses_a_weak_one(make, refused):
    assert "Пароль должен содержать" in refused("set-password", make.user().email, "--password", WEAK)


def test_set_password_refuses_an_unknown_account(make, refused):
    make.user()
    assert "Нет учётной записи с такой почтой" in refused("set-password", "nobody@example.org")


def test_set_password_wants_an_account(refused):
    assert "Не указано: EMAIL" in refused("set-password")


# deactivate-user


def test_deactivate_user_ends_the_sessions_and_closes_the_account(flask, make, login, client):
    person = make.user()
    session = login(person)
    result = flask("deactivate-user", person.email)
    assert result.exit_code == 0 and result.output.startswith("Отключён: ")
    assert session.get("/api/auth/me").status_code == 401
    assert person.reload().is_active is False
    assert sign_in(client, person.email, "Verno-Parol-7").status_code == 401


def test_deactivate_user_refuses_the_last_administrator(make, refused):
    assert "Последнего администратора нельзя отключить" in refused("deactivate-user", make.user(Role.ADMIN).email)


def test_deactivate_user_takes_one_of_two_administrators(flask, make):
    first, _second = make.user(Role.ADMIN), make.user(Role.ADMIN)
    assert flask("deactivate-user", first.email).exit_code == 0
    assert first.reload().is_active is False


def test_deactivate_user_refuses_an_unknown_account(refused):
    assert "Нет учётной записи с такой почтой" in refused("deactivate-user", "nobody@example.org")


# schema-sql


def test_schema_sql_prints_the_file_that_is_in_the_repository(app, flask):
    result = flask("schema-sql")
    assert result.exit_code == 0
    assert result.output == schema_script.as_sql(app)
    assert "CREATE TABLE repair_requests" in result.output


def test_schema_sql_refuses_what_it_does_not_know(refused):
    assert "Лишние или неверные параметры" in refused("schema-sql", "more")


# import-csv


def test_import_csv_takes_a_book_and_prints_each_password_once(app, flask, client):
    result = flask("import-csv", HOME, "--domain", "home.example")
    assert result.exit_code == 0, result.output
    assert re.search(r"inputDataRequests.csv +7 +7 +0 +0", result.output)
    assert "Книга загружена." in result.output
    email, password = re.search(r"Мастер +(murashov123@home.example) +(\S+)", result.output).groups()
    assert result.output.count(password) == 1
    assert sign_in(client, email, password).json["password_expired"] is True


def test_import_csv_writes_the_passwords_to_a_file_of_its_owner(flask, tmp_path, client):
    file = tmp_path / "passwords.csv"
    result = flask("import-csv", HOME, "--domain", "home.example", "--passwords", file)
    assert result.exit_code == 0
    with open(file, encoding="utf-8-sig", newline="") as lines:
        entries = list(csv.DictReader(lines, delimiter=";"))
    assert len(entries) == 10
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert not any(entry["Одноразовый пароль"] in result.output for entry in entries)
    answer = sign_in(client, entries[0]["Почта"], entries[0]["Одноразовый пароль"])
    assert answer.json["user"]["fullname"] == entries[0]["ФИО"]


def test_import_csv_run_twice_adds_nothing_and_leaves_no_empty_file(flask, rows, tmp_path):
    flask("import-csv", HOME, "--domain", "home.example")
    before = rows()
    result = flask("import-csv", HOME, "--domain", "home.example", "--passwords", tmp_path / "passwords.csv")
    assert result.exit_code == 0 and result.output.endswith("Нового в книге нет.\n")
    assert rows() == before and list(tmp_path.iterdir()) == []


def test_import_csv_dry_run_writes_nothing(flask, rows):
    before = rows()
    result = flask("import-csv", HOME, "--domain", "home.example", "--dry-run")
    assert result.exit_code == 0 and "Проверка пройдена, ничего не записано." in result.output
    assert rows() == before


def test_import_csv_shows_progress_of_a_long_book(flask, tmp_path):
    for name in ("Users", "Requests", "Comments"):
        (tmp_path / f"inputData{name}.csv").write_bytes((HOME / f"inputData{name}.csv").read_bytes())
    more = "".join(f"{n};Ещё одно замечание;2;1\n" for n in range(10, 700))
    with open(tmp_path / "inputDataComments.csv", "a", encoding="utf-8") as file:
        file.write(more)
    result = flask("import-csv", tmp_path, "--domain", "home.example", "--dry-run")
    assert result.exit_code == 0
    assert "Комментарии" in result.stderr and "Комментарии" not in result.stdout


@pytest.fixture
def dirty(tmp_path):
    """A copy of the home shop with one broken line and one that names a client as the master."""
    for file in HOME.iterdir():
        text = file.read_text(encoding="utf-8").replace(";2;7\n", ";8;7\n").replace("5;Очень", "пять;Очень")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return tmp_path


def test_import_csv_lists_every_refusal_and_writes_nothing(flask, refused, dirty):
    assert "ничего не записано, отказов: 3" in refused("import-csv", dirty, "--domain", "home.example")
    output = flask("import-csv", dirty, "--domain", "home.example").output
    assert "Отказ: inputDataRequests.csv, строка 2: «masterID»: № 8 (Егорова Алиса Платоновна) — не Мастер" in output
    assert "Отказ: inputDataComments.csv, строка 6: «commentID»: «пять» — не номер" in output
    assert re.search(r"inputDataRequests.csv +7 +5 +0 +2", output)


def test_import_csv_refused_leaves_no_file_of_passwords(refused, dirty, tmp_path):
    file = tmp_path / "passwords.csv"
    refused("import-csv", dirty, "--domain", "home.example", "--passwords", file)
    assert not file.exists()


def test_import_csv_does_not_overwrite_a_file(refused, tmp_path):
    file = tmp_path / "passwords.csv"
    file.write_text("important")
    sentence = refused("import-csv", HOME, "--domain", "home.example", "--passwords", file)
    assert "уже есть; укажите новый" in sentence
    assert file.read_text() == "important"


def test_import_csv_refuses_where_the_passwords_have_no_place(refused, tmp_path):
    file = tmp_path / "nowhere" / "passwords.csv"
    assert "не создаётся" in refused("import-csv", HOME, "--domain", "home.example", "--passwords", file)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_import_csv_takes_everything_back_where_the_disk_is_full(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(imports, "_new_private_file", lambda _path: os.open("/dev/full", os.O_WRONLY))
    sentence = refused("import-csv", HOME, "--domain", "home.example", "--passwords", tmp_path / "passwords.csv")
    assert "пароли не записались" in sentence and "ничего не записано" in sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Не указано: ПАПКА"),
        ([HOME], "Не указано: --domain"),
        ([HOME, "--domain"], "Не указано значение --domain"),
        ([HOME, "--domain", "home"], "domain: «home» не похоже на домен, пример: shop.example"),
        (["/nowhere/at/all", "--domain", "home.example"], "нет"),
        ([HOME / "inputDataUsers.csv", "--domain", "home.example"], "нет"),
        ([HOME, "--domain", "home.example", "--overwrite"], "Нет параметра --overwrite"),
    ],
)
def test_import_csv_refuses(refused, words, sentence):
    assert sentence in refused("import-csv", *words)


# Without a database, without tables

COMMANDS = [
    ["create-user", *options()],
    ["set-password", "a@example.org"],
    ["deactivate-user", "a@example.org"],
    ["import-csv", str(HOME), "--domain", "home.example"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_database_out_of_reach_is_told(settings, words):
    app = create_app(settings | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 1
    assert result.output.startswith("Ошибка: База данных недоступна")


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_database_without_tables_is_told(settings, make_database, words):
    app = create_app(settings | {"DATABASE_URL": make_database()})
    result = app.test_cli_runner().invoke(args=words)
    with app.app_context():
        db.engine.dispose()
    assert result.exit_code == 1
    assert result.output == "Ошибка: В базе нет нужных таблиц. Сначала приведите её в порядок: flask db upgrade\n"
