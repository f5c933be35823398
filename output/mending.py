"""What a part needs after it was rendered, so that Word opens it and it looks as was meant.

Nothing here changes a word. A cell that an empty loop left without a paragraph gets one; what a loop has
copied together with its number gets a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ..core.i18n import tr
from .cells import GRID
from .draft import replace_by
from .lists import Numbering, forget
from .package import PackageFault, W, _check_fields

_BLOCKS = frozenset(f"{W}{name}" for name in ("p", "tbl", "sdt"))
_STORIES = tuple(
    f"{W}{name}" for name in ("hdr", "ftr", "txbxContent", "footnote", "endnote", "comment", "docPartBody")
)
_PAPER_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def mend(root: etree._Element, mends: frozenset[str], numbering: Numbering | None) -> None:
    """Mend a rendered part."""
    _keep_whole(root)
    if "lists" in mends:
        if numbering is not None:
            numbering.renumber(root)
        forget(root)
    if "spans" in mends:
        _check_cells(root)
    if "grid" in mends:
        for table in root.iter(f"{W}tbl"):
            if table.get(GRID):
                del table.attrib[GRID]
                _fit_columns(table)
    if "ids" in mends:
        _own_ids(root)
    if "breaks" in mends:
        _end_without_break(root)
    if "fields" in mends:
        _check_fields(root)


# --- what has to be there --------------------------------------------------------------------------------


def _keep_whole(root: etree._Element) -> None:
    """Give back what an empty loop or branch took away and Word cannot do without; drop empty frames."""
    for content in list(root.iter(f"{W}sdtContent")):
        control = content.getparent()
        if not len(content) and control is not None and _stands_between_blocks(control):
            replace_by(control, "")
    for row in list(root.iter(f"{W}tr")):
        if next(row.iter(f"{W}tc"), None) is None:
            replace_by(row, "")
    for table in list(root.iter(f"{W}tbl")):
        if next(table.iter(f"{W}tr"), None) is None:
            replace_by(table, "")
    for cell in root.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            etree.SubElement(cell, f"{W}p")
    for story in root.iter(*_STORIES):
        if not any(child.tag in _BLOCKS for child in story):
            etree.SubElement(story, f"{W}p")


def _stands_between_blocks(control: etree._Element) -> bool:
    parent = control.getparent()
    return parent is not None and parent.tag not in (f"{W}p", f"{W}r", f"{W}hyperlink", f"{W}smartTag")


# --- cells -----------------------------------------------------------------------------------------------


def _check_cells(root: etree._Element) -> None:
    for span in root.iter(f"{W}gridSpan"):
        width = span.get(f"{W}val") or ""
        if not width.isdecimal() or not 1 <= int(width) <= 63:
            words = tr("A table cell should span a number of columns, and the number is not one.")
            raise PackageFault("R-SPAN", words)
    for shade in root.iter(f"{W}shd"):
        colour = shade.get(f"{W}fill")
        if colour is not None and not re.fullmatch(r"auto|[0-9A-Fa-f]{6}", colour):
            words = tr("The colour of a table cell is no colour: six signs from 0 to F are.")
            raise PackageFault("R-COLOUR", words)


def _fit_columns(table: etree._Element) -> None:
    """Make a table's columns as many as its cells, within its old width; docxtpl does the same."""
    grid = table.find(f"{W}tblGrid")
    if grid is None:
        return
    rows = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl"), None) is table]
    columns = grid.findall(f"{W}gridCol")
    most = max((len(row.findall(f"{W}tc")) for row in rows), default=0)
    if columns and most > len(columns):
        _add_columns(grid, columns, most - len(columns))
    columns = grid.findall(f"{W}gridCol")
    spanned = max((sum(_span(cell) for cell in row.findall(f"{W}tc")) for row in rows), default=0)
    if 0 < spanned < len(columns):
        _drop_columns(grid, columns, len(columns) - spanned)


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return int(span.get(f"{W}val") or 1) if span is not None else 1


def _width(column: etree._Element) -> float:
    try:
        return float(column.get(f"{W}w") or 0)
    except ValueError:
        return 0.0


