"""One of the three versions of a template: what a piece of it means, whoever saved the file last.

Word numbers, cuts and decorates as it likes each time it saves. Two pieces are the same here if a reader and
a printer could not tell them apart.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from ..package import RELATIONSHIPS, Package, W
from ..revisions import AUTHOR, DEL, INS, PARAGRAPH, ROW, RUN, TABLE, is_tracked
from ..tags import visible_text

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DOCUMENT = "word/document.xml"
STYLE_USES = frozenset(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"))
MARKS = frozenset(
    f"{W}{name}"
    for name in (
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "permStart",
        "permEnd",
        "proofErr",
    )
)
_NOISE = MARKS | {f"{W}{name}" for name in ("lastRenderedPageBreak", "lang", "noProof", "rsid")}
_SETS = frozenset(f"{W}{name}" for name in ("rPr", "pPr", "tcPr", "trPr", "tblPr", "sectPr", "numPr"))
_NUMBERED = frozenset(
    {
        "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr",
        f"{W}footnoteReference",
        f"{W}endnoteReference",
        f"{W}commentReference",
    }
)
_NOISY = re.compile(r"\}(rsid\w*|paraId|textId|anchorId|editId|space)$")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: another part of the file, or an address."""

    id: str
    kind: str
    target: str
    is_outside: bool


class Side:
    """A version of the template.

    Attributes:
        own_notes: References to notes whose words are this version's own.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._relations: dict[str, dict[str, Relation]] = {}
        self.own_notes: set[tuple[str, str]] = set()

    def tree(self, part: str) -> etree._Element | None:
        """Parse a part anew; None if the file has no such part."""
        return self.package.xml(part) if part in self.package.members else None

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part refers to, by id."""
        if part not in self._relations:
            root = self.tree(relations_of(part))
            found = () if root is None else root.iter(f"{RELATIONSHIPS}Relationship")
            self._relations[part] = {one.id: one for one in (_relation(part, element) for element in found)}
        return self._relations[part]

    @cached_property
    def styles(self) -> dict[str, etree._Element]:
        """The styles, by id."""
        root = self.tree("word/styles.xml")
        found = () if root is None else root.findall(f"{W}style")
        return {style.get(f"{W}styleId", ""): style for style in found}

    @cached_property
    def style_names(self) -> dict[str, str]:
        """The names of styles, by id: Word keeps a name and changes an id as it likes."""
        return {one: style_name(style) for one, style in self.styles.items()}

    def canon(self, element: etree._Element, part: str) -> str:
        """Write an element so that what means the same reads the same."""
        if element.tag == PARAGRAPH:
            return _written(element, self._paragraph(element, part), self._attributes(element, part))
        pieces = [self.canon(child, part) for child in element if self._counts(child)]
        if element.tag in _SETS:
            pieces = sorted(filter(None, pieces))
            if not pieces:
                return ""
        return _written(element, pieces, self._attributes(element, part), element.text)

    @staticmethod
    def _counts(element: etree._Element) -> bool:
        return isinstance(element.tag, str) and element.tag not in _NOISE

    def _paragraph(self, paragraph: etree._Element, part: str) -> list[str]:
        """Join runs of one look: Word cuts them anywhere."""
        pieces: list[str] = []
        look: str | None = None
        for child in paragraph:
            if not self._counts(child):
                continue
            if child.tag != RUN:
                look = None
                pieces.append(self.canon(child, part))
                continue
            its = self.look(child, part)
            text = "".join(
                self._in_run(one, part) for one in child if self._counts(one) and one.tag != f"{W}rPr"
            )
            if text and its != look:
                look = its
                pieces.append(f"<r {its}>")
            pieces.append(text)
        return pieces

    def _in_run(self, element: etree._Element, part: str) -> str:
        return element.text or "" if element.tag == f"{W}t" else self.canon(element, part)

    def look(self, run: etree._Element | None, part: str) -> str:
        """Return how the letters of a run look."""
        properties = run.find(f"{W}rPr") if run is not None else None
        return self.canon(properties, part) if properties is not None else ""

    def _attributes(self, element: etree._Element, part: str) -> str:
        found = []
        for name, worth in sorted(element.attrib.items()):
            plain, value = str(name), str(worth)
            if _NOISY.search(plain):
                continue
            if plain.rpartition("}")[2] == "id" and element.tag in _NUMBERED:
                found += ["own"] if (str(element.tag), value) in self.own_notes else []
                continue
            if plain.startswith(R):
                found.append(f"{plain}={self.meaning(part, value, element)}")
            elif element.tag in STYLE_USES and plain == f"{W}val":
                found.append(f"{plain}={self.style_names.get(value, value)}")
            else:
                found.append(f"{plain}={value}")
        return " ".join(found)

    def meaning(self, part: str, number: str, element: etree._Element) -> str:
        """Say what a relation leads to, whatever its number is."""
        if element.tag in (f"{W}headerReference", f"{W}footerReference"):
            return "…"
        relation = self.relations(part).get(number)
        if relation is None:
            return number
        if relation.is_outside:
            return relation.target
        return hashlib.sha256(self.package.members.get(relation.target, b"")).hexdigest()


