"""Plain data as it stands in a case file, and the answers that are put into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..core.paths import Loc

Row = dict[str, str]
Value = str | tuple[str, ...] | tuple[Row, ...]
"""An answer: what was typed, several choices or lines, or the rows of a table."""


def names_of(loc: Loc) -> tuple[str, ...]:
    """Return the names of a path, without the places in lists."""
    return tuple(step for step in loc if isinstance(step, str))


def last_number(loc: Loc) -> int:
    """Return which step of a path is its last place in a list; -1 if none is."""
    return max((index for index, step in enumerate(loc) if isinstance(step, int)), default=-1)


def within(path: str, place: str) -> bool:
    """Tell whether a written path is a place or lies inside it."""
    return path == place or re.match(rf"{re.escape(place)}[.\[]", path) is not None


def follow(data: Any, loc: Loc) -> Any:
    """Return what stands at a place, or None."""
    for step in loc:
        if isinstance(data, Mapping) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def items_at(data: Any, path: Loc) -> list[Any]:
    """Return the list that stands at a place; it is empty if none does."""
    found = follow(data, path)
    return found if isinstance(found, list) else []


def put(data: Any, place: Loc, value: Any) -> None:
    """Put a value at a place, and make what is above it."""
    for step, following in pairwise(place):
        below = follow(data, (step,))
        if not isinstance(below, dict | list):
            below = [] if isinstance(following, int) else {}
            _set(data, step, below)
        data = below
    _set(data, place[-1], value)


def _set(data: Any, step: str | int, value: Any) -> None:
    if isinstance(data, list) and isinstance(step, int):
        # An item that answers stand for is there, even if nothing of those before it is known.
        data.extend({} for _ in range(step + 1 - len(data)))
    data[step] = value


MOST_NEW = 50
"""How far behind the end of a list an answer may stand: nobody has added more items without answering one."""


def has_room(data: Any, place: Sequence[object]) -> bool:
    """Tell whether an answer may stand at a place: such as a form has, in data such as a case has."""
    if not place or not isinstance(place[0], str):
        return False
    for step in place:
        if isinstance(data, list) or (data is None and isinstance(step, int)):
            rows = data or []
            if not isinstance(step, int) or isinstance(step, bool) or not 0 <= step < len(rows) + MOST_NEW:
                return False
            data = rows[step] if step < len(rows) else None
        elif isinstance(step, str) and (data is None or isinstance(data, Mapping)):
            data = data.get(step) if data is not None else None
        else:
            return False
    return True


def drop(data: Any, place: Loc) -> None:
    """Take a value out, and the groups that are empty without it."""
    owners = [data]
    for step in place[:-1]:
        owners.append(follow(owners[-1], (step,)))
    for owner, step in zip(reversed(owners), reversed(place), strict=True):
        if isinstance(owner, dict):
            owner.pop(step, None)
        # A person whose last field is taken out is still a person.
        if owner or isinstance(owner, list):
            return


def as_answer(raw: Any) -> Value | None:
    """Return a value of a case file as an answer."""
    if raw is None or raw == [] or raw == {}:
        return None
    if isinstance(raw, list):
        if all(isinstance(one, dict) for one in raw):
            return tuple({name: str(one[name]) for name in one if isinstance(one[name], str)} for one in raw)
        return tuple(str(one) for one in raw)
    return str(raw)


def in_whole(raw: Any) -> Value | None:
    """Return a value of a case file as an answer, with the cells of a table that no surface shows."""
    if isinstance(raw, list) and raw and all(isinstance(one, dict) for one in raw):
        return tuple(dict(one) for one in raw)
    return as_answer(raw)


def with_unshown(rows: list[Any], before: Any) -> list[Any]:
    """Give the rows of a table back the cells that no surface shows: lists inside a row of the case.

    A row is known again by its first cell, or else by its place.
    """
    old = [one for one in before if isinstance(one, dict)] if isinstance(before, list) else []
    if not any(not isinstance(cell, str) for one in old for cell in one.values()):
        return rows
    merged = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            return rows
        first = next(iter(row.items()), None)
        known = [one for one in old if first is not None and one.get(first[0]) == first[1]]
        mine = known[0] if len(known) == 1 else old[number] if number < len(old) else {}
        unshown = {name: cell for name, cell in mine.items() if not isinstance(cell, str | None)}
        merged.append({**row, **{name: cell for name, cell in unshown.items() if name not in row}})
    return merged


def as_plain(value: Value) -> Any:
    """Return an answer as a value of a case file."""
    if isinstance(value, str):
        return value
    return [dict(one) if isinstance(one, dict) else one for one in value]


def stripped(value: Value | None) -> Value | None:
    """Take what holds nothing for no answer."""
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.strip() else None
    rows: list[Any] = []
    for one in value:
        if isinstance(one, dict):
            filled = {
                name: text for name, text in one.items() if (text.strip() if isinstance(text, str) else text)
            }
            rows += [filled] if filled else []
        elif one.strip():
            rows.append(one)
    return tuple(rows) or None


def leaves(data: Any, place: Loc = ()) -> Iterator[Loc]:
    """Go through the places at which answers stand."""
    if isinstance(data, Mapping):
        for name, one in data.items():
            yield from leaves(one, (*place, name))
    elif isinstance(data, list) and any(isinstance(one, dict) for one in data) and not _is_table(place):
        for index, one in enumerate(data):
            yield from leaves(one, (*place, index))
    elif place:
        yield place


def _is_table(place: Loc) -> bool:
    """Tell whether a list stands inside an item of a list: such a list is answered as a whole."""
    return last_number(place) >= 0


def inside(value: object, path: Loc) -> object:
    """Follow names through records that an expression sees."""
    for step in path:
        value = value[step] if isinstance(value, Mapping) and step in value else None
    return value


def nth(rows: object, number: int) -> object:
    """Return an item of rows that an expression sees, or None."""
    known = list(rows) if isinstance(rows, Sequence) else []
    return known[number] if number < len(known) else None
