"""Rows become the plain data of cases, each value with the cell it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from ...core.i18n import tr
from ...core.paths import Loc
from ..plain import follow
from .addresses import taken_apart
from .cells import FAULT, as_text, is_nothing
from .headers import Column
from .mapping import Laid
from .meaning import Meaning
from .people import Unclear
from .persons import Persons
from .values import Known, as_typed

Cell = tuple[int, int]
_TOTAL = re.compile(r"^(?:итого|всего|в том числе|исполнитель|руководитель|директор)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell.

    Attributes:
        path: The field of the contract, where one is meant.
    """

    cell: Cell
    id: str
    message: str
    cure: str
    path: str = ""
    suggestion: str | None = None


@dataclass
class Family:
    """The rows of one family as a case.

    Attributes:
        rows: Its rows, counted from 0.
        cells: Where the value of a field stands, or where it would stand.
    """

    rows: list[int]
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[Loc, Cell] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)

    @property
    def number(self) -> str | None:
        """The number of the case as it was typed."""
        return self.data.get("number")

    @cached_property
    def people(self) -> str | None:
        """A digest of who the family is: names and birthdays of all.

        Names alone do not say it where a number does: there are namesakes.
        """
        members = self.data.get("family", {}).get("members", ())
        if self.number and not any(one.get("birth_date") for one in members):
            return None
        return digest_of_people(self.data)

    def cell_of(self, loc: Loc) -> Cell | None:
        """Return the cell of a field: its own, else of what it is a part of, else of a part of it."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.cells:
                return self.cells[loc[:length]]
        below = (cell for place, cell in self.cells.items() if place[: len(loc)] == loc)
        return next(below, None)

    def put(self, loc: Loc, value: Any, cell: Cell | None) -> None:
        """Put a value into the data; a list grows by one."""
        owner: Any = self.data
        for step, following in pairwise(loc):
            empty: Any = [] if isinstance(following, int) else {}
            if isinstance(step, int):
                if step >= len(owner):
                    owner.append(empty)
                owner = owner[min(step, len(owner) - 1)]
            else:
                owner = owner.setdefault(step, empty)
        last = loc[-1]
        if isinstance(last, int) and last >= len(owner):
            owner.append(value)
        else:
            owner[last] = value
        if cell is not None:
            self.cells[loc] = cell

    def has(self, loc: Loc) -> bool:
        """Tell whether something stands at a place."""
        return follow(self.data, loc) is not None


def digest_of_people(data: Mapping[str, Any]) -> str | None:
    """Return a digest of the names and birthdays in a case; None if it names nobody."""
    family = data.get("family")
    members = family.get("members") if isinstance(family, dict) else None
    said = sorted(
        "|".join(
            " ".join(str(one.get(name) or "").casefold().replace("ё", "е").split()) for name in _IDENTIFYING
        )
        for one in members or ()
        if isinstance(one, dict)
    )
    return sha256("\n".join(said).encode()).hexdigest() if said else None


_IDENTIFYING = ("last_name", "first_name", "patronymic", "birth_date")


def families(laid: Laid, known: Known, today: date) -> Iterator[Family]:
    """Go through the families of a table."""
    for rows in _grouped(laid):
        yield _Reader(laid, known, today, Family(rows)).read()


# --- which rows belong together --------------------------------------------------------------------------


def _grouped(laid: Laid) -> Iterator[list[int]]:
    if laid.map.rows == "family" or laid.number is None:
        yield from ([row] for row in _rows(laid))
        return
    groups: dict[str, list[int]] = {}
    last = ""
    for row in _rows(laid):
        number = as_text(value_at(laid, row, laid.number))
        last = number or last or f"\0{row}"
        groups.setdefault(last, []).append(row)
    yield from groups.values()


def _rows(laid: Laid) -> Iterator[int]:
    """Go through the rows that hold something: no empty ones, totals, headers printed again."""
    grid = laid.table.grid
    headers = [one.header.rpartition(" / ")[2] for one in laid.table.columns]
    for row in range(laid.table.first, len(grid.rows)):
        whole = [as_text(one) for one in grid.rows[row]]
        said = [one for one in whole if one]
        taken = sum(not is_nothing(value_at(laid, row, column)) for column, _ in laid.columns)
        again = [as_text(grid.cell(row, one.index)) for one in laid.table.columns]
        if taken and not _TOTAL.match(said[0]) and again != headers:
            yield row


def value_at(laid: Laid, row: int, column: Column) -> Any:
    """Return the value of a cell; of one merged downwards, what stands at its top."""
    grid = laid.table.grid
    top = grid.merged_at(row, column.index)
    return grid.cell(*top) if top is not None and top[0] < row else grid.cell(row, column.index)


# --- one family ------------------------------------------------------------------------------------------


class _Reader:
    """Reads the rows of one family."""

    def __init__(self, laid: Laid, known: Known, today: date, family: Family) -> None:
        self._laid, self._known, self._today, self._family = laid, known, today, family
        self._said: dict[Loc, tuple[int, str]] = {}
        self._persons = Persons(family, laid.map.representatives, today)

    def read(self) -> Family:
        family = self._family
        for row in family.rows:
            for column, means in self._laid.columns:
                if not self._is_told_above(row, column.index):
                    value = value_at(self._laid, row, column)
                    for one in means:
                        self._take(one, value, (row, column.index))
        self._say_always(people=True)
        self._persons.settle()
        self._say_always(people=False)
        self._finish()
        return family

    def _is_told_above(self, row: int, column: int) -> bool:
        """Tell whether a cell is merged with one of an earlier row of this family."""
        top = self._laid.table.grid.merged_at(row, column)
        return top is not None and self._family.rows[0] <= top[0] < row

    def _take(self, one: Meaning, value: Any, cell: Cell) -> None:
        if one.who is None:
            self._family.cells.setdefault(one.path, cell)
        if isinstance(value, str) and FAULT.match(value.strip()):
            self._fault(
                cell,
                "I-FORMULA",
                tr("A formula of the table shows a fault here."),
                tr("Mend the formula, or type the value."),
            )
            return
        try:
            if one.who is not None:
                self._persons.take(one, value, cell, self._known)
            else:
                self._take_of_case(one, value, cell)
        except Unclear as unclear:
            self._fault(cell, unclear.id, str(unclear), unclear.cure)

    def _take_of_case(self, one: Meaning, value: Any, cell: Cell) -> None:
        family = self._family
        if is_nothing(value):
            if str(one) == "number" and not family.has(("number",)) and cell[0] == family.rows[0]:
                cure = tr("Write the number, or let cases be called by a counter: code: '{year}-{seq}'.")
                raise Unclear("I-NUMBER", tr("The case has no number."), cure)
            return
        text = as_text(value).casefold()
        if self._said.setdefault(one.path, (cell[0], text))[0] != cell[0]:
            if self._said[one.path][1] != text:
                cure = tr("Write the same in all rows of the family, or in the first one only.")
                raise Unclear("I-DIFFERS", tr("The rows of this family say different things."), cure)
            return
        typed = as_typed(one, value, self._known, self._today)
        if one.type is not None and one.type.kind == "record" and not one.type.refers:
            family.put(one.path, {}, cell)
            for name, text in taken_apart(str(typed), self._always_of(one.path)).items():
                family.put((*one.path, name), text, cell)
            return
        family.put(one.path, typed, cell)

    def _always_of(self, path: Loc) -> dict[str, str]:
        """Return what the map says for all rows of the fields of an address."""
        found = ((m.path, value) for m, value in self._laid.always if m.who is None)
        return {str(loc[-1]): value for loc, value in found if loc[:-1] == path}

    def _say_always(self, *, people: bool) -> None:
        """Put in what is the same in all rows; into a part that may be absent, only if a cell has made it."""
        for one, value in self._laid.always:
            typed = as_typed(one, value, self._known, self._today)
            if people and one.who is not None:
                self._persons.say(one, typed)
            elif not people and one.who is None and not self._family.has(one.path):
                owner = one.path[:-1]
                if (
                    not owner
                    or owner in (("family",), ("referral",), ("organisation",))
                    or self._family.has(owner)
                ):
                    self._family.put(one.path, typed, None)

    def _finish(self) -> None:
        family = self._family
        said = family.data.setdefault("family", {})
        family.data.setdefault("referral", {})
        family.data["family"] = whole = {"display_name": self._persons.called()} | said
        if not whole.get("members") and not family.faults:
            self._fault(
                (family.rows[0], self._persons.first_column(self._laid)),
                "I-NOBODY",
                tr("The row names nobody."),
                tr("Write who the family is, or delete the row."),
            )
        # A row that names no curator has none; the day beside it says something else as well.
        if family.data.get("curators") and "specialist" not in family.data["curators"][0]:
            del family.data["curators"]
        for name in ("decisions", "letters", "conflicts", "tasks"):
            for index, one in enumerate(family.data.get(name, ())):
                one.setdefault("id", f"{name[0]}.{index + 1}")

    def _fault(self, cell: Cell, id_: str, message: str, cure: str) -> None:
        self._family.faults.append(CellFault(cell, id_, message, cure))
