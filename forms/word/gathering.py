"""What was found in a form, by field of the case: items that were added get numbers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...core.paths import Loc
from ..plain import Value, stripped
from ..shown import Asked
from .drawing import cell_of
from .keys import OTHERS, key_of, resolved, split_key
from .reading import Control
from .values import is_checked, many_lines, scalar, several


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one field of a form, in Word or in a PDF.

    Attributes:
        where: The paragraph, or the page.
        title: How the file itself calls the field.
    """

    text: str
    checked: bool | None
    where: int
    title: str = ""


Shapes = Mapping[str, tuple[Loc, str | None]]


def gathered(controls: Sequence[Control], known: Shapes) -> tuple[dict[str, Cell], list[Control]]:
    """Return the fields of a Word form by key, and the controls that no field answers to."""
    named: list[tuple[str, Control]] = []
    strangers: list[Control] = []
    for one in controls:
        key = next((key for name in one.names if (key := resolved(name, known))), None)
        if key is None:
            strangers.append(one)
        else:
            named.append((key, one))
    cells: dict[str, Cell] = {}
    for key, one in _renumbered(named):
        cells.setdefault(key, Cell(one.text, one.checked, one.paragraph, one.title))
    return cells, strangers


def _renumbered(named: Sequence[tuple[str, Control]]) -> Iterable[tuple[str, Control]]:
    """Give an item that Word has added, as a copy of the one before it, a number of its own."""
    numbers: dict[tuple[Loc, int], int] = {}
    taken: dict[Loc, set[int]] = {}
    for depth in (0, 1):
        _number(named, depth, numbers, taken)
    for key, one in named:
        found = split_key(key)
        assert found is not None
        yield key_of(_placed(found[0], one.within, numbers), found[1]), one


def _number(
    named: Sequence[tuple[str, Control]],
    depth: int,
    numbers: dict[tuple[Loc, int], int],
    taken: dict[Loc, set[int]],
) -> None:
    """Number the items of one depth: those that stood there keep theirs, copies follow behind the last."""
    wanted: dict[tuple[Loc, int], int] = {}
    for key, one in named:
        place = _placed((split_key(key) or ((), None))[0], one.within[:depth], numbers)
        steps = [at for at, step in enumerate(place) if isinstance(step, int)]
        if len(steps) > depth:
            base, number = place[: steps[depth]], place[steps[depth]]
            assert isinstance(number, int)
            if len(one.within) > depth:
                wanted.setdefault((base, one.within[depth]), number)
            else:
                taken.setdefault(base, set()).add(number)
    copies = []
    for (base, item), number in wanted.items():
        if number in taken.setdefault(base, set()):
            copies.append((base, item))
        else:
            numbers[base, item] = number
            taken[base].add(number)
    for base, item in copies:
        numbers[base, item] = max(taken[base]) + 1
        taken[base].add(numbers[base, item])


def _placed(place: Loc, within: tuple[int, ...], numbers: Mapping[tuple[Loc, int], int]) -> Loc:
    found: list[str | int] = []
    items = iter(within)
    for step in place:
        item = next(items, None) if isinstance(step, int) else None
        found.append(step if item is None else numbers.get((tuple(found), item), step))
    return tuple(found)


# --- answers ---------------------------------------------------------------------------------------------


def answer_in(cells: Mapping[str, Cell], asked: Asked, at: Loc) -> tuple[bool, Value | None]:
    """Return whether a form holds a field, and the answer in it.

    Args:
        at: Where the field stands in the form; an item may stand elsewhere in the case by now.
    """
    if asked.kind == "table":
        return _records(cells, asked, at)
    key = key_of(at)
    whole = cells.get(key)
    if asked.kind == "choices":
        return _boxes(cells, asked, at)
    if whole is None:
        return False, None
    if asked.kind == "lines":
        return True, many_lines(asked, whole.text)
    return True, scalar(asked, whole.text)


def _boxes(cells: Mapping[str, Cell], asked: Asked, at: Loc) -> tuple[bool, Value | None]:
    codes = [code for code, _ in asked.choices if key_of(at, code) in cells]
    checked = [
        code for code in codes if (one := cells[key_of(at, code)]) and is_checked(one.text, one.checked)
    ]
    line = cells.get(key_of(at, OTHERS))
    if not codes and line is None:
        return False, None
    return True, several(asked, checked, line.text if line else "")


def _records(cells: Mapping[str, Cell], asked: Asked, at: Loc) -> tuple[bool, Value | None]:
    numbers = sorted(
        {
            found[0][len(at)]
            for key in cells
            if (found := split_key(key)) and len(found[0]) == len(at) + 2 and found[0][: len(at)] == at
        },
        key=lambda one: one if isinstance(one, int) else -1,
    )
    rows = []
    name = str(asked.columns[0].place[-1]) if asked.columns else ""
    for number in numbers:
        if not isinstance(number, int):
            continue
        row = {}
        for column in asked.columns:
            cell = cells.get(key_of((*at, number, column.place[-1])))
            said = scalar(cell_of(asked, number, column), cell.text) if cell else None
            if said is not None:
                row[str(column.place[-1])] = said
        if row and number < len(asked.rows):
            row = {name: asked.rows[number][0], **row}
        rows.append(row)
    return bool(numbers), stripped(tuple(rows))
