"""What a part needs after it was rendered, so that Word opens it and it looks as was meant.

Nothing here changes a word. Line breaks and tabs of values become Word's own; a cell that an empty loop left
without a paragraph gets one; what a loop has copied together with its number gets a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from ..core.i18n import tr
from .cells import GRID
from .draft import replace_by
from .lists import Numbering, forget
from .package import PackageFault, W, _check_fields
from .tags import XML_SPACE

LINE, TAB, PARAGRAPH, PAGE = "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
"""Signs in the printed values that stand for what Word writes as elements."""

_MEANT = {
    "\r\n": LINE, "\n": LINE, "\r": LINE, "\v": LINE, "\u2028": LINE, "\t": TAB, "\a": PARAGRAPH,
    "\u2029": PARAGRAPH, "\f": PAGE,
}  # fmt: skip
_UNUSUAL = re.compile("[\0-\x1f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_KNOWN = re.compile("\r\n|[" + "".join(sign for sign in _MEANT if len(sign) == 1) + "]")
SIGN = re.compile(f"([{LINE}{TAB}{PARAGRAPH}{PAGE}])")
_BLOCKS = frozenset(f"{W}{name}" for name in ("p", "tbl", "sdt"))
_STORIES = tuple(
    f"{W}{name}" for name in ("hdr", "ftr", "txbxContent", "footnote", "endnote", "comment", "docPartBody")
)
_PAPER_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def safe(text: str) -> str:
    """Return a printed value with signs for its line breaks and tabs.

    Raises:
        PackageFault: The value holds a sign that no Word file can hold.
    """
    if not _UNUSUAL.search(text):
        return text
    if _UNUSUAL.search(_KNOWN.sub("", text)):
        raise PackageFault("R-SIGN", tr("A value holds a sign that a Word file cannot hold."))
    return _KNOWN.sub(lambda found: _MEANT[found[0]], text)


def mend(root: etree._Element, mends: frozenset[str], numbering: Numbering | None, *, signs: bool) -> None:
    """Mend a rendered part."""
    if signs:
        _follow_signs(root)
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


# --- signs in values -------------------------------------------------------------------------------------


def _follow_signs(root: etree._Element) -> None:
    for element in list(root.iter()):
        if element.tag == f"{W}t":
            if SIGN.search(element.text or ""):
                _Writer(element).write()
        elif isinstance(element.tag, str):
            if SIGN.search(element.text or ""):
                element.text = SIGN.sub(" ", element.text or "")
            for name, value in element.attrib.items():
                if SIGN.search(str(value)):
                    element.set(name, SIGN.sub(" ", str(value)))


class _Writer:
    """Writes the signs in one text as Word's elements; a new paragraph looks like the old one."""

    def __init__(self, text: etree._Element) -> None:
        self.text = text
        run = text.getparent()
        self.run = run if run is not None and run.tag == f"{W}r" else None

    def write(self) -> None:
        first, *rest = SIGN.split(self.text.text or "")
        if self.run is None:
            self.text.text = SIGN.sub(" ", self.text.text or "")
            return
        self._set(first)
        for sign, words in zip(rest[::2], rest[1::2], strict=True):
            if sign in (PARAGRAPH, PAGE) and self._may_split():
                self._split(page=sign == PAGE)
            else:
                self._insert(etree.Element(f"{W}tab" if sign == TAB else f"{W}br"))
                self._insert(etree.Element(f"{W}t"))
            self._set(words)

    def _set(self, words: str) -> None:
        self.text.text = words
        self.text.set(XML_SPACE, "preserve")

    def _insert(self, element: etree._Element) -> None:
        self.text.addnext(element)
        self.text = element

    def _may_split(self) -> bool:
        assert self.run is not None
        home = self.run.getparent()
        if home is None or home.tag != f"{W}p" or home.getparent() is None:
            return False
        kinds = [one.get(f"{W}fldCharType") for one in home.iter(f"{W}fldChar")]
        return not kinds

    def _split(self, *, page: bool) -> None:
        assert self.run is not None
        home = self.run.getparent()
        assert home is not None
        made = etree.Element(f"{W}p")
        look = home.find(f"{W}pPr")
        if look is not None:
            made.append(deepcopy(look))
            for section in look.findall(f"{W}sectPr"):
                look.remove(section)
        run = etree.SubElement(made, f"{W}r")
        signs = self.run.find(f"{W}rPr")
        if signs is not None:
            run.append(deepcopy(signs))
        rest = list(self.text.itersiblings())
        following = list(self.run.itersiblings())
        self.text = etree.SubElement(run, f"{W}t")
        run.extend(rest)
        made.extend(following)
        home.addnext(made)
        parent = home.getparent()
        if page and parent is not None and parent.tag == f"{W}body":
            home.addnext(_page_break())
        self.run = run


def _page_break() -> etree._Element:
    made = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}br").set(f"{W}type", "page")
    return made


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
        column.set(f"{W}w", str(int(_width(column)) + extra))


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
