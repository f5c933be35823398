"""Registers and reports as an Excel workbook, a sheet for each table. Every text is written as text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...core.rules.asking import Value
from ...core.rules.tables import Table
from ..package import Package
from .plain import is_risky
from .words import Front, plain

if TYPE_CHECKING:
    import xlsxwriter

LONGEST = 32_767
"""How many characters Excel keeps in a cell; it drops what is longer without a word."""

_NAME = 31
_WRONG = re.compile(r"[\[\]:*?/\\]")


def to_workbook(front: Front) -> bytes:
    """Write all tables as one workbook; the same tables give the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd.mm.yyyy",
    }
    with xlsxwriter.Workbook(out, options) as book:
        made = datetime.combine(front.drawn_on, time())
        told = {"title": front.title[:250], "author": "papka", "comments": front.source, "created": made}
        book.set_properties(told)
        looks = _looks(book)
        names: set[str] = set()
        for number, table in enumerate(front.tables, start=1):
            sheet = book.add_worksheet(_sheet_name(table.title or front.title, number, names))
            _Sheet(sheet, looks, front, table).fill()
    return _signed(out.getvalue())


def _signed(content: bytes) -> bytes:
    """Sign the workbook as papka's own, so that one that Excel has saved since is known by its signature."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    told = members["docProps/app.xml"].replace(b"Microsoft Excel", b"papka")
    return Package(members).write({"docProps/app.xml": told})


def _sheet_name(title: str, number: int, taken: set[str]) -> str:
    """Return a name that Excel takes: short, without its own signs, and not used twice."""
    bare = _WRONG.sub(" ", plain(title)).strip(" '") or "papka"
    name = _short(bare, _NAME)
    if name.casefold() in taken or name.casefold() == "history":
        name = f"{_short(bare, _NAME - 4)} {number}"
    taken.add(name.casefold())
    return name


def _short(text: str, length: int) -> str:
    """Cut a text after a whole word."""
    if len(text) <= length:
        return text
    whole, _, rest = text[: length + 1].rpartition(" ")
    return (whole if whole else rest[:length]).strip(" '")


def _looks(book: xlsxwriter.Workbook) -> dict[str, Any]:
    cell = {"valign": "top", "text_wrap": True, "border": 1, "font_name": "Times New Roman", "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_name": "Times New Roman", "font_size": 14}),
        "line": book.add_format({"font_name": "Times New Roman", "font_size": 10}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EDEDED"}),
        "text": book.add_format(cell),
        "risky": book.add_format({**cell, "quote_prefix": True}),
        "day": book.add_format({**cell, "num_format": "dd.mm.yyyy", "align": "center"}),
        "time": book.add_format({**cell, "num_format": "hh:mm", "align": "center"}),
        "number": book.add_format({**cell, "num_format": "General", "align": "center"}),
    }


class _Sheet:
    """Fills one sheet."""

    def __init__(self, sheet: Any, looks: dict[str, Any], front: Front, table: Table) -> None:
        self._sheet = sheet
        self._looks = looks
        self._front = front
        self._table = table
        self._cut = f" … ({front.pack.on_paper('in full in the case')})"

    def fill(self) -> None:
        row = self._above()
        for column, head in enumerate(self._table.heads):
            self._sheet.write_string(row, column, plain(head.title), self._looks["head"])
            self._sheet.set_column(column, column, min(60, 4 + 5 * head.width))
        for number, values in enumerate(self._table.rows, start=row + 1):
            for column, value in enumerate(values):
                self._write(number, column, value)
        last = max(row + len(self._table.rows), row + 1)
        self._sheet.autofilter(row, 0, last, len(self._table.heads) - 1)
        self._sheet.freeze_panes(row + 1, 0)
        if self._table.note:
            self._text(last + 2, self._table.note)
        self._for_print(row)

    def _above(self) -> int:
        """Write what stands above the table, and return the row of its heads."""
        self._sheet.write_string(0, 0, plain(self._front.title), self._looks["title"])
        lines = [*([self._front.organisation] if self._front.organisation else []), *self._front.lines()]
        if self._front.confidential:
            lines.append(self._front.confidential)
        if self._table.title:
            lines.append(self._table.title)
        for number, line in enumerate(lines, start=1):
            self._text(number, line)
        return len(lines) + 2

    def _text(self, row: int, text: str) -> None:
        self._sheet.write_string(row, 0, plain(text), self._looks["line"])

    def _write(self, row: int, column: int, value: Value) -> None:
        looks = self._looks
        if value is None:
            self._sheet.write_blank(row, column, None, looks["text"])
        elif isinstance(value, str):
            text = plain(value)
            text = text if len(text) <= LONGEST else text[: LONGEST - len(self._cut)] + self._cut
            self._sheet.write_string(row, column, text, looks["risky" if is_risky(text) else "text"])
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, value, looks["day"])
        elif isinstance(value, time):
            self._sheet.write_datetime(row, column, value, looks["time"])
        else:
            number = float(value) if isinstance(value, Decimal) else value
            self._sheet.write_number(row, column, number, looks["number"])

    def _for_print(self, head: int) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(head)
        mark = self._front.confidential or ""
        self._sheet.set_header(f"&R&8{mark}")
        footer = self._front.pack.on_paper("{count} of {all}").format(count="&P", all="&N")
        self._sheet.set_footer(f"&C{footer}")
