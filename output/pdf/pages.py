"""The pages of a PDF as text that words can be looked for in, and be struck out once found."""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
from dataclasses import dataclass, field
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from typing import Any

_pypdfium2: Any = import_module("pypdfium2")  # it has no types
_pdfium: Any = import_module("pypdfium2.raw")

ONE_AT_A_TIME = threading.RLock()
"""PDFium may be used by one thread at a time only."""
STRUCK = "\0"
HYPHENS = frozenset("-\u2010\u2011\u00ad\ufffe\x02")
_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_LINE_ENDS = frozenset("\r\n")
_LINE_END = re.compile("[\r\n]")
_DROPPED = "".join(map(re.escape, sorted(HYPHENS | _UNSEEN)))
_NOT_COMPARED = re.compile(rf"[\s{_DROPPED}]+")
_HYPHEN, _SPACE = "".join(map(re.escape, sorted(HYPHENS))), "".join(map(re.escape, sorted(_UNSEEN)))
_PIECES = re.compile(rf"([{_HYPHEN}])|([\s{_SPACE}]+)|([^\s{_DROPPED}]+)")
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a text was found: page from 0, and its place among that page's signs."""

    page: int
    start: int
    end: int


@dataclass(slots=True)
class Page:
    """One page's signs without spaces and hyphens, and where those stood.

    Attributes:
        words: Places where a word begins or ends.
        lines: Places where a line begins or ends.
        hyphens: How many hyphens stand before each place.
        breaks: Places in their order where a word ends or may be broken.
        lost: Pieces of text that lie off the paper.
        tofu: Signs of a symbol font that were drawn with a font that does not have them.
    """

    text: str = ""
    words: set[int] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    hyphens: list[int] = field(default_factory=lambda: [0])
    breaks: list[int] = field(default_factory=list)
    lost: int = 0
    tofu: int = 0

    def edged(self, start: int, end: int) -> bool:
        """Tell whether a piece begins and ends where a word does."""
        return self._edge(start) and self._edge(end)

    def _edge(self, place: int) -> bool:
        near = self.text[max(place - 1, 0) : place + 1]
        return place in self.words or STRUCK in near

    def broken(self, place: int) -> bool:
        """Tell whether a word ends at a place, or may be broken there: a hyphen hides the end of a line."""
        return self._edge(place) or self._hyphenated(place)

    def line_ends(self, place: int) -> bool:
        """Tell whether a line may end at a place."""
        near = self.text[place : place + 1]
        return place in self.lines or near == STRUCK or self._hyphenated(place)

    def _hyphenated(self, place: int) -> bool:
        return place > 0 and self.hyphens[place] > self.hyphens[place - 1]

    def strike(self, start: int, end: int) -> None:
        """Strike a piece out: it is found, and stands for nothing else."""
        self.text = self.text[:start] + STRUCK * (end - start) + self.text[end:]

    def hyphens_in(self, start: int, end: int) -> int:
        """Count the hyphens in a piece and at its edges."""
        return self.hyphens[end] - (self.hyphens[start - 1] if start else 0)


def plain(text: str) -> str:
    """Return a text as it is compared: no spaces, no hyphens, one form and one case of each letter."""
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def make_page(raw: str) -> Page:
    """Make a page of the text as it was read from the PDF."""
    page = Page(words={0}, lines={0})
    words: list[str] = []
    before = place = 0
    for hyphen, space, word in _PIECES.findall(unicodedata.normalize("NFKC", raw)):
        if word:
            folded = word.casefold()
            words.append(folded)
            place += len(folded)
            page.hyphens.extend([before] * len(folded))
        elif space:
            page.words.add(place)
            if _LINE_END.search(space):
                page.lines.add(place)
        elif hyphen:
            before += 1
            page.hyphens[-1] = before
            page.breaks.append(place)
    page.text = "".join(words).replace(STRUCK, "\ufffd")
    page.words.add(place)
    page.lines.add(place)
    page.breaks = sorted(page.words.union(page.breaks))
    return page


def page_count(pdf: Path) -> int:
    """Return the number of pages; 0 if the file is no PDF that opens."""
    try:
        with ONE_AT_A_TIME, _pypdfium2.PdfDocument(pdf) as document:
            return len(document)
    except (OSError, _pypdfium2.PdfiumError):
        return 0


def read_pages(pdf: Path, *, as_seen: bool = False) -> list[Page]:
    """Read the pages of a PDF, each line in the order it was drawn or, slower, as the eye sees it.

    A sign that the font does not have is drawn after the rest of its line, with another font.
    """
    with ONE_AT_A_TIME, _pypdfium2.PdfDocument(pdf) as document:
        return [_read_page(document[index], as_seen) for index in range(len(document))]


def _read_page(source: Any, as_seen: bool) -> Page:
    text = source.get_textpage()
    raw: str = text.get_text_range()
    page = make_page(_as_seen(text) if as_seen else raw)
    page.lost = _off_paper(source, text)
    if _PRIVATE.search(raw):
        page.tofu = _tofu(text)
    return page


def _as_seen(text: Any) -> str:
    """Return a page's text with the signs of each line from left to right."""
    lines: list[list[tuple[float, str]]] = [[]]
    x, y = ctypes.c_double(), ctypes.c_double()
    right = height = 0.0
    for index in range(text.count_chars()):
        sign = chr(_pdfium.FPDFText_GetUnicode(text.raw, index))
        if sign in _LINE_ENDS:
            continue
        if _pdfium.FPDFText_IsGenerated(text.raw, index) != 1:
            _pdfium.FPDFText_GetCharOrigin(text.raw, index, ctypes.byref(x), ctypes.byref(y))
            if abs(y.value - height) > 1:
                lines.append([])
            right, height = x.value, y.value
        lines[-1].append((right, sign))
    seen = "\n".join("".join(sign for _, sign in sorted(line, key=itemgetter(0))) for line in lines)
    return seen.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _off_paper(page: Any, text: Any) -> int:
    """Count the pieces of text whose middle lies outside the page."""
    left, bottom, right, top = page.get_bbox()
    lost = 0
    for index in range(text.count_rects()):
        x0, y0, x1, y1 = text.get_rect(index)
        inside = left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top
        lost += not inside
    return lost


def _tofu(text: Any) -> int:
    """Count the private signs whose font is none of symbols."""
    count = 0
    for index in range(text.count_chars()):
        if not 0xE000 <= _pdfium.FPDFText_GetUnicode(text.raw, index) <= 0xF8FF:
            continue
        name = _font_of(text, index)
        count += not any(known in name for known in _SYMBOL_FONTS)
    return count


def _font_of(text: Any, index: int) -> str:
    buffer, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    size = _pdfium.FPDFText_GetFontInfo(text.raw, index, buffer, len(buffer), ctypes.byref(flags))
    return buffer.raw[: max(0, min(size, 200) - 1)].decode("utf-8", "replace").casefold()


def texts(pdf: bytes) -> list[str] | None:
    """Return the text of each page as a reader would copy it; None if the file cannot be opened."""
    try:
        with ONE_AT_A_TIME, _pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_range() for page in document]
    except _pypdfium2.PdfiumError:
        return None
