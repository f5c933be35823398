"""Working days in Russia, from a kept library that knows the government's transfers.

A year whose days off are not decreed yet is worked out from the law's own holidays alone.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from .programme import Term

Shift = Literal["later", "earlier", "none"]


@cache
def _calendar() -> Any:
    import holidays

    return holidays.country_holidays("RU")


def is_working(day: date) -> bool:
    """Tell whether a day is a working day, transfers and working Saturdays included."""
    return bool(_calendar().is_working_day(day))


def add_working_days(day: date, count: int) -> date:
    """Return the day that is a number of working days after (or, below zero, before) a day."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day


def add_months(day: date, count: int) -> date:
    """Return the same day some months later; where the month is shorter, its last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def shifted(day: date, shift: Shift) -> date:
    """Move a day that is no working day to the next or the previous working day."""
    if shift == "none":
        return day
    step = timedelta(days=1 if shift == "later" else -1)
    while not is_working(day):
        day += step
    return day


def after(day: date, term: Term, settings: dict[str, int], shift: Shift, *, before: bool = False) -> date:
    """Return the last day of a term that is counted from a day, or back from it."""
    sign = -1 if before else 1
    if term.working_days is not None:
        return add_working_days(day, sign * _number(term.working_days, settings))
    if term.days is not None:
        end = day + timedelta(days=sign * _number(term.days, settings))
    else:
        assert term.months is not None
        end = add_months(day, sign * _number(term.months, settings))
    return end if before else shifted(end, shift)


def _number(value: int | str, settings: dict[str, int]) -> int:
    return value if isinstance(value, int) else settings[value]


def last_decreed_year() -> int:
    """Return the last year for which the library knows a government transfer of days off."""
    known = _calendar()
    decreed = getattr(known, "special_public_holidays", {})
    return max(decreed, default=date.today().year)
