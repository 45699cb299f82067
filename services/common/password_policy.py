"""The manual's password rules (chapter 9.1); one verdict for registration, change, reset and command line."""

import unicodedata

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.password import normalize

MIN_LENGTH, MAX_LENGTH = 8, 128

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_COMMON_STEMS = frozenset(FREQUENCY_LISTS["passwords"][:30]) | {
    "пароль", "йцукен", "йцукенг", "привет", "любовь", "россия", "москва", "админ", "admin", "qwerty", "солнышко",
    "техник", "technic", "техсервис", "techservice",
}  # fmt: skip
"""Words that digits and signs around them do not make a password of: the commonest ones, and the program's names."""


def rules_text(composition=True):
    """The rules in words; `composition` as for `problem_with`."""
    parts = ": прописная и строчная буквы, цифра и специальный символ" if composition else ""
    return f"От {MIN_LENGTH} до {MAX_LENGTH} символов{parts}. Не распространённый пароль, не ваша почта и не имя."


def problem_with(password, *, email="", fullname="", composition=True):
    """Return the sentence that says what is wrong with the password, or None where it is good.

    `composition`: whether it needs the manual's upper and lower case, digit and special character.
    Characters are counted as people see them (NFC): for the stored form «№» is the letters «No», and a Russian's
    favourite special character would be none.
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
    """A terminal may hand over bytes that are no characters."""
    return "\x00" not in password and password.encode(errors="ignore").decode() == password


def _missing_parts(password, composition):
    length = [(len(password) >= MIN_LENGTH, f"не менее {MIN_LENGTH} символов")]
    characters = [
        (any(character.isupper() for character in password), "прописную букву"),
        (any(character.islower() for character in password), "строчную букву"),
        (any(character.isdigit() for character in password), "цифру"),
        (
            any(not character.isalnum() and not character.isspace() for character in password),
            "специальный символ",
        ),
    ]
    return [name for present, name in length + (characters if composition else []) if not present]


def _is_common(password):
    folded = password.casefold()
    stem = folded.strip("".join({character for character in folded if not character.isalpha()}))
    return folded in _COMMON or stem in _COMMON_STEMS


def _is_personal(password, email, fullname):
    folded = _letters_and_digits(password)
    personal = {email, email.partition("@")[0], fullname, *fullname.split()}
    return any(folded == _letters_and_digits(text) for text in personal if text)


def _letters_and_digits(text):
    return "".join(character for character in text.casefold() if character.isalnum())
