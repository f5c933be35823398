"""The code on each page of an issued paper: which paper it is, which page of how many, and of which file.

A scanner reads the square (QR, ISO/IEC 18004), a person the line beside it. Both stand at the right of the
foot, which every template keeps free: 24 mm, of which the last 4 mm do not print. They stand so far from the
edges that a scanner which cuts the corners of a slanting sheet leaves the square whole (tried: up to 6.5
degrees). Of the family nothing is in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...core.errors import PapkaError
from ...core.i18n import tr

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

SIDE = 18.0
"""Side of the square in mm, with the four empty modules around it that the standard asks for."""
RIGHT, FOOT = 13.0, 6.0
"""How far in mm the square stands from the right and the lower edge of the page."""
MM = 72 / 25.4
COVER = "PACKETPAPERS"
"""What stands in the place of a paper's code on the cover of a packet, so that a scan of it is known."""
_VERSION, _LEVEL, _QUIET = 3, "Q", 4
_MODULE = SIDE / (17 + 4 * _VERSION + 2 * _QUIET)
_LETTERS = 6.0
_GREY = "0.35 g"
_GAP = 1.5
_FONT = "/PapkaFoot"
_CODE = re.compile(r"PK1:([A-HJKMNP-TV-Z2-9]{12}):(\d{1,3})/(\d{1,3}):([0-9A-F]{8})(?![0-9A-Z])")
_A_TO_M = (667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833)
_N_TO_Z = (722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611)
_HELVETICA = {":": 278, "/": 278, " ": 278} | dict.fromkeys("0123456789", 556)
_HELVETICA |= dict(zip("ABCDEFGHIJKLM", _A_TO_M, strict=True))
_HELVETICA |= dict(zip("NOPQRSTUVWXYZ", _N_TO_Z, strict=True))
"""Widths of Helvetica in thousandths (Adobe Core 14 AFM): every reader has it, so it is not embedded."""


@dataclass(frozen=True, slots=True)
class PageCode:
    """What the code of one page says.

    Attributes:
        paper: The code of the paper in the journal (`Entry.id`).
        page: Which page, from 1.
        digest: The first eight signs of the SHA-256 of the paper's Word file, in capitals.
    """

    paper: str
    page: int
    pages: int
    digest: str

    def text(self) -> str:
        """Return it as it is printed: ``PK1:ABCDEFGHJKMN:1/3:1A2B3C4D``."""
        return f"PK1:{self.paper}:{self.page}/{self.pages}:{self.digest[:8].upper()}"

    @classmethod
    def read(cls, text: str) -> PageCode | None:
        """Read a code that was scanned or typed; None if the text is none of ours."""
        found = _CODE.fullmatch("".join(text.split()).upper())
        return _of(found) if found else None


def _of(found: re.Match[str]) -> PageCode:
    return PageCode(found[1], int(found[2]), int(found[3]), found[4])


def stamped(pdf: bytes, paper: str, digest: str) -> bytes:
    """Return a PDF with the code of its paper on each page; the same PDF gives the same bytes.

    Links, bookmarks and what the file says of itself stay as they are; the paper's code joins them.

    Args:
        paper: The code of the paper in the journal.
        digest: SHA-256 of its Word file, or the first eight signs of it.

    Raises:
        PapkaError: The file is no PDF that can be read, or a page has words in all its corners.
    """
    writer = opened_for_writing(pdf)
    pages = len(writer.pages)
    for number, (page, text) in enumerate(zip(writer.pages, _texts(pdf), strict=True), 1):
        code = PageCode(paper, number, pages, digest[:8].upper())
        put_on(writer, page, _drawn(code, _free_corner(page, text, code)))
    writer.add_metadata({"/PapkaPaper": f"PK1:{paper}:{digest[:8].upper()}"})
    return written(writer)


def codes_in(pdf: bytes) -> list[PageCode]:
    """Return the codes of papers on the pages of a PDF, in the order of the pages; no picture is looked at.

    Raises:
        PapkaError: The file is no PDF that can be read.
    """
    found = (_of(one) for text in _texts(pdf) for one in _CODE.finditer(text.get_text_range()))
    return [one for one in found if one.paper != COVER]


def _texts(pdf: bytes) -> Iterator[Any]:
    """Go through the text of each page."""
    pdfium: Any = import_module("pypdfium2")
    try:
        with pdfium.PdfDocument(pdf) as document:
            for page in document:
                yield page.get_textpage()
    except pdfium.PdfiumError:
        raise PapkaError(_not_read()) from None


# --- on a page ---------------------------------------------------------------------------------------------


def opened_for_writing(pdf: bytes) -> PdfWriter:
    """Open a PDF to write something on it.

    Raises:
        PapkaError: The file is no PDF that can be read.
    """
    from pypdf import PdfWriter

    try:
        return PdfWriter(clone_from=io.BytesIO(pdf))
    except Exception:  # noqa: BLE001  # what a broken file makes pypdf raise has no common parent
        raise PapkaError(_not_read()) from None


def written(writer: PdfWriter) -> bytes:
    """Return the bytes of a PDF."""
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def put_on(writer: PdfWriter, page: PageObject, drawing: str) -> None:
    """Put a drawing on a page, over what stands there; in mm from the left foot of the page as it is seen.

    What the page drew before cannot turn or colour it, and a reader for the blind passes over it.
    """
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    turn = _frame(page)[2]
    size = MM / float(page.get("/UserUnit", 1))
    scale = f"{size:.5f} 0 0 {size:.5f} 0 0 cm"
    around = f"Q\nq\n/Artifact BMC\n{turn} cm\n{scale}\n{drawing}\nEMC\nQ\n"
    streams = []
    for content in ("q\n", around):
        stream = StreamObject()
        stream.set_data(content.encode("ascii"))
        streams.append(writer._add_object(stream.flate_encode() if len(content) > 299 else stream))
    before = page.get("/Contents")
    inside = before.get_object() if before is not None else None
    old = list(inside) if isinstance(inside, ArrayObject) else [page.raw_get("/Contents")] if before else []
    page[NameObject("/Contents")] = ArrayObject([streams[0], *old, streams[1]])
    _with_font(page)


