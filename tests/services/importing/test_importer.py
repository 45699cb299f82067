"""Real shops' files are imported completely; each kind of bad data is a named refusal or a known repair."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from database import db
from models import Comment, ImportedRow, RepairRequest, RequestEvent, Role, Status, User
from models.audit import AuditEvent
from models.enums import EventKind
from services.common.errors import Conflict, Invalid, NotFound
from services.importing import files as book_files
from services.importing import importer
from services.importing import rows as book_rows
from services.requests import rules
from tests.kit.factories import password_hash

SHOPS = Path(__file__).resolve().parents[2] / "data" / "imports"
DOMAIN = "shop.example"

USERS = [
    "userID;fio;phone;login;password;type",
    "1;Трубин Никита Юрьевич;89210563128;kasoo;root;Менеджер",
    "2;Мурашов Андрей Юрьевич;89535078985;murashov;qwerty;Мастер",
    "7;Баранова Эмилия Марковна;89994563841;login2;pass2;Заказчик",
    "8;Егорова Алиса Платоновна;89994563842;login3;pass3;Заказчик",
]
REQUESTS = [
    "requestID;startDate;homeTechType;homeTechModel;problemDescryption;requestStatus;completionDate;repairParts;masterID;clientID",
    "1;2023-06-06;Фен;Ладомир ТА112 белый;Перестал работать;В процессе ремонта;null;;2;7",
    "2;2023-05-05;Тостер;Redmond RT-437;Перестал работать;Готова к выдаче;2023-05-08;Мотор;2;8",
    "3;2023-08-02;Холодильник;Indesit DS 316;Не морозит;Новая заявка;null;;null;7",
]
COMMENTS = ["commentID;message;masterID;requestID", "1;Интересная поломка;2;1", "2;Интересная поломка;2;2"]


def write(folder, users=USERS, requests=REQUESTS, comments=COMMENTS, encoding="utf-8", end="\n"):
    """Write the import files to `folder`; return it."""
    for name, lines in (("Users", users), ("Requests", requests), ("Comments", comments)):
        if lines is not None:
            (folder / f"inputData{name}.csv").write_bytes((end.join(lines) + end).encode(encoding))
    return folder


def with_line(lines, number, text):
    """The lines with line `number` replaced (the header is 1), or with one added after the last."""
    return [*lines[: number - 1], text, *lines[number:]]


@pytest.fixture
def real_app(app):
    with app.app_context():
        yield


@pytest.fixture
def in_app(real_app, monkeypatch):
    """Use one hash for all passwords, for tests that do not sign in: hashing takes seconds per import."""
    monkeypatch.setattr(importer, "hash_password", lambda _password: password_hash())


@pytest.fixture
def take(in_app, tmp_path):
    """Call it with the lines of the files: the report of their import."""

    def take(**files):
        return importer.import_dataset(write(tmp_path, **files), DOMAIN)

    return take


def counts():
    tables = (User, RepairRequest, Comment, RequestEvent, ImportedRow, AuditEvent)
    return [db.session.scalar(select(func.count()).select_from(model)) for model in tables]


def refusals_of(report):
    return "\n".join(map(str, report.refusals))


# Three real shops


@pytest.fixture(params=["home", "climate", "cars"])
def shop(request):
    return SHOPS / request.param


EXPECTED = {"home": (10, 7, 5), "climate": (10, 5, 3), "cars": (10, 5, 3)}


def test_a_real_shop_is_taken_as_it_is_and_only_once(in_app, shop):
    report = importer.import_dataset(shop, DOMAIN)
    assert report.refusals == [] and report.written
    assert tuple(count.new for count in report.counts) == EXPECTED[shop.name]
    before = counts()
    assert before[:3] == list(EXPECTED[shop.name])
    again = importer.import_dataset(shop, DOMAIN)
    assert again.refusals == [] and again.passwords == []
    assert [(count.new, count.already) for count in again.counts] == [(0, n) for n in EXPECTED[shop.name]]
    assert counts() == before


def test_three_shops_stand_side_by_side_under_their_own_domains(in_app):
    for name in EXPECTED:
        assert importer.import_dataset(SHOPS / name, f"{name}.example").written
    assert counts()[:3] == [30, 17, 11]


def test_another_shop_under_the_same_domain_is_not_taken_for_the_first(in_app):
    importer.import_dataset(SHOPS / "home", DOMAIN)
    before = counts()
    report = importer.import_dataset(SHOPS / "cars", DOMAIN)
    assert "уже загружен другой человек" in refusals_of(report) and not report.written
    assert counts() == before


def test_people_get_roles_emails_and_passwords_that_must_be_changed(in_app):
    report = importer.import_dataset(SHOPS / "climate", DOMAIN)
    people = {person.email: person for person in db.session.scalars(select(User))}
    assert people["login1@shop.example"].user_type is Role.MANAGER
    assert people["login2@shop.example"].user_type is Role.MASTER
    assert people["login4@shop.example"].user_type is Role.MANAGER
    assert people["login9@shop.example"].user_type is Role.CLIENT
    assert people["login9@shop.example"].fullname == "Кузнецов Сергей Матвеевич"
    assert people["login9@shop.example"].phone == "89219567843"
    assert {person.password_changed_at for person in people.values()} == {None}
    assert {entry.email for entry in report.passwords} == people.keys()
    assert len({entry.password for entry in report.passwords}) == 10


def test_a_one_time_password_opens_only_the_change_of_password(real_app, client):
    report = importer.import_dataset(SHOPS / "home", DOMAIN)
    entry = report.passwords[0]
    answer = client.post("/api/auth/login", json={"email": entry.email, "password": entry.password})
    assert answer.status_code == 200 and answer.json["password_expired"] is True
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    assert client.get("/api/requests/", headers=headers).status_code == 403
    old = client.post("/api/auth/login", json={"email": "kasoo@shop.example", "password": "root"})
    assert old.status_code == 401


def test_requests_keep_what_the_book_says(in_app):
    importer.import_dataset(SHOPS / "cars", DOMAIN)
    repairs = {original(repair): repair for repair in db.session.scalars(select(RepairRequest))}
    assert repairs[3].requeststatus is Status.DONE
    assert repairs[3].techtype == "Легковая" and repairs[3].techmodel == "Toyota 2000GT"
    assert repairs[3].startdate == datetime(2022, 7, 6, 21, tzinfo=UTC)  # midnight in Moscow
    assert repairs[3].completiondate == datetime(2022, 12, 31, 21, tzinfo=UTC)
    assert (repairs[4].requeststatus, repairs[4].masterid) == (Status.NEW, None)
    assert db.session.get(User, repairs[1].masterid).fullname == "Харитонова Мария Павловна"


def original(repair):
    return db.session.scalar(
        select(ImportedRow.original).where(ImportedRow.kind == "request", ImportedRow.new_id == repair.requestid)
    )


def test_histories_begin_with_the_book_and_lead_to_the_present_state(in_app, shop):
    importer.import_dataset(shop, DOMAIN)
    for repair in db.session.scalars(select(RepairRequest)):
        query = select(RequestEvent).where(RequestEvent.requestid == repair.requestid).order_by(RequestEvent.event_id)
        events = db.session.scalars(query).all()
        assert (events[0].kind, events[0].at, events[0].actor_id) == (EventKind.CREATED, repair.startdate, None)
        origin = f"Импортирована из книги {DOMAIN}: заявка № {original(repair)}"
        assert events[0].comment.startswith(origin)
        assert [event.at for event in events] == sorted(event.at for event in events)
        changes = [event for event in events if event.kind != EventKind.COMMENT]
        assert [event.version for event in changes] == list(range(1, repair.version + 1))
        check_moves(repair, events)


def check_moves(repair, events):
    status = Status.NEW
    for event in events:
        if event.kind == EventKind.STATUS:
            assert (status, Status(event.to_value)) in rules.MOVES
            status = Status(event.to_value)
    assert status == repair.requeststatus
    if status == Status.DONE:
        assert events[-1].at == repair.completiondate
    masters = [event.to_value["user_id"] for event in events if event.kind == EventKind.ASSIGNED]
    assert masters == ([repair.masterid] if repair.masterid else [])


def test_used_parts_stand_in_the_history(take):
    take()
    assert db.session.scalar(select(RequestEvent.comment).where(RequestEvent.comment.like("%Запчасти%"))) == (
        "Импортирована из книги shop.example: заявка № 2. Запчасти: Мотор"
    )


def test_comments_stand_a_minute_apart_in_the_order_of_their_numbers(in_app):
    importer.import_dataset(SHOPS / "home", DOMAIN)
    rows = db.session.execute(
        select(Comment.message, Comment.comment_date, RepairRequest.startdate, User.fullname)
        .join(RepairRequest, RepairRequest.requestid == Comment.requestid)
        .join(User, User.user_id == Comment.masterid)
        .order_by(Comment.commentid)
    ).all()
    assert [row.message for row in rows].count("Интересная поломка") == 2
    assert {row.comment_date - row.startdate for row in rows} == {timedelta(minutes=1), timedelta(minutes=2)}
    assert rows[-1].fullname == "Степанов Андрей Викторович"  # Not that request's master.


def test_accounts_stand_in_the_log_of_accounts(take):
    take()
    assert db.session.scalar(select(func.count(AuditEvent.audit_id)).where(AuditEvent.actor_id.is_(None))) == 4


def test_the_imported_book_is_seen_through_the_api(in_app, make, login):
    importer.import_dataset(SHOPS / "home", DOMAIN)
    manager = login(make.user(Role.MANAGER))
    page = manager.get("/api/requests/?count=1&sort=requestid").json
    assert page["total"] == 7
    last = page["items"][-1]
    assert last["techmodel"] == "Indesit DS 314 W серый" and last["requeststatus"] == "Завершена"
    assert last["client"]["fullname"] == "Егорова Алиса Платоновна"
    path = f"/api/requests/{last['requestid']}"
    assert manager.get(path).json["allowed"]["requeststatus"] == ["В работе"]
    kinds = [event["kind"] for event in manager.get(f"{path}/history").json["items"]]
    assert kinds == ["created", "assigned", "status", "comment", "status"]
    comments = manager.get(f"/api/comments/?requestid={last['requestid']}").json["items"]
    assert [comment["message"] for comment in comments] == ["Скорее всего потребуется мотор обдува!"]
    assert manager.get("/api/requests/summary").json["by_status"]["Новая заявка"] == 2
    assert manager.get("/api/requests/?q=гудит").json["items"][0]["requestid"] == last["requestid"]


def test_statistics_count_the_imported_book(in_app, make, login):
    importer.import_dataset(SHOPS / "home", DOMAIN)
    manager = login(make.user(Role.MANAGER))
    figures = manager.get("/api/statistics/?from=2022-07-01&to=2023-12-31").json
    assert (figures["totals"]["created"], figures["totals"]["completed"]) == (7, 3)
    assert figures["completion"]["n"] == 3 and figures["completion"]["mean_hours"] > 0
    assert sum(row["count"] for row in figures["by_status"]) == 7
    assert manager.get("/api/statistics/").status_code == 200


def test_an_imported_request_goes_on_as_any_other(real_app, client):
    report = importer.import_dataset(SHOPS / "home", DOMAIN)
    headers = sign_in(client, next(entry for entry in report.passwords if entry.role == Role.MASTER))
    fresh = client.get("/api/requests/?requeststatus=Новая заявка", headers=headers).json["items"]
    answer = client.post(f"/api/requests/{fresh[0]['requestid']}/accept", headers=headers)
    assert answer.status_code == 200 and answer.json["requeststatus"] == "В работе"


def sign_in(client, entry):
    """Sign in with a one-time password and change it; return the headers of the new token."""
    answer = client.post("/api/auth/login", json={"email": entry.email, "password": entry.password})
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    body = {"old_password": entry.password, "new_password": "Novyj-Parol-8"}
    answer = client.post("/api/auth/change-password", json=body, headers=headers)
    return {"Authorization": f"Bearer {answer.json['token']}"}


# Dry run, second import, long import


def test_a_rehearsal_reports_the_same_and_leaves_nothing(in_app, tmp_path):
    report = importer.dry_run(write(tmp_path), DOMAIN)
    assert [count.new for count in report.counts] == [4, 3, 2]
    assert not report.written and report.passwords == []
    assert counts() == [0] * 6


def test_a_rehearsal_uses_up_no_numbers_of_requests(in_app, tmp_path):
    importer.dry_run(write(tmp_path), DOMAIN)
    importer.import_dataset(tmp_path, DOMAIN)
    assert db.session.scalars(select(RepairRequest.requestid).order_by(RepairRequest.requestid)).all() == [1, 2, 3]


def test_a_rehearsal_of_a_dirty_book_tells_the_refusals(in_app, tmp_path):
    report = importer.dry_run(write(tmp_path, users=with_line(USERS, 3, "2;;;x;y;Мастер")), DOMAIN)
    assert "строка 3: «fio»: не заполнено" in refusals_of(report)


def test_what_was_added_to_the_book_since_is_added(take):
    take()
    first = counts()
    report = take(
        users=[*USERS, "9;Титов Максим Иванович;;login4;x;Заказчик"],
        requests=[*REQUESTS, "4;2023-09-01;Фен;Ладомир;Искрит;Новая заявка;;;;9"],
        comments=[*COMMENTS, "3;Новое к старой заявке;2;2", "4;К новой заявке;2;4"],
    )
    assert report.refusals == []
    assert [(count.new, count.already) for count in report.counts] == [(1, 4), (1, 3), (2, 2)]
    assert counts()[:3] == [5, 4, 4] and counts() != first
    added = db.session.scalar(select(RequestEvent).where(RequestEvent.comment == "Новое к старой заявке"))
    assert added.version == db.session.get(RepairRequest, added.requestid).version


def test_what_changed_in_the_program_since_stays(take, make, login, tmp_path):
    take()
    person = db.session.scalar(select(User).where(User.email == "login2@shop.example"))
    person.fullname = "Баранова-Кац Эмилия Марковна"
    db.session.commit()
    assert take().refusals == []
    assert db.session.get(User, person.user_id).fullname == "Баранова-Кац Эмилия Марковна"


def test_a_long_book_goes_in_by_batches_with_its_numbers(take):
    many = importer.BATCH + 300
    lines = [f"{n};2023-06-06;Фен;Ладомир ТА{n};Не греет;Готова к выдаче;2023-06-09;;2;7" for n in range(1, many + 1)]
    comments = [f"{n};Заметка {n};2;{many + 1 - n}" for n in range(1, many + 1)]
    report = take(requests=[REQUESTS[0], *lines], comments=[COMMENTS[0], *comments])
    assert report.written
    assert counts()[1:4] == [many, many, 5 * many]
    model = dict(db.session.execute(select(RepairRequest.requestid, RepairRequest.techmodel)).all())
    pairs = select(ImportedRow.original, ImportedRow.new_id).where(ImportedRow.kind == "request")
    assert all(model[new_id] == f"Ладомир ТА{number}" for number, new_id in db.session.execute(pairs))
    about = select(Comment.message, RepairRequest.techmodel).join(
        RepairRequest, RepairRequest.requestid == Comment.requestid
    )
    for message, techmodel in db.session.execute(about):
        assert int(message.split()[1]) + int(techmodel.removeprefix("Ладомир ТА")) == many + 1


def test_nothing_is_written_where_the_passwords_cannot_be_kept(in_app, tmp_path):
    def keep(_passwords):
        raise OSError("No space left on device")

    with pytest.raises(OSError):
        importer.import_dataset(write(tmp_path), DOMAIN, keep)
    db.session.rollback()
    assert counts() == [0] * 6


def test_an_account_that_appears_meanwhile_stops_the_import(app, in_app, make, tmp_path):
    def watch(items, label, _length):
        if label == "Пароли":
            make.user(email="KASOO@shop.example")
        return items

    with pytest.raises(Conflict, match="ничего не записано"):
        importer.import_dataset(write(tmp_path), DOMAIN, watch=watch)
    assert counts()[:5] == [1, 0, 0, 0, 0]


# Repairs

REPAIRS = {
    "Windows-1251": {"encoding": "cp1251"},
    "UTF-8 with BOM": {"encoding": "utf-8-sig"},
    "CRLF": {"end": "\r\n"},
    "commas": {"requests": [line.replace(";", ",") for line in REQUESTS]},
    "tabs": {"users": [line.replace(";", "\t") for line in USERS]},
    "blank lines": {"comments": [*COMMENTS, "", ";;;", "   "]},
    "empty columns at the end": {"users": [line + ";;" for line in USERS]},
    "a line with empty cells too many": {"users": with_line(USERS, 2, USERS[1] + ";;;")},
    "names of columns in other case": {"users": with_line(USERS, 1, "User_ID;ФИО;Телефон;LOGIN;Пароль;Роль")},
    "no phones and no passwords": {"users": ["userID;fio;login;type", *(
        ";".join(line.split(";")[i] for i in (0, 1, 3, 5)) for line in USERS[1:])]},
    "dates of the people": {"requests": with_line(
        REQUESTS, 3, "2;05.05.2023;Тостер;Redmond RT-437;Перестал работать;Готова к выдаче;08.05.2023;Мотор;2;8")},
    "NULL in capitals": {"requests": with_line(
        REQUESTS, 4, "3;2023-08-02;Холодильник;Indesit DS 316;Не морозит;Новая заявка;NULL;NULL;NULL;7")},
    "blanks around values": {"requests": with_line(
        REQUESTS, 4, " 3 ;2023-08-02 ;Холодильник ; Indesit DS 316;Не морозит\t; новая  ЗАЯВКА ;;;;7")},
    "cells in quotes": {"requests": with_line(
        REQUESTS, 4, '"3";"2023-08-02";"Холодильник";"Indesit DS 316";"Не морозит";"Новая заявка";;;"";"7"')},
}  # fmt: skip


@pytest.mark.parametrize("name", REPAIRS)
def test_repaired_dirt_gives_the_same_book(take, name):
    report = take(**REPAIRS[name])
    assert refusals_of(report) == ""
    assert [count.new for count in report.counts] == [4, 3, 2]
    query = select(RepairRequest.techmodel, RepairRequest.requeststatus, RepairRequest.completiondate)
    assert db.session.execute(query.order_by(RepairRequest.requestid)).all() == [
        ("Ладомир ТА112 белый", Status.IN_PROGRESS, None),
        ("Redmond RT-437", Status.DONE, datetime(2023, 5, 7, 21, tzinfo=UTC)),
        ("Indesit DS 316", Status.NEW, None),
    ]


def test_repairs_are_counted_in_the_report(take):
    report = take(encoding="cp1251", users=with_line(USERS, 2, USERS[1].replace("kasoo", "kasoo ")))
    assert report.repairs == {book_files.TRIMMED: 1, book_files.FROM_1251: 3}


def test_names_of_files_in_any_case(in_app, tmp_path):
    write(tmp_path)
    shutil.move(tmp_path / "inputDataUsers.csv", tmp_path / "INPUTDATAUSERS.CSV")
    assert importer.import_dataset(tmp_path, DOMAIN).written


def test_a_time_of_day_is_kept_and_an_end_on_the_day_of_the_start_is_not_before_it(take):
    line = "2;2023-05-05 14:30;Тостер;Redmond;Не греет;Готова к выдаче;05.05.2023;;2;8"
    report = take(requests=with_line(REQUESTS, 3, line))
    repair = db.session.scalar(select(RepairRequest).where(RepairRequest.techmodel == "Redmond"))
    assert repair.startdate == repair.completiondate == datetime(2023, 5, 5, 11, 30, tzinfo=UTC)
    assert report.repairs == {book_rows.SAME_DAY: 1}


def test_text_over_several_lines_and_quotes_in_text_stay_whole(take):
    message = '"Сказал: ""завтра"";\nпридёт; сам"'
    assert take(comments=with_line(COMMENTS, 2, f"1;{message};2;1")).written
    assert db.session.scalar(select(Comment.message).order_by(Comment.commentid).limit(1)) == (
        'Сказал: "завтра";\nпридёт; сам'
    )


def test_a_login_that_is_an_email_stays_as_it_is(take):
    take(users=with_line(USERS, 2, "1;Трубин Никита Юрьевич;;nikita@mail.example;x;Менеджер"))
    assert db.session.scalar(select(User.user_id).where(User.email == "nikita@mail.example"))


def test_further_columns_of_a_request_are_taken(take):
    header = REQUESTS[0] + ";serialNumber;address;phone"
    lines = [header, *(f"{line};SN-{place};ул. Новая, {place};+7 900" for place, line in enumerate(REQUESTS[1:]))]
    assert take(requests=lines).written
    repair = db.session.scalar(select(RepairRequest).order_by(RepairRequest.requestid).limit(1))
    assert (repair.serialnumber, repair.address, repair.phone) == ("SN-0", "ул. Новая, 0", "+7 900")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Ожидание запчастей", Status.WAITING_PARTS),
        ("ждёт запчасти", Status.WAITING_PARTS),
        ("В работе", Status.IN_PROGRESS),
        ("Отменена.", Status.CANCELLED),
        ("новая", Status.NEW),
    ],
)
def test_statuses_by_other_names(take, word, status):
    assert take(requests=with_line(REQUESTS, 2, f"1;2023-06-06;Фен;Ладомир;Не греет;{word};;;2;7")).written
    repair = db.session.scalar(select(RepairRequest).where(RepairRequest.techmodel == "Ладомир"))
    assert (repair.requeststatus, repair.completiondate) == (status, None)
    history = select(RequestEvent).where(RequestEvent.requestid == repair.requestid).order_by(RequestEvent.event_id)
    check_moves(repair, db.session.scalars(history).all())


# Refusals

LONG = "я" * 10_001
REFUSED_USERS = [
    ("12;Иванов;;ivan;x;Директор", 6, "незнакомая роль «Директор»; бывает: Клиент, Мастер, Менеджер, Администратор"),
    ("12;Иванов;;ivan;x;", 6, "«type»: не заполнено"),
    ("12;;;ivan;x;Мастер", 6, "«fio»: не заполнено"),
    ("12;null;;ivan;x;Мастер", 6, "«fio»: не заполнено"),
    ("12;Иванов;;;x;Мастер", 6, "«login»: не заполнено"),
    ("12;Иванов;;иван иванов;x;Мастер", 6, "«иван иванов» не годится для адреса почты"),
    ("12;Иванов;;<b>;x;Мастер", 6, "«<b>» не годится для адреса почты"),
    (f"12;Иванов;;{'a' * 250};x;Мастер", 6, "не годится для адреса почты"),
    ("12;Иванов;;KASOO;x;Мастер", 6, "«KASOO@shop.example» уже был в строке 2"),
    ("7;Иванов;;ivan;x;Мастер", 6, "номер 7 уже был в строке 4"),
    ("семь;Иванов;;ivan;x;Мастер", 6, "«семь» — не номер"),
    ("0;Иванов;;ivan;x;Мастер", 6, "«0» — не номер"),
    ("-1;Иванов;;ivan;x;Мастер", 6, "«-1» — не номер"),
    (f"{10**30};Иванов;;ivan;x;Мастер", 6, "— не номер"),
    (";Иванов;;ivan;x;Мастер", 6, "«userID»: не заполнено"),
    (f"12;{'я' * 201};;ivan;x;Мастер", 6, "«fio»: длина 201, а можно не больше 200 символов"),
    (f"12;Иванов;{'8' * 33};ivan;x;Мастер", 6, "«phone»: длина 33, а можно не больше 32 символов"),
    ("12;Иванов;;ivan;x", 6, "строка повреждена: значений 5, а столбцов 6"),
    ("12;Иванов;;ivan;x;Мастер;лишнее", 6, "строка повреждена: значений 7, а столбцов 6"),
    ("12;Ива\x00нов;;ivan;x;Мастер", 6, "недопустимый символ NUL"),
    ('12;"Иванов;;ivan;x;Мастер', 6, "кавычки не закрыты или стоят не на месте"),
    ('12;"Ива" нов;;ivan;x;Мастер', 6, "кавычки не закрыты или стоят не на месте"),
]
REFUSED_REQUESTS = [
    ("4;2023-08-02;Фен;Ладомир;Не греет;В процессе ремонта;;;7;8", 5,
     "«masterID»: № 7 (Баранова Эмилия Марковна) — не Мастер, а Клиент"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;1;8", 5, "№ 1 (Трубин Никита Юрьевич) — не Мастер, а Менеджер"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;2", 5, "«clientID»: № 2 (Мурашов Андрей Юрьевич) — не Клиент"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;77", 5, "«clientID»: № 77 нет среди пользователей"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;88;7", 5, "«masterID»: № 88 нет среди пользователей"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;", 5, "«clientID»: не заполнено"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;Иванов", 5, "«clientID»: «Иванов» — не номер"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;В процессе ремонта;;;;7", 5, "в состоянии «В работе» нужен мастер"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Готова к выдаче;2023-08-03;;;7", 5, "в состоянии «Завершена» нужен мастер"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Готова к выдаче;null;;2;7", 5, "заявка завершена, но даты завершения нет"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Готова к выдаче;2023-08-01;;2;7", 5, "завершение раньше приёма"),
    ("4;2023-08-02 15:00;Фен;Ладомир;Не греет;Готова к выдаче;2023-08-02 14:59;;2;7", 5, "завершение раньше приёма"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;В процессе ремонта;2023-08-03;;2;7", 5,
     "дата завершения есть, а состояние — «В работе»"),
    ("4;2023-08-02;Фен;Ладомир;Не греет;Потеряна;;;2;7", 5, "незнакомое состояние «Потеряна»; бывает: Новая заявка, "),
    ("4;2023-02-30;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«2023-02-30» — не дата вида 2023-06-30 или 30.06.2023"),
    ("4;08/02/2023;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«08/02/2023» — не дата"),
    ("4;позавчера;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«позавчера» — не дата"),
    ("4;;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«startDate»: не заполнено"),
    ("4;1999-12-31;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "дата раньше 2000 года"),
    ("4;0001-01-01;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«startDate»"),
    ("4;9999-12-31;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "дата ещё не наступила"),
    ("3;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "номер 3 уже был в строке 4"),
    ("А-4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;;;7", 5, "«А-4» — не номер"),
    ("4;2023-08-02;;Ладомир;Не греет;Новая заявка;;;;7", 5, "«homeTechType»: не заполнено"),
    ("4;2023-08-02;Фен; ;Не греет;Новая заявка;;;;7", 5, "«homeTechModel»: не заполнено"),
    ("4;2023-08-02;Фен;Ладомир;null;Новая заявка;;;;7", 5, "«problemDescryption»: не заполнено"),
    (f"4;2023-08-02;{'я' * 101};Ладомир;Не греет;Новая заявка;;;;7", 5, "не больше 100 символов"),
    (f"4;2023-08-02;Фен;{'я' * 201};Не греет;Новая заявка;;;;7", 5, "не больше 200 символов"),
    (f"4;2023-08-02;Фен;Ладомир;{LONG};Новая заявка;;;;7", 5, "длина 10001, а можно не больше 10000 символов"),
    (f"4;2023-08-02;Фен;Ладомир;Не греет;Новая заявка;;{'я' * 2001};;7", 5, "не больше 2000 символов"),
    ("4;2023-08-02;Фен", 5, "строка повреждена: значений 3, а столбцов 10"),
]  # fmt: skip
REFUSED_COMMENTS = [
    ("3;Привет;2;44", 4, "«requestID»: заявки № 44 нет"),
    ("3;Привет;99;1", 4, "«masterID»: № 99 нет среди пользователей"),
    ("3;Привет;8;1", 4, "№ 8 (Егорова Алиса Платоновна) — клиент, но не этой заявки"),
    ("3;;2;1", 4, "«message»: не заполнено"),
    (f"3;{LONG};2;1", 4, "длина 10001, а можно не больше 10000 символов"),
    ("1;Привет;2;1", 4, "номер 1 уже был в строке 2"),
    ("x;Привет;2;1", 4, "«x» — не номер"),
    ("3;Привет;2", 4, "строка повреждена: значений 3, а столбцов 4"),
]


REFUSED = [
    *(("users", *case) for case in REFUSED_USERS),
    *(("requests", *case) for case in REFUSED_REQUESTS),
    *(("comments", *case) for case in REFUSED_COMMENTS),
]


@pytest.mark.parametrize(
    ("kind", "line", "number", "reason"), REFUSED, ids=[f"{case[0]}-{place}" for place, case in enumerate(REFUSED)]
)
def test_a_dirty_line_is_refused_by_name_and_nothing_is_written(take, kind, line, number, reason):
    files = {"users": USERS, "requests": REQUESTS, "comments": COMMENTS}
    report = take(**{kind: [*files[kind], line]})
    assert [refusal.line for refusal in report.refusals] == [number]
    assert f"inputData{kind.title()}.csv, строка {number}: " in refusals_of(report)
    assert reason in refusals_of(report)
    assert not report.written and counts() == [0] * 6


def test_all_that_is_wrong_is_told_at_once(take):
    report = take(
        users=[*USERS, "9;;;a b;x;Директор"],
        requests=[*REQUESTS, "x;вчера;;;;;;;;"],
        comments=[*COMMENTS, "9;;77;88"],
    )
    assert [refusal.file for refusal in report.refusals] == list(book_files.FILES.values())
    assert [str(refusal).count("«") >= 3 for refusal in report.refusals] == [True] * 3
    assert [count.refused for count in report.counts] == [1, 1, 1]


def test_a_refused_person_is_not_blamed_on_their_requests(take):
    report = take(users=with_line(USERS, 4, "7;Баранова Эмилия Марковна;;login2;x;Кто-то"))
    assert [refusal.file for refusal in report.refusals] == ["inputDataUsers.csv"]


def test_the_line_number_is_that_of_the_file_even_after_blank_and_long_lines(take):
    lines = [COMMENTS[0], "", '1;"в две\nстроки";2;1', "2;Привет;2;44"]
    assert [refusal.line for refusal in take(comments=lines).refusals] == [5]


def test_a_client_may_comment_their_own_request(take):
    assert take(comments=[*COMMENTS, "3;Когда?;7;1"]).written


def test_a_manager_may_comment_any_request(take):
    assert take(comments=[*COMMENTS, "3;Звонили;1;1"]).written


def test_a_master_of_a_book_without_users_file_lines_is_known_from_before(take):
    take()
    report = take(users=USERS[:1], requests=[REQUESTS[0], "9;2023-09-01;Фен;Ладомир;Искрит;В работе;;;2;7"])
    assert report.refusals == [] and report.counts[1].new == 1


def test_an_email_that_somebody_else_has_is_refused(take, make):
    make.user(email="Login2@Shop.example")
    report = take()
    assert refusals_of(report) == (
        "inputDataUsers.csv, строка 4: почта «login2@shop.example» уже занята учётной записью не из этой книги"
    )
    assert counts()[:5] == [1, 0, 0, 0, 0]


def test_terminal_codes_of_a_book_do_not_reach_the_terminal(take):
    report = take(users=[*USERS, "12;Иванов;;ivan;x;\x1b[2JМастер"])
    assert "\x1b" not in refusals_of(report) and "незнакомая роль «\N{REPLACEMENT CHARACTER}[2JМастер»" in refusals_of(
        report
    )


# Unreadable files


def data(text):
    return text.encode() if isinstance(text, str) else text


UNREADABLE = {
    "empty": (b"", "файл пуст"),
    "only blanks": (b" \n\n", "файл пуст"),
    "UTF-16": ("\n".join(USERS).encode("utf-16"), "файл в кодировке UTF-16; сохраните его как CSV в UTF-8"),
    "an Excel book": (b"PK\x03\x04" + bytes(200), "это не CSV, а книга Excel или архив"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "не в UTF-8 и не в Windows-1251"),
    "a page": (b"<!DOCTYPE html><title>x</title>", "нет ни одного знакомого столбца"),
    "binary zeros": (bytes(100), "нет ни одного знакомого столбца"),
    "damaged UTF-8": ("\n".join(USERS).encode().replace("Трубин".encode(), b"\xd0\xa2\xff"),
                      "файл в UTF-8, но строка 2 повреждена"),
    "a missing column": ("userID;phone;login;password;type\n1;2;3;4;Мастер\n", "нет столбца с именем (fio)"),
    "two missing columns": ("userID;fio\n1;Иванов\n", "нет столбца с логином (login); нет столбца с ролью (type)"),
    "an unknown column": (USERS[0] + ";zodiac\n", "незнакомый столбец «zodiac»"),
    "a nameless column": ("userID;;fio;login;type\n", "столбец 2 без названия"),
    "a column twice": (USERS[0] + ";name\n", "столбцы «fio» и «name» означают одно и то же"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_refused_as_a_whole(in_app, tmp_path, name):
    content, reason = UNREADABLE[name]
    write(tmp_path)
    (tmp_path / "inputDataUsers.csv").write_bytes(data(content))
    report = importer.import_dataset(tmp_path, DOMAIN)
    assert [refusal.line for refusal in report.refusals] == [None]
    assert refusals_of(report).startswith("inputDataUsers.csv: ") and reason in refusals_of(report)
    assert not report.written and counts() == [0] * 6


def test_a_file_of_nothing_but_names_of_columns_is_an_empty_book(take):
    report = take(requests=REQUESTS[:1], comments=COMMENTS[:1])
    assert [count.new for count in report.counts] == [4, 0, 0]


def test_missing_files_are_named_all_at_once(take):
    report = take(requests=None, comments=None)
    assert refusals_of(report) == (
        "inputDataRequests.csv: файла с таким именем в папке нет\n"
        "inputDataComments.csv: файла с таким именем в папке нет"
    )
    assert counts() == [0] * 6


def test_two_files_of_one_name_are_refused(in_app, tmp_path):
    write(tmp_path)
    (tmp_path / "INPUTdataUSERS.csv").write_text("x")
    if len(list(tmp_path.iterdir())) == 3:
        pytest.skip("this file system does not tell names by case")
    assert "в папке несколько таких файлов" in refusals_of(importer.import_dataset(tmp_path, DOMAIN))


def test_a_folder_in_place_of_a_file_is_refused(in_app, tmp_path):
    write(tmp_path, users=None)
    (tmp_path / "inputDataUsers.csv").mkdir()
    assert "inputDataUsers.csv: не читается" in refusals_of(importer.import_dataset(tmp_path, DOMAIN))


def test_a_file_without_end_is_not_read_into_memory(in_app, tmp_path, monkeypatch):
    monkeypatch.setattr(book_files, "MAX_BYTES", 100)
    assert "файл больше 0 МБ" in refusals_of(importer.import_dataset(write(tmp_path), DOMAIN))


def test_a_missing_folder_is_told(in_app, tmp_path):
    with pytest.raises(NotFound, match="нет"):
        importer.import_dataset(tmp_path / "nowhere", DOMAIN)


@pytest.mark.parametrize("domain", ["", "shop", "shop example.ru", "@shop.example", "shop..example", "shop.example/"])
def test_a_domain_that_is_none_is_told(in_app, tmp_path, domain):
    with pytest.raises(Invalid) as caught:
        importer.import_dataset(write(tmp_path), domain)
    assert "не похоже на домен" in caught.value.extra["fields"]["domain"]
