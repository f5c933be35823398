"""How a field of a form is called inside a Word or a PDF file.

A key says the place in the case, and for one of several check boxes the choice: ``referral.signs=debts``.
Word cuts a control's tag after 64 signs and a bookmark after 40, and a bookmark may hold letters and figures
only: there a key is written short, with the places in lists in clear and the names as a hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from ...core.paths import Loc, dotted
from ..plain import names_of
from ..shown import Asked

OTHERS = "*"
"""Stands for the line beside check boxes on which more may be written."""

_LONGEST_TAG = 64
_STEP = re.compile(r"([A-Za-z_]\w*)|\[(\d{1,4})\]")
_MARK = re.compile(r"p_([0-9a-f]{12})((?:_\d{1,4})*)")


def key_of(place: Loc, option: str | None = None) -> str:
    """Name a field, or one of its check boxes."""
    return dotted(place) if option is None else f"{dotted(place)}={option}"


def split_key(key: str) -> tuple[Loc, str | None] | None:
    """Return place and choice of a key; None if it is none of ours."""
    path, equals, option = key.partition("=")
    place: list[str | int] = []
    at = 0
    while at < len(path):
        at += path[at] == "." and bool(place)
        step = _STEP.match(path, at)
        if step is None:
            return None
        place.append(step[1] if step[1] else int(step[2]))
        at = step.end()
    return (tuple(place), option if equals else None) if place and isinstance(place[0], str) else None


def mark_of(key: str) -> str:
    """Write a key as a bookmark."""
    place, option = _known(key)
    numbers = "".join(f"_{step}" for step in place if isinstance(step, int))
    return f"p_{_hashed(place, option)}{numbers}"


def tag_of(key: str) -> str:
    """Write a key as the tag of a control."""
    return key if len(key) <= _LONGEST_TAG else mark_of(key)


def shapes(questions: Iterable[Asked]) -> dict[str, tuple[Loc, str | None]]:
    """Return what the hash of each field stands for: a place with zeros, and the choice."""
    found: dict[str, tuple[Loc, str | None]] = {}
    for one in questions:
        cells = [(*one.place, 0, column.place[-1]) for column in one.columns]
        options = [*(code for code, _ in one.choices), OTHERS] if one.kind == "choices" else []
        for place in cells or [one.place]:
            for option in (None, *options):
                found[_hashed(place, option)] = (place, option)
    return found


def resolved(name: str, known: Mapping[str, tuple[Loc, str | None]]) -> str | None:
    """Return the key that a tag or a bookmark stands for; None if it is none of ours."""
    short = _MARK.fullmatch(name)
    if short is None:
        return name if split_key(name) else None
    if short[1] not in known:
        return None
    place, option = known[short[1]]
    numbers = iter(int(one) for one in short[2].split("_") if one)
    placed = tuple(next(numbers, 0) if isinstance(step, int) else step for step in place)
    return key_of(placed, option)


def _known(key: str) -> tuple[Loc, str | None]:
    found = split_key(key)
    assert found is not None, key
    return found


def _hashed(place: Loc, option: str | None) -> str:
    # Places in lists stand beside the hash, so that one hash does for all items of a list.
    names = "/".join("#" if isinstance(step, int) else step for step in place)
    return sha256(f"{names}={option}".encode()).hexdigest()[:12] if names_of(place) else ""
