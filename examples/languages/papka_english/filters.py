"""The filters that know English. Each has one name: a methodologist who writes in English asks in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from papka.core import Blank, Choice, Filter, Missing, PersonName, Rows, guarded

from .printing import LOCALE, NBSP, day, number, printed

_WORDS = ("name", "phrase", "text", "choice")
_CURRENCY = "RUB"
_DEEDS = re.compile(
    r"\d|\b\w{3,}ed\b|\b(?:act|certificate|report|order|contract|diploma|record)\b", re.IGNORECASE
)


def date_long(value: object) -> object:
    """Print 18 February 2025."""
    return day(_day(value))


def date_short(value: object) -> object:
    """Print 18 Feb 2025, for a narrow column: the year may go on in the next line."""
    return day(_day(value), "d MMM y").replace(NBSP, " ")


def month_year(value: object) -> object:
    """Print February 2025."""
    return day(_day(value), "MMMM y")


def in_words(value: object) -> object:
    """Write a number, a sum of money or a date in words."""
    if isinstance(value, Blank):
        return Blank("text", 40)
    if isinstance(value, Decimal):
        whole = int(abs(value))
        pence = int((abs(value) - whole) * 100)
        roubles = "rouble" if whole == 1 else "roubles"
        return f"{_spelt(whole)} {roubles} {pence:02d}{NBSP}kopecks"
    if isinstance(value, date):
        ordinal, year = (
            _spelt(value.day, to="ordinal"),
            _spelt(value.year, to="year"),
        )
        return f"the {ordinal} of {day(value, 'MMMM')}, {year}"
    return _spelt(_whole(value))


def ordinal(value: object) -> object:
    """Print 1st, 2nd, 3rd."""
    return _spelt(_whole(value), to="ordinal_num")


def money(value: object) -> object:
    """Print an amount: RUB 7,900.00."""
    from babel.numbers import format_currency

    amount = value if isinstance(value, Decimal) else Decimal(_whole(value))
    return str(format_currency(amount, _CURRENCY, locale=LOCALE, format=f"¤¤{NBSP}#,##0.00"))


def plural(value: object, one: object, many: object) -> object:
    """Print a number with the form of a noun that goes with it; beside a line the form for many stands."""
    if isinstance(value, Blank):
        return f"{value}{NBSP}{printed(many)}"
    from babel import Locale

    form = one if Locale("en").plural_form(_whole(value)) == "one" else many
    return f"{number(_whole(value))}{NBSP}{printed(form)}"


def age(value: object, on: object) -> object:
    """Print the age on a day of someone who was born on another: 12 years, 7 months, 3 days."""
    if isinstance(value, Blank) or isinstance(on, Blank):
        return Blank("number", 8)
    birth, today = _day(value), _day(on)
    if today < birth:
        raise TypeError("age: the day lies before the birth")
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    if months >= 12:
        return plural(months // 12, "year", "years")
    return plural(months, "month", "months") if months else plural((today - birth).days, "day", "days")


def listing(value: object) -> object:
    """Print the items of a list: A, B and C."""
    rows = value if isinstance(value, Rows) else Rows(value) if isinstance(value, list | tuple) else None
    if rows is None:
        raise TypeError("listing works on a list")
    if not rows:
        return Missing("listing")
    if any(isinstance(one, Blank) for one in rows):
        return Blank("text", 48)
    from babel.lists import format_list

    return str(format_list([printed(one) for one in rows], locale=LOCALE))


def possessive(value: object) -> object:
    """Print whose something is: Vera Los's, the parents'."""
    text = printed(value)
    return f"{text}’" if text.endswith("s") and not isinstance(value, PersonName) else f"{text}’s"


def agree(value: object, masculine: object, feminine: object) -> object:
    """Choose the word that goes with a person's sex; he/she where it is not known."""
    sex: object = value
    if isinstance(value, Choice):
        sex = value.code
    elif isinstance(value, PersonName):
        sex = value.sex
    if sex == "male":
        return printed(masculine)
    if sex == "female":
        return printed(feminine)
    if sex is None or isinstance(sex, Missing | Blank):
        return f"{printed(masculine)}/{printed(feminine)}"
    raise TypeError("agree works on a person's sex")


def measurable(value: object) -> object:
    """Tell whether a text names something to be seen: a number, a deed or a paper (a hint, no proof)."""
    if not isinstance(value, str):
        raise TypeError("measurable works on a text")
    return _DEEDS.search(value) is not None


def _spelt(number: int, to: str = "cardinal") -> str:
    from num2words import num2words

    return str(num2words(number, to=to, lang="en"))  # type: ignore[no-untyped-call]


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise TypeError("this filter works on a date")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError("this filter works on a whole number")


def _filter(
    function: Callable[..., object],
    takes: tuple[str, ...],
    gives: str,
    summary: str,
    example: str,
    *,
    max_args: int = 0,
    meets_missing: bool = False,
    meets_blank: bool = False,
) -> Filter:
    name = function.__name__
    careful = guarded(function, gives=gives, meets_missing=meets_missing, meets_blank=meets_blank)
    return Filter(name, name, takes, gives, summary, example, careful, meets_missing, max_args)


FILTERS: tuple[Filter, ...] = (
    _filter(date_long, ("date",), "text", "A date: 18 February 2025.", "{{ document.on|date_long }}"),
    _filter(
        date_short, ("date",), "text", "A date for a narrow column: 18 Feb 2025.", "{{ task.due|date_short }}"
    ),
    _filter(month_year, ("date",), "text", "Month and year: February 2025.", "{{ document.on|month_year }}"),
    _filter(
        in_words,
        ("number", "money", "date"),
        "text",
        "A number, a sum or a date in words.",
        "{{ document.copies|in_words }}",
        meets_blank=True,
    ),
    _filter(ordinal, ("number",), "text", "1st, 2nd, 3rd.", "{{ loop.index|ordinal }}"),
    _filter(
        money,
        ("number", "money"),
        "text",
        "A sum: RUB 7,900.00.",
        "{{ family.applicant.income_monthly|money }}",
    ),
    _filter(
        plural,
        ("number",),
        "text",
        "A number with its noun: 1 child, 3 children.",
        "{{ family.children|count|plural('child', 'children') }}",
        max_args=2,
        meets_blank=True,
    ),
    _filter(
        age,
        ("date",),
        "text",
        "The age on a day: 12 years, 7 months.",
        "{{ child.birth_date|age(document.on) }}",
        max_args=1,
        meets_blank=True,
    ),
    _filter(
        listing,
        ("list",),
        "text",
        "The items of a list: A, B and C.",
        "{{ family.children|pluck('name')|listing }}",
    ),
    _filter(possessive, _WORDS, "text", "Whose it is: Vera Los’s.", "{{ family.applicant.name|possessive }}"),
    _filter(
        agree,
        ("choice", "text", "name"),
        "text",
        "The word that goes with a person's sex: he or she.",
        "{{ family.applicant.sex|agree('he', 'she') }}",
        max_args=2,
        meets_missing=True,
        meets_blank=True,
    ),
    _filter(
        measurable,
        ("text",),
        "bool",
        "Whether a text names something to be seen.",
        "{{ task.criteria|measurable|yes_no }}",
    ),
)
