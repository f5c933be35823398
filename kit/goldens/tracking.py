"""Two papers become one that shows in Word, as tracked changes, what the second says otherwise.

The machinery is that of the three-way merge of templates (`output/bench/merge.py`), with the old paper as
base and as the centre's version. There, what the new one changed would be taken over in silence; here each
change waits. To accept all gives what the new paper says, to reject all what the old one said: this is proven
for each file before it is given out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lxml import etree

from ...output.bench.merge_blocks import Elements, Merger, Parts
from ...output.bench.merge_bring import Bring, written
from ...output.bench.merge_log import Log
from ...output.bench.merge_side import DOCUMENT, Block, R, Side
from ...output.package import Package, W, open_package
from ...output.revisions import PARAGRAPH, ROW, Pen, accepted, first_free_id, rejected, settled
from .reading import body_of, seen_in

_EDGES = {f"{W}headerReference": "header", f"{W}footerReference": "footer"}


Grain = Literal["words", "paragraphs", "whole"]
"""What is exchanged: words within a paragraph; paragraphs and rows that differ in anything; all of them."""

_GRAINS: tuple[Grain, ...] = ("words", "paragraphs", "whole")


@dataclass(frozen=True, slots=True)
class Tracked:
    """What came of two papers.

    Attributes:
        content: The file with tracked changes; None: both papers would not have come out of it again.
        grain: The finest grain at which both papers come out of it.
        has_edges: Whether the headers and footers come out of it too; else only one version has some of
            them, which Word cannot track.
    """

    content: bytes | None
    grain: Grain = "words"
    has_edges: bool = True


def tracked(old: bytes, new: bytes, day: date) -> Tracked:
    """Show what a new paper says otherwise than an old one.

    Args:
        day: The day that the changes bear.
    """
    before, after = open_package(old), open_package(new)
    said = seen_in(before), seen_in(after)
    partly: Tracked | None = None
    for grain in _GRAINS:
        package = _Tracking(before, after, day, grain).done()
        found = _readings(package)
        if found == said:
            return Tracked(package.write({}), grain)
        if partly is None and all(body_of(a) == body_of(b) for a, b in zip(found, said, strict=True)):
            partly = Tracked(package.write({}), grain, has_edges=False)
    return partly or Tracked(None)


def readings(content: bytes) -> tuple[str, str]:
    """Return what a file reads like with all its changes rejected, and with all accepted."""
    return _readings(open_package(content))


def _readings(package: Package) -> tuple[str, str]:
    return seen_in(settled(package, rejected)), seen_in(settled(package, accepted))


class _Bring(Bring):
    """Takes pieces over; what stands in lists of the new paper counts on as it does there."""

    def __init__(self, base: Side, ours: Side, theirs: Side, grain: Grain) -> None:
        super().__init__(base, ours, theirs)
        self._grain = grain

    def _known_number(self, number: str, theirs: str) -> str | None:
        return super()._known_number(number, theirs) if self._grain == "words" else None


class _Tracker(Merger):
    """A merger that takes nothing over: each change waits in Word."""

    def __init__(self, bring: Bring, pen: Pen, parts: Parts, grain: Grain) -> None:
        super().__init__(bring, pen, Log(), parts, careful=True)
        self.grain = grain

    def takes(self, one: Block | None, other: Block | None) -> bool:
        """Nothing is taken untracked."""
        return False

    def block(self, base: Block, ours: Block, theirs: Block) -> Elements:
        """Show one paragraph, row or table as it was and as it is."""
        if self._same(ours, theirs):
            return [ours.element]
        if self.grain != "words" and ours.kind in (PARAGRAPH, ROW):
            return self.both(ours, theirs)
        return super().block(base, ours, theirs)

    def _same(self, ours: Block, theirs: Block) -> bool:
        """Tell whether a block stays as it was; while words are exchanged, what only looks otherwise does."""
        if self.grain == "words":
            return ours.key == theirs.key
        return self.grain == "paragraphs" and ours.canon == theirs.canon

    def both(self, ours: Block, theirs: Block) -> Elements:
        """Show the old block as deleted and the new one as inserted."""
        return [self.deleted(ours), self.inserted(theirs)]

    def _paragraph(self, base: Block, ours: Block, theirs: Block) -> Elements:
        return self.redline(ours, theirs)

    def _property(self, name: str, base: Block, ours: Block, theirs: Block) -> None:
        """What only looks otherwise stays as it was."""


class _Tracking:
    """One pair of papers at work."""

    def __init__(self, old: Package, new: Package, day: date, grain: Grain) -> None:
        self.base, self.old, self.new = Side(old), Side(old), Side(new)
        self.bring = _Bring(self.base, self.old, self.new, grain)
        self.day = day
        self.grain = grain

    def done(self) -> Package:
        """Return the file."""
        threes = list(self._parts())
        self.bring.parts |= {three.theirs: three.ours for three in threes}
        changed = {}
        for three in threes:
            roots = (self.base.tree(three.base), self.bring.tree(three.ours, touch=False))
            theirs = self.new.tree(three.theirs)
            was, here = roots
            if was is None or here is None or theirs is None:
                continue
            pen = Pen(self.day, first_free_id(here))
            tracker = _Tracker(self.bring, pen, three, self.grain)
            tracker.container(*(_container(one) for one in (was, here, theirs)))
            changed[three.ours] = written(here)
        return Package({**self.old.package.members, **self.bring.finished(), **changed})

    def _parts(self) -> Iterator[Parts]:
        """Find the parts of one role in both files."""
        yield Parts(DOCUMENT, DOCUMENT, DOCUMENT)
        old, new = dict(_edges(self.old)), dict(_edges(self.new))
        for role in old:
            if role in new:
                yield Parts(old[role], old[role], new[role])


def _container(root: etree._Element) -> etree._Element:
    body = root.find(f"{W}body")
    return root if body is None else body


def _edges(side: Side) -> Iterator[tuple[tuple[int, str, str], str]]:
    """Return the headers and footers by their role: which section, which edge, which pages."""
    root = side.tree(DOCUMENT)
    sections = [] if root is None else list(root.iter(f"{W}sectPr"))
    for number, section in enumerate(sections):
        for reference in section.iter(*_EDGES):
            relation = side.relations(DOCUMENT).get(reference.get(f"{R}id", ""))
            if relation is not None and relation.target in side.package.members:
                pages = reference.get(f"{W}type", "default")
                yield (number - len(sections), _EDGES[str(reference.tag)], pages), relation.target


__all__ = ["Tracked", "readings", "tracked"]