def relations_of(part: str) -> str:
    """Return the name of the member that holds a part's relations."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _relation(part: str, element: etree._Element) -> Relation:
    target = element.get("Target", "")
    is_outside = element.get("TargetMode") == "External"
    if not is_outside:
        folder = posixpath.dirname(part)
        target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(element.get("Id", ""), element.get("Type", ""), target, is_outside)


def style_name(style: etree._Element) -> str:
    """Return the kind and the name of a style."""
    name = style.find(f"{W}name")
    shown = name.get(f"{W}val", "") if name is not None else style.get(f"{W}styleId", "")
    return f"{style.get(f'{W}type', 'paragraph')}:{shown.casefold()}"


def _written(element: etree._Element, pieces: list[str], attributes: str, text: str | None = None) -> str:
    tag = str(element.tag).rpartition("}")[2]
    inside = "".join(pieces) + (text or "").strip("\n")
    return f"<{tag} {attributes}>{inside}</{tag}>"


# --- blocks ----------------------------------------------------------------------------------------------


class Block:
    """A paragraph, a table, a row of one, or something that is taken as it stands.

    Attributes:
        before: Marks that stand before it, such as the beginning of a bookmark.
    """

    def __init__(self, element: etree._Element, side: Side, part: str) -> None:
        self.element = element
        self.side = side
        self.part = part
        self.before: list[etree._Element] = []

    @cached_property
    def kind(self) -> str:
        """What it is."""
        return str(self.element.tag)

    @cached_property
    def canon(self) -> str:
        """What it is to a reader and a printer, formatting and all."""
        return self.side.canon(self.element, self.part)

    @cached_property
    def text(self) -> str:
        """What a reader sees, one paragraph a line."""
        return "\n".join(map(visible_text, self.element.iter(PARAGRAPH)))

    @cached_property
    def key(self) -> str:
        """The text and the pictures; one with tracked changes in it is like no other."""
        if self.kind not in (PARAGRAPH, TABLE, ROW) or is_tracked(self.element):
            return self.canon
        things = [
            self.side.canon(one, self.part)
            for one in self.element.iter(
                f"{W}drawing", f"{W}pict", f"{W}footnoteReference", f"{W}endnoteReference"
            )
        ]
        cells = "\x1f".join(shape(row) for row in self.element.iter(ROW))
        return "\x1e".join([self.text, *things, cells])

    @cached_property
    def bag(self) -> Counter[str]:
        """The words, counted."""
        return Counter(_WORD.findall(self.text))

    @cached_property
    def tags(self) -> list[str]:
        """The tags in it, in order."""
        return re.findall(r"\{[{%].*?[%}]\}", self.text, re.DOTALL)


def shape(row: etree._Element) -> str:
    """Return which cells a row has, and which of them go on from the row above."""
    found = []
    for cell in row.findall(f"{W}tc"):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        found.append("|" if merged is None or merged.get(f"{W}val") == "restart" else "^")
    return "".join(found)


def spans(row: etree._Element) -> list[str]:
    """Return over how many columns of the grid each cell of a row goes."""
    found = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
    return ["1" if one is None else one.get(f"{W}val", "1") for one in found]


def columns(table: etree._Element) -> int:
    """Return how many columns the grid of a table has."""
    return len(table.findall(f"{W}tblGrid/{W}gridCol"))


def blocks(container: etree._Element, side: Side, part: str) -> tuple[list[Block], list[etree._Element]]:
    """Return what stands in a body, a cell or a table, and the marks after the last of it.

    The properties of the container and the page setup at its end are no blocks.
    """
    found: list[Block] = []
    marks: list[etree._Element] = []
    for child in container:
        if not isinstance(child.tag, str) or child.tag in _OF_CONTAINER:
            continue
        if child.tag in MARKS:
            marks.append(child)
            continue
        found.append(Block(child, side, part))
        found[-1].before, marks = marks, []
    return found, marks


_OF_CONTAINER = frozenset(f"{W}{name}" for name in ("tcPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "sectPr"))


# --- words -----------------------------------------------------------------------------------------------


_READ = tuple(f"{W}{name}" for name in ("t", "delText", "tab", "br", "cr", "noBreakHyphen"))


def words_of(root: etree._Element) -> Counter[str]:
    """Count the words of a part, visible and deleted; papka's own change ends a word."""
    found: Counter[str] = Counter()
    for paragraph in root.iter(PARAGRAPH):
        text, state = "", None
        for element in paragraph.iter(*_READ):
            if next(element.iterancestors(PARAGRAPH), None) is not paragraph:
                continue
            his = (one.tag for one in element.iterancestors(INS, DEL) if one.get(f"{W}author") == AUTHOR)
            now = next(his, None)
            text += "\n" if now != state else ""
            state = now
            text += (element.text or "") if element.tag in (f"{W}t", f"{W}delText") else " "
        found.update(_WORD.findall(text))
    return found
