"""The way through a form: its questions one after another, and between them «add one more?»."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.paths import Loc
from ..plain import follow, items_at
from ..sheet import Sheet
from ..shown import Asked, Item, Shown

MORE = "+"
"""The last step of the place at which one more item is asked about."""


@dataclass(frozen=True)
class Step:
    """One stop on the way.

    Attributes:
        place: Where the answer belongs; for «add one more?» the list and a plus sign.
        asked: The question; None: «add one more?».
        number: Which question of its part, or of its item, it is, counted from 1.
    """

    place: Loc
    part: Shown
    item: Item | None
    asked: Asked | None
    number: int


def steps(sheet: Sheet, opened: set[Loc]) -> list[Step]:
    """Return the way as it is now.

    Items that the case held before are passed by, unless their place is in `opened`: a person who records a
    visit is not led through those of last year.
    """
    found: list[Step] = []
    for part in sheet.parts():
        base = list_of(sheet, part)
        for item in part.items:
            if base and item.number is not None and not _is_asked(sheet, part, base, item.number, opened):
                continue
            found += [Step(one.place, part, item, one, n) for n, one in enumerate(item.questions, start=1)]
        if base and adds(sheet, part):
            found.append(Step((*base, MORE), part, None, None, 0))
    return found


def adds(sheet: Sheet, part: Shown) -> bool:
    """Tell whether a part takes new items: one about some of a list's items does not."""
    return part.adds is not None and sheet.form.parts[part.index].among is None


def list_of(sheet: Sheet, part: Shown) -> Loc:
    """Return the list that a part goes through; empty if it goes through none."""
    each = sheet.form.parts[part.index].each
    return tuple(each.split(".")) if each else ()


def _is_asked(sheet: Sheet, part: Shown, base: Loc, number: int, opened: set[Loc]) -> bool:
    is_new = number >= len(items_at(sheet.before, base))
    return is_new or (*base, number) in opened or not adds(sheet, part)


def is_open(sheet: Sheet, step: Step) -> bool:
    """Tell whether nobody has been here yet: a question without answer, a list to which nothing was added."""
    if step.asked is None:
        base = step.place[:-1]
        return len(items_at(sheet.data, base)) <= len(items_at(sheet.before, base))
    return follow(sheet.data, step.place) is None and step.place not in sheet.unknown


def first_open(sheet: Sheet, way: list[Step]) -> int:
    """Return the first stop where nobody has been; the end if there is none."""
    return next((n for n, step in enumerate(way) if is_open(sheet, step)), len(way))


def stop_at(way: list[Step], place: Loc | None) -> int | None:
    """Return the stop that a place belongs to."""
    if place is None:
        return None
    return next((n for n, step in enumerate(way) if place[: len(step.place)] == step.place), None)
