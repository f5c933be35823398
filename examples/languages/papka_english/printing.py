"""How English papers print a value."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from papka.core import Blank, Choice, PersonName, Phrase, Unprintable

NBSP = "\u00a0"
LOCALE = "en_GB"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_HOLD = (
    # No. 7, p. 3, Art. 12
    re.compile(r"(?<=\bNo\.) (?=\w)|(?<=\bp\.) (?=\d)|(?<=\bpp\.) (?=\d)|(?<=\bArt\.) (?=\d)"),
    # 5 June
    re.compile(rf"(?<=\d) (?=(?:{_MONTHS})\b)"),
    # 12 years, 30 m²
    re.compile(r"(?<=\d) (?=(?:years?|months?|days?|hours?|m²|km|kg|%)(?!\w))"),
    # +7 (900) 000-00-01
    re.compile(r"(?<=\+\d) (?=\(\d)|(?<=\d\)) (?=\d)"),
    # A. B. Surname
    re.compile(r"(?<=\b[A-Z]\.) (?=[A-Z]\.|[A-Z][a-z])"),
)


def printed(value: object) -> str:
    """Turn a plain value into the text that a paper shows.

    Raises:
        Unprintable: The value is empty, or is a record or a list.
    """
    text = _text(value)
    for gap in _HOLD:
        text = gap.sub(NBSP, text)
    return text


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, PersonName):
        return name(value)
    if isinstance(value, Blank):
        return f"{'_' * 4}{NBSP}{'_' * 14}{NBSP}20__" if value.kind == "date" else "_" * value.width
    if isinstance(value, Phrase | Choice):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{day(value)} {value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | Decimal):
        return number(value)
    raise Unprintable.of(value)


def name(value: PersonName) -> str:
    """Print a name as English papers do: given name, patronymic, surname; or initials and surname."""
    given = [part for part in (value.first, value.patronymic) if part]
    if value.style == "full":
        return " ".join([*given, value.last])
    return NBSP.join([*(f"{part[0]}." for part in given), value.last])


def day(value: date, pattern: str = "d MMMM y") -> str:
    """Print «5 June 2025», which does not break."""
    from babel.dates import format_date

    return str(format_date(value, pattern, locale=LOCALE)).replace(" ", NBSP)


def number(value: int | Decimal) -> str:
    """Print a number: «7,900.00»; a whole number that is no amount as it is: a year, a flat."""
    return f"{value:,f}" if isinstance(value, Decimal) else str(value)
