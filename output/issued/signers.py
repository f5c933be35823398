"""Who signs a paper, and where: read from the paper itself, so that a stranger's template is understood too.

In our templates a person signs on a row of a table: position, line, name, day; the row bears the style of
signatures, or the caption «(подпись)» stands under the line (manners of ГОСТ Р 7.0.97-2016, 5.22). The same
caption is looked for in tables and paragraphs of other templates. Names are not kept: a role is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ...core.filters import LanguagePack
from ...core.i18n import said_in
from ..package import Package, W, open_package
from .cards import Signer

SIGNATURE_STYLES = {"Папка Подпись", "Papka Signature"}
_SIGNATURE = "(?:личная |собственноручная )?подпись|(?:personal )?signature"
_CAPTION = re.compile(rf"\((?:{_SIGNATURE})(?: (?!или |or )[^(),]*)?\)", re.IGNORECASE)
_ANY_CAPTION = re.compile(r"\([^()]*\)")
_UNDERSCORES = re.compile(r"_{3,}")
_CAPITAL, _SMALL = "[A-ZА-ЯЁ]", "[a-zа-яё]"
_SURNAME = rf"{_CAPITAL}{_SMALL}+(?:-{_CAPITAL}{_SMALL}+)?"
_NAMES = (
    re.compile(rf"\b{_CAPITAL}\.\s*(?:{_CAPITAL}\.\s*)?{_SURNAME}"),
    re.compile(rf"{_SURNAME}\s+{_CAPITAL}\.(?:\s*{_CAPITAL}\.)?"),
)
_MONTHS = (
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    "|January|February|March|April|May|June|July|August|September|October|November|December"
)
_DAY = re.compile(rf"[\s«»_\d./]*(?:{_MONTHS})?[\s_\d]*(?:г\.|года)?\s*", re.IGNORECASE)
_CAPTIONS = re.compile(rf"\((?:{_SIGNATURE})(?: (?!или |or )[^()]*|,[^()]*)?\)", re.IGNORECASE)
_LONGEST_HEADING = 90
_TWIP = 25.4 / 1440
_MARGIN, _CELL = 1701, 108
"""Left margin and cell margin in twips where a file says nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand on the row of a signature, between two distances in mm from the left of the page."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place for a signature, as the Word file describes it.

    Attributes:
        left, right: From where to where the line reaches, in mm; None: it is drawn with underscores.
        caption: The caption under the line, if it has one.
        words: What else stands on the same row.
    """

    role: str
    left: float | None = None
    right: float | None = None
    caption: str | None = None
    words: tuple[Words, ...] = ()


def signers_of(
    docx: bytes, pdf: Path | bytes | None = None, pack: LanguagePack | None = None
) -> tuple[Signer, ...]:
    """Return who signs a paper, in the order of the paper.

    Args:
        docx: The paper as a Word file.
        pdf: The same paper drawn as PDF; with it, the page and the place of each line are found.
        pack: The language of the paper; it says «Signature» of one who is not told.

    Raises:
        PapkaError: The Word file cannot be read.
    """
    places = places_of(open_package(docx))
    nameless = pack.on_paper("Signature") if pack else said_in("ru")("Signature")
    if pdf is None or not places:
        return tuple(Signer(number, one.role or nameless) for number, one in enumerate(places, 1))
    from .signlines import lines_on

    found = lines_on(pdf, places)
    return tuple(
        Signer(number, one.role or nameless, line.page if line else None, line.box if line else None)
        for number, (one, line) in enumerate(zip(places, found, strict=True), 1)
    )


def places_of(package: Package) -> list[Place]:
    """Return the places for signatures in a Word file, in its order."""
    reader = _Reader(package)
    return list(reader.read())


# --- reading a Word file -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cell:
    """One cell: its reach in mm, its paragraphs, and whether a line is drawn at its foot."""

    left: float
    right: float
    paragraphs: list[str]
    lined: bool
    styled: bool

    @property
    def words(self) -> list[str]:
        """Its paragraphs but captions and what is left empty to write on."""
        bare = (_UNDERSCORES.sub(" ", _ANY_CAPTION.sub(" ", one)) for one in self.paragraphs)
        return [one for one, kept in zip(self.paragraphs, bare, strict=True) if kept.strip(" .,:")]

    @property
    def caption(self) -> str | None:
        """The caption «(подпись)», if it stands in the cell."""
        found = (_CAPTION.search(one) for one in self.paragraphs)
        return next((one.group() for one in found if one), None)

    def over(self, other: _Cell) -> bool:
        """Tell whether both share more than half of the narrower one's width."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return shared > 0.5 * min(self.right - self.left, other.right - other.left)