def _add_columns(grid: etree._Element, columns: list[etree._Element], more: int) -> None:
    width = sum(map(_width, columns))
    if not width:  # Word finds the widths itself
        grid.extend([etree.Element(f"{W}gridCol") for _ in range(more)])
        return
    share = len(columns) / (len(columns) + more)
    for column in columns:
        column.set(f"{W}w", str(int(_width(column) * share)))
    for _ in range(more):
        etree.SubElement(grid, f"{W}gridCol").set(f"{W}w", str(int(width / (len(columns) + more))))


def _drop_columns(grid: etree._Element, columns: list[etree._Element], fewer: int) -> None:
    for column in columns[-fewer:]:
        grid.remove(column)
    left = columns[:-fewer]
    extra = int(sum(map(_width, columns[-fewer:])) / len(left)) if left else 0
    for column in left:
        if width := int(_width(column)) + extra:
            column.set(f"{W}w", str(width))


# --- numbers that must not repeat ------------------------------------------------------------------------


def _own_ids(root: etree._Element) -> None:
    """Give each picture, bookmark and control that a loop has copied a number of its own."""
    _number_anew(list(root.iter(_DRAWING)), "id")
    _name_bookmarks(root)
    _drop_twins(root, (f"{W}commentRangeStart",))
    _drop_twins(root, (f"{W}commentRangeEnd",))
    _drop_twins(root, (f"{W}commentReference",))
    seen: set[str] = set()
    for paragraph in root.iter(f"{W}p", f"{W}tr"):
        name = paragraph.get(_PAPER_ID)
        if name is not None and name in seen:
            del paragraph.attrib[_PAPER_ID]
        seen.add(name or "")
    known: set[str] = set()
    for control in list(root.iter(f"{W}sdtPr")):
        number = control.find(f"{W}id")
        if number is not None:
            if number.get(f"{W}val") in known:
                control.remove(number)
            known.add(number.get(f"{W}val") or "")


def _number_anew(elements: list[etree._Element], name: str) -> None:
    free = _free(one.get(name) for one in elements)
    seen: set[str] = set()
    for one in elements:
        if one.get(name) in seen:
            one.set(name, str(next(free)))
        seen.add(one.get(name) or "")


def _free(taken: Iterator[str | None]) -> Iterator[int]:
    number = max((int(one) for one in taken if one and one.isdecimal()), default=0)
    while True:
        number += 1
        yield number


def _name_bookmarks(root: etree._Element) -> None:
    starts = list(root.iter(f"{W}bookmarkStart"))
    free = _free(one.get(f"{W}id") for one in starts)
    ids: set[str] = set()
    names: set[str] = set()
    renamed: dict[str, str] = {}
    for one in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        old = one.get(f"{W}id") or ""
        if one.tag == f"{W}bookmarkEnd":
            one.set(f"{W}id", renamed.pop(old, old))
            continue
        if old in ids:
            renamed[old] = str(next(free))
            one.set(f"{W}id", renamed[old])
            one.set(f"{W}name", _another(one.get(f"{W}name") or "", names))
        ids.add(old)
        names.add((one.get(f"{W}name") or "").casefold())


def _another(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name[:36]}_{number}".casefold() in taken:
        number += 1
    return f"{name[:36]}_{number}"


def _drop_twins(root: etree._Element, tags: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for one in list(root.iter(*tags)):
        if one.get(f"{W}id") in seen:
            replace_by(one, "")
        seen.add(one.get(f"{W}id") or "")


# --- the last page ---------------------------------------------------------------------------------------


def _end_without_break(root: etree._Element) -> None:
    """Take out the page break that the last turn of a loop leaves at the end of the paper."""
    body = root.find(f"{W}body")
    for block in reversed(body) if body is not None else ():
        if block.tag == f"{W}sectPr":
            continue
        if block.tag != f"{W}p" or block.find(f"{W}pPr/{W}sectPr") is not None:
            return
        content = [one for one in block.iter() if one.tag in _SHOWN or (one.tag == f"{W}t" and one.text)]
        if not content:
            continue
        last = content[-1]
        if last.tag == f"{W}br" and last.get(f"{W}type") == "page":
            replace_by(last, "")
        return


_SHOWN = frozenset(
    f"{W}{name}"
    for name in (
        "br",
        "drawing",
        "pict",
        "object",
        "sym",
        "tab",
        "fldChar",
        "footnoteReference",
        "endnoteReference",
    )
)
