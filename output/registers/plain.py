"""Registers and reports as plain files: CSV as Russian Excel opens it, JSON for scripts, iCalendar.

A table may be opened by a program that takes a cell beginning with ``=`` for a formula. A text that could
be taken so gets an apostrophe before it in CSV, which has no way to say that a cell is text.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from ...core.filters import LanguagePack
from ...core.rules.asking import Value
from ...core.rules.tables import Row, Table
from .words import Front, plain, said

_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
"""First signs for which a program may take a cell for a formula or a command; the last are full-width."""

REMIND = (7, 1)
"""How many days before an event a calendar reminds of it."""

_WIDEST = 73
"""How many bytes of a line of a calendar file may follow each other (RFC 5545, 3.1)."""


def harmless(text: str) -> str:
    """Return a text that no table program takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else text


def is_risky(text: str) -> bool:
    """Tell whether a program may take a text for a formula."""
    return harmless(text) != text


# --- CSV -------------------------------------------------------------------------------------------------


def to_csv(front: Front) -> bytes:
    """Write all tables as one CSV file: semicolons, a byte order mark, decimal commas, every cell quoted."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(_lines(front))
    return out.getvalue().encode("utf-8-sig")


def _lines(front: Front) -> Iterator[list[str]]:
    if front.asked.addressee is not None:
        yield [harmless(plain(front.title))]
        yield from ([harmless(plain(line))] for line in front.lines())
        if front.confidential:
            yield [front.confidential]
        yield []
    for number, table in enumerate(front.tables):
        if number:
            yield []
        if table.title:
            yield [harmless(plain(table.title))]
        yield [harmless(plain(head.title)) for head in table.heads]
        yield from (_cells(row, front.pack) for row in table.rows)


def _cells(row: Row, pack: LanguagePack) -> list[str]:
    # A number is a number: only words can be made to look like a formula.
    return [harmless(plain(value)) if isinstance(value, str) else said(value, pack) for value in row]


# --- JSON ------------------------------------------------------------------------------------------------


def as_data(front: Front) -> dict[str, Any]:
    """Return a register or a report as plain data."""
    asked = front.asked
    return {
        "id": front.made.definition.id,
        "title": front.title,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat(),
        "as_of": asked.as_of.isoformat(),
        "addressee": asked.addressee.value if asked.addressee else None,
        "cases": front.made.cases,
        "left_out": front.left_out,
        "withheld": front.made.withheld,
        "tables": [
            {
                "title": table.title,
                "columns": [head.title for head in table.heads],
                "rows": [[_plain(value) for value in row] for row in table.rows],
            }
            for table in front.tables
        ],
    }


def to_json(fronts: Iterable[Front]) -> bytes:
    """Write registers or reports as JSON."""
    data = [as_data(front) for front in fronts]
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _plain(value: Value) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return float(value)
    return plain(value) if isinstance(value, str) else value


# --- iCalendar -------------------------------------------------------------------------------------------


def has_days(front: Front) -> bool:
    """Tell whether rows have days, so that a calendar can show them."""
    return any(table.days for table in front.tables)


def to_calendar(front: Front) -> bytes:
    """Write each row that has a day as an event of that day (RFC 5545).

    An event keeps its name for as long as the thing is the same, on whatever day and in whatever list it
    stands: a calendar that reads the file again moves the event and does not hold it twice.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//papka//registers//{front.pack.code.upper()}",
        "CALSCALE:GREGORIAN",
    ]
    named: Counter[str] = Counter()
    for table in front.tables:
        keys = table.keys or ("",) * len(table.rows)
        for row, day, key in zip(table.rows, table.days, keys, strict=False):
            if day is not None:
                words = "|".join(_words(table, row, front.pack))
                key = key or f"{front.made.definition.id}|{table.title}|{day}|{words}"
                named[key] += 1
                lines += _event(front, table, row, day, f"{key}|{named[key]}")
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode("utf-8")


def _words(table: Table, row: Row, pack: LanguagePack) -> list[str]:
    """Say the cells of a row; what counts days would be wrong tomorrow."""
    cells = list(zip(table.heads, row, strict=True))[1:]
    return [
        f"{head.title}: {said(value, pack)}" for head, value in cells if value is not None and not head.counts
    ]


def _event(front: Front, table: Table, row: Row, day: date, key: str) -> Iterator[str]:
    summary = f"{_escaped(table.title or front.title)}: {_escaped(_short(table, row))}"
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(key.encode()).hexdigest()[:32]}@papka"
    yield f"DTSTAMP:{front.drawn_on:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{summary}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(_words(table, row, front.pack)))}"
    yield "TRANSP:TRANSPARENT"
    for days in REMIND if day > front.asked.day else ():
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-P{days}D",
            f"DESCRIPTION:{summary}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _short(table: Table, row: Row) -> str:
    """Say a row in a few words: the case, and the first words that stand in it."""
    texts = [plain(value).replace("\n", ", ") for value in row if isinstance(value, str) and value]
    return " — ".join(texts[:2])


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return plain(text).replace("\n", "\\n")


def _folded(line: str) -> str:
    parts: list[str] = []
    room = b""
    for sign in line:
        if len(room) + len(sign.encode()) > _WIDEST:
            parts.append(room.decode())
            room = b""
        room += sign.encode()
    return "\r\n ".join([*parts, room.decode()])
