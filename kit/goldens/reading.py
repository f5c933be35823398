"""What a reader sees of a paper, as text that stays the same until the paper does.

The words come from the machinery that holds a PDF against its Word file (`output/pdf/blocks.py`): what is
hidden or deleted is not read, labels of lists are counted as Word counts them. What no text can show has a
sign here: a new page, a table, a picture, a line to be filled by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from lxml import etree

from ...output.package import Package, W, open_package
from ...output.pdf.blocks import DIGITS, PAGE, PAGES, SIGN, Block, Furniture, read_promise
from ...output.pdf.labels import BULLET, attribute, is_on
from ...output.revisions import RENDERED

LINE = "____"
"""Stands for a line to be filled by hand, however long it is."""

NEW_PAGE = "————— новая страница —————"
TABLE = "[таблица]"
TABLE_END = "[конец таблицы]"
PICTURE = "[рисунок"

_TOP, _FOOT = "верх страницы", "низ страницы"
_BREAK = "\ufdd6"
_SEEN = {
    PAGE: "[номер страницы]",
    PAGES: "[число страниц]",
    SIGN: "[знак]",
    DIGITS: "[сноска]",
    BULLET: "•",
    "\u00ad": "",
    "\u2011": "-",
}
_AS_SEEN = str.maketrans(_SEEN)
_BOXES = {
    # Wingdings and Wingdings 2: the boxes and ticks that Word offers for forms.
    "f06f": "☐",
    "f0a8": "☐",
    "f071": "☐",
    "f0a3": "☐",
    "f0fe": "☒",
    "f0fd": "☒",
    "f052": "☒",
    "f0fc": "✓",
    "f050": "✓",
}
_DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_ON_PAGES = {"default": "", "first": ", первая страница", "even": ", чётные страницы"}


def seen(docx: bytes) -> str:
    """Return what a reader sees of a Word file: a paragraph or a row of a table a line, no blank lines.

    Raises:
        PackageFault: It is no Word file that may be opened.
    """
    return seen_in(open_package(docx))


def seen_in(package: Package) -> str:
    """Return what a reader sees of a Word file that is open."""
    promise = read_promise(_shown(package))
    lines = [*_body(promise.body), *_furniture(promise.furniture)]
    return "".join(f"{line}\n" for line in lines)


def body_of(text: str) -> str:
    """Return what is seen of a paper without its headers and footers."""
    return re.split(rf"^\[(?:{_TOP}|{_FOOT})[^\]\n]*\]$", text, maxsplit=1, flags=re.MULTILINE)[0]


# --- what is no letter gets a sign -----------------------------------------------------------------------


def _shown(package: Package) -> Package:
    """Return the file with signs in place of what only a drawing shows."""
    changed = {}
    for name in package.members:
        if RENDERED.fullmatch(name):
            root = package.xml(name)
            _signed(root)
            changed[name] = etree.tostring(root)
    return Package({**package.members, **changed})


def _signed(root: etree._Element) -> None:
    for one in list(root.iter(f"{W}br", f"{W}sym", f"{W}drawing", f"{W}fldChar", f"{W}p")):
        if one.tag == f"{W}br" and attribute(one, "type") == "page":
            _put(one, _BREAK)
        elif one.tag == f"{W}sym":
            _put(one, _BOXES.get((attribute(one, "char") or "").lower(), SIGN))
        elif one.tag == f"{W}drawing" and next(one.iter(f"{W}txbxContent"), None) is None:
            _put(one, _picture(one))
        elif one.tag == f"{W}fldChar" and (box := one.find(f"{W}ffData/{W}checkBox")) is not None:
            one.addprevious(_text("☒" if _is_ticked(box) else "☐"))
        elif one.tag == f"{W}p":
            _paged(one)


def _put(element: etree._Element, text: str) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, _text(text))


def _text(text: str) -> etree._Element:
    made = etree.Element(f"{W}t")
    made.text = text
    return made


def _picture(drawing: etree._Element) -> str:
    described = (one.get("descr") for one in drawing.iter(_DESCRIBED))
    words = next((" ".join(one.split()) for one in described if one), "")
    return f"{PICTURE}: {words}]" if words else f"{PICTURE}]"


def _is_ticked(box: etree._Element) -> bool:
    told = box.find(f"{W}checked")
    return is_on(told if told is not None else box.find(f"{W}default"))


def _paged(paragraph: etree._Element) -> None:
    """Write down the page breaks that are properties of a paragraph."""
    looks = paragraph.find(f"{W}pPr")
    if looks is None:
        return
    if is_on(looks.find(f"{W}pageBreakBefore")):
        run = etree.Element(f"{W}r")
        run.append(_text(_BREAK))
        looks.addnext(run)
    section = looks.find(f"{W}sectPr")
    if section is not None and attribute(section.find(f"{W}type")) != "continuous":
        etree.SubElement(paragraph, f"{W}r").append(_text(_BREAK))


# --- lines -----------------------------------------------------------------------------------------------


def _body(blocks: Sequence[Block]) -> Iterator[str]:
    for table, group in groupby(blocks, key=lambda one: one.table):
        if table is None:
            for block in group:
                yield from _paragraph(block)
        else:
            yield TABLE
            yield from _rows(list(group))
            yield TABLE_END


def _paragraph(block: Block) -> Iterator[str]:
    """Give the lines of a paragraph; what follows a line break within it stands further to the right."""
    for number, piece in enumerate(_labelled(block).split(_BREAK)):
        if number:
            yield NEW_PAGE
        lines = [line for line in map(_line, piece.split("\n")) if line]
        yield from (f"    {line}" if place else line for place, line in enumerate(lines))


def _labelled(block: Block) -> str:
    return f"{block.label} {block.text}" if block.label and block.text.strip() else block.text


def _line(text: str) -> str:
    """Write a line with one blank for each gap, as the eye takes it."""
    shown = re.sub(r"[ \u00a0\u2007\u202f]*\t[ \t\u00a0]*", " ⇥ ", text.strip()).translate(_AS_SEEN)
    return re.sub(r"_{2,}", LINE, " ".join(shown.split()))


def _rows(blocks: Sequence[Block]) -> Iterator[str]:
    for _, row in groupby(blocks, key=lambda one: one.row):
        cells = (_cell(list(cell)) for _, cell in groupby(row, key=lambda one: one.column))
        yield f"| {' | '.join(cells)} |"


def _cell(blocks: Sequence[Block]) -> str:
    lines = (_line(line) for one in blocks for line in re.split(rf"[\n{_BREAK}]", _labelled(one)))
    return " / ".join(line for line in lines if line)


def _furniture(found: Iterable[Furniture]) -> Iterator[str]:
    """Give each header and footer once, however many sections carry it."""
    told: set[tuple[str, ...]] = set()
    for one in found:
        for name, blocks in ((_TOP, one.header), (_FOOT, one.footer)):
            lines = (f"[{name}{_ON_PAGES[one.kind]}]", *(line for b in blocks for line in _paragraph(b)))
            if len(lines) > 1 and lines not in told:
                told.add(lines)
                yield from lines
