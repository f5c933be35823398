"""Days, numbers and words as people type them into cells, brought into the form that the contract reads.

What is not understood stays as it was typed: the contract tells it, in the words it has everywhere.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_MONTHS = (
    "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()  # noqa: SIM905
)
_NUMBERS = re.compile(r"(\d{1,2})\s*[./,\-\s]\s*(\d{1,2})\s*[./,\-\s]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ]00:00(?::00)?)?")
_IN_WORDS = re.compile(r"(\d{1,2})\s+([а-я]{3,9})\.?\s+(\d{4})")
_YEAR_WORD = re.compile(r"\s*(?:года?\s+рождения|г\.?\s*р\.?|год[а]?|г\.?)\s*$", re.IGNORECASE)
_EPOCH = date(1899, 12, 30)
_SERIALS = range(7_000, 60_000)
"""What a day is as a number of Excel: from 1919 to 2064."""

FAULT = re.compile(
    r"#(?:N/A|Н/Д|REF!|ССЫЛКА!|VALUE!|ЗНАЧ!|NAME\?|ИМЯ\?|DIV/0!|ДЕЛ/0!|NUM!|ЧИСЛО!|NULL!|ПУСТО!)"
)
"""What a formula shows that could not be worked out."""

NOTHING = frozenset(("", "-", "–", "—", "нет данных", "н/д", "не указано", "не указан", "неизвестно", "?"))


def as_text(value: Any) -> str:
    """Return a cell as a person reads it: a telephone typed as a number has no fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else f"{value:.10g}"
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return f"{value.seconds // 3600}:{value.seconds // 60 % 60:02}"
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\xa0", " ").strip()


def is_nothing(value: Any) -> bool:
    """Tell whether a cell says nothing: empty, a dash, «нет данных»."""
    return as_text(value).casefold() in NOTHING


def as_day(value: Any, today: date, *, birth: bool = False) -> str:
    """Return a day as 2015-03-12; what is none stays as it was typed.

    Args:
        birth: It is a birthday: of two figures for a year, a year to come is one of the last century.
    """
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) in _SERIALS:
        return (_EPOCH + timedelta(days=int(value))).isoformat()
    typed = as_text(value)
    text = _YEAR_WORD.sub("", typed.casefold().replace("ё", "е"))
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), typed)
    if found := _NUMBERS.fullmatch(text):
        return _day(_year(found[3], today, birth=birth), int(found[2]), int(found[1]), typed)
    if found := _IN_WORDS.fullmatch(text):
        month = _month(found[2])
        return _day(int(found[3]), month, int(found[1]), typed) if month else typed
    return typed


def _year(figures: str, today: date, *, birth: bool) -> int:
    if len(figures) == 4:
        return int(figures)
    year = 2000 + int(figures)
    return year - 100 if year > today.year + (0 if birth else 10) else year


def _month(word: str) -> int | None:
    if word in ("мая", "май"):
        return 5
    stems = [number for number, stem in enumerate(_MONTHS, 1) if stem != "ма" and word[:3] == stem[:3]]
    return stems[0] if len(stems) == 1 else None


def _day(year: int, month: int, day: int, typed: str) -> str:
    """Write a day as the contract reads it, be there such a day or not: that is told there."""
    return f"{year:04}-{month:02}-{day:02}" if len(typed) < 60 else typed
