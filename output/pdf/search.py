"""Looking for the paragraphs of a Word file on the pages of its PDF."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, pairwise

from .blocks import Block
from .pages import STRUCK, Hit, Page
from .walk import Walk, common
from .wanted import Wanted, pattern_of

_SHORT = 12
_MOST_PIECES = 6
_MOST_TRIES = 400
_MOST_BEGINNINGS = 12


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A paragraph that stands once in the Word file and once in the PDF: what is before it is before it."""

    number: int
    block: Block
    hit: Hit


class Search:
    """Looks for paragraphs in reading order and strikes out what it found."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self._here = Hit(0, 0, 0)
        self._from, self._to = 0, len(pages) - 1
        self._after: Hit | None = None
        self._before: Hit | None = None
        self._tries = 0
        self._known: list[int] = []
        self._anchors: list[_Anchor] = []

    def take_all(self, blocks: Sequence[Wanted]) -> None:
        """Find all paragraphs: those that stand in their order, then what is left.

        Each is looked for from the nearest one before it that was found. What stands but once goes first, and
        bounds the pages for the rest. Then long ones, so that no short
        one takes a piece of them: those that stand whole, then those that a page break parts. A short one has
        to stand between spaces; what is left may stand anywhere.
        """
        Walk(self.pages, blocks).go()
        self._known = [number for number, wanted in enumerate(blocks) if wanted.hits]
        order = sorted(
            (n for n in range(len(blocks)) if not blocks[n].hits),
            key=lambda number: -len(blocks[number].text),
        )
        long = [number for number in order if len(blocks[number].text) >= _SHORT]
        short = [number for number in order if 0 < len(blocks[number].text) < _SHORT]
        self._take(blocks, self._single(blocks, long), parted=False, edged=False)
        self._anchors = [
            _Anchor(number, blocks[number].block, blocks[number].hits[0])
            for number in self._known
            if not blocks[number].block.loose
        ]
        for numbers, parted, edged in ((long, False, False), (long, True, False), (short, False, True)):
            self._take(blocks, numbers, parted=parted, edged=edged)
        self._take(blocks, short, parted=True, edged=False)

    def _single(self, blocks: Sequence[Wanted], numbers: Sequence[int]) -> list[int]:
        count = Counter(blocks[number].text for number in numbers)
        return [n for n in numbers if count[blocks[n].text] == 1 and self._stands_once(blocks[n])]

    def _stands_once(self, wanted: Wanted) -> bool:
        if wanted.pattern is not None or wanted.block.loose:
            return False
        count = 0
        for page in self.pages:
            count += page.text.count(wanted.text)
            if count > 1:
                return False
        return count == 1

    def _take(self, blocks: Sequence[Wanted], numbers: Iterable[int], *, parted: bool, edged: bool) -> None:
        for number in numbers:
            wanted = blocks[number]
            if wanted.hits:
                continue
            place = bisect(self._known, number)
            self._here = blocks[self._known[place - 1]].hits[-1] if place else Hit(0, 0, 0)
            in_order = wanted.block.heads or (not edged and len(wanted.text) < _SHORT)
            self._bound(number, wanted.block, in_order)
            hits = self._labelled(wanted) or self._whole(wanted, edged=True)
            if not edged and not hits:
                hits = self._whole(wanted, edged=False)
            if parted and not hits:
                hits = self._broken(wanted)
            if hits:
                self._known.insert(place, number)
                wanted.hits = hits
                for hit in hits:
                    self.pages[hit.page].strike(hit.start, hit.end)

    def _bound(self, number: int, block: Block, in_order: bool) -> None:
        """Let a paragraph be looked for only between the anchors around it.

        The cells of one row that breaks over a page are drawn each from its own beginning. The order within
        a page counts too for a heading row, which is drawn again on each page, and for short words that do
        not stand by themselves.
        """
        self._unbound()
        if block.loose:
            return
        place = bisect(self._anchors, number, key=lambda anchor: anchor.number)
        before = self._anchor(reversed(self._anchors[:place]), block)
        after = self._anchor(self._anchors[place:], block)
        self._from = before.hit.page if before else 0
        self._to = after.hit.page if after else len(self.pages) - 1
        if in_order:
            self._after = before.hit if before else None
            self._before = after.hit if after else None

    @staticmethod
    def _anchor(anchors: Iterable[_Anchor], block: Block) -> _Anchor | None:
        return next((one for one in anchors if not one.block.beside(block)), None)

    def _unbound(self) -> None:
        self._from, self._to = 0, len(self.pages) - 1
        self._after = self._before = None

    def _allowed(self, hit: Hit) -> bool:
        place = (hit.page, hit.start)
        late = self._after is not None and place < (self._after.page, self._after.end)
        return not late and (self._before is None or place < (self._before.page, self._before.start))

    def _places(self) -> Iterable[tuple[int, int]]:
        """Give the pages and places to look from: on from here, then from the first page allowed."""
        here = self._here
        if self._from <= here.page <= self._to:
            yield here.page, here.end
            yield from ((page, 0) for page in range(here.page + 1, self._to + 1))
            yield from ((page, 0) for page in range(self._from, here.page + 1))
        else:
            yield from ((page, 0) for page in range(self._from, self._to + 1))

    def find(self, text: str, pattern: re.Pattern[str] | None, edged: bool) -> Hit | None:
        """Find a text that is not struck out yet."""
        for number, place in self._places():
            page = self.pages[number]
            while (found := _next(page, text, place, pattern)) is not None:
                hit = Hit(number, *found)
                if (not edged or page.edged(*found)) and self._allowed(hit):
                    return hit
                place = found[0] + 1
        return None

    def find_loosely(self, wanted: Wanted, loose: str) -> Hit | None:
        """Find a paragraph that lacks some of the signs given."""
        self._here = Hit(0, 0, 0)
        self._unbound()
        return self.find(wanted.text, pattern_of(wanted.text, loose), edged=False)

    def _labelled(self, wanted: Wanted) -> list[Hit]:
        if not wanted.label:
            return []
        text = wanted.label + wanted.text
        pattern = pattern_of(text) if wanted.pattern is not None else None
        hit = self.find(text, pattern, edged=False)
        wanted.labelled = hit is not None
        return [] if hit is None else [hit]

    def _whole(self, wanted: Wanted, edged: bool) -> list[Hit]:
        hit = self.find(wanted.text, wanted.pattern, edged)
        if hit is None and wanted.tabbed is not None:
            hit = self.find(wanted.text, wanted.tabbed, edged)
        return [] if hit is None else [hit]

    def _broken(self, wanted: Wanted) -> list[Hit]:
        """Find a paragraph that a page break parts: to the end of a word, on with the next one."""
        if wanted.pattern is not None:
            return self._broken_pattern(wanted)
        self._tries = _MOST_TRIES
        near = list(dict.fromkeys(page for page, _ in self._places()))
        for pieces in range(2, min(len(near), _MOST_PIECES) + 1):
            for number in near:
                if hits := self._onward(wanted.text, number, pieces, first=True):
                    return hits
        return []

    def _onward(self, text: str, number: int, pieces: int, first: bool) -> list[Hit]:
        self._tries -= 1
        if number > self._to or self._tries < 0:
            return []
        page = self.pages[number]
        if pieces == 1:
            start = page.text.find(text)
            return [Hit(number, start, start + len(text))] if start >= 0 and page.edged(start, start) else []
        for start, end in _beginnings(page, text, anywhere=first):
            if rest := self._onward(text[end - start :], number + 1, pieces - 1, first=False):
                return [Hit(number, start, end), *rest]
        return []

    def _broken_pattern(self, wanted: Wanted) -> list[Hit]:
        """Find the same where the text holds signs that cannot be foretold: two pages as one."""
        for number, (page, after) in enumerate(pairwise(self.pages)):
            joined = page.text.rstrip(STRUCK) + after.text.lstrip(STRUCK)
            length = len(page.text.rstrip(STRUCK))
            skipped = len(after.text) - len(after.text.lstrip(STRUCK))
            match = wanted.pattern.search(joined) if wanted.pattern is not None else None
            if match is not None and match.start() < length < match.end():
                tail = Hit(number + 1, skipped, skipped + match.end() - length)
                return [Hit(number, match.start(), length), tail]
        return []


def _next(page: Page, text: str, place: int, pattern: re.Pattern[str] | None) -> tuple[int, int] | None:
    if pattern is None:
        start = page.text.find(text, place)
        return None if start < 0 else (start, start + len(text))
    match = pattern.search(page.text, place)
    return None if match is None or match.start() == match.end() else match.span()


def _beginnings(page: Page, text: str, anywhere: bool) -> list[tuple[int, int]]:
    """Give places where a text begins and reaches the end of a word, the longest first."""
    found: list[tuple[int, int]] = []
    start = page.text.find(text[:3])
    while start >= 0:
        if anywhere or page.edged(start, start):
            shared = common(page.text, start, text)
            ends = (end for end in range(start + shared, start, -1) if page.edged(end, end))
            found += [(start, end) for end in islice(ends, _MOST_BEGINNINGS) if end - start < len(text)]
        start = page.text.find(text[:3], start + 1)
    return nsmallest(_MOST_BEGINNINGS, found, key=lambda piece: piece[0] - piece[1])
