"""The manual's password rules (chapter 9.1), for registration, change, reset and command line."""

import re
import unicodedata
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.password import normalize

MIN_LENGTH, MAX_LENGTH = 8, 128
_OUTER_SYMBOLS = re.compile(r"^[\W_]+|[\W_]+$")

_COMMON = FREQUENCY_LISTS["passwords"]
_COMMON_STEMS = {
    *_COMMON[:30],
    "пароль", "йцукен", "йцукенг", "привет", "любовь", "россия", "москва", "админ", "admin", "qwerty", "солнышко",
    "техник", "technic", "техсервис", "techservice",
}  # fmt: skip
"""Stems too common even with digits or symbols around them: frequent words, and the program's names."""

_LOOK_ALIKES = {
    "a": "@4а", "b": "8в", "c": "с(", "e": "3её", "h": "н", "k": "к", "l": "1!|iі", "m": "м", "o": "0о", "p": "р",
    "s": "5$", "t": "7т+", "x": "х", "y": "у",
}  # fmt: skip
_LOOK_ALIKE_TABLE = str.maketrans({sign: letter for letter, signs in _LOOK_ALIKES.items() for sign in signs})
"""Digits, symbols and Cyrillic letters used in place of a letter; «1» means «l» or «i», so these are merged."""


def rules_text(composition=True):
    """The rules as Russian text; `composition` as for `problem_with`."""
    parts = ": прописная и строчная буквы, цифра и специальный символ" if composition else ""
    return f"От {MIN_LENGTH} до {MAX_LENGTH} символов{parts}. Не распространённый пароль, не ваша почта и не имя."


def problem_with(password, *, email="", fullname="", composition=True):
    """Return the violated rule as a Russian sentence, or None for a good password.

    `composition`: require the manual's upper and lower case, digit and special character.
    Characters are counted in NFC: the stored form turns «№» into the letters «No», and a special character that is
    frequent in Russia would not count.
    """
    if not _is_text(password):
        return "Пароль содержит недопустимые символы"
    shown, stored = unicodedata.normalize("NFC", password), normalize(password)
    missing = _missing_parts(shown, composition)
    if missing:
        return "Пароль должен содержать: " + ", ".join(missing)
    if len(shown) > MAX_LENGTH:
        return f"Пароль не может быть длиннее {MAX_LENGTH} символов"
    if _is_common(stored):
        return "Это слишком распространённый пароль, придумайте другой"
    if _is_personal(stored, email, fullname):
        return "Пароль не должен совпадать с почтой или именем"
    return None


def _is_text(password):
    """False for undecodable bytes from a terminal."""
    return "\x00" not in password and password.encode(errors="ignore").decode() == password


def _missing_parts(password, composition):
    """Missing kinds of characters. Decimal digits of any script count («٣»); «²» and «①» are neither digit nor sign."""
    length = [(len(password) >= MIN_LENGTH, f"не менее {MIN_LENGTH} символов")]
    characters = [
        (any(character.isupper() for character in password), "прописную букву"),
        (any(character.islower() for character in password), "строчную букву"),
        (any(character.isdecimal() for character in password), "цифру"),
        (
            any(not character.isalnum() and not character.isspace() for character in password),
            "специальный символ",
        ),
    ]
    return [name for present, name in length + (characters if composition else []) if not present]


def _is_common(password):
    """True for a common password with symbols, or a common stem with digits or symbols around it.

    Look-alike characters count as their letter.
    """
    folded = password.casefold()
    look, (passwords, words) = _unified(folded), _unified_common()
    if look in passwords or _unified(_OUTER_SYMBOLS.sub("", folded)) in passwords:
        return True
    letters = [place for place, character in enumerate(folded) if character.isalpha()] or [len(folded)]
    begins, ends = range(letters[0] + 1), range(letters[-1] + 1, len(folded) + 1)
    return any(look[begin:end] in words for begin in begins for end in ends)


@cache
def _unified_common():
    return frozenset(map(_unified, _COMMON)), frozenset(map(_unified, _COMMON_STEMS))


def _unified(text):
    """The text with look-alike characters replaced by one letter."""
    return text.translate(_LOOK_ALIKE_TABLE)


def _is_personal(password, email, fullname):
    folded = _letters_and_digits(password)
    personal = {email, email.partition("@")[0], fullname, *fullname.split()}
    return any(folded == _letters_and_digits(text) for text in personal if text)


def _letters_and_digits(text):
    return "".join(character for character in text.casefold() if character.isalnum())
