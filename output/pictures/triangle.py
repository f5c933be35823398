"""The needs triangle: a child's needs in three directions, their points as squares along the three sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...core.contract.assessment import TRIANGLE_SIDES
from ...core.facts import Record
from ...core.vocabulary import BlankRecord
from .reading import (
    capital,
    day_of,
    number_of,
    on,
    points,
    record_of,
    records_of,
    sentences,
    short_name,
    text_of,
    years,
)
from .speech import label_of, on_paper

if TYPE_CHECKING:
    from .canvas import Canvas

HIGHEST = 3


def _words() -> tuple[str, str, str, str]:
    return on_paper("no need"), on_paper("slight"), on_paper("marked"), on_paper("acute")


def _titles_of() -> tuple[str, str, str]:
    development, parenting = on_paper("The child's developmental needs"), on_paper("Parenting capacity")
    return development, parenting, on_paper("Family and environment")


_SIDES = ("development", "parenting", "environment")


@dataclass(frozen=True)
class Mark:
    """One dimension; without points it has not been looked at, or is to be filled by hand."""

    title: str
    points: int | None


@dataclass(frozen=True)
class Side:
    """One direction of the triangle."""

    title: str
    marks: tuple[Mark, ...]

    @property
    def total(self) -> int:
        """Return the points of the side."""
        return sum(mark.points or 0 for mark in self.marks)

    @property
    def highest(self) -> int:
        """Return the greatest number of points that the marked dimensions can have."""
        return HIGHEST * len(self.marks)


@dataclass(frozen=True)
class Triangle:
    """What the picture shows."""

    child: str
    age: int | None
    on: date | None
    sides: tuple[Side, Side, Side]
    blank: bool = False


def triangle_of(record: Record) -> Triangle | None:
    """Read a needs triangle of a case; nothing, if no dimension is marked."""
    if isinstance(record, BlankRecord):
        return Triangle("", None, None, _sides(None), blank=True)
    child = record_of(record, "child")
    if not records_of(record["marks"]):
        return None
    age = number_of(child, "age") if child else None
    return Triangle(short_name(child) if child else "", age, day_of(record, "on"), _sides(record))


def _sides(record: Record | None) -> tuple[Side, Side, Side]:
    """Return the three sides; one that nobody has marked shows its dimensions without points."""
    first, second, third = (
        Side(title, _marks(record, name) or tuple(Mark(label_of(one), None) for one in codes))
        for name, title, codes in zip(_SIDES, _titles_of(), TRIANGLE_SIDES, strict=True)
    )
    return first, second, third


def _marks(record: Record | None, name: str) -> tuple[Mark, ...]:
    found = records_of(record[name]) if record is not None else ()
    return tuple(Mark(text_of(one, "code"), number_of(one, "score")) for one in found)


def triangle_in_words(shown: Triangle) -> str:
    """Say the same in words: the sums of the sides, and each need from the most acute down."""
    if shown.blank:
        return on_paper(
            "An empty triangle of needs: three sides with the names of the dimensions, scored by hand."
        )
    who = shown.child + (f", {years(shown.age)}" if shown.age is not None else "")
    when = f", {on(shown.on)}" if shown.on else ""
    said = [on_paper("Triangle of needs: {whose}").format(whose=f"{who}{when}")]
    for side in shown.sides:
        marked = [mark for mark in side.marks if mark.points is not None]
        if not marked:
            said.append(f"{side.title}: {on_paper('not assessed')}")
            continue
        groups = []
        for level in range(HIGHEST, 0, -1):
            names = [mark.title for mark in marked if mark.points == level]
            if names:
                groups.append(f"{_words()[level]} ({level}) — {', '.join(names)}")
        found = "; ".join(groups) or on_paper("no needs")
        words = on_paper("{side}, {points} of {highest}: {found}")
        said.append(
            words.format(side=side.title, points=points(side.total), highest=side.highest, found=found)
        )
    return sentences(said)


# --- drawing -----------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 170.0, 110.0
_LEFT, _RIGHT, _TOP = (38.5, 41.0), (134.5, 41.0), (86.5, 108.5)
_SQUARE, _STEP = 2.6, 3.2
_ROW = 11.5


def draw_triangle(shown: Triangle) -> tuple[bytes, float, float]:
    """Draw it; return the PNG with its width and height in millimetres."""
    from .canvas import NORMAL, canvas

    with canvas(WIDTH, HEIGHT) as sheet:
        corners = (_LEFT, _TOP, _RIGHT, _LEFT)
        sheet.line([x for x, _ in corners], [y for _, y in corners], 1.6 * NORMAL)
        development, parenting, environment = shown.sides
        _slanted(sheet, development, -1)
        _slanted(sheet, parenting, 1)
        _base(sheet, environment)
        _titles(sheet, shown)
        _legend(sheet)
        return sheet.png(), sheet.width, sheet.height


def _slanted(sheet: Canvas, side: Side, way: int) -> None:
    """Draw the left side (way -1) or the right one (way 1): squares outwards, then points and name."""
    from .canvas import SMALL_PT

    corner = _LEFT if way < 0 else _RIGHT
    for index, mark in enumerate(side.marks, start=1):
        share = 1 - index / (len(side.marks) + 1)
        x = corner[0] + (_TOP[0] - corner[0]) * share
        y = corner[1] + (_TOP[1] - corner[1]) * share
        _squares(sheet, mark.points, x, y, (way * _STEP, 0))
        edge = x + way * (HIGHEST * _STEP + 2.6)
        _points(sheet, mark.points, edge, y)
        edge += way * 2.4
        room = edge - 1 if way < 0 else sheet.width - edge - 1
        words = sheet.wrapped(mark.title, min(room, 40), SMALL_PT, lines=3)
        sheet.text(edge, y, words, size=SMALL_PT, at="right" if way < 0 else "left")


def _base(sheet: Canvas, side: Side) -> None:
    """Draw the side below: squares downwards, the names in two rows so that each has room."""
    from .canvas import SMALL_PT, THIN

    step = (_RIGHT[0] - _LEFT[0]) / (len(side.marks) + 1)
    for index, mark in enumerate(side.marks, start=1):
        x, y = _LEFT[0] + step * index, _LEFT[1]
        _squares(sheet, mark.points, x, y, (0, -_STEP))
        bottom = y - HIGHEST * _STEP - 2.4
        _points(sheet, mark.points, x, bottom)
        row = bottom - 2.2
        if index % 2 == 0:
            row -= _ROW
            sheet.line([x, x], [bottom - 2, row], THIN, linestyle=(0, (1, 2)))
        # The outer names lean outwards, so that the dotted lines of their neighbours pass them by.
        lean = {1: -2.5, len(side.marks): 2.5}.get(index, 0.0)
        words = sheet.wrapped(mark.title, 2 * step + 4, SMALL_PT, lines=3)
        sheet.text(x + lean, row, words, size=SMALL_PT, level="top")


def _squares(sheet: Canvas, filled: int | None, x: float, y: float, step: tuple[float, float]) -> None:
    for number in range(HIGHEST):
        middle = (x + step[0] * (number + 0.75), y + step[1] * (number + 0.75))
        black = filled is not None and number < filled
        sheet.box(
            middle[0] - _SQUARE / 2,
            middle[1] - _SQUARE / 2,
            _SQUARE,
            _SQUARE,
            ink=0.7,
            filled="black" if black else "white",
        )


def _points(sheet: Canvas, number: int | None, x: float, y: float) -> None:
    if number is not None:
        sheet.text(x, y, str(number), size=8.5, bold=True)


def _titles(sheet: Canvas, shown: Triangle) -> None:
    from math import atan2, degrees

    slope = degrees(atan2(_TOP[1] - _LEFT[1], _TOP[0] - _LEFT[0]))
    development, parenting, environment = shown.sides
    height = (_LEFT[1] + _TOP[1]) / 2 - 4
    _side_title(sheet, shown, development, (_LEFT[0] + _TOP[0]) / 2 + 4.5, height, slope)
    _side_title(sheet, shown, parenting, (_RIGHT[0] + _TOP[0]) / 2 - 4.5, height, -slope)
    _side_title(sheet, shown, environment, _TOP[0], _LEFT[1] + 5, 0)
    if shown.blank:
        sheet.line([_TOP[0] - 20, _TOP[0] + 20], [57, 57], 0.6)
        sheet.text(_TOP[0], 54.5, on_paper("child"), size=7.5)
        return
    sheet.text(
        _TOP[0],
        61,
        sheet.wrapped(shown.child, 36, 10, lines=3, bold=True),
        size=10,
        bold=True,
        level="bottom",
    )
    lines = [years(shown.age)] if shown.age is not None else []
    lines += [on(shown.on)] if shown.on else []
    sheet.text(_TOP[0], 59, "\n".join(lines), level="top")


def _side_title(sheet: Canvas, shown: Triangle, side: Side, x: float, y: float, turned: float) -> None:
    words = capital(side.title)
    if not shown.blank:
        words += ": " + on_paper("{number} of {highest}").format(number=side.total, highest=side.highest)
    sheet.text(x, y, words, size=8, bold=True, turned=turned)


def _legend(sheet: Canvas) -> None:
    from .canvas import SMALL_PT

    x, y = 4.0, 2.5
    for number in range(HIGHEST + 1):
        _squares(sheet, number, x, y, (_STEP, 0))
        words = f"{number} — {_words()[number]}"
        sheet.text(x + HIGHEST * _STEP + 2.5, y, words, size=SMALL_PT, at="left")
        x += HIGHEST * _STEP + 2.5 + sheet.broad(words, SMALL_PT) + 6