@dataclass(slots=True)
class _Row:
    cells: list[_Cell]
    signed: bool = False

    @property
    def bare(self) -> bool:
        """Whether it holds captions and nothing else."""
        return not any(cell.words or cell.lined for cell in self.cells)

    @property
    def styled(self) -> bool:
        return any(cell.styled for cell in self.cells)


@dataclass
class _Reader:
    """Goes through a Word file and remembers the last heading, which may say who signs below."""

    package: Package
    heading: str = ""
    styles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if "word/styles.xml" in self.package.members:
            for style in self.package.xml("word/styles.xml").iter(f"{W}style"):
                name = style.find(f"{W}name")
                self.styles[style.get(f"{W}styleId", "")] = (
                    name.get(f"{W}val", "") if name is not None else ""
                )

    def read(self) -> Iterator[Place]:
        body = self.package.xml("word/document.xml").find(f"{W}body")
        for left, child in _with_margins(body) if body is not None else ():
            yield from self._block(child, left)

    def _block(self, element: etree._Element, left: float) -> Iterator[Place]:
        if element.tag == f"{W}p":
            yield from self._paragraph(text_of(element))
        elif element.tag == f"{W}tbl":
            yield from self._table(element, left)
        elif element.tag in (f"{W}sdt", f"{W}sdtContent"):
            for child in element:
                yield from self._block(child, left)

    def _paragraph(self, text: str) -> Iterator[Place]:
        """A signature in running text: «Приняла: … ____ (подпись)», or its caption alone under a line."""
        found = _CAPTION.search(text)
        if found and (_UNDERSCORES.search(text) or _UNDERSCORES.search(self.heading)):
            role = _role(_before_line(text[: found.start()])) or _role(_before_line(self.heading))
            yield Place(role, caption=found.group())
        if text.strip():
            self.heading = text

    def _table(self, table: etree._Element, left: float) -> Iterator[Place]:
        rows: list[_Row] = []
        for element, cells in _rows(table, left):
            row = _Row([self._cell(cell, x0, x1) for cell, x0, x1 in cells])
            yield from self._row(row, rows)
            rows.append(row)
            for cell, x0, _ in cells:
                for inner in cell.iter(f"{W}tbl"):
                    if next(inner.iterancestors(f"{W}tr")) is element:
                        yield from self._table(inner, x0 + _CELL * _TWIP)
        last = [one for row in rows[-1:] for cell in row.cells for one in cell.words]
        self.heading = last[-1] if last else self.heading

    def _cell(self, cell: etree._Element, left: float, right: float) -> _Cell:
        own = [one for one in cell.iter(f"{W}p") if next(one.iterancestors(f"{W}tc")) is cell]
        lined = any(_drawn(one, "pPr", "pBdr") for one in own) or _drawn(cell, "tcPr", "tcBorders")
        names = {self.styles.get(_value(one, "pPr", "pStyle") or "", "") for one in own}
        return _Cell(left, right, [text_of(one) for one in own], lined, bool(SIGNATURE_STYLES & names))

    def _row(self, row: _Row, above: list[_Row]) -> Iterator[Place]:
        captions = [cell for cell in row.cells if cell.caption]
        if captions and row.bare and not any(_UNDERSCORES.search(one.paragraphs[0]) for one in captions):
            # Captions on a row of their own belong to the row above them; at the head of a table they only
            # say what the columns are.
            if not above or above[-1].signed or above[-1].bare:
                return
            for caption in captions:
                for cell in above[-1].cells:
                    if cell.over(caption):
                        above[-1].signed = True
                        yield self._place(cell, above[-1], above[:-1], caption.caption)
            return
        empty = [cell for cell in row.cells[1:] if cell.lined and not cell.words]
        lines = captions or (empty[:1] if row.styled and len(row.cells) > 2 else [])
        for cell in lines:
            row.signed = True
            yield self._place(cell, row, above, cell.caption)

    def _place(self, cell: _Cell, row: _Row, above: list[_Row], caption: str | None) -> Place:
        words = tuple(
            Words(one.left, one.right, text) for one in row.cells for text in one.paragraphs if text.strip()
        )
        role = self._role_beside(cell, row, above)
        if any(_UNDERSCORES.search(one) for one in cell.paragraphs):
            return Place(role, caption=caption, words=words)
        return Place(role, cell.left, cell.right, caption, words)

    def _role_beside(self, cell: _Cell, row: _Row, above: list[_Row]) -> str:
        """Return who signs: the words left of the line, else those above it, else the heading before."""
        inside = [one for one in cell.paragraphs if _UNDERSCORES.search(one)]
        if inside and (role := _role(_before_line(inside[0]))):
            return role
        before = [one for one in row.cells if one.right <= cell.left + 0.1 and one.words]
        # Between two signatures on one row stands the name of the first.
        own = before[-1:] if not any(one.caption for one in before) else []
        for one in own:
            if role := _role(": ".join(text.strip(" :") for text in one.words)):
                return role
        over: list[str] = []
        for other in reversed(above):
            if other.signed:
                break
            over[:0] = [text.strip(" :") for one in other.cells if one.over(cell) for text in one.words]
        if over and any(_role(one) for one in over) and not own:
            return _role(f"{over[0]}: {' '.join(over[1:])}" if over[1:] else over[0])
        whole = len(self.heading) > _LONGEST_HEADING or self.heading.endswith((".", ";"))
        return "" if whole or re.search(r"\d", self.heading) else _role(self.heading)


