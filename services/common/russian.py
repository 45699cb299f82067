"""Russian plural forms and number formats."""


def counted(number, one, few, many):
    """The number with the right plural form: `counted(21, "заявка", "заявки", "заявок")`.

    CLDR's rule for Russian: one for 1, 21, 31 … but not 11; few for 2–4, 22–24 … but not 12–14; many for others.
    """
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        return f"{number} {one}"
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return f"{number} {few}"
    return f"{number} {many}"


def decimal(number):
    """The number with one decimal and a comma: 4,8."""
    return f"{number:.1f}".replace(".", ",")


def duration(hours):
    """A duration, given in hours, as text: below two days in hours, from then on in days."""
    if hours < 0.5:
        return "меньше часа"
    if hours < 48:
        return counted(round(hours), "час", "часа", "часов")
    return counted(round(hours / 24), "день", "дня", "дней")
