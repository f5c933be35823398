"""Filters that rules ask with: what lies between days, when somebody comes of an age, what can be seen."""

from __future__ import annotations

import re
from datetime import date

from ....core.dayspan import in_years
from ....core.facts import Blank, Missing, Rows
from ....core.filters import Filter
from ..analyser import analyser
from .entering import enter, refuse, whole
from .of_lists import field_of, rows_of

TABLE: list[Filter] = []

_PAPERS = frozenset(
    [
        "акт",
        "справка",
        "выписка",
        "договор",
        "заключение",
        "отчёт",
        "протокол",
        "решение",
        "приказ",
        "дневник",
        "диплом",
        "аттестат",
    ]
)
_SEEN = ("VERB", "PRTS", "PRTF", "ADJS")


def _within(name: str, value: object, field: object, day: object, *, after: bool) -> object:
    """Keep the rows whose day lies on one side of a day; a row without a day is left out."""
    if isinstance(value, Blank) or isinstance(day, Blank):
        return value
    if isinstance(value, Missing):
        return Rows()
    rows = rows_of(name, value)
    if isinstance(day, Missing):
        return rows
    if not isinstance(day, date):
        raise refuse(name, day)
    found = ((row, field_of(name, row, field)) for row in rows)
    return Rows(
        row for row, when in found if isinstance(when, date) and (when >= day if after else when <= day)
    )


@enter(
    TABLE,
    "from_day",
    "не_раньше",
    takes=("list",),
    gives="same",
    summary="Записи списка, день которых не раньше данного; если дня нет, все.",
    example="{{ мониторинги|не_раньше('дата', соглашение.дата)|число }}",
    max_args=2,
    meets_blank=True,
    meets_missing=True,
)
def from_day(value: object, field: object, day: object) -> object:
    """Keep the records whose day is not before a day."""
    return _within("from_day", value, field, day, after=True)


@enter(
    TABLE,
    "to_day",
    "не_позже",
    takes=("list",),
    gives="same",
    summary="Записи списка, день которых не позже данного; если дня нет, все.",
    example="{{ мнения_детей|не_позже('дата', план.дата)|число }}",
    max_args=2,
    meets_blank=True,
    meets_missing=True,
)
def to_day(value: object, field: object, day: object) -> object:
    """Keep the records whose day is not after a day."""
    return _within("to_day", value, field, day, after=False)


@enter(
    TABLE,
    "turns",
    "исполнится",
    takes=("date",),
    gives="date",
    summary="День, когда исполнится столько-то лет.",
    example="{{ ребёнок.дата_рождения|исполнится(18) }}",
    max_args=1,
)
def turns(value: object, years: object) -> object:
    """Return the day on which somebody born on a day comes of an age; of 29 February it is 1 March."""
    if not isinstance(value, date):
        raise refuse("turns", value)
    return in_years(value, whole("turns", years))


@enter(
    TABLE,
    "measurable",
    "измеримо",
    takes=("text",),
    gives="bool",
    summary="Есть ли в тексте то, что можно увидеть: число, сделанное дело, документ.",
    example="{{ задача.критерии|измеримо|да_нет }}",
)
def measurable(value: object) -> object:
    """Tell whether a text names something to be seen: a number, a deed or a paper (a hint, no proof)."""
    if not isinstance(value, str):
        raise refuse("measurable", value)
    if re.search(r"\d", value):
        return True
    words = (analyser().parse(word)[0] for word in re.findall(r"[а-яёА-ЯЁ]+", value))
    return any(one.tag.POS in _SEEN or one.normal_form in _PAPERS for one in words)
