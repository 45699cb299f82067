"""Repair history of an appliance: visible requests and suggested models."""

import pytest

from models import Role, Status
from tests.kit.counting import statements_of

SERIAL = {"serialnumber": "SN-2000-77"}


def numbers(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [item["requestid"] for item in answer.json["items"]]


def of_request(caller, repair):
    return caller.get(f"/api/requests/device?requestid={repair.requestid}")


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER)


def test_requests_of_one_serial_number_are_found_however_it_is_spelt(make, manager):
    first = make.request(serialnumber="sn-2000-77 ", techmodel="Bosch", problemdescription="Шумит " * 100)
    second = make.request(serialnumber="SN-2000-77", status=Status.DONE, techmodel="БОШ")
    make.request(serialnumber="SN-2000-78")
    answer = of_request(manager, second)
    assert numbers(answer) == [first.requestid]
    (item,) = answer.json["items"]
    assert (item["same"], item["master"], item["requeststatus"]) == ("serialnumber", None, "Новая заявка")
    assert len(item["problemdescription"]) == 200
    assert numbers(manager.get("/api/requests/device?serialnumber=%20sn-2000-77")) == [
        second.requestid,
        first.requestid,
    ]


def test_requests_of_one_client_and_model_are_one_appliance_unless_serial_numbers_differ(make, manager):
    owner = make.user()
    unknown = make.request(owner, techmodel="LG F1096")
    known = make.request(owner, techmodel="lg f1096 ", serialnumber="A-1111")
    other = make.request(owner, techmodel="LG F1096", serialnumber="A-2222")
    make.request(techmodel="LG F1096")
    assert numbers(of_request(manager, known)) == [unknown.requestid]
    assert numbers(of_request(manager, unknown)) == [other.requestid, known.requestid]
    described = f"/api/requests/device?techmodel=LG%20F1096&clientid={owner.user_id}"
    assert len(numbers(manager.get(described))) == 3
    assert manager.get(described).json["items"][0]["same"] == "techmodel"


@pytest.mark.parametrize("nothing", ["нет", "б/н", "-", "0", "12"])
def test_what_stands_where_there_is_no_serial_number_makes_no_appliance(make, manager, nothing):
    first, second = make.request(serialnumber=nothing), make.request(serialnumber=nothing)
    assert numbers(of_request(manager, second)) == []
    assert numbers(manager.get("/api/requests/device?serialnumber=нет")) == []
    assert first.requestid != second.requestid


def test_a_client_learns_of_own_requests_only(make, login, manager):
    owner, stranger = login(make.user()), make.user()
    former = make.request(stranger, **SERIAL)
    mine = make.request(owner.user, **SERIAL)
    earlier = make.request(owner.user, **SERIAL, status=Status.DONE)
    assert numbers(of_request(owner, mine)) == [earlier.requestid]
    assert of_request(owner, former).status_code == 404
    described = f"/api/requests/device?serialnumber=SN-2000-77&techmodel={former.techmodel}&clientid={stranger.user_id}"
    assert numbers(owner.get(described)) == [earlier.requestid, mine.requestid]
    assert numbers(of_request(manager, mine)) == [earlier.requestid, former.requestid]


def test_a_master_learns_of_what_they_may_see_only(make, login):
    master, colleague = login(make.user(Role.MASTER)), make.user(Role.MASTER)
    mine = make.request(master=master.user, **SERIAL)
    theirs = make.request(master=colleague, **SERIAL)
    free = make.request(**SERIAL)
    assert numbers(of_request(master, mine)) == [free.requestid]
    assert of_request(master, theirs).status_code == 404
    assert numbers(of_request(login(colleague), theirs)) == [free.requestid]


def test_an_answer_is_bounded_and_costs_one_statement(app, make, manager):
    repairs = [make.request(**SERIAL) for _ in range(13)]
    manager.get("/api/requests/device?serialnumber=SN-2000-77")
    with statements_of(app) as sent:
        answer = manager.get("/api/requests/device?serialnumber=SN-2000-77")
    assert numbers(answer) == [repair.requestid for repair in reversed(repairs)][:10]
    assert answer.json["has_more"] is True
    assert len([each for each in sent if each.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 2


def test_nothing_described_is_nothing_found(make, manager, sign_in):
    make.request(serialnumber=None)
    for caller in (manager, sign_in(), sign_in(Role.MASTER)):
        assert numbers(caller.get("/api/requests/device")) == []
    assert manager.get("/api/requests/device?requestid=999").status_code == 404


def test_models_are_told_when_three_clients_have_them(make, login):
    asking = login(make.user())
    for model, clients in (("LG F1096", 4), ("Bosch WAN", 3), ("Секрет Ивановых", 2)):
        for _ in range(clients):
            make.request(techtype="Стиральная машина", techmodel=model)
    talker = make.user()
    for _ in range(5):
        make.request(talker, techtype="Стиральная машина", techmodel="Одна на пятерых")
    make.request(techtype="Стиральная машина", techmodel="lg f1096 ")
    answer = asking.get("/api/requests/models?techtype=Стиральная машина")
    assert answer.json == {"own": [], "common": ["LG F1096", "Bosch WAN"]}
    assert asking.get("/api/requests/models?techtype=Стиральная машина&q=wan").json["common"] == ["Bosch WAN"]
    assert asking.get("/api/requests/models?techtype=Утюг").json["common"] == []
    assert asking.get("/api/requests/models").json == {"own": [], "common": []}


def test_own_appliances_are_those_of_the_client_each_once(make, login, manager):
    owner, stranger = login(make.user()), make.user()
    washer = {"techtype": "Стиральная машина", "techmodel": "LG F1096", "serialnumber": "A-1111"}
    make.request(owner.user, **washer, address="Старый адрес")
    iron = make.request(owner.user, techtype="Утюг", techmodel="Tefal FV5")
    last = make.request(owner.user, **washer | {"techmodel": "lg f1096"}, address="ул. Мира, 1")
    make.request(owner.user, **washer | {"serialnumber": None})
    make.request(stranger, techmodel="Чужой прибор")
    own = owner.get("/api/requests/models").json["own"]
    assert [item["requestid"] for item in own] == [last.requestid, iron.requestid]
    assert (own[0]["serialnumber"], own[0]["address"]) == ("A-1111", "ул. Мира, 1")
    assert owner.get(f"/api/requests/models?clientid={stranger.user_id}").json["own"] == own
    assert manager.get("/api/requests/models").json["own"] == []
    theirs = manager.get(f"/api/requests/models?clientid={stranger.user_id}").json["own"]
    assert [item["techmodel"] for item in theirs] == ["Чужой прибор"]
