"""Where the lines for signatures lie on the pages of a PDF.

The Word file says from where to where a line reaches and what stands on its row; the PDF says how high those
words stand. The line that the engine drew there, if it drew one, is the last word.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ..pdf.pages import plain
from .signers import Place

_pypdfium2: Any = import_module("pypdfium2")  # it has no types
_pdfium: Any = import_module("pypdfium2.raw")

HEIGHT = 7.0
"""How high the room for a hand is, in mm, where no other line stands nearer."""
_MM = 25.4 / 72
_SAME_LINE = 0.4
_ROW = 16.0
"""Words of one row stand no further from one another than this, in mm; a position may take three lines."""
_BENEATH = 12.0
_SLACK, _NEAR = 1.0, 3.0
_PATH = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line found on a page.

    Attributes:
        box: Where the hand signs, in mm from the left top of the page.
        drawn: Whether the engine drew a line of just that reach there.
    """

    page: int
    box: tuple[float, float, float, float]
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    left: float
    right: float
    base: float


@dataclass(frozen=True, slots=True)
class _Hit:
    """Words found: the base lines of their first and their last line, and where the last begins and ends."""

    page: int
    top: float
    base: float
    left: float
    right: float

    def beside(self, line: _Sign) -> bool:
        """Tell whether a line stands before the words, on the same height."""
        return abs(self.base - line.base) < _SAME_LINE and line.right <= self.left + _SLACK

    def over(self, line: _Sign) -> bool:
        """Tell whether a line stands above the words."""
        return line.left <= self.right and self.left <= line.right


class _Page:
    """The signs of a page and the level lines drawn on it, in mm from its left top."""

    def __init__(self, number: int, page: Any) -> None:
        self.number = number
        left, _, _, top = page.get_bbox()
        self.signs = list(_signs(page.get_textpage(), left, top))
        self.drawn_in_signs = list(_runs(one for one in self.signs if one.text == "_"))
        self.rules = sorted(_rules(page, left, top), key=lambda one: one[2])

    def find(self, text: str, left: float = 0, right: float = 1e4) -> Iterator[_Hit]:
        """Go through the places where a text stands between two distances from the left."""
        inside = [one for one in self.signs if left - _SLACK <= (one.left + one.right) / 2 <= right + _SLACK]
        letters = "".join(one.text for one in inside)
        owner = [one for one in inside for _ in one.text]
        wanted = plain(text)
        place = letters.find(wanted) if wanted else -1
        while place >= 0:
            first, last = owner[place], owner[place + len(wanted) - 1]
            start = next(one for one in owner[place:] if abs(one.base - last.base) < _SAME_LINE)
            yield _Hit(self.number, first.base, last.base, start.left, last.right)
            place = letters.find(wanted, place + 1)

    def rule(self, left: float, right: float, low: float, high: float, near: float) -> float | None:
        """Return the height of the drawn line of a reach that is nearest to a height."""
        found = [
            y
            for x0, x1, y in self.rules
            if low <= y <= high and abs(x0 - left) < _NEAR and abs(x1 - right) < _NEAR
        ]
        return min(found, key=lambda y: abs(y - near)) if found else None

    def room(self, left: float, right: float, y: float) -> float:
        """Return how high the room above a line is."""
        above = [at for x0, x1, at in self.rules if min(x1, right) - max(x0, left) > 1 and at < y - 2]
        return min(HEIGHT, y - above[-1] - 0.3) if above else HEIGHT


def lines_on(pdf: Path | bytes, places: Sequence[Place]) -> list[Line | None]:
    """Find the line of each place on the pages, each after the one before; None: it was not found."""
    found: list[Line | None] = []
    after: Line | None = None
    try:
        with _pypdfium2.PdfDocument(pdf) as document:
            pages = [_Page(number, page) for number, page in enumerate(document, 1)]
    except _pypdfium2.PdfiumError:
        return [None] * len(places)
    for place in places:
        lines = [one for one in _candidates(pages, place) if after is None or _follows(after, one)]
        line = next((one for one in lines if one.drawn), lines[0] if lines else None)
        found.append(line)
        after = line or after
    return found


def _follows(before: Line, line: Line) -> bool:
    """Tell whether a line stands after another: below it, or right of it on the same height."""
    if line.page != before.page:
        return line.page > before.page
    lower = line.box[3] - before.box[3]
    return lower > _SLACK or (abs(lower) <= _SLACK and line.box[0] > before.box[0] + _SLACK)


