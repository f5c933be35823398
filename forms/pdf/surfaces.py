"""How the fields of a form are drawn where there are no controls: for a pen, and as places for widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..shown import Asked
from ..word.controls import CHECKED, UNCHECKED, runs
from ..word.keys import OTHERS, key_of

MARK = "~{}~"
_TINY = '<w:sz w:val="4"/>'
_LINE = "\u00a0"
"""Gives the line of a field its height, with a mark and without."""
_BOX = '<w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic"/>'


class Pen:
    """Draws what is known, and room to write."""

    writes = True

    def field(self, asked: Asked, text: str, size: tuple[int, int], *, small: bool = False) -> str:
        """Draw what is known of a field; the ruled cell around it is the room to write in."""
        return runs(text) if text else ""

    def others(self, asked: Asked, text: str, size: tuple[int, int]) -> str:
        """Draw the line on which more people may be named."""
        return runs(text) if text else runs(f"{asked.on_paper('who else')}: {'_' * 30}")

    def box(self, asked: Asked, code: str, *, checked: bool) -> str:
        """Draw a box."""
        return runs(CHECKED if checked else UNCHECKED, _BOX)

    def repeated(self, name: str, title: str, items: Iterable[str]) -> str:
        """Draw the items one beneath another."""
        return "".join(items)


@dataclass(frozen=True, slots=True)
class Spot:
    """A field that becomes a widget.

    Attributes:
        option: The choice that a box stands for, or the sign of the line beside the boxes.
        size: Width and height in twentieths of a point.
        small: Whether it is set small, as in a table.
    """

    key: str
    asked: Asked
    option: str | None
    text: str
    checked: bool
    size: tuple[int, int]
    small: bool = False


class Places:
    """Draws a mark where a widget will be; the same paper is drawn once more without marks.

    Attributes:
        spots: The fields, in the order of their marks.
    """

    writes = False

    def __init__(self, *, marked: bool) -> None:
        self.marked = marked
        self.spots: list[Spot] = []

    def field(self, asked: Asked, text: str, size: tuple[int, int], *, small: bool = False) -> str:
        """Keep the place of a field."""
        spot = Spot(key_of(asked.place), asked, None, text, checked=False, size=size, small=small)
        return self._spot(spot, _LINE)

    def others(self, asked: Asked, text: str, size: tuple[int, int]) -> str:
        """Keep the place of the line beside check boxes."""
        key = key_of(asked.place, OTHERS)
        return self._spot(Spot(key, asked, OTHERS, text, checked=False, size=size), _LINE)

    def box(self, asked: Asked, code: str, *, checked: bool) -> str:
        """Keep the place of a box: it stands at the beginning of its line."""
        spot = Spot(key_of(asked.place, code), asked, code, "", checked=checked, size=(240, 240))
        return self._spot(spot, "\u2003\u00a0")

    def repeated(self, name: str, title: str, items: Iterable[str]) -> str:
        """Draw the items one beneath another."""
        return "".join(items)

    def _spot(self, spot: Spot, room: str) -> str:
        self.spots.append(spot)
        # So small that the lines break where they break without it.
        mark = runs(MARK.format(len(self.spots) - 1), _TINY) if self.marked else ""
        return mark + runs(room)
