"""The gate: nothing that a Word file prints may be absent from its PDF.

Word by word within each paragraph, with the automatic labels, the check marks, the headers and footers.
Hyphenation, line and page breaks and kinds of space may differ. A report counts and says where; it never
holds the words themselves, for they are a family's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..package import Package, open_package
from .blocks import PAGE, PAGES, Furniture, read_promise
from .labels import BULLET
from .pages import HYPHENS, STRUCK, Page, plain, read_pages
from .search import Search
from .wanted import BULLETS, Wanted, pattern_of

MARKS = "☐☑☒□■▢✓✔✗✘"


@dataclass(frozen=True, slots=True)
class GateReport:
    """What a PDF lacks of its Word file; ``places`` are paragraphs from 1, and 0 for headers and footers."""

    missing_words: int = 0
    missing_labels: int = 0
    missing_marks: int = 0
    off_paper: int = 0
    split_merges: int = 0
    pages: int = 0
    places: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is missing; merged cells that a page break cut are no loss."""
        return not (self.missing_words or self.missing_labels or self.missing_marks or self.off_paper)


def compare(docx: Path, pdf: Path, package: Package | None = None) -> GateReport:
    """Hold a PDF against the Word file it was made from, which may be open already.

    Raises:
        PackageFault: The Word file cannot be read.
        pypdfium2.PdfiumError: The PDF cannot be read.
    """
    package = package or open_package(docx.read_bytes())
    report = compare_pages(package, read_pages(pdf))
    return report if report.ok else compare_pages(package, read_pages(pdf, as_seen=True))


def compare_pages(package: Package, pages: Sequence[Page]) -> GateReport:
    """Hold the pages of a PDF against a Word file."""
    promise = read_promise(package)
    judge = _Judge(Search(pages))
    judge.count_furniture(
        _strike_furniture(pages, promise.furniture, promise.first_pages, promise.renumbered)
    )
    blocks = [Wanted.of(block) for block in promise.body]
    judge.search.take_all(blocks)
    for wanted in blocks:
        judge.count(wanted)
    return judge.report([wanted for wanted in blocks if wanted.hits])


@dataclass(slots=True)
class _Judge:
    """Counts what is missing of each paragraph."""

    search: Search
    words: int = 0
    labels: int = 0
    marks: int = 0
    places: list[int] = field(default_factory=list)

    def count_furniture(self, missing: int) -> None:
        """Count the pages whose header or footer is not whole."""
        if missing:
            self.words += missing
            self.places.append(0)

    def count(self, wanted: Wanted) -> None:
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

    def _lament(self, wanted: Wanted) -> None:
        marks = sum(sign in MARKS for sign in wanted.text)
        if not plain(wanted.block.text):
            self.labels += 1
            return
        if marks:
            bare = len(wanted.text) == marks
            hit = None if bare else self.search.find_loosely(wanted, MARKS)
            if bare or hit is not None:
                self.marks += marks if hit is None else max(1, len(wanted.text) - (hit.end - hit.start))
                return
        words = [plain(word) for word in wanted.block.text.split()]
        absent = sum(not any(word in page.text for page in self.search.pages) for word in words if word)
        self.words += max(1, absent)

    def _check_hyphens(self, wanted: Wanted) -> None:
        """A hyphen may be added where a line breaks; none may be lost."""
        promised = sum(sign in HYPHENS and sign != "\u00ad" for sign in wanted.block.text)
        if promised:
            there = sum(self.search.pages[hit.page].hyphens_in(hit.start, hit.end) for hit in wanted.hits)
            self.words += there < promised

    def _label_before(self, wanted: Wanted) -> bool:
        """Look for a label right before the paragraph's first piece, and strike it out."""
        hit = wanted.hits[0]
        page = self.search.pages[hit.page]
        if wanted.block.label == BULLET:
            sign = page.text[hit.start - 1 : hit.start]
            if sign and (sign in BULLETS or "\ue000" <= sign <= "\uf8ff"):
                page.strike(hit.start - 1, hit.start)
                return True
            return page.hyphens_in(hit.start, hit.start) > 0
        start = hit.start - len(wanted.label)
        if start < 0 or page.text[start : hit.start] != wanted.label:
            return False
        page.strike(start, hit.start)
        return True

    def report(self, found: Sequence[Wanted]) -> GateReport:
        """Sum up."""
        rows: dict[int, set[int]] = {}
        for wanted in found:
            if wanted.block.merged is not None:
                rows.setdefault(wanted.block.merged, set()).update(hit.page for hit in wanted.hits)
        return GateReport(
            self.words,
            self.labels,
            self.marks + sum(page.tofu for page in self.search.pages),
            sum(page.lost for page in self.search.pages),
            sum(len(pages) > 1 for pages in rows.values()),
            len(self.search.pages),
            tuple(self.places),
        )


def _strike_furniture(
    pages: Sequence[Page], furniture: Sequence[Furniture], first_pages: int, renumbered: bool
) -> int:
    """Strike out the header and footer that each page has to have; return how many pages lack theirs."""
    known = sorted(furniture, key=lambda one: one.size, reverse=True)
    if not known or not known[0].size:
        return 0
    firsts = missing = 0
    for number, page in enumerate(pages):
        if not page.text:
            continue
        numbers = {} if renumbered else {PAGE: str(number + 1), PAGES: str(len(pages))}
        likely = sorted(known, key=lambda one: one.kind != "first") if number == 0 else known
        fitting = _fitting(page, likely, numbers)
        firsts += fitting is not None and fitting.kind == "first"
        missing += fitting is None
    return missing + max(0, firsts - first_pages)


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
    spans = [match.span() for match in pattern_of(text).finditer(page.text)]
    if anchored:
        top = len(page.text) - len(page.text.lstrip(STRUCK))
        end = len(page.text.rstrip(STRUCK))
        spans = [span for span in spans if (span[1] == end if foot else span[0] == top)]
        spans = [span for span in spans if span[0] in page.lines and span[1] in page.lines]
    else:
        spans = [span for span in spans if page.edged(*span)] or spans
    return None if not spans else spans[-1 if foot else 0]
