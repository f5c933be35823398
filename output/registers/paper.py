"""Registers and reports as a Word file: a register as a landscape book, a report upright if it fits.

The file is written straight as XML: a book of ten thousand rows is made in a second. Margins, page numbers
and repeated heads follow ГОСТ Р 7.0.97-2016 as it is commonly used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

from ...core.facts import NBSP
from ...core.filters import LanguagePack
from ...core.rules.tables import Head, Row, Table
from ..package import Package
from .parts import frame, header
from .words import Front, said

_LONG, _SHORT = 16838, 11906
_MARGINS = {"top": 1134, "right": 567, "bottom": 1134, "left": 1701}
_WIDE = 9
"""From so many columns on, a table needs the long side of the sheet."""

_SMALL = 9
"""From so many columns on, a table is set smaller."""


def to_paper(front: Front) -> bytes:
    """Write a register or a report as a Word file; the same tables give the same bytes."""
    members = {**frame(front.pack.proofing), "word/document.xml": _document(front)}
    members["word/header1.xml"] = header(front.confidential, with_number=True)
    members["word/header2.xml"] = header(front.confidential, with_number=False)
    members["docProps/core.xml"] = _properties(front)
    return Package(members).write({})


def _properties(front: Front) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
        f"{escape(front.title[:250])}</dc:title><dc:creator>papka</dc:creator>"
        f"<dc:description>{escape(front.source)}</dc:description></cp:coreProperties>"
    ).encode()


def _document(front: Front) -> bytes:
    wide = front.made.is_register or any(len(one.heads) + 2 * one.to_fill >= _WIDE for one in front.tables)
    body = [*(_cover(front) if front.made.is_register else _top(front))]
    for table in front.tables:
        body += _table(table, _text_width(wide=wide), front.pack, numbered=front.made.is_register)
    body += _end(front, wide=wide)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
        f"{''.join(body)}{_page(wide=wide)}</w:body></w:document>"
    ).encode()


def _text_width(*, wide: bool) -> int:
    return (_LONG if wide else _SHORT) - _MARGINS["left"] - _MARGINS["right"]


def _page(*, wide: bool) -> str:
    size = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
    turned = ' w:orient="landscape"' if wide else ""
    margins = " ".join(f'w:{side}="{width}"' for side, width in _MARGINS.items())
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        '<w:headerReference w:type="first" r:id="rId3"/>'
        f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/>'
        f'<w:pgMar {margins} w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


# --- around the tables -----------------------------------------------------------------------------------


def _paragraph(text: str, style: str, *, before: bool = False) -> str:
    new_page = "<w:pageBreakBefore/>" if before else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{new_page}</w:pPr>{_run(text)}</w:p>'


def _run(text: str) -> str:
    if not text:
        return ""
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f"<w:r>{'<w:br/>'.join(lines)}</w:r>"


def _cover(front: Front) -> Iterator[str]:
    """Draw the title page of a book: whose it is, what it is, when it was begun and ended."""
    yield _paragraph(front.organisation or "_" * 60, "CoverOrganisation")
    yield _paragraph(front.title.upper() if front.asked.addressee is None else front.title, "CoverTitle")
    began = front.began if front.asked.addressee is None else front.asked.since
    ended = front.asked.named_until
    if front.asked.addressee is None:
        on_paper = front.pack.on_paper
        for words, day in ((on_paper("Begun: {day}"), began), (on_paper("Ended: {day}"), ended)):
            said_of = words.replace(" ", NBSP).format(day=_day(day, front.pack))
            yield _paragraph(said_of, "CoverDay")
    for line in front.lines():
        yield _paragraph(line, "CoverLine")
    yield _paragraph("", "Gap", before=True)


def _day(day: date | None, pack: LanguagePack) -> str:
    blank = pack.on_paper("___ ______________ 20___").replace(" ", NBSP)
    return pack.short(day) if day else blank


def _top(front: Front) -> Iterator[str]:
    if front.organisation:
        yield _paragraph(front.organisation, "Organisation")
    yield _paragraph(front.title, "PaperTitle")
    for line in front.lines():
        yield _paragraph(line, "Line")


def _end(front: Front, *, wide: bool) -> Iterator[str]:
    on_paper = front.pack.on_paper
    who: tuple[str, ...] = (on_paper("Head of the organisation"), on_paper("Drawn up by"))
    if front.made.is_register:
        words = on_paper("Entries in all: {count}")
        yield _paragraph(words.format(count=sum(len(table.rows) for table in front.tables)), "Closing")
        who = (on_paper("Responsible for the register"),)
    yield from (_signature(one, front.pack, wide=wide) for one in who)


def _signature(who: str, pack: LanguagePack, *, wide: bool) -> str:
    line, name = ("_" * 20, "_" * 28) if wide else ("_" * 16, "_" * 18)
    words = pack.on_paper("{who} {line} (signature) {name} (surname, initials)")
    return _paragraph(words.format(who=who, line=line, name=name), "Closing")


# --- tables ----------------------------------------------------------------------------------------------


def _table(table: Table, width: int, pack: LanguagePack, *, numbered: bool) -> Iterator[str]:
    if not table.rows:
        none = pack.on_paper("{title}: no entries") if table.title else pack.on_paper("No entries.")
        yield _paragraph(pack.printed(none.format(title=table.title)), "Empty")
        return
    if table.title:
        yield _paragraph(pack.printed(table.title), "Section")
    widths = _widths(table, width, pack)
    style = "CellSmall" if len(table.heads) >= _SMALL else "Cell"
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )
    yield _head_row([head.title for head in table.heads], widths, style)
    if numbered:
        yield _head_row([str(n) for n in range(1, len(widths) + 1)], widths, style)
    for row in table.rows:
        yield _row([said(value, pack) for value in row], row, widths, style, to_fill=bool(table.to_fill))
    yield "</w:tbl>"
    yield _paragraph(table.note or "", "Note")


def _widths(table: Table, width: int, pack: LanguagePack) -> list[int]:
    """Share the width among columns by weight; none gets narrower than its longest word, if that fits."""
    small = len(table.heads) >= _SMALL
    rows = table.rows[:_LOOKED_AT]
    least = [
        _least(head, [said(row[n], pack) for row in rows], small=small) for n, head in enumerate(table.heads)
    ]
    if sum(least) > width:
        least = [one * width // sum(least) for one in least]
    pinned: set[int] = set()
    while True:
        # What a narrow column takes beyond its share, the others give up.
        free = width - sum(least[n] for n in pinned)
        weights = {n: head.width for n, head in enumerate(table.heads) if n not in pinned}
        shares = {n: free * weight // sum(weights.values()) for n, weight in weights.items()}
        narrow = {n for n, share in shares.items() if share < least[n]}
        if not narrow:
            return [least[n] if n in pinned else shares[n] for n in range(len(least))]
        pinned |= narrow


_LETTERS = {False: (112, 104), True: (92, 94)}
"""How many twentieths of a point a letter takes in a head and in a cell, set large or small."""

_PADDING = 150
_LOOKED_AT = 400
"""How many rows are looked at to find the longest word of a column."""


def _least(head: Head, values: Sequence[str], *, small: bool) -> int:
    of_head, of_cell = _LETTERS[small]
    longest = max((_longest(value) for value in values), default=0)
    return max(_longest(head.title) * of_head, longest * of_cell) + _PADDING


def _longest(text: str) -> int:
    """Count the letters of the longest part that has to stay on one line."""
    return max(len(part) for part in re.split("[ \n—-]", text))


def _head_row(titles: Sequence[str], widths: Sequence[int], style: str) -> str:
    cells = "".join(_cell(title, width, f"{style}Head") for title, width in zip(titles, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(texts: Sequence[str], row: Row, widths: Sequence[int], style: str, *, to_fill: bool) -> str:
    cells = "".join(
        _cell(text, width, style if isinstance(value, str | None) else f"{style}Middle")
        for text, value, width in zip(texts, row, widths, strict=True)
    )
    # A line to write on by hand needs room.
    height = '<w:trHeight w:val="680"/>' if to_fill else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, style: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(text, style)}</w:tc>'
