"""Word's tracked changes as papka writes them, and a part as it reads with them accepted or rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from lxml import etree

from .package import Package, W

AUTHOR = "papka"
RENDERED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)(_\d+)?\.xml")
View = Callable[[etree._Element], etree._Element]
_SIGNED = f'author="{AUTHOR}"'.encode()
RUN, PARAGRAPH, ROW, CELL, TABLE = f"{W}r", f"{W}p", f"{W}tr", f"{W}tc", f"{W}tbl"
INS, DEL = f"{W}ins", f"{W}del"
TRACKED = frozenset(
    f"{W}{name}"
    for name in (
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "moveFromRangeStart",
        "moveToRangeStart",
        "cellIns",
        "cellDel",
        "cellMerge",
        "pPrChange",
        "rPrChange",
        "sectPrChange",
        "tblPrChange",
        "trPrChange",
        "tcPrChange",
        "tblGridChange",
        "numberingChange",
    )
)
_AS_DELETED = {f"{W}t": f"{W}delText", f"{W}instrText": f"{W}delInstrText"}
_AS_VISIBLE = {deleted: visible for visible, deleted in _AS_DELETED.items()}
_HOLDERS = frozenset(f"{W}{name}" for name in ("hyperlink", "fldSimple", "sdt", "sdtContent", "smartTag"))
_PROOFS = frozenset(f"{W}{name}" for name in ("proofErr", "lastRenderedPageBreak"))
_WITH_ID = frozenset(f"{W}{name}" for name in ("ins", "del", "bookmarkStart", "moveFrom", "moveTo"))


def is_tracked(element: etree._Element) -> bool:
    """Tell whether an element holds changes that nobody accepted or rejected."""
    return any(one.tag in TRACKED for one in element.iter())


def pending(root: etree._Element, author: str = AUTHOR) -> int:
    """Count the changes of an author that wait to be accepted or rejected."""
    return sum(one.tag in (INS, DEL) and one.get(f"{W}author") == author for one in root.iter())


class Pen:
    """Writes tracked changes, each with a number of its own and the same author and day."""

    def __init__(self, day: date, first: int = 1) -> None:
        self._date = f"{day.isoformat()}T00:00:00Z"
        self._next = first

    def change(self, tag: str) -> etree._Element:
        """Make an empty change."""
        made = etree.Element(tag)
        made.set(f"{W}id", str(self._next))
        made.set(f"{W}author", AUTHOR)
        made.set(f"{W}date", self._date)
        self._next += 1
        return made

    def mark(self, element: etree._Element, tag: str) -> None:
        """Track a whole paragraph, row or table as inserted or deleted."""
        if element.tag == PARAGRAPH:
            self._paragraph(element, tag)
        elif element.tag == ROW:
            self._row(element, tag)
        else:
            for row in element.findall(ROW):
                self._row(row, tag)

    def runs(self, holder: etree._Element, tag: str) -> None:
        """Track every run that a paragraph, a link or the like holds."""
        group: etree._Element | None = None
        for child in list(holder):
            if child.tag == RUN:
                if group is None:
                    group = self.change(tag)
                    holder.insert(holder.index(child), group)
                if tag == DEL:
                    strike(child)
                group.append(child)
                continue
            if child.tag in _PROOFS:
                holder.remove(child)
                continue
            group = None
            if child.tag in _HOLDERS:
                self.runs(child, tag)

    def _paragraph(self, paragraph: etree._Element, tag: str) -> None:
        self.runs(paragraph, tag)
        properties = _first(paragraph, f"{W}pPr")
        sign = properties.find(f"{W}rPr")
        if sign is None:
            sign = etree.Element(f"{W}rPr")
            last = properties.find(f"{W}sectPr")
            properties.insert(properties.index(last) if last is not None else len(properties), sign)
        sign.insert(0, self.change(tag))

    def _row(self, row: etree._Element, tag: str) -> None:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            before = row.find(f"{W}tblPrEx")
            row.insert(0 if before is None else row.index(before) + 1, properties)
        properties.append(self.change(tag))
        boxed = {one for box in row.iter(f"{W}txbxContent") for one in box.iter(PARAGRAPH)}
        for paragraph in list(row.iter(PARAGRAPH)):
            if paragraph not in boxed:
                self._paragraph(paragraph, tag)


def first_free_id(root: etree._Element) -> int:
    """Return a number for changes that no change and no bookmark of a part has."""
    numbers = [one.get(f"{W}id", "") for one in root.iter(*_WITH_ID)]
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1


def strike(run: etree._Element) -> None:
    """Turn the text of a run into deleted text; a text box in it goes as a whole."""
    for element in run:
        element.tag = _AS_DELETED.get(str(element.tag), element.tag)
        if element.tag != f"{W}txbxContent":
            strike(element)


def _first(element: etree._Element, tag: str) -> etree._Element:
    found = element.find(tag)
    if found is None:
        found = etree.Element(tag)
        element.insert(0, found)
    return found


# --- the part as it reads --------------------------------------------------------------------------------


def settled(package: Package, view: View | None = None) -> Package:
    """Return a file as it stands without papka's waiting changes (or as another view has it).

    A file in which nothing waits is returned as it is, unread: opening a template costs nothing more for it.
    """
    view = view or rejected
    changed = {}
    for name, body in package.members.items():
        if RENDERED.fullmatch(name) and _SIGNED in body:
            root = package.xml(name)
            if pending(root):
                changed[name] = etree.tostring(
                    view(root), xml_declaration=True, encoding="UTF-8", standalone=True
                )
    return Package({**package.members, **changed}) if changed else package


def accepted(root: etree._Element, author: str | None = AUTHOR) -> etree._Element:
    """Return a copy of a part with the changes of an author (or of all) accepted."""
    return _settled(root, author, keep=INS, drop=DEL)


def rejected(root: etree._Element, author: str | None = AUTHOR) -> etree._Element:
    """Return a copy of a part as it stood before the changes of an author (or of all)."""
    return _settled(root, author, keep=DEL, drop=INS)


def _settled(root: etree._Element, author: str | None, *, keep: str, drop: str) -> etree._Element:
    from copy import deepcopy

    copy = deepcopy(root)

    def is_his(change: etree._Element) -> bool:
        return author is None or change.get(f"{W}author") == author

    _drop_blocks(copy, drop, is_his)
    for change in [one for one in copy.iter(keep, drop) if is_his(one)]:
        parent = change.getparent()
        if parent is None:
            continue
        if change.tag == keep:
            _unwrap(parent, change)
        else:
            parent.remove(change)
    for group in copy.iter(TABLE, CELL):
        _keep_whole(group)
    return copy


def _drop_blocks(root: etree._Element, drop: str, is_his: Callable[[etree._Element], bool]) -> None:
    """Take out the rows and the paragraphs that go with their marks."""
    for row in list(root.iter(ROW)):
        mark = row.find(f"{W}trPr/{drop}")
        if mark is not None and is_his(mark):
            _remove(row)
    for paragraph in list(root.iter(PARAGRAPH)):
        mark = paragraph.find(f"{W}pPr/{W}rPr/{drop}")
        if mark is not None and is_his(mark) and not any(_left(paragraph, drop, is_his)):
            _remove(paragraph)


def _left(paragraph: etree._Element, drop: str, is_his: Callable[[etree._Element], bool]) -> Iterator[bool]:
    """Go through the runs of a paragraph that would be left."""
    for run in paragraph.iter(RUN):
        if not any(is_his(one) for one in run.iterancestors(drop)):
            yield True


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(parent: etree._Element, change: etree._Element) -> None:
    at = parent.index(change)
    for child in list(change):
        for text in child.iter(*_AS_VISIBLE):
            text.tag = _AS_VISIBLE[str(text.tag)]
        parent.insert(at, child)
        at += 1
    parent.remove(change)


def _keep_whole(group: etree._Element) -> None:
    """A cell keeps a paragraph at its end, and a table without rows is none."""
    if group.tag == CELL and (not len(group) or group[-1].tag != PARAGRAPH):
        etree.SubElement(group, PARAGRAPH)
    elif group.tag == TABLE and group.find(ROW) is None:
        _remove(group)
