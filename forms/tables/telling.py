"""Faults by cell: as findings for the screen and for scripts, and as a copy of the table to be mended."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Any

from ...core.contract.case import Case
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.paths import in_words
from ...core.vocabulary import record_type
from .cells import as_text
from .families import CellFault
from .headers import letter_of
from .mapping import Laid
from .opening import MAX_COLUMNS

_WIDEST, _LINE = 40, 15


def finding(fault: CellFault, laid: Laid, file: str, severity: Any = "error") -> Finding:
    """Return a fault as a finding: its place is the cell, and nothing that stands there is said."""
    row, column = fault.cell
    place = Place(
        file,
        row + 1,
        column + 1 if column >= 0 else None,
        path=fault.path or None,
        words=place_in_words(fault, laid),
    )
    return Finding(fault.id, severity, fault.message, fault.cure, fault.suggestion, place)


def place_in_words(fault: CellFault, laid: Laid) -> str:
    """Say where a fault is, as a person looks for it: sheet, row, column, header."""
    row, column = fault.cell
    if column < 0:
        said = tr("sheet «{sheet}», row {row}").format(sheet=laid.table.grid.name, row=row + 1)
        path = re.sub(r"\[\d+\]", "", fault.path)
        return f"{said}, {in_words(record_type(Case), tuple(path.split('.')))}" if path else said
    words = tr("sheet «{sheet}», row {row}, column {letter} ({header})")
    return words.format(
        sheet=laid.table.grid.name, row=row + 1, letter=letter_of(column), header=_header(laid, column)
    )


def _header(laid: Laid, column: int) -> str:
    return next((one.header for one in laid.table.columns if one.index == column), "")


def copy_with_faults(laid: Laid, faults: list[CellFault]) -> bytes:
    """Return a copy of the table as .xlsx: the cells to be mended are coloured and say why.

    The copy can be mended and brought in itself. Text stays text: nothing in it becomes a formula or a link.
    """
    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"author": "papka", "created": datetime(2000, 1, 1)})
    _table(book, laid, faults)
    _list(book, laid, faults)
    book.close()
    return written.getvalue()


def _table(book: Any, laid: Laid, faults: list[CellFault]) -> None:
    grid, sheet = laid.table.grid, book.add_worksheet(_title(laid.table.grid.name))
    bad = {fault.cell: fault for fault in faults}
    plain, head = {"text_wrap": True, "valign": "top"}, {"bold": True, "text_wrap": True, "valign": "top"}
    looks = _Looks(book)
    for first, left, last, right in grid.merged:
        sheet.merge_range(
            first, left, last, right, "", looks.of(plain if first >= laid.table.first else head)
        )
    for row, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            look = dict(plain if row >= laid.table.first else head)
            fault = bad.get((row, column))
            if fault is not None:
                look |= {"bg_color": "#FFC7CE", "border": 1, "border_color": "#C00000"}
            if value is not None or fault is not None:
                _write(sheet, row, column, value, look, looks)
    for (row, column), fault in bad.items():
        if column >= 0:
            said = f"{fault.message} {fault.cure}".strip()
            sheet.write_comment(row, column, said, {"author": "papka", "x_scale": 2})
            if column >= len(grid.rows[row]):
                sheet.write_blank(row, column, None, looks.of({"bg_color": "#FFC7CE"}))
    # The title above the headers runs over many columns, and makes none of them wide.
    shown = range(max(0, laid.table.first - 1), min(len(grid.rows), laid.table.first + 200))
    widths = []
    for column in range(min(grid.width, MAX_COLUMNS)):
        longest = max((len(as_text(grid.cell(row, column))) for row in shown), default=8)
        widths.append(min(_WIDEST, max(9, longest + 1)))
        sheet.set_column(column, column, widths[-1])
    for row in range(laid.table.first, len(grid.rows)):
        lines = (_lines(as_text(grid.cell(row, n)), width) for n, width in enumerate(widths))
        sheet.set_row(row, _LINE * min(12, max(lines, default=1)))
    sheet.freeze_panes(laid.table.first, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n"))


class _Looks:
    """The looks of cells, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def of(self, look: dict[str, Any]) -> Any:
        key = repr(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write(sheet: Any, row: int, column: int, value: Any, look: dict[str, Any], looks: _Looks) -> None:
    if value is None:
        sheet.write_blank(row, column, None, looks.of(look))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, looks.of(look))
    elif isinstance(value, int | float):
        sheet.write_number(
            row, column, value, looks.of(look | {"num_format": "0.##########" if value % 1 else "0"})
        )
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, looks.of(look | {"num_format": "dd.mm.yyyy"}))
    elif isinstance(value, time):
        sheet.write_datetime(row, column, value, looks.of(look | {"num_format": "hh:mm"}))
    else:
        sheet.write_string(row, column, str(value)[:32_000], looks.of(look))


def _list(book: Any, laid: Laid, faults: list[CellFault]) -> None:
    sheet = book.add_worksheet(_title(tr("Faults of the import")))
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    titles = (tr("Cell"), tr("Row"), tr("Column"), tr("What is wrong"), tr("What has to be done"))
    for column, (title, width) in enumerate(zip(titles, (8, 8, 30, 50, 60), strict=True)):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, width)
    for line, fault in enumerate(faults, 1):
        row, column = fault.cell
        cell = f"{letter_of(column)}{row + 1}" if column >= 0 else ""
        sheet.write_string(line, 0, cell, wrapped)
        sheet.write_number(line, 1, row + 1, wrapped)
        for place, text in enumerate((_header(laid, column), fault.message, fault.cure), 2):
            sheet.write_string(line, place, text, wrapped)
    sheet.freeze_panes(1, 0)


def _title(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "1"
