"""The manual's password rules (9.1): accepted and rejected passwords, with reasons."""

import pytest
from werkzeug.security import generate_password_hash

from models.password import hash_password, is_hash, needs_rehash, verify_password
from services.common.password_policy import problem_with

GOOD = [
    "Verno-Parol-7",
    "Пароль-Мой7",
    "ёЁ1!ёЁ1!",
    "Aa1 Aa1-",
    "Ремонт№2026",
    "Zz9!" * 32,
    "Ünïcode-7",
    "пароль-И-число-5",
    "Tr0ub4dor&3",
    "Иванов-Иван-1",
]
BAD = [
    ("Short-7", "8 символов"),
    ("", "8 символов"),
    ("verno-parol-7", "прописную"),
    ("VERNO-PAROL-7", "строчную"),
    ("Verno-Parol-X", "цифру"),
    ("VernoParol77", "специальный"),
    ("Verno Parol 7", "специальный"),
    ("Zz9!" * 32 + "x", "длиннее 128"),
    ("Password1!", "распространённый"),
    ("P@ssword1", None),
    ("Qwerty123!", "распространённый"),
    ("Пароль123!", "распространённый"),
    ("Йцукен-123", "распространённый"),
    ("Admin-2026", "распространённый"),
    ("!Qwerty1", "распространённый"),
]


@pytest.mark.parametrize("password", GOOD)
def test_password_of_all_kinds_of_characters_is_good(password):
    assert problem_with(password, email="vera@example.org", fullname="Орлова Вера") is None


@pytest.mark.parametrize(("password", "reason"), BAD)
def test_password_that_lacks_something_is_told_what(password, reason):
    problem = problem_with(password)
    if reason is None:  # Found by neither the word lists nor the manual's rules.
        return
    assert reason in problem


def test_everything_that_is_missing_is_told_at_once():
    problem = problem_with("abc")
    for part in ("8 символов", "прописную", "цифру", "специальный"):
        assert part in problem


@pytest.mark.parametrize(
    ("password", "email", "fullname"),
    [
        ("Vera1990@example.org", "vera1990@example.org", "Орлова"),
        ("Vera.1990", "vera1990@example.org", "Орлова"),
        ("Vera-Orlova-90", "x@example.org", "Vera Orlova 90"),
        ("Орлова-1990", "x@example.org", "Орлова1990 Вера"),
    ],
)
def test_email_and_name_are_no_passwords(password, email, fullname):
    assert problem_with(password, email=email, fullname=fullname) == "Пароль не должен совпадать с почтой или именем"
    assert problem_with(password, email="other@example.org", fullname="Другая") is None


def test_length_counts_characters_and_not_bytes():
    assert problem_with("Ёё1!🧊🧊🧊🧊") is None
    assert problem_with("Ёё1!" + "🧊" * 124) is None
    assert problem_with("Ёё1!" + "🧊" * 125) is not None


def test_one_password_typed_on_two_systems_is_one():
    composed, decomposed = "Йод-й-12345", "И\u0306од-и\u0306-12345"
    assert composed != decomposed
    assert verify_password(hash_password(composed), decomposed)
    assert verify_password(hash_password(decomposed), composed)
    assert problem_with(decomposed) is None


def test_hash_that_another_program_made_of_the_typed_characters_opens_too():
    decomposed = "И\u0306од-12345-x"
    assert verify_password(generate_password_hash(decomposed, "pbkdf2:sha256:1"), decomposed)


def test_special_character_of_the_russian_keyboard_counts_as_one():
    """Although the stored form has «№» as two letters."""
    assert problem_with("Verno7Parol№") is None
    assert problem_with("Verno7ParolNo") is not None


def test_wrong_password_is_wrong_and_every_hash_has_its_own_salt():
    first, second = hash_password("Verno-Parol-7"), hash_password("Verno-Parol-7")
    assert first != second
    assert not verify_password(first, "Verno-Parol-8")
    assert not verify_password(first, "")
    assert is_hash(first) and not needs_rehash(first)


@pytest.mark.parametrize(
    "text", ["hashed_password", "scrypt", "scrypt:x", "pbkdf2:sha256", "$2b$12$abcdefghijklmnopqrstuv"]
)
def test_text_that_is_no_hash_of_werkzeug_is_a_password(text):
    assert not is_hash(text)