def said(text: str, x: float, y: float, size: float = _LETTERS) -> str:
    """Return the drawing of a small grey line of capitals and figures."""
    plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"{_GREY} BT {_FONT} {size / MM:.4f} Tf {x:.3f} {y:.3f} Td ({plain}) Tj ET"


def width_of(text: str, size: float = _LETTERS) -> float:
    """Return how wide a line of capitals and figures is, in mm."""
    return sum(_HELVETICA[sign] for sign in text) * size / 1000 / MM


def sight(page: PageObject) -> tuple[float, float]:
    """Return width and height of a page in mm, as it is seen."""
    width, height, _ = _frame(page)
    size = float(page.get("/UserUnit", 1)) / MM
    return width * size, height * size


def _frame(page: PageObject) -> tuple[float, float, str]:
    """Return a page's width and height as it is seen, and how its left foot is found."""
    left, foot, right, top = (float(one) for one in page.cropbox)
    width, height = right - left, top - foot
    turn = page.rotation % 360
    if turn == 90:
        return height, width, f"0 1 -1 0 {right:.3f} {foot:.3f}"
    if turn == 180:
        return width, height, f"-1 0 0 -1 {right:.3f} {top:.3f}"
    if turn == 270:
        return height, width, f"0 -1 1 0 {left:.3f} {top:.3f}"
    return width, height, f"1 0 0 1 {left:.3f} {foot:.3f}"


def _with_font(page: PageObject) -> None:
    from pypdf.generic import DictionaryObject, NameObject

    # It is copied first: another page may share it, or it may be inherited.
    known = page.get_inherited("/Resources", DictionaryObject()).get_object()
    resources = DictionaryObject(known)
    fonts = DictionaryObject(known["/Font"].get_object()) if "/Font" in known else DictionaryObject()
    fonts[NameObject(_FONT)] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    resources[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = resources


@dataclass(frozen=True, slots=True)
class _Corner:
    """Where the left foot of the square stands on a page, and that of the letters beside it, in mm."""

    x: float
    y: float
    letters: float

    def boxes(self, width: float) -> tuple[tuple[float, float, float, float], ...]:
        """Return what the square covers and what the letters cover."""
        line = self.y + _QUIET * _MODULE
        square = (self.x, self.y, self.x + SIDE, self.y + SIDE)
        return square, (self.letters, line - 0.7, self.letters + width, line + 2)


def _free_corner(page: PageObject, text: Any, code: PageCode) -> _Corner:
    """Return the corner for the code: the right foot, or another if a stranger's template has words there."""
    width, height = sight(page)
    letters = width_of(code.text())
    left, right = RIGHT, width - RIGHT - SIDE
    for y in (FOOT, height - FOOT - SIDE):
        for x, beside in ((right, right - _GAP - letters), (left, left + SIDE + _GAP)):
            corner = _Corner(x, y, beside)
            if not any(words_in(page, text, box) for box in corner.boxes(letters)):
                return corner
    words = tr("Page {page} has words in all its corners: there is no room for the code of the paper.")
    cure = tr("Leave the right corner of the foot of the template free: a lower margin of 24 mm.")
    raise PapkaError(f"{words.format(page=code.page)} {cure}")


def words_in(page: PageObject, text: Any, box: tuple[float, float, float, float]) -> bool:
    """Tell whether words stand in a rectangle of a page, as it is seen, in mm."""
    a, b, c, d, e, f = (float(one) for one in _frame(page)[2].split())
    size = MM / float(page.get("/UserUnit", 1))
    points = [(x * size, y * size) for x, y in (box[:2], box[2:])]
    xs, ys = zip(*((a * x + c * y + e, b * x + d * y + f) for x, y in points), strict=True)
    return bool(text.get_text_bounded(min(xs), min(ys), max(xs), max(ys)).strip())


def _drawn(code: PageCode, corner: _Corner) -> str:
    """Return the square and, beside it, the same in letters."""
    text = code.text()
    letters = said(text, corner.letters, corner.y + _QUIET * _MODULE)
    return "\n".join([letters, "0 g", *_bars(_matrix(text), corner), "f"])


def _bars(matrix: Iterable[bytes], corner: _Corner) -> Iterator[str]:
    """Go through the dark bars of each row; each reaches a little into the next row, so that none parts."""
    top = corner.y + SIDE - _QUIET * _MODULE
    for row, modules in enumerate(matrix):
        for bar in re.finditer(b"\x01+", modules):
            x = corner.x + (_QUIET + bar.start()) * _MODULE
            y = top - (row + 1) * _MODULE - 0.01
            yield f"{x:.3f} {y:.3f} {(bar.end() - bar.start()) * _MODULE:.3f} {_MODULE + 0.01:.3f} re"


@lru_cache(maxsize=512)
def _matrix(text: str) -> tuple[bytes, ...]:
    import segno

    made = segno.make(text, version=_VERSION, error=_LEVEL, mode="alphanumeric", boost_error=True)
    return tuple(bytes(row) for row in made.matrix)


def _not_read() -> str:
    return tr("The file is no PDF that can be read. Ask for it once more, or make it anew.")
