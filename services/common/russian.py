"""Words that follow a number, and numbers as Russian readers write them."""


def counted(number, one, few, many):
    """The number with the form of the word that it asks for: `counted(21, "заявка", "заявки", "заявок")`.

    The rule is CLDR's for Russian: 1, 21, 31 … but not 11; 2–4, 22–24 … but not 12–14; all others.
    """
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        return f"{number} {one}"
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return f"{number} {few}"
    return f"{number} {many}"


def decimal(number):
    """The number with one digit behind a decimal comma: 4,8."""
    return f"{number:.1f}".replace(".", ",")


def duration(hours):
    """A length of time, given in hours, as people say it: below two days in hours, then in days."""
    if hours < 0.5:
        return "меньше часа"
    if hours < 48:
        return counted(round(hours), "час", "часа", "часов")
    return counted(round(hours / 24), "день", "дня", "дней")
