"""Filters of dates, numbers and money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from ....core.contract.countries import Country
from ....core.facts import NBSP, Blank, GrammaticalCase, Missing
from ....core.filters import Filter, LanguagePack
from .. import dates, numbers
from ..printing import to_text
from .entering import enter, refuse, whole

_Value = TypeVar("_Value")
_CASES: Mapping[str, GrammaticalCase] = MappingProxyType(
    {
        "nom": "nom",
        "gen": "gen",
        "dat": "dat",
        "acc": "acc",
        "ins": "ins",
        "prep": "prep",
        "именительный": "nom",
        "родительный": "gen",
        "дательный": "dat",
        "винительный": "acc",
        "творительный": "ins",
        "предложный": "prep",
    }
)
_GENDERS: Mapping[str, numbers.Gender] = MappingProxyType(
    {
        "masc": "masc",
        "fem": "fem",
        "neut": "neut",
        "мужской": "masc",
        "женский": "fem",
        "средний": "neut",
    }
)
TABLE: list[Filter] = []
HUNDRED = 100


def _day(name: str, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise refuse(name, value)


def _option(name: str, value: object, known: Mapping[str, _Value]) -> _Value:
    if isinstance(value, str) and value in known:
        return known[value]
    raise TypeError(f"{name} takes one of these words: {', '.join(known)}")


@enter(
    TABLE,
    "date_long",
    "датой",
    takes=("date",),
    gives="text",
    summary="Дата с днём в кавычках: «18» февраля 2025 г.",
    example="{{ документ.дата|датой }}",
)
def date_long(value: object) -> object:
    """Print «18» февраля 2025 г."""
    return dates.date_long(_day("date_long", value))


@enter(
    TABLE,
    "date_plain",
    "словом",
    takes=("date",),
    gives="text",
    summary="Дата с месяцем словом: 18 февраля 2025 г.",
    example="{{ документ.дата|словом }}",
)
def date_plain(value: object) -> object:
    """Print 18 февраля 2025 г."""
    return dates.date_plain(_day("date_plain", value))


@enter(
    TABLE,
    "month_year",
    "месяц",
    takes=("date",),
    gives="text",
    summary="Месяц и год: февраль 2025 г.; можно назвать падеж: феврале 2025 г.",
    example="в {{ документ.дата|месяц('предложный') }}",
    max_args=1,
    meets_blank=True,
)
def month_year(value: object, case: object = "nom") -> object:
    """Print февраль 2025 г."""
    if isinstance(value, Blank):
        return Blank("text", 20)
    return dates.month_year(_day("month_year", value), _option("month_year", case, _CASES))


def _country(pack: LanguagePack | None) -> Country:
    """Return in which country the papers are written; Russia where no paper is drawn."""
    return pack.country if pack else Country.RUSSIA


@enter(
    TABLE,
    "in_words",
    "прописью",
    takes=("number", "money", "date"),
    gives="text",
    summary="Число, дата или сумма словами; для числа можно назвать род и падеж.",
    example="{{ семья.дети|число|прописью('мужской', 'родительный') }}",
    max_args=2,
    meets_blank=True,
    speaks=True,
)
def in_words(
    value: object, gender_: object = "masc", case: object = "nom", *, pack: LanguagePack | None = None
) -> object:
    """Write a number, a date or a sum of money in words."""
    if isinstance(value, Blank):
        return Blank("text", 40)
    grammatical = _option("in_words", case, _CASES)
    sort = _option("in_words", gender_, _GENDERS)
    if isinstance(value, Decimal):
        return numbers.money_in_words(value, _country(pack))
    if isinstance(value, date):
        return dates.date_in_words(_day("in_words", value), grammatical)
    return numbers.in_words(whole("in_words", value), sort, grammatical)


@enter(
    TABLE,
    "money",
    "рублей",
    takes=("number", "money"),
    gives="text",
    summary="Сумма в рублях: 7 900,00 руб.",
    example="{{ семья.заявитель.доход|рублей }}",
    speaks=True,
)
def money(value: object, *, pack: LanguagePack | None = None) -> object:
    """Print an amount of roubles."""
    amount = value if isinstance(value, Decimal) else Decimal(whole("money", value))
    return numbers.money(amount, _country(pack))


@enter(
    TABLE,
    "plural",
    "счёт",
    takes=("number",),
    gives="text",
    summary="Число и слово при нём: 1 ребёнок, 3 ребёнка, 5 детей.",
    example="{{ семья.дети|число|счёт('ребёнок', 'ребёнка', 'детей') }}",
    max_args=3,
    meets_blank=True,
)
def plural(value: object, one: object, few: object, many: object) -> object:
    """Print a number with the form of a noun that goes with it; beside a line the form for many stands."""
    if isinstance(value, Blank):
        return f"{value}{NBSP}{to_text(many)}"
    return numbers.with_unit(whole("plural", value), to_text(one), to_text(few), to_text(many))


@enter(
    TABLE,
    "age",
    "возраст",
    takes=("date",),
    gives="text",
    summary="Возраст на дату: 12 лет; до года — 7 месяцев.",
    example="{{ семья.заявитель.дата_рождения|возраст(документ.дата) }}",
    max_args=1,
    meets_blank=True,
)
def age(value: object, on: object) -> object:
    """Print the age on a day of someone who was born on another."""
    if isinstance(value, Blank) or isinstance(on, Blank):
        return Blank("number", 8)
    try:
        return dates.age_text(_day("age", value), _day("age", on))
    except ValueError as error:
        raise TypeError("age: the day lies before the birth") from error


@enter(
    TABLE,
    "years",
    "лет",
    takes=("date",),
    gives="number",
    summary="Сколько полных лет на дату, числом: для сравнений.",
    example="{{ ребёнок.дата_рождения|лет(план.дата) }}",
    max_args=1,
)
def years(value: object, on: object) -> object:
    """Count the full years between a birthday and a day."""
    try:
        return dates.age(_day("years", value), _day("years", on))
    except ValueError:
        # Before the birth there is no age: neither less nor more than another.
        return Missing("years")


@enter(
    TABLE,
    "plus_days",
    "плюс_дней",
    takes=("date",),
    gives="date",
    summary="День через столько-то дней: для сравнений и сроков; с минусом — раньше.",
    example="{{ документ.дата|плюс_дней(30) }}",
    max_args=1,
)
def plus_days(value: object, days: object) -> object:
    """Return the day that is so many days later."""
    return _day("plus_days", value) + timedelta(days=whole("plus_days", days))


@enter(
    TABLE,
    "share_of_term",
    "доля_срока",
    takes=("date",),
    gives="date",
    summary="День, к которому пройдёт столько-то процентов времени до другого дня: для напоминаний.",
    example="{{ (встреча.дата|доля_срока(план.действует_до, 80))|датой }}",
    max_args=2,
)
def share_of_term(value: object, end: object, share: object) -> object:
    """Return the first day on which so many per cent of the time between two days have passed."""
    since, last = _day("share_of_term", value), _day("share_of_term", end)
    whole_term = max((last - since).days, 0)
    return since + timedelta(days=-(-whole_term * whole("share_of_term", share) // HUNDRED))


@enter(
    TABLE,
    "days_to",
    "дней_до",
    takes=("date",),
    gives="number",
    summary="Сколько дней от одного дня до другого, числом.",
    example="{{ письмо.согласовано|дней_до(письмо.дата) }}",
    max_args=1,
)
def days_to(value: object, end: object) -> object:
    """Count the days from one day to another; below zero if the other is earlier."""
    return (_day("days_to", end) - _day("days_to", value)).days


@enter(
    TABLE,
    "day",
    "день",
    takes=("text",),
    gives="date",
    summary="День, написанный словами шаблона: для сравнений.",
    example="{{ (согласие.дата < '2025-09-01'|день)|да_нет }}",
)
def day(value: object) -> object:
    """Read a day that a rule or a template writes down, such as the day a law came into force."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise TypeError("day: a day is written 2025-09-01") from None
