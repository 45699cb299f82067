"""The manual's password rules (chapter 9.1); one verdict for registration, change, reset and command line."""

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.password import normalize

MIN_LENGTH, MAX_LENGTH = 8, 128

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_COMMON_STEMS = frozenset(FREQUENCY_LISTS["passwords"][:30]) | {
    "пароль", "йцукен", "йцукенг", "привет", "любовь", "россия", "москва", "админ", "admin", "qwerty", "солнышко",
}  # fmt: skip

RULES_TEXT = (
    f"От {MIN_LENGTH} до {MAX_LENGTH} символов: прописная и строчная буквы, цифра и специальный символ. "
    "Не распространённый пароль, не ваша почта и не имя."
)


def problem_with(password, *, email="", fullname=""):
    """Return the sentence that says what is wrong with the password, or None where it is good."""
    password = normalize(password)
    missing = _missing_parts(password)
    if missing:
        return "Пароль должен содержать: " + ", ".join(missing)
    if len(password) > MAX_LENGTH:
        return f"Пароль не может быть длиннее {MAX_LENGTH} символов"
    if _is_common(password):
        return "Это слишком распространённый пароль, придумайте другой"
    if _is_personal(password, email, fullname):
        return "Пароль не должен совпадать с почтой или именем"
    return None


def _missing_parts(password):
    parts = [
        (len(password) >= MIN_LENGTH, f"не менее {MIN_LENGTH} символов"),
        (any(character.isupper() for character in password), "прописную букву"),
        (any(character.islower() for character in password), "строчную букву"),
        (any(character.isdigit() for character in password), "цифру"),
        (
            any(not character.isalnum() and not character.isspace() for character in password),
            "специальный символ",
        ),
    ]
    return [name for present, name in parts if not present]


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
