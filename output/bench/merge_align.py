"""Which piece of one version is which piece of another, though it was changed or moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Protocol

ALIKE = 0.45
"""From this share of common words on, two paragraphs are one that was changed."""

_MOVED_LENGTH = 12


class Piece(Protocol):
    """Something with a text: a paragraph, a row, a table."""

    @property
    def kind(self) -> str:
        """What it is; only pieces of one kind can be the same piece."""

    @property
    def key(self) -> str:
        """Its text: two pieces with one key read the same."""

    @property
    def bag(self) -> Counter[str]:
        """Its words, counted."""


@dataclass(frozen=True)
class Alignment:
    """Where the pieces of the base stand in a later version.

    Attributes:
        stable: Pieces that kept their order.
        moved: Pieces that stand elsewhere, unchanged.
    """

    stable: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)

    def of(self, number: int) -> int | None:
        """Return where a piece of the base stands now, if it is there."""
        found = self.stable.get(number)
        return self.moved.get(number) if found is None else found


def likeness(one: Piece, other: Piece) -> float:
    """Return the share of words that two pieces have in common, from 0 to 1."""
    if one.kind != other.kind:
        return 0.0
    if one.key == other.key:
        return 1.0
    total = one.bag.total() + other.bag.total()
    return 2 * (one.bag & other.bag).total() / total if total else 0.0


def align(base: Sequence[Piece], side: Sequence[Piece], *, one_to_one: bool = False) -> Alignment:
    """Find the pieces of the base in a later version.

    Args:
        one_to_one: A single piece that became another single piece is the same piece whatever it says now.
    """
    if one_to_one and len(base) == len(side) == 1 and base[0].kind == side[0].kind:
        return Alignment({0: 0})
    stable = _stable(base, side)
    left = [number for number in range(len(base)) if number not in stable]
    taken = set(stable.values())
    new = [number for number in range(len(side)) if number not in taken]
    return Alignment(stable, _moved(base, side, left, new))


def _stable(base: Sequence[Piece], side: Sequence[Piece]) -> dict[int, int]:
    first, last = 0, 0
    shorter = min(len(base), len(side))
    while first < shorter and _same(base[first], side[first]):
        first += 1
    while last < shorter - first and _same(base[-1 - last], side[-1 - last]):
        last += 1
    found = {number: number for number in range(first)}
    middle = _heaviest(base[first : len(base) - last], side[first : len(side) - last])
    found |= {first + a: first + b for a, b in middle}
    found |= {len(base) - number: len(side) - number for number in range(1, last + 1)}
    return found


def _same(one: Piece, other: Piece) -> bool:
    return one.kind == other.kind and one.key == other.key


def _heaviest(base: Sequence[Piece], side: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return the pairs, in order, that together have most in common."""
    rows, columns = len(base), len(side)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    weights = [[_weight(one, other) for other in side] for one in base]
    for a in range(rows - 1, -1, -1):
        for b in range(columns - 1, -1, -1):
            paired = best[a + 1][b + 1] + weights[a][b] if weights[a][b] else 0.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], paired)
    pairs, a, b = [], 0, 0
    while a < rows and b < columns:
        if weights[a][b] and best[a][b] == best[a + 1][b + 1] + weights[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _weight(one: Piece, other: Piece) -> float:
    alike = likeness(one, other)
    if alike < ALIKE:
        return 0.0
    # A long text that stayed the same tells more of the order than an empty line does.
    size = min(one.bag.total(), 20) / 20
    return 0.1 + size + 1 if alike == 1.0 and size else alike * (0.1 + size)


def _moved(base: Sequence[Piece], side: Sequence[Piece], left: list[int], new: list[int]) -> dict[int, int]:
    gone = Counter((base[number].kind, base[number].key) for number in left)
    come = Counter((side[number].kind, side[number].key) for number in new)
    places = {(side[number].kind, side[number].key): number for number in new}
    found: dict[int, int] = {}
    for number in left:
        name = (base[number].kind, base[number].key)
        if gone[name] == come[name] == 1 and len(base[number].key) >= _MOVED_LENGTH:
            found[number] = places[name]
    return found


# --- words -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of three versions: half-open bounds in each, and whether all three read the same there."""

    base: tuple[int, int]
    ours: tuple[int, int]
    theirs: tuple[int, int]
    is_same: bool


def stretches(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], solid: Sequence[bool]
) -> list[Stretch]:
    """Cut three versions into stretches that are the same and stretches that somebody changed.

    Args:
        solid: Which pieces of the base are words or tags: only those hold two changes apart.
    """
    to_ours, to_theirs = _matches(base, ours, solid), _matches(base, theirs, solid)
    both = [number for number in range(len(base)) if number in to_ours and number in to_theirs]
    cut: list[Stretch] = []
    at = (0, 0, 0)
    for number in [*both, len(base)]:
        stop = (number, to_ours.get(number, len(ours)), to_theirs.get(number, len(theirs)))
        if stop != at:
            cut.append(_stretch(at, stop, is_same=False))
        if number < len(base):
            at = (stop[0] + 1, stop[1] + 1, stop[2] + 1)
            cut.append(_stretch(stop, at, is_same=True))
    return _joined(cut, solid)


def _matches(base: Sequence[str], side: Sequence[str], solid: Sequence[bool]) -> dict[int, int]:
    """Pair equal pieces; a blank or a comma between two changes is no common ground."""
    found: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks():
        is_edge = (a == 0 and b == 0) or (a + size == len(base) and b + size == len(side))
        if is_edge or any(solid[a : a + size]):
            found |= {a + step: b + step for step in range(size)}
    return found


def _stretch(start: tuple[int, int, int], stop: tuple[int, int, int], *, is_same: bool) -> Stretch:
    base, ours, theirs = zip(start, stop, strict=True)
    return Stretch(base, ours, theirs, is_same)


def _joined(cut: list[Stretch], solid: Sequence[bool]) -> list[Stretch]:
    """Join stretches of one sort, and changes that nothing solid holds apart."""
    runs: list[Stretch] = []
    for one in cut:
        runs = (
            [*runs[:-1], _over(runs[-1], one)] if runs and runs[-1].is_same == one.is_same else [*runs, one]
        )
    joined: list[Stretch] = []
    for number, one in enumerate(runs):
        is_inner = 0 < number < len(runs) - 1
        thin = one.is_same and is_inner and not any(solid[one.base[0] : one.base[1]])
        if joined and (thin or (not one.is_same and not joined[-1].is_same)):
            joined[-1] = _over(joined[-1], one)
        else:
            joined.append(one)
    return joined


def _over(one: Stretch, other: Stretch) -> Stretch:
    """Return the stretch that spans two neighbours; it is the same only if both are."""
    start = (one.base[0], one.ours[0], one.theirs[0])
    stop = (other.base[1], other.ours[1], other.theirs[1])
    return _stretch(start, stop, is_same=one.is_same and other.is_same)