def _candidates(pages: Sequence[_Page], place: Place) -> list[Line]:
    lines = [line for page in pages for line in _on_page(page, place)]
    return sorted(lines, key=lambda one: (one.page, one.box[3], one.box[0]))


def _on_page(page: _Page, place: Place) -> Iterator[Line]:
    if place.left is None or place.right is None:
        yield from _underscored(page, place)
        return
    if place.caption:
        for hit in page.find(place.caption, place.left, place.right):
            if _agree(page, place, hit):
                yield _line(page, place.left, place.right, hit.base - 2.2, (hit.base - 5, hit.base))
        return
    # The name stands on the line itself, the position may take several lines: the last words count.
    for words in place.words[-1:]:
        for hit in page.find(words.text, words.left, words.right):
            if _agree(page, place, hit):
                yield _line(page, place.left, place.right, hit.base + 0.8, (hit.base - 1, hit.base + 6))


def _agree(page: _Page, place: Place, hit: _Hit) -> bool:
    """Tell whether all other words of the row stand near."""
    return all(
        any(
            abs(one.base - hit.base) < _ROW or abs(one.top - hit.base) < _ROW
            for one in page.find(words.text, words.left, words.right)
        )
        for words in place.words
    )


def _line(page: _Page, left: float, right: float, guess: float, between: tuple[float, float]) -> Line:
    drawn = page.rule(left, right, *between, guess)
    y = guess if drawn is None else drawn
    return Line(page.number, _rounded(left, y - page.room(left, right, y), right, y), drawn is not None)


def _underscored(page: _Page, place: Place) -> Iterator[Line]:
    """Go through the lines of underscores that a caption stands behind or beneath."""
    for hit in page.find(place.caption or ""):
        before = [one for one in page.drawn_in_signs if hit.beside(one)]
        above = [one for one in page.drawn_in_signs if 0.5 < hit.base - one.base <= _BENEATH]
        above.sort(key=lambda one: (not hit.over(one), -one.base))
        for one in before[-1:] or above[:1]:
            y = one.base + 0.5
            yield Line(page.number, _rounded(one.left, y - HEIGHT, one.right, y))


def _rounded(*box: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(one, 1) for one in box)
    return left, top, right, bottom


def _signs(text: Any, left: float, top: float) -> Iterator[_Sign]:
    """Go through the signs of a page line by line, each line from left to right."""
    known: list[_Sign] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    box = [ctypes.c_double() for _ in range(4)]
    for index in range(text.count_chars()):
        sign = plain(chr(_pdfium.FPDFText_GetUnicode(text.raw, index) or 32))
        if not sign:
            continue
        _pdfium.FPDFText_GetCharOrigin(text.raw, index, ctypes.byref(x), ctypes.byref(y))
        _pdfium.FPDFText_GetCharBox(text.raw, index, *(ctypes.byref(one) for one in box))
        reach = (box[0].value - left) * _MM, (box[1].value - left) * _MM
        known.append(_Sign(sign, *reach, (top - y.value) * _MM))
    known.sort(key=lambda one: one.base)
    line: list[_Sign] = []
    for one in known:
        if line and one.base - line[0].base > _SAME_LINE:
            yield from sorted(line, key=lambda sign: sign.left)
            line = []
        line.append(one)
    yield from sorted(line, key=lambda sign: sign.left)


def _runs(signs: Iterable[_Sign]) -> Iterator[_Sign]:
    """Make one long sign of underscores that touch each other."""
    run: _Sign | None = None
    for one in signs:
        if run is not None and one.base == run.base and one.left - run.right < _SLACK:
            run = replace(run, right=one.right)
            continue
        if run is not None:
            yield run
        run = one
    if run is not None:
        yield run


def _rules(page: Any, left: float, top: float) -> Iterator[tuple[float, float, float]]:
    """Go through the level lines drawn on a page: from, to, and their height."""
    for one in page.get_objects([_PATH]):
        x0, y0, x1, y1 = one.get_bounds()
        if y1 - y0 < 2 and x1 - x0 > 20:
            yield (x0 - left) * _MM, (x1 - left) * _MM, (top - (y0 + y1) / 2) * _MM
