"""Dates and ages as Russian papers print them."""

from __future__ import annotations

from datetime import date

from ...core.contract.people import years_between
from ...core.facts import NBSP, GrammaticalCase, Phrase
from .numbers import ordinal_in_words, with_unit
from .phrases import decline_phrase

_MONTHS = (
    ("январь", "января"),
    ("февраль", "февраля"),
    ("март", "марта"),
    ("апрель", "апреля"),
    ("май", "мая"),
    ("июнь", "июня"),
    ("июль", "июля"),
    ("август", "августа"),
    ("сентябрь", "сентября"),
    ("октябрь", "октября"),
    ("ноябрь", "ноября"),
    ("декабрь", "декабря"),
)


def date_short(day: date) -> str:
    """Print «18.02.2025»."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def date_long(day: date) -> str:
    """Print ««18» февраля 2025 г.», which does not break."""
    return NBSP.join((f"«{day.day:02d}»", _of_month(day), f"{day.year}", "г."))


def date_plain(day: date) -> str:
    """Print «18 февраля 2025 г.», which does not break."""
    return NBSP.join((f"{day.day}", _of_month(day), f"{day.year}", "г."))


def date_in_words(day: date, case: GrammaticalCase = "nom") -> str:
    """Write a date in words: «восемнадцатое февраля две тысячи двадцать пятого года»."""
    year = ordinal_in_words(day.year, "masc", "gen")
    return f"{ordinal_in_words(day.day, 'neut', case)} {_of_month(day)} {year} года"


def month_year(day: date, case: GrammaticalCase = "nom") -> str:
    """Print «февраль 2025 г.», or another case of it: «(в) феврале 2025 г.»."""
    month = decline_phrase(Phrase(_MONTHS[day.month - 1][0], case=case))
    return NBSP.join((month, f"{day.year}", "г."))


def _of_month(day: date) -> str:
    return _MONTHS[day.month - 1][1]


def age(birth: date, on: date) -> int:
    """Return the full years of age on a day.

    Raises:
        ValueError: The day lies before the birth.
    """
    if on < birth:
        raise ValueError("the day lies before the birth")
    return years_between(birth, on)


def age_text(birth: date, on: date) -> str:
    """Print an age: «12 лет»; under a year «7 месяцев», under a month «12 дней».

    Raises:
        ValueError: The day lies before the birth.
    """
    months = _months(birth, on)
    if months >= 12:
        return with_unit(months // 12, "год", "года", "лет")
    if months:
        return with_unit(months, "месяц", "месяца", "месяцев")
    return with_unit((on - birth).days, "день", "дня", "дней")


def _months(birth: date, on: date) -> int:
    if on < birth:
        raise ValueError("the day lies before the birth")
    months = (on.year - birth.year) * 12 + on.month - birth.month
    # who was born on the 31st, or on 29 February, is a month older from the first day of the next month
    return months if on.day >= birth.day else months - 1