def text_of(paragraph: etree._Element) -> str:
    """Return what a paragraph prints."""
    said = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n"}
    parts = (said.get(str(one.tag)) or one.text or "" for one in paragraph.iter(f"{W}t", *said))
    return "".join(parts).strip()


def _before_line(text: str) -> str:
    """Return the words before a line of underscores."""
    return _UNDERSCORES.split(text)[0]


def _role(words: str) -> str:
    """Return a role of the words before a line: no name, no box to tick, nothing to fill in."""
    bare = _UNDERSCORES.sub(" ", words.replace("\u00a0", " "))
    if _DAY.fullmatch(bare):
        return ""
    bare = _CAPTIONS.sub(" ", bare)
    for name in _NAMES:
        bare = name.sub(" ", bare)
    # «За Исполнителя⏎Директор»: two things; «специалист⏎отдела опеки»: one that is broken in two.
    bare = re.sub(rf"(?<=\w)\n(?={_CAPITAL}{_SMALL})", ": ", bare)
    return " ".join(bare.split()).strip("☐☒ .,:;—–-")


def _with_margins(body: etree._Element) -> Iterator[tuple[float, etree._Element]]:
    """Go through a body's children with the left margin of each one's section, in mm."""
    waiting: list[etree._Element] = []
    for child in body:
        waiting.append(child)
        section = child if child.tag == f"{W}sectPr" else child.find(f"{W}pPr/{W}sectPr")
        if section is not None:
            margin = section.find(f"{W}pgMar")
            left = _number(margin, "left", _MARGIN) + _number(margin, "gutter", 0)
            yield from ((left * _TWIP, one) for one in waiting)
            waiting = []
    yield from ((_MARGIN * _TWIP, one) for one in waiting)


def _rows(
    table: etree._Element, left: float
) -> Iterator[tuple[etree._Element, list[tuple[etree._Element, float, float]]]]:
    """Go through a table's own rows: each cell with its reach in mm."""
    start = left + _number(table.find(f"{W}tblPr/{W}tblInd"), "w", 0) * _TWIP
    grid = [_number(one, "w", 0) * _TWIP for one in table.findall(f"{W}tblGrid/{W}gridCol")]
    edges = [start]
    for width in grid:
        edges.append(edges[-1] + width)
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        column = int(_value(row, "trPr", "gridBefore") or 0)
        cells = []
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is not row:
                continue
            after = min(column + int(_value(cell, "tcPr", "gridSpan") or 1), len(edges) - 1)
            cells.append((cell, edges[min(column, len(edges) - 1)], edges[after]))
            column = after
        yield row, cells


def _value(element: etree._Element, properties: str, name: str) -> str | None:
    found = element.find(f"{W}{properties}/{W}{name}")
    return found.get(f"{W}val") if found is not None else None


def _drawn(element: etree._Element, properties: str, borders: str) -> bool:
    """Tell whether a line is drawn at the foot of a paragraph or cell."""
    kind = element.find(f"{W}{properties}/{W}{borders}/{W}bottom")
    return kind is not None and kind.get(f"{W}val") not in ("nil", "none")


def _number(element: etree._Element | None, name: str, otherwise: float) -> float:
    try:
        return float(element.get(f"{W}{name}", otherwise)) if element is not None else otherwise
    except ValueError:
        return otherwise
