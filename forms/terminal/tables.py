"""A table asked cell by cell: rows that are given one after another, or rows that a person adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...core.findings import Finding
from ...core.i18n import tr
from ...core.paths import Loc, dotted
from ..plain import Row, Value, stripped, within
from ..shown import Asked
from .asking import Asking
from .moves import Move
from .window import say

_ADD, _DONE, _EDIT, _OUT = "add", "done", "edit", "out"


@dataclass
class Table:
    """A table on its way.

    Attributes:
        rows: All rows in the order in which they are kept; the empty ones among them are not kept.
        codes: For given rows: which of `rows` belongs to which code.
    """

    asked: Asked
    asking: Asking
    rows: list[Row]

    @classmethod
    def of(cls, asked: Asked, asking: Asking) -> Table:
        """Lay out what is answered, and an empty row for each given one that is not."""
        known: list[Row] = [dict(one) for one in asked.value or () if isinstance(one, dict)]
        if not asked.rows:
            return cls(asked, asking, known)
        key = asked.columns[0].place[-1]
        by_code = {row.get(str(key)): row for row in known}
        given = [by_code.pop(code, {}) for code, _ in asked.rows]
        # A row of a code that the programme has no more was written once and stays.
        return cls(asked, asking, [*given, *by_code.values()])

    def ask(self, at: Loc | None) -> Move | None:
        """Ask the table, from the cell at which the person was."""
        if self.asked.hint:
            say(self.asked.hint, indent="  ")
        start = _cell_of(self.asked, at) or self._lacking()
        return self._given(start) if self.asked.rows else self._free(start)

    def _lacking(self) -> tuple[int, int] | None:
        """Return the first cell without which its row is not whole."""
        for number, row in enumerate(self.rows[: len(self.asked.rows) or None]):
            for index, column in enumerate(self.asked.columns):
                if row and column.needed and not row.get(str(column.place[-1])):
                    return number, index
        return None

    # --- rows that are given -----------------------------------------------------------------------------

    def _given(self, start: tuple[int, int] | None) -> Move | None:
        columns = self.asked.columns[1:]
        cells = [(row, column) for row in range(len(self.asked.rows)) for column in range(len(columns))]
        row, column = start or (0, 1)
        at = max(0, min(len(cells) - 1, row * len(columns) + column - 1))
        while at < len(cells):
            row, column = cells[at]
            move = self._given_cell(row, columns[column], is_first=column == 0)
            if move is Move.BACK:
                if at == 0:
                    return move
                at -= 1
            elif move in (None, Move.NEXT, Move.UNKNOWN):
                at += 1
            else:
                return move
        return None

    def _given_cell(self, row: int, column: Asked, *, is_first: bool) -> Move | None:
        code, title = self.asked.rows[row]
        if is_first:
            say()
            count = tr("{number} of {count}").format(number=row + 1, count=len(self.asked.rows))
            say(f"{count}. {title}", look="label")
        return self._cell(row, column, {str(self.asked.columns[0].place[-1]): code})

    # --- rows that a person adds -------------------------------------------------------------------------

    def _free(self, start: tuple[int, int] | None) -> Move | None:
        if start is not None:
            move = self._row(min(start[0], len(self.rows)), start[1])
            if move is not None:
                return move
        while True:
            chosen = self._menu()
            if isinstance(chosen, Move):
                return chosen
            what, _, number = chosen.partition(":")
            if what == _DONE:
                return None
            if what == _OUT:
                del self.rows[int(number)]
                self._keep()
                continue
            move = self._row(int(number) if what == _EDIT else len(self.rows), 0)
            if move is not None:
                return move

    def _menu(self) -> str | Move:
        rows = [(n, " · ".join(self._said(row))) for n, row in enumerate(self.rows)]
        add = tr("Add one more row") if rows else tr("Add a row")
        go_on = tr("Go on")
        options = [(_DONE, go_on), (_ADD, add)] if rows or not self.asked.needed else [(_ADD, add)]
        options += [(f"{_EDIT}:{n}", tr("Change: {what}").format(what=said)) for n, said in rows]
        options += [(f"{_OUT}:{n}", tr("Take out: {what}").format(what=said)) for n, said in rows]
        say()
        while True:
            chosen = self.asking.window.pick(options, _DONE if rows else options[0][0])
            if chosen is Move.HELP:
                self.asking.window.help()
            elif chosen is Move.NEXT or chosen is Move.UNKNOWN:
                return _DONE
            elif isinstance(chosen, Move) or chosen in dict(options):
                return chosen

    def _said(self, row: Row) -> list[str]:
        shown = []
        for column in self.asked.columns:
            value = row.get(str(column.place[-1]))
            if value:
                shown.append(dict(column.choices).get(value, value))
        return [one[:40] for one in shown[:2]] or ["—"]

    def _row(self, number: int, column: int) -> Move | None:
        if number == len(self.rows):
            self.rows.append({})
        say()
        say(tr("Row {number}").format(number=number + 1), look="label")
        while column < len(self.asked.columns):
            move = self._cell(number, self.asked.columns[column], {})
            if move is Move.BACK:
                if column == 0:
                    break
                column -= 1
            elif move in (None, Move.NEXT, Move.UNKNOWN):
                column += 1
            else:
                return move
        self.rows = [row for row in self.rows if row]
        return None

    # --- a cell ------------------------------------------------------------------------------------------

    def _cell(self, row: int, column: Asked, key: Row) -> Move | None:
        name = str(column.place[-1])
        asked = replace(column, place=(*self.asked.place, row, name), value=self.rows[row].get(name))

        def answer(value: Value | None) -> Sequence[Finding]:
            self._put(row, name, value, key)
            return self._keep(row, name)

        move = self.asking.ask(asked, answer=answer)
        if move is Move.UNKNOWN:
            self._put(row, name, None, key)
            self._keep()
        return move

    def _put(self, row: int, name: str, value: Value | None, key: Row) -> None:
        cells = {**key, **self.rows[row]}
        cells.pop(name, None)
        filled = stripped(value)
        if isinstance(filled, str):
            cells[name] = filled
        self.rows[row] = cells if set(cells) - set(key) else {}

    def _keep(self, row: int = -1, name: str = "") -> list[Finding]:
        """Keep the rows that hold something, and return what is wrong in one cell."""
        kept = [one for one in self.rows if one]
        found = self.asking.answered(self.asked, tuple(kept))
        if row < 0:
            return []
        stands = sum(1 for one in self.rows[:row] if one)
        path = dotted((*self.asked.place, stands, name))
        return [one for one in found if within(one.place.path or "", path)]


def _cell_of(asked: Asked, at: Loc | None) -> tuple[int, int] | None:
    """Return row and column of a place within a table."""
    inside = at[len(asked.place) :] if at and at[: len(asked.place)] == asked.place else ()
    names = [str(column.place[-1]) for column in asked.columns]
    if len(inside) != 2 or not isinstance(inside[0], int) or inside[1] not in names:
        return None
    return inside[0], names.index(str(inside[1]))
