"""Ranking of masters, calculated by hand, and independence from irrelevant data."""

from datetime import timedelta

import pytest

from models import Role, Status
from services.common.clock import now
from services.requests import dispatch
from services.requests.dispatch import SAMPLE, shrunk
from tests.kit.counting import statements_of

FRIDGE = "Холодильник"


@pytest.fixture
def shop(app, make):
    """Methods that fill a shop with masters and their work."""
    return Shop(app, make)


class Shop:
    def __init__(self, app, make):
        self.app, self.make = app, make
        self.client = make.user(Role.CLIENT)

    def master(self, name="Мастер", **fields):
        return self.make.user(Role.MASTER, fullname=name, **fields)

    def done(self, master, hours, score=None, days_ago=10, **fields):
        end = now() - timedelta(days=days_ago)
        times = {"startdate": end - timedelta(hours=hours), "completiondate": end}
        repair = self.make.request(self.client, master, status=Status.DONE, **times | fields)
        if score:
            self.make.rating(repair, score)

    def open(self, master, overdue=False, status=Status.IN_PROGRESS):
        duedate = now() + timedelta(days=-1 if overdue else 9)
        return self.make.request(self.client, master, status=status, duedate=duedate)

    def ranked(self, techtype=FRIDGE):
        with self.app.app_context():
            return dispatch.ranked(techtype)

    def order(self, techtype=FRIDGE):
        return [item["fullname"] for item in self.ranked(techtype)]


def test_an_example_worked_out_by_hand(shop):
    """Three masters; k = 5. Of {10, 20, 30} hours the shop's median is 20, of the scores {5, 3} its mean is 4.

    burden  Anna 3 open + 1 overdue = 4, Boris 1, Vera 1: typical is (4 + 1 + 1) / 3 = 2
    Anna    free 1/(1+4/2) = 1/3; known 2/(2+5); median 15 becomes (2·15 + 5·20)/7 = 130/7, so speed 14/27;
            rating 5 becomes (5 + 5·4)/6 = 25/6, so quality 19/24: 40/3 + 40/7 + 280/27 + 380/24 = 45.25
    Boris   free 1/(1+1/2) = 2/3; known 1/(1+5); median 30 becomes (30 + 5·20)/6 = 130/6, so speed 12/25;
            rating 3 becomes (3 + 5·4)/6 = 23/6, so quality 17/24: 80/3 + 20/6 + 240/25 + 340/24 = 53.77
    Vera    free 2/3; known 0; the shop's median and rating, so speed 1/2 and quality 3/4: 80/3 + 10 + 15 = 51.67
    """
    anna, boris, vera = shop.master("Анна"), shop.master("Борис"), shop.master("Вера")
    shop.done(anna, 10, score=5)
    shop.done(anna, 20)
    shop.done(boris, 30, score=3)
    for master, overdue in ((anna, True), (anna, False), (anna, False), (boris, False), (vera, False)):
        shop.open(master, overdue)

    first, second, third = shop.ranked()
    assert [(item["fullname"], item["score"]) for item in (first, second, third)] == [
        ("Борис", 53.8),
        ("Вера", 51.7),
        ("Анна", 45.3),
    ]
    assert third == {
        "user_id": anna.user_id,
        "fullname": "Анна",
        "score": 45.3,
        "open_work": 3,
        "overdue_work": 1,
        "experience": {"n": 2, "median_hours": 15.0, "shop_median_hours": 20.0},
        "rating": {"mean": 5.0, "n": 1, "shrunk_mean": 4.17},
        "mean_days": pytest.approx(15 / 24, abs=0.006),
        "reason": "3 открытые заявки, из них 1 просрочена; «Холодильник»: 2 ремонта, обычно 15 часов, "
        "в мастерской 20 часов; оценка 5,0 (1 отзыв).",
    }
    assert second["experience"] == {"n": 0, "median_hours": None, "shop_median_hours": 20.0}
    assert second["rating"] == {"mean": None, "n": 0, "shrunk_mean": 4.0}
    assert second["mean_days"] is None
    assert second["reason"] == "1 открытая заявка; «Холодильник»: ремонтов ещё не было."


def test_one_enthusiast_does_not_make_the_best_master(shop):
    """15 ratings of 4.8 against one of 5: shrunk towards the shop's mean of 77/16, many ratings hardly move, one does.

    Proven: (15·4.8 + 5·4.8125) / 20 = 4.80; lucky: (5 + 5·4.8125) / 6 = 4.84, no longer 0.2 ahead but 0.04.
    """
    proven, lucky = shop.master("Проверенный"), shop.master("Везучий")
    for number in range(15):
        shop.done(proven, 10, score=4 if number < 3 else 5)
    shop.done(lucky, 10, score=5)
    first, second = shop.ranked()
    assert (first["fullname"], second["fullname"]) == ("Проверенный", "Везучий")
    assert first["rating"] == {"mean": 4.8, "n": 15, "shrunk_mean": 4.8}
    assert second["rating"] == {"mean": 5.0, "n": 1, "shrunk_mean": 4.84}


