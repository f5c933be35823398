"""Working days of a country: a kept library knows the government's transfers, a centre may add to it.

A year whose days off are not decreed yet is worked out from the law's own holidays alone.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from .contract.countries import Country
from .programmes.programme import Term

Shift = Literal["later", "earlier", "none"]


@cache
def _known_days(country: Country) -> Any:
    import holidays

    return holidays.country_holidays(country.value)


@dataclass(frozen=True)
class Calendar:
    """The working days.

    Attributes:
        off: Days that a centre knows to be off, beside those of the library.
        working: Days that a centre knows to be working days, though the library does not.
        decreed: Years whose days off a centre has entered in full.
        country: Whose days off the library is asked for.
    """

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    decreed: frozenset[int] = frozenset()
    country: Country = Country.RUSSIA
    _known: dict[date, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def in_country(self, country: Country) -> Calendar:
        """Return the working days of a country, with what the centre has added."""
        return self if country is self.country else _moved(self, country)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day, transfers and working Saturdays included."""
        if day not in self._known:
            decided = day in self.working or (
                day not in self.off and _known_days(self.country).is_working_day(day)
            )
            self._known[day] = bool(decided)
        return self._known[day]

    def last_decreed_year(self) -> int:
        """Return the last year whose days off the government has decreed, as far as is known here."""
        known = getattr(_known_days(self.country), "special_public_holidays", {})
        return max({*known, *self.decreed}, default=date.today().year)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day that is a number of working days after (or, below zero, before) a day."""
        step = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def shifted(self, day: date, shift: Shift) -> date:
        """Move a day that is no working day to the next or the previous working day."""
        if shift == "none":
            return day
        step = timedelta(days=1 if shift == "later" else -1)
        while not self.is_working(day):
            day += step
        return day

    def after(
        self, day: date, term: Term, numbers: Mapping[str, int], shift: Shift, *, before: bool = False
    ) -> date:
        """Return the last day of a term that is counted from a day, or back from it."""
        sign = -1 if before else 1
        if term.working_days is not None:
            return self.add_working_days(day, sign * _number(term.working_days, numbers))
        if term.days is not None:
            end = day + timedelta(days=sign * _number(term.days, numbers))
        else:
            assert term.months is not None
            end = add_months(day, sign * _number(term.months, numbers))
        return end if before else self.shifted(end, shift)


@cache
def _moved(days: Calendar, country: Country) -> Calendar:
    return replace(days, country=country)


STANDARD = Calendar()
"""The calendar of Russia as the library knows it."""


def add_months(day: date, count: int) -> date:
    """Return the same day some months later; where the month is shorter, its last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_LONGEST = 12_000
"""No term is longer, in whatever it is counted: a slip in a setting must not lead out of the calendar."""


def _number(value: int | str, numbers: Mapping[str, int]) -> int:
    number = value if isinstance(value, int) else numbers[value]
    return max(-_LONGEST, min(number, _LONGEST))
