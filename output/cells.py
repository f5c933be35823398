"""Tags that change a table cell (merge it, span it, colour it), and tags that need a run of their own."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from .draft import Draft, put_before
from .package import W
from .tags import XML_SPACE, Tag, mark

GRID = "papka-grid"
"""Attribute of a table whose number of columns may change; it is gone when the part is written."""

_ORDER = ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd")
_FIRST = "{% if loop.first %}"
_MERGED = "{% if loop.first %}restart{% else %}continue{% endif %}"
_BOX = re.compile(r"\|\s*(checkbox|флажок)\b[^|]*$")
_BOX_FONT = "Segoe UI Symbol"
_FONT_WITH_BOXES = re.compile(r"symbol|gothic|dejavu", re.IGNORECASE)


def shape_cells(draft: Draft) -> None:
    """Carry out the tags that change their cell."""
    done: set[tuple[etree._Element, str]] = set()
    for number, tag in enumerate(draft.lexed.tags):
        if tag.cell:
            cell = next(draft.lexed.holders[number].iterancestors(f"{W}tc"), None)
            if cell is None:
                draft.tell("T-NO-HOME", tag)
            elif (cell, tag.cell) in done:
                draft.tell("T-TWICE", tag)
            else:
                done.add((cell, tag.cell))
                _shape(draft, number, tag, cell)


def _shape(draft: Draft, number: int, tag: Tag, cell: etree._Element) -> None:
    if tag.cell == "colspan":
        _take_mark(draft, number)
        _property(cell, "gridSpan").set(f"{W}val", mark(number))
    elif tag.cell == "cellbg":
        _take_mark(draft, number)
        shade = _property(cell, "shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", mark(number))):
            shade.set(f"{W}{name}", value)
    elif tag.cell == "vm":
        _merge_down(draft, cell)
    else:
        _merge_across(draft, cell)
    if tag.cell in ("colspan", "hm"):
        may_change_columns(cell)


def may_change_columns(element: etree._Element) -> None:
    """Note that the number of columns of the table around an element may change."""
    table = next(element.iterancestors(f"{W}tbl"), None)
    if table is not None:
        table.set(GRID, "1")


def _take_mark(draft: Draft, number: int) -> None:
    holder = draft.lexed.holders[number]
    holder.text = (holder.text or "").replace(mark(number), "")


def _property(cell: etree._Element, name: str) -> etree._Element:
    """Return a new property of a cell in the place of the old one."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        properties = etree.Element(f"{W}tcPr")
        cell.insert(0, properties)
    for old in properties.findall(f"{W}{name}"):
        properties.remove(old)
    before = {f"{W}{one}" for one in _ORDER[: _ORDER.index(name)]}
    made = etree.Element(f"{W}{name}")
    properties.insert(sum(child.tag in before for child in properties), made)
    return made


def _merge_down(draft: Draft, cell: etree._Element) -> None:
    """Merge a cell with its copies below: the first shows its content, the others show nothing."""
    _property(cell, "vMerge").set(f"{W}val", draft.code(_MERGED))
    properties = cell.find(f"{W}tcPr")
    assert properties is not None
    properties.tail = draft.code(_FIRST) + (properties.tail or "")
    empty = "{% else %}<" + draft.own("p") + "/>{% endif %}"
    cell[-1].tail = (cell[-1].tail or "") + draft.code(empty)


def _merge_across(draft: Draft, cell: etree._Element) -> None:
    """Merge a cell with its copies beside it: one cell as wide as all of them."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    width = span.get(f"{W}val", "1") if span is not None else "1"
    count = int(width) if width.isdecimal() and 0 < int(width) <= 50 else 1
    length = " + ".join(["loop.length"] * count)
    _property(cell, "gridSpan").set(f"{W}val", draft.code("{{ " + length + " }}"))
    put_before(cell, draft.code(_FIRST))
    cell.tail = draft.code("{% endif %}") + (cell.tail or "")


# --- runs ------------------------------------------------------------------------------------------------


def give_runs(draft: Draft) -> None:
    """Give a run of its own to each tag that takes a run's place, and to each check box."""
    for number, tag in enumerate(draft.lexed.tags):
        if number in draft.lexed.hidden or tag.cell:
            continue
        is_box = tag.kind == "print" and not tag.lift and bool(_BOX.search(tag.code))
        run = draft.lexed.holders[number].getparent()
        if (tag.lift == "r" or is_box) and run is not None and run.tag == f"{W}r":
            alone = _alone(draft, number)
            if is_box:
                _draw_boxes(alone)


def _alone(draft: Draft, number: int) -> etree._Element:
    """Split a run, so that one tag's mark stands in a run alone; return that run."""
    holder = draft.lexed.holders[number]
    run = holder.getparent()
    assert run is not None
    before, _, after = (holder.text or "").partition(mark(number))
    following = list(holder.itersiblings())
    if after or following:
        rest = _run_after(run)
        text = _text(rest, after)
        for other in draft.numbers(after):
            draft.lexed.holders[other] = text
        rest.extend(following)
    if not before and all(child is holder or child.tag == f"{W}rPr" for child in run):
        holder.text = mark(number)
        return run
    alone = _run_after(run)
    holder.text = before
    draft.lexed.holders[number] = _text(alone, mark(number))
    return alone


def _run_after(run: etree._Element) -> etree._Element:
    made = etree.Element(f"{W}r")
    look = run.find(f"{W}rPr")
    if look is not None:
        made.append(deepcopy(look))
    run.addnext(made)
    return made


def _text(run: etree._Element, text: str) -> etree._Element:
    made = etree.SubElement(run, f"{W}t")
    made.text = text
    made.set(XML_SPACE, "preserve")
    return made


def _draw_boxes(run: etree._Element) -> None:
    look = run.find(f"{W}rPr")
    if look is None:
        look = etree.Element(f"{W}rPr")
        run.insert(0, look)
    fonts = look.find(f"{W}rFonts")
    if fonts is None:
        fonts = etree.Element(f"{W}rFonts")
        look.insert(1 if look.find(f"{W}rStyle") is not None else 0, fonts)
    if not _FONT_WITH_BOXES.search(fonts.get(f"{W}ascii") or ""):
        fonts.attrib.clear()
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(f"{W}{name}", _BOX_FONT)
