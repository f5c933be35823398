"""A file that says only what differs from another one: the one laid over the other, each value at its place.

So a region is made as a variant of another (`based_on`). What the upper file says is laid over what the lower
one says before both are held against a contract as one:

- groups of fields are merged field by field; a term and a source are one value each and are replaced whole;
- an entry of a list that has a code is laid over the entry of this code, and is added if there is none.
  ``{id: X, dropped: да}`` takes an entry away; `placed_before` names the entry before which a new one stands,
  for in a table the first row that holds wins;
- lists of bare codes (`includes`, `rules`) are lists of such entries too;
- everything else is replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..spelling import nearest
from ..yamltext import Home, Read
from ..yamltext import Path as Loc

DROPPED, PLACED = "dropped", "placed_before"
WHOLE = ("term", "source")
"""Groups of fields that make one value together."""

CODES = ("includes", "rules")
"""Lists at the top of a file whose entries may be bare codes."""

BY_CODE = ("signs", "groups", "items")
"""Lists whose entries call their code `code`; in all others it is `id`."""

_YES = ("да", "yes", "true")


@dataclass(frozen=True, slots=True)
class Slip:
    """A wish of the upper file that the lower one cannot meet: its place, its kind, the nearest name."""

    home: Home
    kind: str
    nearest: str | None


@dataclass
class Laid(Read):
    """Several texts as one: it answers like one that was read, and knows where each value stands."""

    homes: dict[Loc, Home] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)

    def holds(self, path: Loc) -> bool:
        """Tell whether a value stands at a path."""
        return path in self.homes

    def home(self, path: Loc) -> Home:
        """Return the text in which a value stands, and the path of the value in it."""
        rest: Loc = ()
        while path and path not in self.homes:
            path, rest = path[:-1], (path[-1], *rest)
        text, own = self.homes[path]
        return text, (*own, *rest)


@dataclass(frozen=True)
class _Value:
    """A value of one of the two texts, and its path in it."""

    text: Read
    at: Loc
    data: Any

    @property
    def home(self) -> Home:
        return self.text.home(self.at)

    def part(self, step: str | int) -> _Value:
        return _Value(self.text, (*self.at, step), self.data[step])

    @property
    def parts(self) -> list[_Value]:
        return [self.part(n) for n in range(len(self.data))]

    @property
    def code(self) -> str | None:
        """Return the code of an entry, of a list whose entries have one."""
        name = "code" if next((one for one in self.at[::-1] if isinstance(one, str)), "") in BY_CODE else "id"
        found = self.data.get(name) if isinstance(self.data, dict) else self.data
        return found if isinstance(found, str) else None

    def said(self, name: str) -> Any:
        return self.data.get(name) if isinstance(self.data, dict) else None

    @property
    def is_dropped(self) -> bool:
        return str(self.said(DROPPED)).strip().casefold() in _YES


@dataclass(eq=False)
class _Entry:
    """An entry of a merged list: what the lower text says of it, and what the upper one."""

    base: _Value | None
    over: _Value | None = None

    @property
    def code(self) -> str | None:
        one = self.base or self.over
        return one.code if one else None


def laid(over: Read, base: Read, own: Iterable[str] = ()) -> Laid:
    """Lay a text over another one, which may be several already.

    Args:
        own: Fields that the upper text has to say itself; those of the lower one are left out.
    """
    made = Laid({}, over.lines)
    below = base.data
    if isinstance(below, dict):
        below = {name: value for name, value in below.items() if name not in own}
    made.data = _Laying(made).merged((), _Value(over, (), over.data), _Value(base, (), below))
    return made


@dataclass(frozen=True)
class _Laying:
    made: Laid

    def merged(self, at: Loc, over: _Value, base: _Value) -> Any:
        """Lay one value over another, and note where what comes of it stands."""
        if isinstance(over.data, dict) and isinstance(base.data, dict) and not (at and at[-1] in WHOLE):
            self.made.homes[at] = over.home
            return self._group(at, over, base)
        if isinstance(over.data, list) and _has_codes(base):
            self.made.homes[at] = over.home
            return self._list(at, over, base)
        return self._whole(at, over)

    def _whole(self, at: Loc, one: _Value) -> Any:
        self.made.homes[at] = one.home
        if isinstance(one.data, dict):
            return {name: self._whole((*at, name), one.part(name)) for name in one.data}
        if isinstance(one.data, list):
            return [self._whole((*at, n), part) for n, part in enumerate(one.parts)]
        return one.data

    def _group(self, at: Loc, over: _Value, base: _Value) -> dict[str, Any]:
        found = {}
        for name in dict.fromkeys((*base.data, *over.data)):
            here = (*at, name)
            if name not in over.data:
                found[name] = self._whole(here, base.part(name))
            elif name not in base.data:
                found[name] = self._whole(here, over.part(name))
            else:
                found[name] = self.merged(here, over.part(name), base.part(name))
        return found

    def _list(self, at: Loc, over: _Value, base: _Value) -> list[Any]:
        order = [_Entry(one) for one in base.parts]
        counted = Counter(one.code for one in over.parts)
        for one in over.parts:
            same = [entry for entry in order if entry.base and one.code and entry.code == one.code]
            if one.is_dropped:
                if not same:
                    self._slip(one.part(DROPPED), "papka_not_dropped", one.code, base)
                order = [entry for entry in order if entry not in same]
            elif entry := _meant(one, same, is_alone=counted[one.code] == 1):
                entry.over = one
            else:
                order.insert(self._place(one, order, base), _Entry(None, one))
        return [self._entry((*at, n), entry) for n, entry in enumerate(order)]

    def _entry(self, at: Loc, entry: _Entry) -> Any:
        over, base = entry.over, entry.base
        if over is None or (base is not None and isinstance(over.data, str)):
            assert base is not None
            return self._whole(at, base)
        if isinstance(over.data, dict):
            kept = {name: value for name, value in over.data.items() if name not in (DROPPED, PLACED)}
            over = _Value(over.text, over.at, kept)
        return self._whole(at, over) if base is None else self.merged(at, over, base)

    def _place(self, one: _Value, order: list[_Entry], base: _Value) -> int:
        """Return where a new entry comes to stand: before the one that it names, or at the end."""
        wanted = one.said(PLACED)
        if wanted is None:
            return len(order)
        for index, entry in enumerate(order):
            if entry.code == wanted:
                return index
        self._slip(one.part(PLACED), "papka_not_placed", str(wanted), base)
        return len(order)

    def _slip(self, one: _Value, kind: str, name: str | None, base: _Value) -> None:
        known = [part.code for part in base.parts if part.code is not None]
        self.made.slips.append(Slip(one.home, kind, nearest(name or "", known)))


def _has_codes(base: _Value) -> bool:
    if not isinstance(base.data, list):
        return False
    if len(base.at) == 1 and base.at[0] in CODES:
        return True
    return any(isinstance(one.data, dict) and one.code is not None for one in base.parts)


def _meant(one: _Value, same: list[_Entry], *, is_alone: bool) -> _Entry | None:
    """Return which entry is meant: a rule may stand there once for each time in which it was in force."""
    since = [
        entry for entry in same if entry.base and entry.base.said("valid_from") == one.said("valid_from")
    ]
    if since:
        return since[0]
    return same[0] if len(same) == 1 and is_alone else None
