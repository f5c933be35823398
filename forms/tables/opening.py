"""A spreadsheet becomes plain rows. It is data only: no formula, link or macro of it is ever followed.

A file from outside may be made to exhaust the computer, so that its size is known before it is opened.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from ...core.bounds import bounded
from ...core.errors import AskedWrongly
from ...core.i18n import tr
from ...core.oserrors import not_opened
from ...core.outside import bytes_of
from ...core.zips import BROKEN

MAX_BYTES = 64 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
MAX_CELLS = 4_000_000
"""The area from the first cell with something in it to the last: calamine lays it out whole."""
MAX_COLUMNS = 500
"""How many columns of a table are looked at."""

_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLSX_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*?(/?)>')
_ODS_TIMES = re.compile(rb'<table:(?:covered-)?table-cell[^<>]*?number-columns-repeated="(\d+)"[^<>]*?(/?)>')
_ODS_ROWS = re.compile(rb'<table:table-row[^<>]*?number-rows-repeated="(\d+)"[^<>]*>(.{0,4000})', re.DOTALL)
_ODS_FILLED = re.compile(rb"<table:table-cell(?:[^<>/]|/(?!>))*>")


@dataclass(frozen=True)
class Grid:
    """One sheet as plain rows.

    Attributes:
        rows: Text, numbers, days, truth values or None, from the first row and column of the sheet.
        merged: Merged areas: first row and column, last row and column, counted from 0.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def cell(self, row: int, column: int) -> Any:
        """Return what stands in a cell; None beyond the edge."""
        line = self.rows[row] if 0 <= row < len(self.rows) else []
        return line[column] if 0 <= column < len(line) else None

    def merged_at(self, row: int, column: int) -> tuple[int, int] | None:
        """Return the first row and column of the merged area that a cell lies in."""
        areas = self._areas.get(column, [])
        at = bisect_right(areas, (row, MAX_CELLS, MAX_CELLS)) - 1
        return (areas[at][0], areas[at][2]) if at >= 0 and row <= areas[at][1] else None

    @cached_property
    def _areas(self) -> dict[int, list[tuple[int, int, int]]]:
        found: dict[int, list[tuple[int, int, int]]] = {}
        for first, left, last, right in self.merged:
            for column in range(left, min(right, left + MAX_COLUMNS) + 1):
                found.setdefault(column, []).append((first, last, left))
        return {column: sorted(areas) for column, areas in found.items()}

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(map(len, self.rows), default=0)


def open_table(path: Path) -> list[Grid]:
    """Read the visible sheets of a spreadsheet.

    Raises:
        AskedWrongly: The file is no spreadsheet that papka reads, has a password, or holds nothing.
        PapkaError: The file cannot be opened.
    """
    raw = _bytes(path)
    if raw.startswith(b"PK\x03\x04") or raw.startswith(_OLE):
        with bounded(memory=2**30):
            grids = _book(path, raw)
    elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
        grids = [Grid(path.stem, _csv(raw))]
    else:
        words = tr("{file} is no spreadsheet that papka reads: .xlsx, .xls, .ods or .csv.")
        raise AskedWrongly(f"{words.format(file=path.name)} {_save_again()}")
    grids = [one for one in grids if any(cell is not None for row in one.rows for cell in row)]
    if not grids:
        raise AskedWrongly(tr("{file} is empty.").format(file=path.name))
    return grids


def _save_again() -> str:
    return tr("Open it in Excel or LibreOffice and save it as .xlsx.")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_great(path)
        return bytes_of(path, MAX_BYTES)
    except FileNotFoundError:
        raise AskedWrongly(tr("There is no file {file}.").format(file=path)) from None
    except OSError as error:
        raise not_opened(path, error) from error


def _too_great(path: Path) -> AskedWrongly:
    words = tr("{file} is too great: papka reads up to {cells} cells at once.").format(
        file=path.name, cells=MAX_CELLS
    )
    return AskedWrongly(words + " " + tr("Delete what stands far from the table, or cut it into parts."))


# --- workbooks -------------------------------------------------------------------------------------------


def _book(path: Path, raw: bytes) -> list[Grid]:
    import python_calamine as calamine

    if raw.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in raw:
        raise _locked(path)
    if raw.startswith(b"PK"):
        _weigh(path, raw)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            visible = calamine.SheetVisibleEnum.Visible
            shown = [one.name for one in book.sheets_metadata if one.visible == visible]
            return [_grid(path, book.get_sheet_by_name(name)) for name in shown]
    except calamine.PasswordError:
        raise _locked(path) from None
    except (calamine.CalamineError, ValueError, OSError) as error:
        words = tr("{file} cannot be read as a spreadsheet.").format(file=path.name)
        raise AskedWrongly(f"{words} {_save_again()}") from error


