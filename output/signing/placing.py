"""Where the stamp of each signer stands: near the line for the hand, on no word and on no other stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ..issued.cards import Signer
from .stamp import HEIGHT, WIDTH

MM = 72 / 25.4
_EDGE = 5.0
_FOOT = 25.0
"""Mm at the foot of a page that belong to its code."""
_AIR = 0.8
"""Mm that stay free around a word."""
_REACH_X, _REACH_Y, _STEP_X, _STEP_Y = 90, 30, 3, 1


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm from the left top corner of its page."""

    left: float
    top: float
    right: float
    bottom: float

    def over(self, other: Box) -> float:
        """Return the area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a stamp.

    Attributes:
        page: The page, from 0.
        box: Left, bottom, right, top in points from the left bottom corner, as PDF counts.
    """

    page: int
    box: tuple[int, int, int, int]


def spots(pdf: bytes, signers: Sequence[Signer]) -> dict[int, Spot]:
    """Return a place for the stamp of each signer whose line is known, by the signer's number."""
    known = [one for one in signers if one.page is not None and one.line is not None]
    if not known:
        return {}
    document: Any = import_module("pypdfium2").PdfDocument(pdf)
    found: dict[int, Spot] = {}
    try:
        for number in sorted({one.page for one in known if one.page is not None}):
            if 1 <= number <= len(document):
                mine = [one for one in known if one.page == number]
                found |= _on_page(document[number - 1], number - 1, mine)
    finally:
        document.close()
    return found


def _on_page(page: Any, index: int, signers: Sequence[Signer]) -> dict[int, Spot]:
    width, height = (size / MM for size in page.get_size())
    words = list(_words(page, height))
    taken: list[Box] = []
    found = {}
    lines = {one.number: Box(*one.line) for one in signers if one.line is not None}
    for number, line in lines.items():
        others = [other for n, other in lines.items() if n != number]
        box = min(_near(line, width, height), key=lambda one: _cost(one, line, words, taken, others))
        taken.append(box)
        corners = (box.left, height - box.bottom, box.right, height - box.top)
        left, bottom, right, top = (round(one * MM) for one in corners)
        found[number] = Spot(index, (left, bottom, right, top))
    return found


def _near(line: Box, width: float, height: float) -> Iterator[Box]:
    """Go through the places around a line that lie on the page and above its foot."""
    left, bottom = line.left, line.bottom
    for right in range(-_REACH_X, _REACH_X + 1, _STEP_X):
        for down in range(-_REACH_Y, _REACH_Y + 1, _STEP_Y):
            x = min(max(left + right, _EDGE), width - _EDGE - WIDTH)
            y = min(max(bottom - HEIGHT + down, _EDGE), height - _FOOT - HEIGHT)
            yield Box(x, y, x + WIDTH, y + HEIGHT)


def _cost(box: Box, line: Box, words: Iterable[Box], taken: Iterable[Box], others: Iterable[Box]) -> float:
    """Weigh a place: least on another's stamp or line, then on words, then far from its own line."""
    away = abs(box.left - line.left) + 2 * abs(box.bottom - line.bottom)
    own = -2 * min(box.over(line), 20.0)
    return (
        away
        + own
        + 1000 * sum(map(box.over, taken))
        + 30 * sum(map(box.over, others))
        + 300 * sum(map(box.over, words))
    )


def _words(page: Any, height: float) -> Iterator[Box]:
    text = page.get_textpage()
    try:
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            said = text.get_text_bounded(left, bottom, right, top).strip(" _\r\n")
            if said:
                yield Box(
                    left / MM - _AIR, height - top / MM - _AIR, right / MM + _AIR, height - bottom / MM + _AIR
                )
    finally:
        text.close()
