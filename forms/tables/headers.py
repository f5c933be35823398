"""Where a table begins: beneath its title, in one row of headers or in two with a common head above."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .cells import as_text
from .meaning import meaning_of
from .opening import MAX_COLUMNS, Grid

_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place, counted from 0, and what stands in its header."""

    index: int
    header: str

    @property
    def letter(self) -> str:
        """The letter by which a spreadsheet calls it."""
        return letter_of(self.index)


@dataclass(frozen=True)
class Table:
    """A sheet with its headers found.

    Attributes:
        first: The first row of data, counted from 0.
    """

    grid: Grid
    columns: tuple[Column, ...]
    first: int

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, each made different from the others."""
        return tuple(one.header for one in self.columns)


def letter_of(index: int) -> str:
    """Return A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, left = divmod(index - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def found_table(grid: Grid) -> Table | None:
    """Find the headers of a sheet; None if none of its first rows looks like headers."""
    scores = [(_score(grid, row), -row) for row in range(min(_LOOKED_AT, len(grid.rows)))]
    best, minus = max(scores, default=(0, 0))
    if best < 2:
        return None
    top, bottom = _block(grid, -minus)
    columns = []
    seen: dict[str, int] = {}
    for index in range(min(grid.width, MAX_COLUMNS)):
        header = _header(grid, top, bottom, index)
        if header:
            seen[header] = seen.get(header, 0) + 1
            columns.append(Column(index, header if seen[header] == 1 else f"{header} ({seen[header]})"))
    first = bottom + 1
    while first < len(grid.rows) and _only_numbers_them(grid, first):
        first += 1
    return Table(grid, tuple(columns), first)


def _score(grid: Grid, row: int) -> int:
    texts = [as_text(cell) for cell in grid.rows[row][:MAX_COLUMNS]]
    known = [meaning_of(text, like=False) for text in texts if text and len(text) < 120]
    return sum(2 if one is not None and not one.is_skipped else 1 if one else 0 for one in known)


def _block(grid: Grid, row: int) -> tuple[int, int]:
    """Return the first and the last row of the headers: areas merged over rows or columns say how far."""
    top = bottom = row
    for first, left, last, right in grid.merged:
        spans_all = right - left + 1 > max(3, grid.width * 0.7)
        if first <= row <= last and not spans_all and last - first < 4:
            top, bottom = min(top, first), max(bottom, last)
    heads = [
        one
        for one in grid.merged
        if one[0] == one[2] and one[3] > one[1] and one[3] - one[1] + 1 <= max(3, grid.width * 0.7)
    ]
    if any(first == row for first, *_ in heads) and bottom == row:
        bottom = row + 1
    if row and any(first == row - 1 for first, *_ in heads):
        top = min(top, row - 1)
    return top, bottom


def _header(grid: Grid, top: int, bottom: int, column: int) -> str:
    said: list[str] = []
    for row in range(top, bottom + 1):
        text = re.sub(r"\s+", " ", as_text(_covering(grid, row, column)))
        if text and text not in said:
            said.append(text)
    return " / ".join(said)[:200]


def _covering(grid: Grid, row: int, column: int) -> object:
    top = grid.merged_at(row, column)
    return grid.cell(*top) if top is not None else grid.cell(row, column)


def _only_numbers_them(grid: Grid, row: int) -> bool:
    """Tell whether a row beneath the headers only numbers the columns: 1, 2, 3 …"""
    said = [as_text(cell) for cell in grid.rows[row] if cell is not None]
    return len(said) > 2 and said == [str(number) for number in range(1, len(said) + 1)]
