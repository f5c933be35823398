"""What a Word file promises to print: its paragraphs in reading order, with their labels.

Signs that nobody can foretell (a page number, a sign of a symbol font) are kept as place-holders.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from ..package import RELATIONSHIPS, Package, W
from .labels import Numbering, attribute, is_on

PAGE, PAGES, SIGN, DIGITS = "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
"""Place-holders: this page's number, the number of pages, one sign of a symbol font, any number."""

OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

Kind = Literal["default", "first", "even"]

_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"}
_LAYOUT_FIELDS = {
    "PAGE": PAGE,
    "NUMPAGES": PAGES,
    "SECTIONPAGES": DIGITS,
    "PAGEREF": DIGITS,
    "SECTION": DIGITS,
}
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "delText", "pPr", "rPr", "sdtPr", "tblPr", "tcPr")}


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as it is to be printed.

    Attributes:
        number: From 1 in reading order; 0 in a header or footer.
        label: The label before it, or `labels.BULLET`; None: it has none that could be foretold.
        row: The outermost table row it stands in.
        merged: The first of the rows that merged cells tie to that row.
        heads: It stands in a heading row of a table, which is drawn anew on each page.
        table: The outermost table it stands in.
        column: The first of the columns over which its cell of that table reaches, from 0.
        tied: That cell is merged with others below it.
        loose: It may be drawn on another page than its neighbours: a note, a text box, a floating table.
    """

    number: int
    text: str
    label: str | None = None
    row: int | None = None
    merged: int | None = None
    heads: bool = False
    loose: bool = False
    table: int | None = None
    column: int = 0
    tied: bool = False

    def beside(self, other: Block) -> bool:
        """Tell whether a page break may draw it after another one that stands after it, or the reverse."""
        if self.row is None or other.row is None:
            return False
        return self.row == other.row or (self.merged is not None and self.merged == other.merged)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The header and the footer that some pages carry."""

    kind: Kind
    header: tuple[Block, ...]
    footer: tuple[Block, ...]

    @property
    def size(self) -> int:
        """How much text it prints."""
        return sum(len(block.text) for block in (*self.header, *self.footer))


@dataclass(frozen=True, slots=True)
class Promise:
    """All that a Word file promises to print."""

    body: tuple[Block, ...]
    furniture: tuple[Furniture, ...]
    first_pages: int
    renumbered: bool


@dataclass(slots=True)
class _Field:
    """A field that is being read: what it asks for, and which entry of a choice was chosen."""

    state: Literal["asked", "drawn", "shown"] = "asked"
    asks: str = ""
    chosen: str = ""

    @property
    def prints(self) -> str | None:
        """What is printed in place of the result that is kept in the file; None: that result."""
        return self.chosen if self.asks.split()[:1] == ["FORMDROPDOWN"] else _layout_sign(self.asks)


