"""Pictures, spreadsheets, settings, archives, drafts, caches, and files that are none."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from .cases import SIGNS
from .firing import CANARY
from .packages import HEAD, packed

Put = bytes | Callable[[Path], object]


def _png(width: int, height: int, body: bytes, *, depth: int = 8, kind: int = 0, more: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + more
        + chunk(b"IDAT", zlib.compress(body, 9))
        + chunk(b"IEND", b"")
    )


def _tiff(frames: int, width: int = 10, height: int = 10, *, loop: bool = False) -> bytes:
    made = b"II*\0" + struct.pack("<I", 8)
    size = 2 + 8 * 12 + 4
    for n in range(frames):
        at = 8 + n * size
        after = 8 if loop else (at + size if n + 1 < frames else 0)
        tags = [
            (256, 4, width),
            (257, 4, height),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, 8),
            (278, 4, height),
            (279, 4, width * height),
        ]
        made += (
            struct.pack("<H", len(tags))
            + b"".join(struct.pack("<HHII", t, k, 1, v) for t, k, v in tags)
            + struct.pack("<I", after)
        )
    return made + bytes(200)


def pictures() -> Iterator[tuple[str, bytes]]:
    """Pictures that burst, lie or are something else; the name has the ending."""
    yield "bomb.png", _png(30_000, 30_000, bytes(30_000 * 3_751), depth=1)
    yield "bomb_claimed.png", _png(60_000, 60_000, b"")
    yield "bomb_near.png", _png(8_900, 8_900, bytes(8_900 * 8_901))
    yield "zero.png", _png(0, 0, b"")
    yield "huge_side.png", _png(2**31 - 1, 1, b"")
    yield (
        "text_bomb.png",
        _png(10, 10, bytes(110), more=struct.pack(">I", 9) + b"zTXtx\0\0" + bytes(6) + b"crcc"),
    )
    yield "cut.png", _png(100, 100, bytes(10_100))[:60]
    yield "frames.tif", _tiff(1_200)
    yield "loop.tif", _tiff(1, loop=True)
    yield "huge.tif", _tiff(1, 60_000, 60_000)
    yield "empty.tif", b"II*\0\x08\0\0\0\0\0"
    yield "bad.jpg", b"\xff\xd8\xff\xe0" + bytes(100)
    yield (
        "huge.jpg",
        b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0"
        + bytes(50)
        + b"\xff\xd9",
    )
    yield "words.jpg", b"words"
    yield "empty.jpg", b""
    yield "gif.jpg", b"GIF89a" + bytes(50)
    yield "svg.png", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "eps.png", b"%!PS-Adobe-3.0 EPSF-3.0\n(touch pwned) (w) file\n"
    yield "zip.png", b"PK\3\4" + bytes(100)
    yield "words.exe", b"MZ" + bytes(100)


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _book(rows: str, shared: str = "", more: str = "") -> bytes:
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook {ns} xmlns:r="{rel}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>{more}</Relationships>',
        "xl/worksheets/sheet1.xml": f"{HEAD}{shared}<worksheet {ns}><sheetData>{rows}</sheetData></worksheet>",
    }  # fmt: skip
    return packed({name: body.encode() for name, body in parts.items()})


def _row(number: int, *cells: str) -> str:
    said = "".join(
        f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{one}</t></is></c>' for n, one in enumerate(cells)
    )
    return f'<row r="{number}">{said}</row>'


def tables() -> Iterator[tuple[str, bytes]]:
    """Spreadsheets for `papka import`."""
    head = ("Фамилия", "Имя", "Дата рождения", "Адрес")
    sound = _row(1, *head) + _row(2, CANARY.capitalize(), "Вера", "17.06.1980", "г. Курган")
    yield "sound.xlsx", _book(sound)
    yield "far_cell.xlsx", _book(sound + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    yield "many.xlsx", _book("".join(_row(n, "a", "b") for n in range(1, 60_000)))
    yield (
        "formulas.xlsx",
        _book(
            _row(1, *head)
            + "<row r='2'><c r='A2'><f>WEBSERVICE(\"http://127.0.0.1:1/\")</f><v>1</v></c></row>"
        ),
    )
    yield (
        "laughs.xlsx",
        _book(
            "&a9;",
            '<!DOCTYPE x [<!ENTITY a0 "ha">'
            + "".join(f'<!ENTITY a{n} "{9 * (chr(38) + f"a{n - 1};")}">' for n in range(1, 10))
            + "]>",
        ),
    )
    yield "outside.xlsx", _book("&a;", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
    yield "bomb.xlsx", _book("<row>" * 9_000_000)
    yield "deep.xlsx", _book("<row>" * 200_000)
    yield "odd_ref.xlsx", _book('<row r="-5"><c r="ZZZZZZ99999999999"><v>1</v></c></row>')
    yield (
        "dates.xlsx",
        _book(
            _row(1, *head)
            + '<row r="2"><c r="A2" t="d"><v>9999-99-99</v></c><c r="C2"><v>1e308</v></c><c r="D2"><v>nan</v></c></row>'
        ),
    )
    yield (
        "errors.xlsx",
        _book(
            _row(1, *head)
            + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="s"><v>99999</v></c></row>'
        ),
    )
    yield "cut.xlsx", _book(sound)[:700]
    yield "ole.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
    yield "words.xlsx", b"words"
    yield (
        "bomb.ods",
        packed(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": b'<table:table-cell table:number-columns-repeated="99999999"/>',
            }
        ),
    )
    signs = [one.replace("{port}", "1") for one in SIGNS.values() if len(one) < 700]
    yield (
        "signs.csv",
        ("Фамилия;Имя\n" + "".join(f'"{one}";Вера\n' for one in signs)).encode("utf-8", "replace"),
    )
    yield "wide.csv", (";".join(f"k{n}" for n in range(100_000)) + "\n").encode()
    yield "quotes.csv", b'a;"' + b"x" * 3_000_000
    yield "nul.csv", b"a;b\n\0;\0\n"
    yield "long.csv", "Фамилия;Имя\n".encode() + "Я".encode() * 2_000_000 + b";x\n"
    yield "rows.csv", "Фамилия;Имя\n".encode() + "Я;Вера\n".encode() * 400
    yield "utf16.csv", "Фамилия;Имя\nЯ;Вера\n".encode("utf-16")
    yield "binary.csv", bytes(range(256)) * 100


def settings() -> Iterator[tuple[str, str]]:
    """Hostile office.yaml."""
    yield "empty", ""
    yield "text", "x" * 1000
    yield "bomb", "papka: &a [x]\nlanguage: *a"
    yield "tag", "papka: !!python/object/apply:os.system ['touch pwned']"
    yield "journal_path", "papka: '1'\njournal: ../../../evil.db"
    yield "journal_url", "papka: '1'\njournal: evil://x"
    yield "journal_driver", "papka: '1'\njournal: sqlite+os.system:///x"
    yield "numbering", "papka: '1'\nnumbering:\n  outgoing: '{seq.__class__.__init__.__globals__}'"
    yield "numbering_wide", "papka: '1'\nnumbering:\n  outgoing: '{seq:999999999}'"
    yield "numbering_path", "papka: '1'\nnumbering:\n  outgoing: '../../{seq}'"
    yield "plugins", "papka: '1'\nplugins: [{name: ../../evil}]"
    yield "newer", "papka: '99'\n"
    yield "years", "papka: '1'\nretention_years: 99999999999999999999"
    yield "calendar", "papka: '1'\ncalendar: {off: [9999-12-31, 0001-01-01], decreed: [99999]}"
    yield "numbers", "papka: '1'\nnumbers: {kurgan_ipss: {plan_days: 999999999999}}"
    yield "signing", "papka: '1'\nsigning: {x: {command: 'touch pwned'}}"
    yield "language", "papka: '1'\nlanguage: ../../x"
    yield "deep", "papka: " + "[" * 9_000


def archives() -> Iterator[tuple[str, bytes]]:
    """Backups that lead out, lie or burst."""

    def archive(members: dict[str, bytes], told: object = None, *, link: str = "") -> bytes:
        import hashlib

        listed = {name: [hashlib.sha256(body).hexdigest(), len(body)] for name, body in members.items()}
        about = {"papka": "0.1.0", "title": "x"}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for name, body in members.items():
                info = zipfile.ZipInfo(name)
                info.external_attr = (0o120777 if name == link else 0o100600) << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(info, body)
            said = {"format": 1, "files": listed, "about": about} if told is None else told
            made.writestr("MANIFEST.json", said if isinstance(said, str | bytes) else json.dumps(said))
        return stream.getvalue()

    yield "empty", archive({})
    for name in (
        "../../evil",
        "/tmp/papka-evil",
        "..\\evil",
        "C:evil",
        "a/../../evil",
        "CON",
        "a:b",
        "cases/x/../../../evil",
        "x\0y",
        "a" * 300,
        "./x",
        "cases//x",
        " ",
        "cases/.",
        "cases/..",
        "x.",
    ):
        yield f"name_{name[:9]!r}", archive({"office.yaml": b"papka: '1'\n", name: b"evil"})
    yield "link", archive({"office.yaml": b"papka: '1'\n", "cases": b"/etc"}, link="cases")
    yield "bomb", archive({"office.yaml": b"papka: '1'\n", "cases/a/case.yaml": bytes(3 * 10**8)})
    yield "list_deep", archive({}, "[" * 200_000)
    yield "list_words", archive({}, "words")
    yield "list_number", archive({}, {"format": 1, "files": {"a": ["x", -5]}, "about": {}})
    yield "list_lies", archive({"a": b"b"}, {"format": 1, "files": {"a": ["0" * 64, 1]}, "about": {}})
    yield "newer", archive({}, {"format": 99, "files": {}, "about": {}})
    yield (
        "settings_hostile",
        archive(
            {"office.yaml": b"papka: '1'\njournal: ../../evil.db\nsigning: {x: {command: [touch, pwned]}}\n"}
        ),
    )
    yield (
        "journal_junk",
        archive({"office.yaml": b"papka: '1'\n", "journal.db": b"SQLite format 3\0" + bytes(500)}),
    )
    yield "journal_jsonl", archive({"office.yaml": b"papka: '1'\n", "journal.jsonl": b"{" * 90_000})
    yield "no_zip", b"words"
    yield "age", b"age-encryption.org/v1\n-> X25519 x\nx\n--- x\n" + bytes(100)
    yield "cut", archive({"office.yaml": b"papka: '1'\n"})[:90]


PUTS: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(parents=True),
    "pipe": lambda path: os.mkfifo(path),
    "zeros": lambda path: path.symlink_to("/dev/zero"),
    "tty": lambda path: path.symlink_to("/dev/tty"),
    "circle": lambda path: path.symlink_to(path),
    "nowhere": lambda path: path.symlink_to("/nowhere"),
    "memory": lambda path: path.symlink_to("/proc/self/mem"),
    "no_right": lambda path: (path.write_bytes(b"x"), path.chmod(0)),
}
"""What has a name and is no file."""


def journals() -> Iterator[tuple[str, bytes]]:
    """Files in the place of journal.db."""
    yield "words", b"words"
    yield "empty", b""
    yield "sqlite_junk", b"SQLite format 3\0" + os.urandom(4_000)
    yield "sqlite_zeros", b"SQLite format 3\0" + bytes(4_000)