def _grid(path: Path, sheet: Any) -> Grid:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise _too_great(path)
    rows = [[_finite(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]
    try:
        merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    except (ValueError, TypeError, AttributeError):
        merged = []
    return Grid(sheet.name, rows, merged)


def _finite(value: Any) -> Any:
    """Take an empty text for nothing, and a number beyond all numbers for text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return None if value == "" else value


def _locked(path: Path) -> AskedWrongly:
    words = tr("{file} opens with a password only.").format(file=path.name)
    return AskedWrongly(words + " " + tr("Open it in Excel, take the password off, and save it."))


def _weigh(path: Path, raw: bytes) -> None:
    """Refuse a file whose parts unpack to too much, or that names a cell at the end of the world."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = packed.namelist()
            if any(one.file_size > MAX_UNPACKED for one in packed.infolist()):
                raise _too_great(path)
            if any(name.endswith("sheet1.bin") or name == "xl/workbook.bin" for name in names):
                raise AskedWrongly(
                    tr("{file} is a binary workbook (.xlsb).").format(file=path.name) + " " + _save_again()
                )
            left = MAX_UNPACKED
            for name in names:
                with packed.open(name) as stream:
                    sheet = name.startswith("xl/worksheets/")
                    left -= _measured(path, stream, left, sheet=sheet, ods=name == "content.xml")
    except BROKEN as error:
        words = tr("{file} cannot be read as a spreadsheet.").format(file=path.name)
        raise AskedWrongly(f"{words} {_save_again()}") from error


def _measured(path: Path, stream: IO[bytes], left: int, *, sheet: bool, ods: bool) -> int:
    """Count the bytes of a part as they come, whatever the archive says, and look how far cells lie."""
    total, tail = 0, b""
    rows, columns = [1 << 30, 0], [1 << 30, 0]
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > left:
            raise _too_great(path)
        if sheet:
            for letters, number, empty in _XLSX_CELL.findall(tail + chunk):
                if not empty:
                    _widen(rows, int(number))
                    _widen(columns, _number(letters))
            if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > MAX_CELLS and rows[1]:
                raise _too_great(path)
        elif ods and _repeats(tail + chunk):
            raise _too_great(path)
        tail = chunk[-5_000:]
    # Rows are counted from the first of the sheet: so they are laid out.
    if sheet and rows[1] and rows[1] * columns[1] > MAX_CELLS:
        raise _too_great(path)
    return total


def _widen(span: list[int], number: int) -> None:
    span[0], span[1] = min(span[0], number), max(span[1], number)


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - 64
    return found


def _repeats(text: bytes) -> bool:
    """Tell whether a cell or a row that holds something is said to stand there thousands of times."""
    if any(int(times) > 2_000 and not empty for times, empty in _ODS_TIMES.findall(text)):
        return True
    far = ((int(times), row) for times, row in _ODS_ROWS.findall(text) if int(times) > 2_000)
    return any(_ODS_FILLED.search(row.split(b"</table:table-row>")[0]) for _, row in far)


# --- text ------------------------------------------------------------------------------------------------


def _csv(raw: bytes) -> list[list[Any]]:
    text = _text(raw)
    if "\0" in text:
        raise AskedWrongly(tr("The file is no text.") + " " + _save_again())
    separator = _separator(text)
    if separator is None:
        lines: Iterator[list[str]] = ([line] for line in text.splitlines())
    else:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[Any]] = []
    cells = 0
    try:
        for line in lines:
            cells += len(line)
            if cells > MAX_CELLS or (len(rows) and len(line) > 16_384):
                raise AskedWrongly(tr("The file has too many cells.") + " " + tr("Cut it into parts."))
            rows.append([one if one.strip() else None for one in line])
    except csv.Error as error:
        words = tr("Line {line} of the file cannot be read as a table: a quote is not closed.")
        raise AskedWrongly(words.format(line=len(rows) + 1)) from error
    return rows


def _text(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif raw[1:200:2].count(0) > len(raw[1:200:2]) // 3:
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    words = tr("The letters of the file cannot be read.")
    raise AskedWrongly(words + " " + tr("Save it from Excel as “CSV UTF-8”, or as .xlsx."))


def _separator(text: str) -> str | None:
    """Return the sign between cells: the one that cuts most of the first lines into equally many."""
    best: tuple[int, str | None] = (0, None)
    for sign in (";", "\t", ","):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(text[:60_000], newline=""), delimiter=sign)]
        except csv.Error:
            continue
        widths = [one for one in widths[:50] if one]
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1 and usual * widths.count(usual) > best[0]:
            best = usual * widths.count(usual), sign
    return best[1]
