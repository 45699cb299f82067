"""Russian plural forms."""

import pytest

from services.common.russian import counted, decimal, duration


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (0, "заявок"),
        (1, "заявка"),
        (2, "заявки"),
        (4, "заявки"),
        (5, "заявок"),
        (10, "заявок"),
        (11, "заявок"),
        (12, "заявок"),
        (14, "заявок"),
        (15, "заявок"),
        (20, "заявок"),
        (21, "заявка"),
        (22, "заявки"),
        (100, "заявок"),
        (101, "заявка"),
        (111, "заявок"),
        (112, "заявок"),
        (123, "заявки"),
        (1011, "заявок"),
        (1021, "заявка"),
    ],
)
def test_a_word_follows_its_number(number, form):
    assert counted(number, "заявка", "заявки", "заявок") == f"{number} {form}"


def test_numbers_have_a_decimal_comma():
    assert decimal(4.75) == "4,8"
    assert decimal(5) == "5,0"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "меньше часа"),
        (0.4, "меньше часа"),
        (0.6, "1 час"),
        (21.2, "21 час"),
        (33, "33 часа"),
        (47.4, "47 часов"),
        (48, "2 дня"),
        (24 * 21, "21 день"),
        (24 * 7, "7 дней"),
    ],
)
def test_a_duration_is_told_in_hours_or_days(hours, words):
    assert duration(hours) == words
