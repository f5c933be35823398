"""The gate: nothing that a Word file prints may be absent from its PDF.

Word by word within each paragraph, with the automatic labels, the check marks, the headers and footers.
Hyphenation, line and page breaks and kinds of space may differ. A report counts and says where; it never
holds the words themselves, for they are a family's data.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice, pairwise
from pathlib import Path

from ..package import Package, open_package
from .blocks import DIGITS, PAGE, PAGES, SIGN, Block, Furniture, read_promise
from .labels import BULLET
from .pages import HYPHENS, STRUCK, Hit, Page, plain, read_pages

MARKS = "☐☑☒□■▢✓✔✗✘"
_SHORT = 12
_MOST_PIECES = 6
_MOST_TRIES = 400
_MOST_BEGINNINGS = 12
_BULLETS = frozenset("–—−-•·●○◦▪▫■□►▶➢❖✓✔*°§§o")
_LEADER = "\ufdd5"
"""Stands for a tab, which may be drawn as a row of dots or a line."""
_WILD = {_LEADER: r"[_.…·]*", PAGE: r"\d{1,4}", PAGES: r"\d{1,4}", DIGITS: r"\d{0,4}", SIGN: r"\S"}
_HOLDERS = re.compile("[" + "".join(_WILD) + "\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a PDF lacks of its Word file; ``places`` are paragraphs from 1, and 0 for headers and footers."""

    missing_words: int = 0
    missing_labels: int = 0
    missing_marks: int = 0
    off_paper: int = 0
    split_rows: int = 0
    pages: int = 0
    places: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is missing; a table row that broke over a page is not a loss."""
        return not (self.missing_words or self.missing_labels or self.missing_marks or self.off_paper)


def compare(docx: Path, pdf: Path) -> GateReport:
    """Hold a PDF against the Word file it was made from.

    Raises:
        PackageFault: The Word file cannot be read.
        pypdfium2.PdfiumError: The PDF cannot be read.
    """
    package = open_package(docx.read_bytes())
    report = compare_pages(package, read_pages(pdf))
    return report if report.ok else compare_pages(package, read_pages(pdf, as_seen=True))


def compare_pages(package: Package, pages: Sequence[Page]) -> GateReport:
    """Hold the pages of a PDF against a Word file."""
    promise = read_promise(package)
    search = _Search(list(pages))
    _strike_furniture(search, promise.furniture, promise.first_pages, promise.renumbered)
    blocks = [_Wanted.of(block) for block in promise.body]
    search.take_all(blocks)
    for wanted in blocks:
        search.judge(wanted)
    return search.report([wanted for wanted in blocks if wanted.hits])


@dataclass(slots=True)
class _Wanted:
    """A paragraph that is looked for, and the pieces that were found of it."""

    block: Block
    text: str
    label: str
    pattern: re.Pattern[str] | None
    tabbed: re.Pattern[str] | None = None
    hits: list[Hit] = field(default_factory=list)
    labelled: bool = False

    @classmethod
    def of(cls, block: Block) -> _Wanted:
        text = plain(block.text)
        label = "" if block.label in (None, BULLET) else plain(block.label or "")
        if not text:
            text, label = label, ""
        wanted = cls(block, text, label, _pattern(text) if _HOLDERS.search(text) else None)
        pieces = [plain(piece) for piece in block.text.split("\t")]
        if len(pieces) > 1 and "".join(pieces) == text:
            wanted.tabbed = _pattern(_LEADER.join(pieces))
        return wanted


def _pattern(text: str, loose: str = "") -> re.Pattern[str]:
    """Return a pattern of a text with place-holders; the signs in ``loose`` may be absent."""
    parts = []
    for sign in text:
        wild = _WILD.get(sign, r"\S" if _HOLDERS.match(sign) else None)
        parts.append(wild or re.escape(sign) + ("?" if sign in loose else ""))
    return re.compile("".join(parts).replace(r"\S", f"[^{STRUCK}]"))


class _Search:
    """Looks for paragraphs in reading order and strikes out what it found."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages
        self.here = Hit(0, 0, 0)
        self.words = self.labels = self.marks = 0
        self.tries = 0
        self.places: list[int] = []

    def _all(self, start: Hit) -> Iterable[tuple[int, int]]:
        """Give the pages and places to look from: on from here, then from the beginning."""
        yield start.page, start.end
        yield from ((page, 0) for page in range(start.page + 1, len(self.pages)))
        yield from ((page, 0) for page in range(min(start.page + 1, len(self.pages))))

    def find(self, text: str, start: Hit, pattern: re.Pattern[str] | None, edged: bool) -> Hit | None:
        """Find a text that is not struck out yet."""
        for number, place in self._all(start):
            if number >= len(self.pages):
                continue
            page = self.pages[number]
            while (found := _next(page, text, place, pattern)) is not None:
                if not edged or page.edged(*found):
                    return Hit(number, *found)
                place = found[0] + 1
        return None

    def take_all(self, blocks: Sequence[_Wanted]) -> None:
        """Find all paragraphs, each from the nearest one before it that was found.

        Long ones go first, so that no short one takes a piece of them: those that stand whole, then those
        that a page break parts. A short one has to stand between spaces; what is left may stand anywhere.
        """
        order = sorted(range(len(blocks)), key=lambda number: -len(blocks[number].text))
        long = [number for number in order if len(blocks[number].text) >= _SHORT]
        short = [number for number in order if 0 < len(blocks[number].text) < _SHORT]
        known: list[int] = []
        for numbers, parted, edged in ((long, False, False), (long, True, False), (short, False, True)):
            self._take_some(blocks, numbers, known, parted=parted, edged=edged)
        self._take_some(blocks, short, known, parted=True, edged=False)

    def _take_some(
        self,
        blocks: Sequence[_Wanted],
        numbers: Iterable[int],
        known: list[int],
        *,
        parted: bool,
        edged: bool,
    ) -> None:
        for number in numbers:
            wanted = blocks[number]
            if wanted.hits:
                continue
            place = bisect(known, number)
            self.here = blocks[known[place - 1]].hits[-1] if place else Hit(0, 0, 0)
            hits = self._labelled(wanted) or self._whole(wanted, edged=True)
            if not edged and not hits:
                hits = self._whole(wanted, edged=False)
            if parted and not hits:
                hits = self._broken(wanted)
            if hits:
                known.insert(place, number)
                self._strike(hits)
                wanted.hits = hits

    def _strike(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            self.pages[hit.page].strike(hit.start, hit.end)

    def _labelled(self, wanted: _Wanted) -> list[Hit]:
        if not wanted.label:
            return []
        text = wanted.label + wanted.text
        pattern = _pattern(text) if wanted.pattern is not None else None
        hit = self.find(text, self.here, pattern, edged=False)
        wanted.labelled = hit is not None
        return [] if hit is None else [hit]

    def _whole(self, wanted: _Wanted, edged: bool) -> list[Hit]:
        hit = self.find(wanted.text, self.here, wanted.pattern, edged)
        if hit is None and wanted.tabbed is not None:
            hit = self.find(wanted.text, self.here, wanted.tabbed, edged)
        return [] if hit is None else [hit]

    def _broken(self, wanted: _Wanted) -> list[Hit]:
        """Find a paragraph that a page break parts: to the end of a word, on with the next one."""
        if wanted.pattern is not None:
            return self._broken_pattern(wanted)
        last = len(self.pages)
        near = [*range(self.here.page, last), *range(min(self.here.page, last))]
        self.tries = _MOST_TRIES
        for pieces in range(2, min(last, _MOST_PIECES) + 1):
            for number in near:
                if hits := self._onward(wanted.text, number, pieces, first=True):
                    return hits
        return []

    def _onward(self, text: str, number: int, pieces: int, first: bool) -> list[Hit]:
        self.tries -= 1
        if number >= len(self.pages) or self.tries < 0:
            return []
        page = self.pages[number]
        if pieces == 1:
            start = page.text.find(text)
            return [Hit(number, start, start + len(text))] if start >= 0 and page.edged(start, start) else []
        for start, end in _beginnings(page, text, anywhere=first):
            if rest := self._onward(text[end - start :], number + 1, pieces - 1, first=False):
                return [Hit(number, start, end), *rest]
        return []

    def _broken_pattern(self, wanted: _Wanted) -> list[Hit]:
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

    def judge(self, wanted: _Wanted) -> None:
        """Count what is missing of a paragraph."""
        before = (self.words, self.labels, self.marks)
        if wanted.text and not wanted.hits:
            self._lament(wanted)
        elif wanted.hits:
            self._check_hyphens(wanted)
            if wanted.block.label is not None and plain(wanted.block.text) and not wanted.labelled:
                self.labels += not self._label_before(wanted)
        if before != (self.words, self.labels, self.marks):
            self.places.append(wanted.block.number)

    def _lament(self, wanted: _Wanted) -> None:
        marks = sum(sign in MARKS for sign in wanted.text)
        if not plain(wanted.block.text):
            self.labels += 1
            return
        if marks:
            loose = _pattern(wanted.text, MARKS)
            bare = len(wanted.text) == marks
            hit = None if bare else self.find(wanted.text, Hit(0, 0, 0), loose, edged=False)
            if bare or hit is not None:
                self.marks += marks if hit is None else max(1, len(wanted.text) - (hit.end - hit.start))
                return
        words = [plain(word) for word in wanted.block.text.split()]
        absent = sum(not any(word in page.text for page in self.pages) for word in words if word)
        self.words += max(1, absent)

    def _check_hyphens(self, wanted: _Wanted) -> None:
        """A hyphen may be added where a line breaks; none may be lost."""
        promised = sum(sign in HYPHENS and sign != "\u00ad" for sign in wanted.block.text)
        if promised:
            there = sum(self.pages[hit.page].hyphens_in(hit.start, hit.end) for hit in wanted.hits)
            self.words += there < promised

    def _label_before(self, wanted: _Wanted) -> bool:
        """Look for a label right before the paragraph's first piece, and strike it out."""
        hit = wanted.hits[0]
        page = self.pages[hit.page]
        if wanted.block.label == BULLET:
            sign = page.text[hit.start - 1 : hit.start]
            if sign and (sign in _BULLETS or "\ue000" <= sign <= "\uf8ff"):
                page.strike(hit.start - 1, hit.start)
                return True
            return page.hyphens_in(hit.start, hit.start) > 0
        start = hit.start - len(wanted.label)
        if start < 0 or page.text[start : hit.start] != wanted.label:
            return False
        page.strike(start, hit.start)
        return True

    def report(self, found: Sequence[_Wanted]) -> GateReport:
        """Sum up."""
        rows: dict[int, set[int]] = {}
        for wanted in found:
            if wanted.block.row is not None:
                rows.setdefault(wanted.block.row, set()).update(hit.page for hit in wanted.hits)
        return GateReport(
            self.words,
            self.labels,
            self.marks + sum(page.tofu for page in self.pages),
            sum(page.lost for page in self.pages),
            sum(len(pages) > 1 for pages in rows.values()),
            len(self.pages),
            tuple(self.places),
        )


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
            common = _common(page.text, start, text)
            ends = (end for end in range(start + common, start, -1) if page.edged(end, end))
            found += [(start, end) for end in islice(ends, _MOST_BEGINNINGS) if end - start < len(text)]
        start = page.text.find(text[:3], start + 1)
    return nsmallest(_MOST_BEGINNINGS, found, key=lambda piece: piece[0] - piece[1])


def _common(text: str, start: int, other: str) -> int:
    """Count the signs that a text, from a place on, has in common with the beginning of another."""
    low, high = 0, len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(other[:middle], start):
            low = middle
        else:
            high = middle - 1
    return low


def _strike_furniture(
    search: _Search, furniture: Sequence[Furniture], first_pages: int, renumbered: bool
) -> None:
    """On every page there has to be one of the headers with its footer; strike it out."""
    known = sorted(furniture, key=lambda one: one.size, reverse=True)
    if not known or not known[0].size:
        return
    firsts = 0
    for number, page in enumerate(search.pages):
        if not page.text:
            continue
        numbers = {} if renumbered else {PAGE: str(number + 1), PAGES: str(len(search.pages))}
        likely = sorted(known, key=lambda one: one.kind != "first") if number == 0 else known
        fitting = _fitting(page, likely, numbers)
        firsts += fitting is not None and fitting.kind == "first"
        search.words += fitting is None
    search.words += max(0, firsts - first_pages)
    if search.words:
        search.places.append(0)


def _fitting(page: Page, known: Sequence[Furniture], numbers: dict[str, str]) -> Furniture | None:
    """Strike out what fits a page: at its very top and foot if so drawn, else anywhere."""
    for anchored in (True, False):
        for one in known:
            if _strike_one(page, one, numbers, anchored):
                return one
    return None


def _strike_one(page: Page, furniture: Furniture, numbers: dict[str, str], anchored: bool) -> bool:
    """Strike a header and footer out of a page if all of both is there."""
    before = page.text
    for blocks, foot in ((furniture.header, False), (tuple(reversed(furniture.footer)), True)):
        for block in blocks:
            text = plain(block.text)
            for holder, number in numbers.items():
                text = text.replace(holder, number)
            span = _furniture_span(page, text, foot, anchored) if text else (0, 0)
            if span is None:
                page.text = before
                return False
            page.strike(*span)
    return True


def _furniture_span(page: Page, text: str, foot: bool, anchored: bool) -> tuple[int, int] | None:
    spans = [match.span() for match in _pattern(text).finditer(page.text)]
    if anchored:
        top = len(page.text) - len(page.text.lstrip(STRUCK))
        end = len(page.text.rstrip(STRUCK))
        spans = [span for span in spans if (span[1] == end if foot else span[0] == top)]
        spans = [span for span in spans if span[0] in page.lines and span[1] in page.lines]
    else:
        spans = [span for span in spans if page.edged(*span)] or spans
    return None if not spans else spans[-1 if foot else 0]
