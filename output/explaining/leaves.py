"""The typed values of a case, each at its place, so that one state of a case can be held against another.

A place is written as in findings: ``family.members[1].birth_date``, counted as in the case file. Lists are
matched by what their items are known by (a code, a day), so that one item more does not shift the others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from pydantic import BaseModel

from ...core.contract.base import Labelled
from ...core.contract.case import Case
from ...core.facts import Choice, Missing, PersonName, Phrase, Record
from ...core.paths import Loc, dotted

_STEP = re.compile(r"(\w+)|\[(\d+)\]")
_KNOWN_BY = ("id", "version", "code", "on", "signed_on", "since", "started_on", "asked_on")
_SIGNS = 16

Digest = Callable[[str], str]


def digester(salt: str) -> Digest:
    """Return what makes a short salted digest of a text.

    It keeps words out of the card, and a card says nothing without its salt. It is no secret: who has the
    card and its salt may try all dates. The card lies in the folder of the case, beside the case itself.
    """
    key = salt.encode("ascii")
    return lambda text: hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()[:_SIGNS]


def place(text: str) -> Loc:
    """Read a place as it is written."""
    found = (step.groups() for step in _STEP.finditer(text))
    return tuple(name if name is not None else int(number) for name, number in found)


def written(value: object) -> str:
    """Write a value so that two values are written alike if they are the same."""
    if value is None or isinstance(value, Missing):
        return "-"
    if isinstance(value, tuple | list):
        return "[" + "\x1f".join(map(written, value)) + "]"
    if isinstance(value, Mapping) and not isinstance(value, Record):
        return "{" + "\x1f".join(f"{key}\x1e{written(one)}" for key, one in sorted(value.items())) + "}"
    if isinstance(value, PersonName):
        parts = (value.last, value.first, value.patronymic, value.sex)
        return "name" + written([*parts, {part: dict(forms) for part, forms in value.forms.items()}])
    if isinstance(value, Phrase):
        return "words" + written([value.text, dict(value.forms)])
    if isinstance(value, Choice):
        return f"choice:{value.code}"
    if isinstance(value, Labelled):
        return f"choice:{value.value}"
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{'yesno' if isinstance(value, bool) else 'text'}:{value}"


@dataclass(frozen=True)
class Leaves:
    """A case as it was known on a day, taken apart.

    Attributes:
        values: Each typed value at its place; of a record that it is there; what is not there is None.
        lists: For each list of things, the number of each in the case file, and what it is known by.
        places: Where each part of the case stands, by the identity of its model.
    """

    values: dict[Loc, object] = field(default_factory=dict)
    lists: dict[Loc, list[tuple[int, str]]] = field(default_factory=dict)
    places: dict[int, Loc] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, known: Case) -> Leaves:
        """Take apart what was known of a case.

        Args:
            case: The case as it stands in its file, from which places are counted.
            known: The same case as of a day.
        """
        found = cls()
        found._model(known, case, ())
        return found

    def _model(self, model: BaseModel, whole: BaseModel, at: Loc) -> None:
        self.places[id(model)] = at
        for name in type(model).model_fields:
            value, full = getattr(model, name), getattr(whole, name)
            here = (*at, name)
            if isinstance(value, BaseModel) and isinstance(full, BaseModel):
                self.values[here] = True
                self._model(value, full, here)
            elif _holds_things(value) or _holds_things(full):
                self._list(value or (), full or (), here)
            else:
                self.values[here] = value

    def _list(self, items: Sequence[Any], whole: Sequence[Any], at: Loc) -> None:
        self.lists[at] = []
        number = 0
        for item in items:
            while number < len(whole) and not _is_of(item, whole[number]):
                number += 1
            if number == len(whole):
                break
            self.lists[at].append((number, known_by(item)))
            self._model(item, whole[number], (*at, number))
            number += 1

    def below(self, at: Loc) -> Iterator[Loc]:
        """Go through all values and lists below a place."""
        for known in (self.values, self.lists):
            yield from (one for one in known if one[: len(at)] == at)


def _holds_things(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, BaseModel) for one in value)


def _is_of(known: BaseModel, whole: BaseModel) -> bool:
    """Tell whether a thing as it was known on a day is that thing of the case file."""
    if known is whole:
        return True
    if "id" in type(known).model_fields:
        return bool(getattr(known, "id") == getattr(whole, "id", None))  # noqa: B009
    fields = type(known).model_fields
    same = (getattr(known, name) in (None, getattr(whole, name, None)) for name in fields)
    return type(known) is type(whole) and all(same)


def known_by(item: BaseModel) -> str:
    """Return by what a thing of a list is told from the others, if it has such a thing."""
    fields = type(item).model_fields
    values = (getattr(item, name) for name in _KNOWN_BY if name in fields)
    return next((written(one) for one in values if one is not None), "")


# --- one state against another ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Then:
    """What was noted of a case, to be held against the case as it is now.

    Attributes:
        values: Digests of values by their place.
        lists: For each list, the number of each item then, and the digest of what it is known by.
    """

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[tuple[int, str]]]
    digest: Digest

    def changed(self, case: Case, known: Case) -> list[Loc]:
        """Return the places that hold something else now; of a thing that came or went, its list.

        Args:
            case: The case as it stands in its file.
            known: What is known of it on the day for which it was noted.
        """
        found = _Held(self, Leaves.of(case, known)).changed()
        if not found:
            return []
        # A day that was moved lets a whole thing come or go: it is the day that was changed.
        full = _Held(self, Leaves.of(case, case)).changed()
        typed = [at for at in full if place_is_in(at, found) and dotted(at) not in self.lists]
        lists = [at for at in found if at in full and not any(one[: len(at)] == at for one in typed)]
        return list(dict.fromkeys([*typed, *lists])) or found


def place_is_in(at: Loc, places: Sequence[Loc]) -> bool:
    """Tell whether a place is one of some places, or stands in one of them."""
    return any(at[: len(one)] == one for one in places)


@dataclass
class _Held:
    """One state of a case that is held against what was noted."""

    then: Then
    now: Leaves
    pairs: dict[Loc, tuple[dict[int, int], bool]] = field(default_factory=dict)

    def changed(self) -> list[Loc]:
        found: dict[Loc, None] = {}
        digest = self.then.digest
        for text, before in self.then.values.items():
            at, is_there = self._today(place(text))
            if not is_there or digest(text + written(self.now.values.get(at))) != before:
                found[at] = None
        for text in self.then.lists:
            at, is_there = self._today(place(text))
            if is_there and not self._paired(place(text), at)[1]:
                found[at] = None
        return list(found)

    def _today(self, at: Loc) -> tuple[Loc, bool]:
        """Return where a place is now; if what it stands in is gone, the list that it has left."""
        then: Loc = ()
        now: Loc = ()
        for step in at:
            if isinstance(step, int):
                number = self._paired(then, now)[0].get(step)
                if number is None:
                    return now, False
                step_now: str | int = number
            else:
                step_now = step
            then, now = (*then, step), (*now, step_now)
        return now, True

    def _paired(self, then: Loc, now: Loc) -> tuple[dict[int, int], bool]:
        """Pair the things of a list with those of today, and tell whether none came or went."""
        if then not in self.pairs:
            said = dotted(then)
            before = list(self.then.lists.get(said, ()))
            items = self.now.lists.get(now, ())
            self.pairs[then] = _pair(before, [(n, self.then.digest(said + name)) for n, name in items])
        return self.pairs[then]


def _pair(before: Sequence[tuple[int, str]], today: Sequence[tuple[int, str]]) -> tuple[dict[int, int], bool]:
    # What stands where it stood is the same thing, even if others are known by the same.
    pairs = {number: number for number, name in before if (number, name) in today}
    left = [one for one in today if one[0] not in pairs]
    for number, name in before:
        if number in pairs:
            continue
        match = next((one for one in left if one[1] == name), None)
        if match is not None:
            pairs[number] = match[0]
            left.remove(match)
    rest = [number for number, _ in before if number not in pairs]
    others = [number for number, _ in left]
    if len(rest) == len(others):
        # As many as before: what it is known by was changed.
        pairs.update(zip(rest, others, strict=True))
        others = []
    for number in set(rest) & set(others):
        pairs[number] = number
        others.remove(number)
    return pairs, not others and len(pairs) == len(before)
