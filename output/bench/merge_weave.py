"""Three versions of one paragraph become one: by word and by tag, neither ever cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lxml import etree

from ...core.i18n import tr
from ..package import W
from .merge_align import stretches
from .merge_side import Block, Side
from .merge_words import SIGNS, Atom, Bit, Placed, Sentence, open_ends

if TYPE_CHECKING:
    from .merge_blocks import Merger


class Weaver:
    """Weaves three versions of a paragraph into one."""

    def __init__(
        self, merger: Merger, ours: Block, theirs: Block, was: Sentence, here: Sentence, new: Sentence
    ) -> None:
        self.merger = merger
        self.sides = (ours, theirs)
        self.was, self.here, self.new = was, here, new
        self.conflicts: list[tuple[str, str]] = []
        self.has_taken = False
        self.dropped: Counter[str] = Counter()

    def woven(self) -> list[Placed]:
        """Return the merged atoms; if tags would lose their partners, all of the plugin's waits instead."""
        placed = self._woven()
        ends = [open_ends(one.atoms) for one in (self.here, self.new)]
        for gone in ("ins", "del"):
            if open_ends(one.atom for one in placed if one.state != gone) not in ends:
                return self.whole()
        return placed

    def whole(self) -> list[Placed]:
        """Return the centre's words with all that the plugin says otherwise tracked."""
        self.conflicts, self.has_taken, self.dropped = [], False, Counter()
        placed: list[Placed] = []
        solid = [atom.is_solid for atom in self.here.atoms]
        cut = stretches(self.here.keys, self.here.keys, self.new.keys, solid)
        for one in cut:
            mine, its = self.here.atoms[slice(*one.ours)], self.new.atoms[slice(*one.theirs)]
            placed += [Placed(atom) for atom in mine] if one.is_same else self._torn(mine, its)
        return placed

    def _woven(self) -> list[Placed]:
        solid = [atom.is_solid for atom in self.was.atoms]
        placed: list[Placed] = []
        for one in stretches(self.was.keys, self.here.keys, self.new.keys, solid):
            was = self.was.atoms[slice(*one.base)]
            mine = self.here.atoms[slice(*one.ours)]
            its = self.new.atoms[slice(*one.theirs)]
            if one.is_same:
                placed += [self._looking(*three) for three in zip(was, mine, its, strict=True)]
            else:
                placed += self._changed(was, mine, its, one.theirs[0])
        return placed

    def _changed(self, was: list[Atom], mine: list[Atom], its: list[Atom], at: int) -> list[Placed]:
        keys = [[atom.key for atom in one] for one in (was, mine, its)]
        if keys[2] in (keys[0], keys[1]):
            return [Placed(atom) for atom in mine]
        if keys[1] == keys[0] and self._may_take(was, its):
            return self._taken(mine, its, at)
        return self._torn(mine, its)

    def _may_take(self, was: list[Atom], its: list[Atom]) -> bool:
        tags = [[atom.key for atom in one if atom.sort == "tag"] for one in (was, its)]
        return not self.merger.careful or tags[0] == tags[1]

    def _taken(self, mine: list[Atom], its: list[Atom], at: int) -> list[Placed]:
        self.has_taken = True
        self.dropped.update(_words(mine))
        marks = [mark for atom in mine for mark in atom.before]
        found = [self._brought(atom, at + step) for step, atom in enumerate(its)]
        return [*([Placed(Atom("thing", "", [], marks))] if marks else []), *map(Placed, found)]

    def _torn(self, mine: list[Atom], its: list[Atom]) -> list[Placed]:
        """Show the centre's words as deleted and the plugin's as inserted, less what both say."""
        first, last = _common(mine, its)
        ours, theirs = mine[first : len(mine) - last], its[first : len(its) - last]
        self.conflicts.append((_text(ours), _text(theirs)))
        placed = [Placed(atom) for atom in mine[:first]]
        placed += [Placed(atom, "del") for atom in ours]
        placed += [Placed(self._brought(atom), "ins") for atom in theirs]
        return placed + [Placed(atom) for atom in mine[len(mine) - last :]]

    # --- looks -------------------------------------------------------------------------------------------

    def _looking(self, was: Atom, mine: Atom, its: Atom) -> Placed:
        """Keep the centre's letters; their look is the plugin's only if the centre left it alone."""
        ours, theirs = self.sides
        base = self.merger.bring.base, self.merger.parts.base
        looks = [_look(was, *base), _look(mine, ours.side, ours.part), _look(its, theirs.side, theirs.part)]
        if looks[0] == looks[1] != looks[2]:
            self.has_taken = True
            brought = self._brought(its)
            return Placed(Atom(mine.sort, mine.key, brought.bits, mine.before))
        return Placed(mine)

    def _brought(self, atom: Atom, at: int | None = None) -> Atom:
        """Take the plugin's atom over; among the centre's words it looks as they do."""
        part = self.merger.parts.theirs
        like = self._like(at)
        bits = []
        for bit in atom.bits:
            new = type(bit)(bit.look, bit.text, bit.thing, bit.is_in_run)
            if bit.thing is not None:
                new.thing = self.merger.bring.element(bit.thing, part)
            if bit.look is not None:
                new.look = self.merger.bring.element(bit.look, part)
            if like is not None and bit.is_in_run and self._canon(bit.look) == like[0]:
                new.look = like[1]
            bits.append(new)
        return Atom(atom.sort, atom.key, bits)

    def _like(self, at: int | None) -> tuple[str, etree._Element | None] | None:
        """Return how the plugin's words around a place look, and how the centre's same words do."""
        if at is None:
            return None
        known = {atom.key: atom for atom in self.here.atoms if atom.is_solid}
        for near in [*range(at - 1, -1, -1), *range(at + 1, len(self.new.atoms))]:
            twin = known.get(self.new.atoms[near].key)
            if twin is not None and twin.bits and self.new.atoms[near].bits:
                return self._canon(self.new.atoms[near].bits[-1].look), twin.bits[-1].look
        return None

    def _canon(self, look: etree._Element | None) -> str:
        theirs = self.sides[1]
        return theirs.side.canon(look, theirs.part) if look is not None else ""


def _look(atom: Atom, side: Side, part: str) -> str:
    """Return how an atom looks, letter by letter if its letters differ."""
    looks = [side.canon(bit.look, part) if bit.look is not None else "" for bit in atom.bits]
    return looks[0] if len(set(looks)) == 1 else "\n".join(looks)


def _common(mine: list[Atom], its: list[Atom]) -> tuple[int, int]:
    first, last, shorter = 0, 0, min(len(mine), len(its))
    while first < shorter and mine[first].key == its[first].key:
        first += 1
    while last < shorter - first and mine[-1 - last].key == its[-1 - last].key:
        last += 1
    return first, last


def _text(atoms: Iterable[Atom]) -> str:
    return "".join(bit.text or _shown(bit) for atom in atoms for bit in atom.bits).strip()


def _shown(bit: Bit) -> str:
    """Say what a thing is: what a reader sees in it, or that it is a picture or the like."""
    if bit.thing is None:
        return ""
    if bit.thing.tag in SIGNS:
        return SIGNS[str(bit.thing.tag)]
    text = "".join(one.text or "" for one in bit.thing.iter(f"{W}t", f"{W}instrText"))
    drawn = bit.thing.find(".//*") is not None or bit.thing.tag in (f"{W}drawing", f"{W}pict")
    return text or (tr("[picture]") if drawn else "")


def _words(atoms: Iterable[Atom]) -> list[str]:
    return re.findall(r"\w+", "".join(bit.text or " " for atom in atoms for bit in atom.bits))
