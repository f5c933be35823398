"""Hostile rows in the journal, as who can write to the office or has made an archive could put them there."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import pdfs
from .firing import Range, Shot

VALUES: dict[str, Any] = {
    "null": None, "up": "../../../../evil.docx", "bait": "{bait}", "root": "/etc/passwd", "dots": "..", "empty": "", "huge": 10**18, "minus": -5, "float": 1e308, "word": "x",
    "blob": b"\xff\xfe\0", "long": "x" * 300_000, "nul": "a\0b", "list": "[]", "map": "{}", "deep": "[" * 50_000, "day": "9999-99-99", "time": "2025-02-18 25:61:61.000000",
    "far": "9999-12-31 23:59:59.999999", "colour": "\x1b[2J", "tag": "{{ 7*7 }}", "format": "{0.__class__}", "slash": "a/../../../../evil", "file": "office.yaml",
}  # fmt: skip
COLUMNS = {
    "papers": ("id", "case", "document", "item", "day", "facts", "state", "at", "number", "series", "year", "seq", "file", "docx_sha256", "pdf_sha256", "pages", "made_with", "replaces", "reason"),
    "events": ("n", "at", "kind", "paper", "data", "previous", "hash"), "about": ("name", "value"),
    "marks": ("n", "paper", "kind", "name", "how", "on", "file", "sha256", "at", "reason"),
}  # fmt: skip


def shots(ground: Range) -> Iterator[Shot]:
    """Each column of each table bent in each way, behind one command; in an archive too; and PDFs said to be issued."""
    assert ground.office is not None
    book = ground.office / "journal.db"
    code = next(ground.office.glob("cases/KRG-1/issued/*.docx")).stem.split("_")[-1]
    commands: tuple[tuple[str, ...], ...] = (
        ("status", "KRG-1"), ("journal",), ("journal", "--check"), ("journal", "--gaps"), ("journal", code), ("verify", code), ("sign", code), ("why", code, "семья"), ("scan", "status"),
        ("packet", "KRG-1", "--all", "--engine", "rdocx"), ("issue", "KRG-1", "krg_request_card", "--no-pdf"), ("journal", "--void", "why not", code), ("due",), ("journal", "--until", "2026-01-01"),
        ("sign", code, "--by", "1", "--hand"), ("destroy", "KRG-1", "--reason", "withdrawal", "--yes"), ("backup", "../new.zip"), ("export", code, "--out", "x.age", "--to", KEY),
        ("report", "com_register_requests"), ("verify", f"cases/KRG-1/issued/krg_request_card_{code}.docx"),
    )  # fmt: skip
    number = 0
    for table, columns in COLUMNS.items():
        for column in columns:
            for name, value in VALUES.items():
                number += 1
                said = str(ground.bait) if value == "{bait}" else value
                words = commands[number % len(commands)]
                yield Shot(
                    f"rows/{table}.{column}={name}/{words[0]}",
                    words,
                    {"journal.db": _put(book, table, column, said)},
                    office=True,
                )
                if number % 4 == 0:
                    yield Shot(
                        f"rows/archive/{table}.{column}={name}",
                        ("restore", "x.zip", "new"),
                        {"x.zip": _archive(book, table, column, said)},
                    )
    for number, (name, data) in enumerate(
        (*pdfs.files(ground.port, str(ground.bait)), *pdfs.mutated(pdfs.one(), 10, 4))
    ):
        at = str(
            next(ground.office.glob("cases/KRG-1/issued/*.docx"))
            .relative_to(ground.office)
            .with_suffix(".pdf")
        )
        put = {at: data, "journal.db": _put(book, "papers", "pdf_sha256", hashlib.sha256(data).hexdigest())}
        choice = (
            ("packet", "KRG-1", "--all", "--engine", "rdocx"),
            ("export", code, "--out", "x.age", "--to", KEY),
            ("verify", code),
            ("sign", code, "--check"),
            ("why", at, "семья"),
        )
        yield Shot(f"rows/pdf/{name}", choice[number % len(choice)], put, office=True)


KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


def _put(book: Path, table: str, column: str, value: Any) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(bent(book, table, column, value))


def bent(book: Path, table: str, column: str, value: Any) -> bytes:
    """Return a journal in which one column holds something else."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "journal.db"
        copy.write_bytes(book.read_bytes())
        opened = sqlite3.connect(copy)
        opened.execute("PRAGMA ignore_check_constraints = ON")
        opened.execute("PRAGMA writable_schema = ON")
        if table == "marks":
            rows = "(n, paper, kind, name, how, at) SELECT 1, id, 'signed', '1', 'hand', at FROM papers"
            opened.execute(f"INSERT INTO marks {rows}")
        # What may not be NULL by the table's own word may be so in a file that somebody else has made.
        opened.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE type = 'table'")
        opened.commit()
        opened.close()
        opened = sqlite3.connect(copy)
        with suppress(sqlite3.IntegrityError):  # the number of a row is a number
            opened.execute(f'UPDATE {table} SET "{column}" = ?', (value,))
        opened.commit()
        opened.close()
        return copy.read_bytes()


def _archive(book: Path, table: str, column: str, value: Any) -> bytes:
    """Return a backup with a journal in which one column holds something else."""
    opened = sqlite3.connect(book)
    opened.row_factory = sqlite3.Row
    lines = []
    for name in COLUMNS:
        for row in opened.execute(f"SELECT * FROM {name}"):
            told: dict[str, Any] = dict(row)
            if name == table:
                told[column] = value if not isinstance(value, bytes) else ["x"]
            lines.append(json.dumps({"table": name, "row": told}).encode() + b"\n")
    opened.close()
    return zipped({"office.yaml": b"papka: '1'\n", "journal.jsonl": b"".join(lines)})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a backup that holds some files, with a list that is right."""
    listed = {name: [hashlib.sha256(body).hexdigest(), len(body)] for name, body in members.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
        made.writestr(
            "MANIFEST.json",
            json.dumps(
                {"format": 1, "files": listed, "about": {"papka": "0.1.0", "version": 1, "title": "x"}}
            ),
        )
    return stream.getvalue()