@dataclass
class _Story:
    """Reads one part; a field may reach over several of its paragraphs."""

    numbering: Numbering | None
    styles: Numbering
    blocks: list[Block] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    row: int | None = None
    rows: int = 0
    merged: int | None = None
    last_tie: int | None = None
    heads: bool = False
    loose: bool = False
    table: int | None = None
    tables: int = 0
    column: int = 0
    within: bool = False
    tied: bool = False

    def read(self, element: etree._Element) -> None:
        for child in element:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tr":
                self._row(child)
            elif child.tag == f"{W}tc":
                self._cell(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag not in _GONE and isinstance(child.tag, str):
                self.read(_chosen(child))

    def read_loose(self, element: etree._Element) -> None:
        """Read what may be drawn away from its neighbours."""
        outer, self.loose = self.loose, True
        self.read(element)
        self.loose = outer

    def _table(self, table: etree._Element) -> None:
        outer = self.table
        if outer is None:
            self.tables += 1
            self.table = self.tables
        if table.find(f"{W}tblPr/{W}tblpPr") is not None:
            self.read_loose(table)
        else:
            self.read(table)
        self.table = outer

    def _row(self, row: etree._Element) -> None:
        properties = row.find(f"{W}trPr")
        if properties is not None and is_on(properties.find(f"{W}hidden")):
            return
        outer, outer_heads = self.row, self.heads
        self.heads = properties is not None and is_on(properties.find(f"{W}tblHeader"))
        if outer is None:
            self.rows += 1
            self.row, self.merged = self.rows, self._tied(row)
            before = None if properties is None else properties.find(f"{W}gridBefore")
            self.column = _count(before, 0)
        self.read(row)
        self.row, self.heads = outer, outer_heads
        if outer is None:
            self.last_tie, self.merged = self.merged, None

    def _cell(self, cell: etree._Element) -> None:
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        goes_on = merged is not None and attribute(merged) != "restart"
        outer = self.within
        self.tied = self.tied if outer else merged is not None
        self.within = True
        if not goes_on:
            self.read(cell)
        self.within = outer
        if not outer:
            self.tied = False
            self.column += _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1)

    def _tied(self, row: etree._Element) -> int | None:
        merges = [attribute(merge) for merge in row.iterfind(f"{W}tc/{W}tcPr/{W}vMerge")]
        if any(merge != "restart" for merge in merges):
            return self.last_tie or self.rows
        return self.rows if merges else None

    def _paragraph(self, paragraph: etree._Element) -> None:
        label = self.numbering.label(paragraph.find(f"{W}pPr")) if self.numbering is not None else None
        boxes: list[etree._Element] = []
        text = "".join(self._text(paragraph, boxes))
        loose = self.loose or paragraph.find(f"{W}pPr/{W}framePr") is not None
        number = len(self.blocks) + 1
        place = (self.row, self.merged, self.heads, loose, self.table, self.column, self.tied)
        self.blocks.append(Block(number, text, label, *place))
        for box in boxes:
            self.read_loose(box)

    def _text(self, element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _GONE:
                continue
            if child.tag == f"{W}txbxContent":
                boxes.append(child)
            elif child.tag == f"{W}r":
                if not self._hidden(child):
                    yield from self._text(child, boxes)
            elif child.tag in (f"{W}fldChar", f"{W}instrText"):
                yield self._field(child)
            elif child.tag == f"{W}fldSimple" and (known := _layout_sign(attribute(child, "instr") or "")):
                yield "" if self._muted else known
            elif (sign := _sign(child)) is not None:
                yield "" if self._muted else sign
            else:
                yield from self._text(_chosen(child), boxes)

    def _hidden(self, run: etree._Element) -> bool:
        properties = run.find(f"{W}rPr")
        if properties is None:
            return False
        style = self.styles.styles.get(attribute(properties.find(f"{W}rStyle")) or "")
        own = properties.find(f"{W}vanish")
        return is_on(own) if own is not None else bool(style and style.hidden)

    @property
    def _muted(self) -> bool:
        """Within a field's instruction, or in the result of a field that is made anew at each drawing."""
        return any(one.state != "shown" for one in self.fields)

    def _field(self, element: etree._Element) -> str:
        if element.tag == f"{W}instrText":
            if self.fields:
                self.fields[-1].asks += element.text or ""
            return ""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self.fields.append(_Field(chosen=_chosen_entry(element)))
        elif self.fields and kind == "separate":
            self.fields[-1].state = "shown" if self.fields[-1].prints is None else "drawn"
        elif self.fields and kind == "end":
            prints = self.fields.pop().prints
            return prints if prints and not self._muted else ""
        return ""


def _count(element: etree._Element | None, otherwise: int) -> int:
    """Return the number that an element holds."""
    number = (attribute(element) if element is not None else None) or ""
    return int(number) if number.isdigit() else otherwise


def _layout_sign(instruction: str) -> str | None:
    words = instruction.split()
    return _LAYOUT_FIELDS.get(words[0].upper()) if words else None


def _chosen_entry(element: etree._Element) -> str:
    """Return the entry that is chosen in a drop-down form field."""
    choice = element.find(f"{W}ffData/{W}ddList")
    if choice is None:
        return ""
    entries = [attribute(entry) or "" for entry in choice.findall(f"{W}listEntry")]
    result = choice.find(f"{W}result")
    number = attribute(result if result is not None else choice.find(f"{W}default")) or "0"
    return entries[int(number)] if number.isdigit() and int(number) < len(entries) else ""


def _sign(element: etree._Element) -> str | None:
    """Return what an element of a run prints by itself; None for one that holds others."""
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag == f"{W}sym":
        return SIGN
    if element.tag == f"{W}pgNum":
        return PAGE
    if element.tag in (f"{W}footnoteReference", f"{W}endnoteReference", f"{W}footnoteRef", f"{W}endnoteRef"):
        return DIGITS
    return _SIGNS.get(element.tag)


def _chosen(element: etree._Element) -> etree._Element:
    """Return what is drawn of an element that offers a new and an old form of the same."""
    if element.tag == f"{COMPATIBLE}AlternateContent":
        chosen = element.find(f"{COMPATIBLE}Choice")
        return element if chosen is None else chosen
    return element


def read_promise(package: Package) -> Promise:
    """Read what a Word file promises to print."""
    document = package.xml("word/document.xml")
    links = relations(package, "word/document.xml")
    styles = _part(package, links, "styles")
    numbering = Numbering(_part(package, links, "numbering"), styles)
    story = _Story(numbering, numbering)
    story.read(document)
    for kind in ("footnotes", "endnotes"):
        notes = _part(package, links, kind)
        for note in () if notes is None else notes:
            if attribute(note, "type") in (None, "normal"):
                story.read_loose(note)
    sections = list(document.iter(f"{W}sectPr"))
    return Promise(
        tuple(story.blocks),
        tuple(_furniture(package, sections, links, numbering)),
        sum(is_on(section.find(f"{W}titlePg")) for section in sections),
        any(e.get(f"{W}start") or e.get(f"{W}fmt") for s in sections for e in s.iter(f"{W}pgNumType")),
    )


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return a part's relations inside the package: identifier to kind and member."""
    folder, name = posixpath.split(part)
    member = f"{folder}/_rels/{name}.rels"
    found: dict[str, tuple[str, str]] = {}
    if member not in package.members:
        return found
    for relation in package.xml(member).iter(f"{RELATIONSHIPS}Relationship"):
        target = relation.get("Target") or ""
        inside = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if relation.get("TargetMode") != "External" and inside in package.members:
            found[relation.get("Id") or ""] = ((relation.get("Type") or "").rsplit("/", 1)[-1], inside)
    return found


def _part(package: Package, links: dict[str, tuple[str, str]], kind: str) -> etree._Element | None:
    return next((package.xml(name) for found, name in links.values() if found == kind), None)


def _furniture(
    package: Package,
    sections: Iterable[etree._Element],
    links: dict[str, tuple[str, str]],
    styles: Numbering,
) -> Iterator[Furniture]:
    """Give each pair of header and footer that a page may carry; a section without its own takes the last."""
    last: dict[tuple[str, Kind], tuple[Block, ...]] = {}
    kinds: tuple[Kind, ...] = ("default", "first", "even")
    for section in sections:
        for reference in section:
            place = str(reference.tag).removeprefix(W).removesuffix("Reference")
            kind = attribute(reference, "type")
            link = links.get(reference.get(f"{OFFICE}id") or "")
            for known in kinds:
                if place in ("header", "footer") and kind == known and link is not None:
                    last[place, known] = _running(package, link[1], styles)
        used = [kind for kind in kinds if kind != "first" or is_on(section.find(f"{W}titlePg"))]
        for kind in used:
            header, footer = last.get(("header", kind)), last.get(("footer", kind))
            if kind != "even" or header or footer:
                yield Furniture(kind, header or (), footer or ())


def _running(package: Package, part: str, styles: Numbering) -> tuple[Block, ...]:
    story = _Story(None, styles)
    story.read(package.xml(part))
    return tuple(Block(0, block.text) for block in story.blocks if block.text.strip())