@pytest.mark.parametrize(
    ("value", "n", "shop_value", "expected"),
    [
        (5, 1, 3.5, 3.75),
        (5, 5, 3, 4),
        (5, 1000, 3, pytest.approx(5, abs=0.01)),
        (None, 0, 3.5, 3.5),
        (None, 0, None, None),
    ],
)
def test_small_samples_are_pulled_to_the_shop(value, n, shop_value, expected):
    assert shrunk(value, n, shop_value) == expected


def test_a_new_shop_goes_by_open_work_alone(shop):
    first, second, third = shop.master("Первый"), shop.master("Второй"), shop.master("Третий")
    shop.open(first)
    assert shop.order() == ["Второй", "Третий", "Первый"]
    shop.open(second)
    shop.open(third)
    assert shop.order() == ["Первый", "Второй", "Третий"]
    assert {item["score"] for item in shop.ranked()} == {20 + 0 + 10 + 10}


def test_overdue_work_weighs_more_than_other_work(shop):
    late, busy = shop.master("Опаздывает"), shop.master("Успевает")
    shop.open(late, overdue=True)
    shop.open(busy)
    assert shop.order() == ["Успевает", "Опаздывает"]


def test_the_quicker_and_the_better_rated_come_first(shop):
    quick, slow = shop.master("Быстрый"), shop.master("Медленный")
    shop.done(slow, 50)
    shop.done(quick, 5)
    assert shop.order() == ["Быстрый", "Медленный"]
    good, bad = shop.master("Хороший"), shop.master("Плохой")
    shop.done(bad, 10, score=1, techtype="Фен")
    shop.done(good, 10, score=5, techtype="Фен")
    order = shop.order("Фен")
    assert order.index("Хороший") < order.index("Плохой")


def test_experience_is_that_with_appliances_of_this_type_and_of_finished_work(shop):
    master = shop.master()
    shop.done(master, 10, score=5, techtype="Фен")
    shop.make.request(shop.client, master, status=Status.CANCELLED)
    (item,) = shop.ranked()
    assert item["experience"] == {"n": 0, "median_hours": None, "shop_median_hours": None}
    assert item["rating"] == {"mean": None, "n": 0, "shrunk_mean": None}
    assert item["open_work"] == 0
    assert item["reason"] == "Открытых заявок нет; «Холодильник»: ремонтов ещё не было."


def test_only_the_latest_repairs_speak_for_a_master(shop):
    master = shop.master()
    for _ in range(SAMPLE):
        shop.done(master, 10, days_ago=5)
    shop.done(master, 1000, score=1, days_ago=300)
    (item,) = shop.ranked()
    assert item["experience"] == {"n": SAMPLE, "median_hours": 10.0, "shop_median_hours": 10.0}
    assert item["rating"]["n"] == 0
    assert item["reason"] == (
        "Открытых заявок нет; «Холодильник»: последние 20 ремонтов, обычно 10 часов, в мастерской 10 часов; "
        "оценок за них ещё нет."
    )


def test_work_that_took_no_time_breaks_nothing(shop):
    shop.done(shop.master(), 0)
    (item,) = shop.ranked()
    assert item["experience"]["median_hours"] == 0
    assert "обычно меньше часа" in item["reason"]


@pytest.mark.parametrize(
    ("in_time", "overdue", "words"),
    [
        (0, 0, "Открытых заявок нет"),
        (1, 0, "1 открытая заявка"),
        (5, 0, "5 открытых заявок"),
        (0, 1, "1 просроченная заявка"),
        (0, 3, "3 просроченные заявки"),
        (4, 2, "6 открытых заявок, из них 2 просрочены"),
        (1, 5, "6 открытых заявок, из них 5 просрочено"),
    ],
)
def test_the_reason_tells_the_open_work_in_good_russian(shop, in_time, overdue, words):
    master = shop.master()
    for number in range(in_time + overdue):
        shop.open(master, overdue=number < overdue)
    (item,) = shop.ranked()
    assert (item["open_work"], item["overdue_work"]) == (in_time + overdue, overdue)
    assert item["reason"] == f"{words}; «Холодильник»: ремонтов ещё не было."


def test_all_kinds_of_open_work_count(shop):
    master = shop.master()
    for status in (Status.NEW, Status.IN_PROGRESS, Status.WAITING_PARTS):
        shop.open(master, status=status)
    shop.done(master, 1)
    shop.make.request(shop.client)
    assert shop.ranked()[0]["open_work"] == 3


def test_only_active_masters_are_candidates(shop):
    gone, manager = shop.master("Уволен", is_active=False), shop.make.user(Role.MANAGER)
    shop.master("Работает")
    shop.done(gone, 10, score=5)
    assert shop.order() == ["Работает"] and manager


def test_without_masters_there_is_nobody(app):
    with app.app_context():
        assert dispatch.ranked(FRIDGE) == []
        assert dispatch.best_master(FRIDGE) is None


def test_one_query_however_many_masters_and_repairs(app, shop):
    for _ in range(3):
        master = shop.master()
        for _ in range(3):
            shop.done(master, 10, score=4)
            shop.open(master)
    with statements_of(app) as statements, app.app_context():
        dispatch.ranked(FRIDGE)
    assert len(statements) == 1
    with statements_of(app) as statements, app.app_context():
        dispatch.load()
    assert len(statements) == 1
