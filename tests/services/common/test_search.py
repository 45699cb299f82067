"""Search in requests and people: matches, and what a user must not find."""

import pytest

from models import Role
from tests.routes.test_request_list import ids, ids_of


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


@pytest.fixture
def repairs(make):
    clients = {
        "anna": make.user(fullname="Королёва Анна Сергеевна", email="anna.k@example.org"),
        "oleg": make.user(fullname="Петров-Водкин Олег", email="oleg@example.org"),
    }
    return {
        "fridge": make.request(
            clients["anna"],
            techmodel="Indesit DS 316 W белый",
            serialnumber="SN-00417/B",
            problemdescription="Холодильник не морозит: ошибка E-05, течёт вода",
        ),
        "washer": make.request(
            clients["oleg"],
            techmodel="Bosch WAN-24263OE",
            serialnumber=None,
            problemdescription="Не отжимает бельё. Писать на mail@shop.example.com, см. http://shop.example.com/f21",
        ),
    }


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("холодильники", "fridge"),
        ("морозить", "fridge"),
        ("ХОЛОДИЛЬНИКУ", "fridge"),
        ("течет", "fridge"),
        ("течёт", "fridge"),
        ("вода", "fridge"),
        ("воды течёт", "fridge"),
        ("indesit", "fridge"),
        ("inde", "fridge"),
        ("indesitds316", "fridge"),
        ("DS 316", "fridge"),
        ("316", "fridge"),
        ("бел 316", "fridge"),
        ("SN-00417/B", "fridge"),
        ("sn00417b", "fridge"),
        ("00417", "fridge"),
        ("E-05", "fridge"),
        ("e05", None),
        ("ошибка 05", "fridge"),
        ("королева", "fridge"),
        ("Королёва анна", "fridge"),
        ("корол indesit", "fridge"),
        ("wan24263oe", "washer"),
        ("WAN-24263", "washer"),
        ("водкин", "washer"),
        ("белья", "washer"),
        ("mail@shop.example.com", "washer"),
        ("shop.example", "washer"),
        ("f21", "washer"),
        ("indesit водкин", None),
        ("петров indesit", None),
        ("утюг", None),
    ],
)
def test_office_finds_a_request_by_what_they_know_of_it(manager, repairs, q, name):
    found = ids(manager, f"?q={q}")
    assert found == ([repairs[name].requestid] if name else [])


def test_number_finds_its_request(make, manager):
    wanted, *_others = [make.request(problemdescription="Шум", techmodel="Модель") for _ in range(12)]
    assert wanted.requestid in ids(manager, f"?q={wanted.requestid}")
    assert ids(manager, f"?q=шум {wanted.requestid}") == [wanted.requestid]


def test_client_finds_their_own_only(repairs, login, make):
    owner = repairs["fridge"].clientid
    caller = login(type("Owner", (), {"user_id": owner}))
    assert ids(caller, "?q=indesit") == ids_of(repairs["fridge"])
    assert ids(caller, "?q=bosch") == []
    assert ids(login(make.user()), "?q=indesit") == []


def test_master_does_not_find_by_a_name_that_is_hidden_from_them(make, login, repairs):
    master = make.user(Role.MASTER)
    own = make.request(make.user(fullname="Королёва Вера"), master, techmodel="Beko")
    caller = login(master)
    assert ids(caller, "?q=indesit") == ids_of(repairs["fridge"])
    assert ids(caller, "?q=королёва") == ids_of(own)
    assert ids(caller, "?q=королёва indesit") == []


def test_name_is_found_after_its_client_was_renamed(make, login, repairs, manager, sign_in):
    admin = sign_in(Role.ADMIN)
    admin.patch(f"/api/users/{repairs['fridge'].clientid}", json={"fullname": "Зимина Анна"})
    assert ids(manager, "?q=зимина") == ids_of(repairs["fridge"])
    assert ids(manager, "?q=королёва") == []


def test_text_is_found_after_it_was_edited(repairs, manager):
    path = f"/api/requests/{repairs['fridge'].requestid}"
    manager.patch(path, json={"problemdescription": "Гудит компрессор"}, headers={"If-Match": '"1"'})
    assert ids(manager, "?q=компрессора") == ids_of(repairs["fridge"])
    assert ids(manager, "?q=морозит") == []


@pytest.mark.parametrize(
    "q",
    ["'", '"', "\\", "&", "|", "!", "!!", "<->", "a:*", ":", "(", "((", "a & | b", "%", "_", "*", "';DROP TABLE users",
     "не", "и", "日本語", "🧊", "İ", "ſ", "K", "ё", "a" * 200, "1e5", "9" * 200, "-77", "0x1f", "1.2.3", "a\u0301",
     "\u200b", "и не на", "ABD", "x:A", "x:C", "сломалсь:ABCD", " ".join(["слово"] * 30)],
)  # fmt: skip
def test_whatever_is_typed_is_searched_and_not_obeyed(manager, repairs, sign_in, q):
    for caller in (manager, sign_in(Role.MASTER), sign_in(Role.CLIENT)):
        answer = caller.get("/api/requests/", query_string={"q": q, "count": 1})
        assert answer.status_code == 200
        assert answer.get_json()["items"] == []
    assert sign_in(Role.ADMIN).get("/api/users/", query_string={"q": q}).status_code == 200


@pytest.mark.parametrize(
    ("q", "found"),
    [("королёва", ["anna"]), ("АННА корол", ["anna"]), ("oleg@", ["oleg"]), ("anna.k", ["anna"]), ("водкин", ["oleg"]),
     ("никто", []), ("_leg", []), ("%", [])],
)  # fmt: skip
def test_people_are_found_by_name_and_email(repairs, manager, q, found):
    answer = manager.get("/api/users/", query_string={"q": q}).get_json()
    assert [item["email"].partition(".")[0].partition("@")[0] for item in answer["items"]] == found


def test_common_word_and_rare_word_give_the_same_requests(make, manager, repairs, monkeypatch):
    from services.requests import lists

    master = make.user(Role.MASTER)
    client = make.user()
    for number in range(30):
        make.request(client, master if number % 2 else None, problemdescription=f"Шумит и стучит {number}")
    by_index = [ids(manager, f"?q=шумит&limit=7&sort={sort}") for sort in ("startdate", "-requestid")]
    monkeypatch.setattr(lists, "COMMON_FROM", -1)
    assert by_index == [ids(manager, f"?q=шумит&limit=7&sort={sort}") for sort in ("startdate", "-requestid")]
    monkeypatch.setattr(lists, "SCAN_LIMIT", 3)
    assert by_index == [ids(manager, f"?q=шумит&limit=7&sort={sort}") for sort in ("startdate", "-requestid")]
