"""The vocabulary as a Word document to keep open beside the template."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from ...core.i18n import tr
from ..package import open_package
from .fields import Book, cells, filter_cells, filter_headings, headings, title

_WIDTHS = (3.6, 3.4, 5.0, 3.2, 4.2, 5.1, 1.9)
_FILTER_WIDTHS = (3.4, 3.0, 10.0, 10.0)


def as_word(books: Sequence[Book]) -> bytes:
    """Return the document; the same vocabulary gives the same bytes."""
    word = Document()
    _page(word)
    for number, book in enumerate(books):
        if number:
            word.add_page_break()  # type: ignore[no-untyped-call]  # python-docx has half its types
        word.add_heading(title(book), level=1)
        word.add_paragraph(tr("Copy a name from here into double braces: {{ … }}."))
        for group in book.groups:
            word.add_heading(group.title, level=2)
            for way in group.reach:
                word.add_paragraph(way)
            _table(word, headings(book), (cells(row) for row in group.rows), _WIDTHS)
        word.add_heading(tr("Filters"), level=2)
        rows = (filter_cells(book, one) for one in book.filters)
        _table(word, filter_headings(book), rows, _FILTER_WIDTHS)
    word.core_properties.author = "papka"
    word.core_properties.title = title(books[0]) if books else ""
    buffer = io.BytesIO()
    word.save(buffer)
    return open_package(buffer.getvalue()).write({})


def _page(word: Word) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.5)
    word.styles["Normal"].font.size = Pt(9)


def _table(word: Word, names: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
    table = word.add_table(rows=1, cols=len(names), style="Table Grid")
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    _repeat(table.rows[0]._tr)
    body = list(rows)
    for _ in body:
        table.add_row()
    # Cells are asked for once: python-docx works them out anew at each asking.
    every = table._cells
    for number, values in enumerate(body, start=1):
        for column, value in enumerate(values):
            every[number * len(names) + column].text = value
    for index, cell in enumerate(every):
        cell.width = Cm(widths[index % len(names)])


def _repeat(row: object) -> None:
    """Show the headings on each page anew."""
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]  # python-docx types no row
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    properties.append(mark)
