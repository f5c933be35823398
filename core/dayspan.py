"""For how long an answer holds that was worked out for a day.

An answer about a case depends on the day for which it is asked. To keep it over days, it is worked out with
a day that watches what it is asked: each comparison with another day draws the span closer in which all
comparisons would come out the same. Whoever looks at the day in a way that cannot be followed (its year, its
name, a distance to it) closes the span to that one day. So a span may be too short, and not too long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, SupportsIndex


class Span:
    """The days, the first to the last, for which all that a watched day was asked has the same answer."""

    __slots__ = ("first", "last", "today")

    def __init__(self, today: int) -> None:
        self.today = today
        self.first, self.last = date.min.toordinal(), date.max.toordinal()

    def from_(self, day: int) -> None:
        """Leave out what lies before a day."""
        self.first = max(self.first, day)

    def until(self, day: int) -> None:
        """Leave out what lies after a day."""
        self.last = min(self.last, day)

    def pin(self) -> None:
        """Leave only the day itself."""
        self.first = self.last = self.today

    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return date.fromordinal(self.first), date.fromordinal(self.last)


@dataclass(frozen=True, slots=True)
class Move:
    """One step from the watched day to another: so many years, then so many days."""

    years: int = 0
    days: int = 0


class Watched(date):
    """A day, or one that is so many days or years away from it, that watches what it is asked."""

    span: Span
    moves: tuple[Move, ...]

    @classmethod
    def of(cls, day: date) -> Watched:
        """Begin to watch a day."""
        return cls._at(Span(day.toordinal()), ())

    @classmethod
    def _at(cls, span: Span, moves: tuple[Move, ...]) -> Watched:
        known = date.fromordinal(_moved(span.today, moves))
        made = super().__new__(cls, known.year, known.month, known.day)
        made.span, made.moves = span, moves
        return made

    def plain(self) -> date:
        """Return the day unwatched: only for who says himself for which days his answer holds."""
        return date.fromordinal(date.toordinal(self))

    def hold(self, first: date, last: date) -> None:
        """Say that an answer is the same for all days between two."""
        self.span.from_(self._first_from(date.toordinal(first)))
        self.span.until(self._first_from(date.toordinal(last) + 1) - 1)

    def in_years(self, years: int) -> Watched:
        """Return the same day some years later, watched as this one is."""
        return self._at(self.span, (*self.moves, Move(years)))

    def _first_from(self, day: int) -> int:
        """Return the first day to watch on which this one does not lie before another."""
        # Later days stay later, however they are moved; but for a leap year both are equally far away.
        found = self.span.today + day - date.toordinal(self)
        while _moved(found, self.moves) >= day:
            found -= 1
        while _moved(found, self.moves) < day:
            found += 1
        return found

    def _is_before(self, day: int) -> bool:
        turning = self._first_from(day)
        if self.span.today < turning:
            self.span.until(turning - 1)
            return True
        self.span.from_(turning)
        return False

    def _and_days(self, days: int) -> tuple[Move, ...]:
        *before, last = self.moves or (Move(),)
        return (*before, Move(last.years, last.days + days))

    def _less(self, other: object, more: int) -> Any:
        """Tell whether it lies before another day, or (`more` is 1) is that day."""
        if isinstance(other, datetime) or not isinstance(other, date):
            return NotImplemented
        if isinstance(other, Watched):
            if (
                other.span is self.span
                and other.moves[:-1] == self.moves[:-1]
                and _years(other) == _years(self)
            ):
                # As far away from each other on whatever day.
                return date.toordinal(self) < date.toordinal(other) + more
            other.span.pin()
            self.span.pin()
        return self._is_before(date.toordinal(other) + more)

    def __lt__(self, other: object) -> Any:
        return self._less(other, 0)

    def __le__(self, other: object) -> Any:
        return self._less(other, 1)

    def __gt__(self, other: object) -> Any:
        less = self._less(other, 1)
        return less if less is NotImplemented else not less

    def __ge__(self, other: object) -> Any:
        less = self._less(other, 0)
        return less if less is NotImplemented else not less

    def __eq__(self, other: object) -> Any:
        less = self._less(other, 0)
        if less is NotImplemented:
            return less
        return not less and self._less(other, 1)

    def __ne__(self, other: object) -> Any:
        same = self.__eq__(other)
        return same if same is NotImplemented else not same

    def __add__(self, other: object) -> Any:
        if not isinstance(other, timedelta):
            return NotImplemented
        return self._at(self.span, self._and_days(other.days))

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        if isinstance(other, timedelta):
            return self._at(self.span, self._and_days(-other.days))
        if not isinstance(other, date):
            return NotImplemented
        if not isinstance(other, Watched) or other.span is not self.span:
            self.span.pin()
        return timedelta(days=date.toordinal(self) - date.toordinal(other))

    def __rsub__(self, other: object) -> Any:
        if not isinstance(other, date):
            return NotImplemented
        self.span.pin()
        return timedelta(days=date.toordinal(other) - date.toordinal(self))

    # --- what cannot be followed -------------------------------------------------------------------------

    @property
    def year(self) -> int:
        """The year, for this day only."""
        return self._pinned().year

    @property
    def month(self) -> int:
        """The month, for this day only."""
        return self._pinned().month

    @property
    def day(self) -> int:
        """The day of the month, for this day only."""
        return self._pinned().day

    def _pinned(self) -> date:
        self.span.pin()
        return self.plain()

    def __hash__(self) -> int:
        return hash(self._pinned())

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return self._pinned().__reduce_ex__(protocol)

    def __reduce__(self) -> Any:
        return self._pinned().__reduce__()


def _pinning(name: str) -> Callable[..., object]:
    def ask(self: Watched, *arguments: object, **named: object) -> object:
        return getattr(self._pinned(), name)(*arguments, **named)

    return ask


for _name in (
    "__format__", "__repr__", "__str__", "ctime", "isocalendar", "isoformat", "isoweekday", "replace",
    "strftime", "timetuple", "toordinal", "weekday",
):  # fmt: skip
    setattr(Watched, _name, _pinning(_name))


def _years(day: Watched) -> int:
    return day.moves[-1].years if day.moves else 0


def _moved(day: int, moves: tuple[Move, ...]) -> int:
    for move in moves:
        if move.years:
            day = date.toordinal(in_years(date.fromordinal(day), move.years))
        day += move.days
    return day


def in_years(day: date, years: int) -> date:
    """Return the same day some years later; for 29 February 1 March, where there is none."""
    if isinstance(day, Watched):
        return day.in_years(years)
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def unwatched(day: date) -> date:
    """Return a day as it is: only for who then says with `hold` for which days his answer holds."""
    return day.plain() if isinstance(day, Watched) else day


def hold(day: date, first: date, last: date) -> None:
    """Say that what was worked out of a day is the same for all days from the first to the last."""
    if isinstance(day, Watched):
        day.hold(first, last)
