"""Hostile Word files: how they are made, and what a zip and its XML can be made to do (`contents.py` has the rest).

Every file is made here from one small sound paper; nothing hostile lies in the repository as a file.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TAG = "{{ organisation.short_name }}"

Files = Iterator[tuple[str, bytes, str]]
"""Name, file, and the id of the finding that refuses it; no id: it may be refused or used."""


def document(body: str, more: str = "") -> str:
    """Return a document part with a body."""
    return (
        f'{HEAD}<w:document xmlns:w="{W_NS}" xmlns:r="{R_NS}"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
        f' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"{more}><w:body>{body}<w:sectPr/>'
        "</w:body></w:document>"
    )


def paragraph(text: str) -> str:
    """Return a paragraph of plain words; the words are XML already."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def field(*pieces: str) -> str:
    """Return a field whose code Word has cut into pieces."""
    codes = "".join(f"<w:r><w:instrText xml:space='preserve'>{one}</w:instrText></w:r>" for one in pieces)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{codes}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def relations(*rows: tuple[str, str, str]) -> str:
    """Return a part of relations: (kind, target, mode)."""
    told = "".join(
        f'<Relationship Id="rX{n}" Type="{kind if "://" in kind else f"{OFFICE}/{kind}"}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for n, (kind, target, mode) in enumerate(rows)
    )
    return (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{told}</Relationships>"
    )


def types(*more: tuple[str, str]) -> str:
    """Return the list of content types with more parts in it."""
    own = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in more)
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>{own}</Types>'
    )


def members(body: str = paragraph(TAG), **more: str | bytes) -> dict[str, bytes]:
    """Return the members of a small sound paper, with some more or others."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "")),
        "word/document.xml": document(body),
    }
    return {name: _raw(one) for name, one in {**made, **more}.items()}


def _raw(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def packed(parts: Mapping[str, bytes], *, store: bool = False) -> bytes:
    """Zip members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, archive.compression)
    return stream.getvalue()


def paper(body: str = paragraph(TAG), **more: str | bytes) -> bytes:
    """Return a small Word file with a body."""
    return packed(members(body, **more))


def part(name: str, kind: str, content: str) -> dict[str, str]:
    """Return what a part of text beside the document needs: itself, its type, its relation."""
    return {
        f"word/{name}.xml": content,
        "[Content_Types].xml": types((f"word/{name}.xml", f"{TYPE}.{kind}+xml")),
        "word/_rels/document.xml.rels": relations((kind, f"{name}.xml", "")),
    }


def story(root: str, inner: str) -> str:
    """Return the XML of a header, a footer or notes."""
    if root in ("footnotes", "endnotes"):
        inner = f'<w:{root[:-1]} w:id="2">{inner}</w:{root[:-1]}>'
    if root == "comments":
        inner = f'<w:comment w:id="0">{inner}</w:comment>'
    return f'{HEAD}<w:{root} xmlns:w="{W_NS}" xmlns:r="{R_NS}">{inner}</w:{root}>'


STORIES = {"header1": ("hdr", "header"), "footer1": ("ftr", "footer"), "footnotes": ("footnotes", "footnotes"),
           "endnotes": ("endnotes", "endnotes"), "comments": ("comments", "comments")}  # fmt: skip


# --- the container ---------------------------------------------------------------------------------------


def containers() -> Files:
    """Zip files that lie, burst, or name what is not theirs."""
    sound = members()
    yield "empty", b"", "D-NOT-WORD"
    yield "text", b"not a word file", "D-NOT-WORD"
    yield "rtf", rb"{\rtf1{\field{\*\fldinst INCLUDEPICTURE file:///etc/passwd}}}", "D-NOT-WORD"
    yield "html", b"<html><script>alert(1)</script>", "D-NOT-WORD"
    yield "flat_odf", b'<?xml version="1.0"?><office:document/>', "D-NOT-WORD"
    yield "old_doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "D-NOT-WORD"
    yield "pdf", b"%PDF-1.7\n%%EOF", "D-NOT-WORD"
    yield "big", b"PK\3\4" + bytes(21 * 2**20), "D-SIZE"
    yield "only_magic", b"PK\3\4" + bytes(200), "D-DAMAGED"
    yield "empty_zip", b"PK\5\6" + bytes(18), "D-NOT-WORD"
    yield "no_document", packed({k: v for k, v in sound.items() if "document" not in k}), "D-NOT-WORD"
    yield "bomb_media", packed({**sound, "word/media/a.png": bytes(39 * 2**20)}), "D-BOMB"
    yield (
        "bomb_total",
        packed({**sound, **{f"word/media/{n}.png": bytes(30 * 2**20) for n in range(5)}}),
        "D-BOMB",
    )
    yield "bomb_paragraphs", packed(members("<w:p/>" * 3_000_000)), "D-"
    yield "many_members", packed({**sound, **{f"word/{n}": b"" for n in range(3_100)}}), "D-BOMB"
    for name, code in (
        ("../../evil.txt", "D-NAMES"), ("/etc/evil", "D-NAMES"), ("..\\evil", "D-NAMES"), ("C:evil", "D-NAMES"),
        ("word/../../x", "D-NAMES"), ("WORD/DOCUMENT.XML", "D-NAMES"), ("word/\nx", "D-NAMES"),
        ("word/document.xml ", ""), ("word/" + "x" * 5000, ""), ("word/\u202excod.exe", ""), ("\ud0b0\u0131", ""),
    ):  # fmt: skip
        yield f"name_{len(name)}_{name[:3]!r}", packed({**sound, name: b"x"}), code
    twice = _renamed(
        packed({**sound, "word/documenX.xml": document(paragraph("{{ x }}")).encode()}), "X", "t"
    )
    yield "twice", twice, "D-NAMES"
    whole = packed(sound)
    yield "lying_size", _lying(whole, 7), "D-"
    yield "lying_huge", _lying(whole, 0xFFFFFFF0), "D-"
    yield "lying_count", whole[:-14] + struct.pack("<HH", 65_000, 65_000) + whole[-10:], ""
    yield "encrypted", _flagged(whole, 1), "D-DAMAGED"
    yield "packed_oddly", _method(whole, 99), "D-DAMAGED"
    yield "bzip2", _method(whole, 12), "D-DAMAGED"
    for cut in (5, 30, 100, len(whole) // 2, len(whole) - 30, len(whole) - 3):
        yield f"cut_{cut}", whole[:cut], "D-"
    yield "polyglot", b"#!/bin/sh\ntouch pwned\n" + whole, "D-NOT-WORD"
    yield "tail", whole + b"\0" * 70_000, ""
    yield "overlapping", _overlapping(), "D-"
    yield "comment", whole[:-2] + struct.pack("<H", 60_000) + b"c" * 60_000, ""
    yield "wrong_sum", _wrong_sum(whole), "D-DAMAGED"


def _renamed(data: bytes, sign: str, by: str) -> bytes:
    return data.replace(f"word/documen{sign}.xml".encode(), f"word/documen{by}.xml".encode())


def _central(data: bytes) -> Iterator[int]:
    at = data.find(b"PK\1\2")
    while at >= 0:
        yield at
        at = data.find(b"PK\1\2", at + 4)


def _patched(data: bytes, offset: int, value: bytes) -> bytes:
    made = bytearray(data)
    for at in _central(data):
        made[at + offset : at + offset + len(value)] = value
    return bytes(made)


def _lying(data: bytes, size: int) -> bytes:
    return _patched(data, 24, struct.pack("<L", size))


def _flagged(data: bytes, flag: int) -> bytes:
    return _patched(data, 8, struct.pack("<H", flag))


def _method(data: bytes, method: int) -> bytes:
    return _patched(data, 10, struct.pack("<H", method))


def _wrong_sum(data: bytes) -> bytes:
    return _patched(data, 16, b"\1\2\3\4")


def _overlapping() -> bytes:
    """Return a zip in which a thousand members are one and the same stretch of packed bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(2**20)) + packer.flush()
    whole = bytearray(packed(members()))
    local = (
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, zlib.crc32(bytes(2**20)), len(body), 2**20, 1, 0)
        + b"k"
    )
    first = next(_central(bytes(whole)))
    end = whole.rfind(b"PK\5\6")
    central, data = bytes(whole[first:end]), bytes(whole[:first]) + local + body
    count = 3
    for n in range(1_000):
        name = f"word/{n}".encode()
        central += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, zlib.crc32(bytes(2**20)), len(body), 2**20, len(name),
            0, 0, 0, 0, 0, first,
        ) + name  # fmt: skip
        count += 1
    return data + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(data), 0)


# --- XML -------------------------------------------------------------------------------------------------

_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
DOCTYPES = {
    "laughs": f"<!DOCTYPE x [{_LAUGHS}]>",
    "outside": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file://{bait}">]>',
    "network": '<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd" [<!ENTITY l9 "a">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p"> %p; <!ENTITY l9 "a">]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY l9 "{"a" * 50_000}">]>',
}


def doctypes(port: int, bait: str) -> Files:
    """Entities in each kind of part."""
    sound = members()
    body = document(paragraph("&l9;" * 100))
    for name, text in DOCTYPES.items():
        told = text.replace("{port}", str(port)).replace("{bait}", bait)
        yield f"doctype_{name}", packed({**sound, "word/document.xml": _declared(body, told)}), "D-DOCTYPE"
        utf16 = _declared(body, told).decode().replace("UTF-8", "UTF-16").encode("utf-16")
        yield f"doctype_{name}_utf16", packed({**sound, "word/document.xml": utf16}), "D-XML"
        for part_name in ("[Content_Types].xml", "_rels/.rels"):
            yield (
                f"doctype_{name}_{part_name[1:4]}",
                packed({**sound, part_name: _declared(sound[part_name].decode(), told)}),
                "D-",
            )
        for one, (root, kind) in STORIES.items():
            inside = _declared(story(root, paragraph("&l9;")), told).decode()
            yield f"doctype_{name}_{one}", packed(members(**part(one, kind, inside))), "D-DOCTYPE"
        for one in ("docProps/core.xml", "word/styles.xml", "customXml/item1.xml", "word/settings.xml"):
            odd = _declared(f"{HEAD}<x>&l9;</x>", told)
            yield f"doctype_{name}_{one[-9:-4]}", packed({**sound, one: odd}), "D-DOCTYPE"


def _declared(text: str, doctype: str) -> bytes:
    return text.replace(HEAD, HEAD + doctype).encode()


def odd_xml() -> Files:
    """XML that is deep, broken, or in another encoding."""
    sound = members()
    deep = "<w:p>" * 300 + "</w:p>" * 300
    yield "deep_300", paper(deep), "D-"
    yield "deep_200_tables", paper("<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60), ""
    yield "deep_100000", paper("<w:p>" * 100_000 + "</w:p>" * 100_000), "D-"
    yield "unclosed", paper("<w:p><w:r>"), "D-XML"
    yield "no_root", packed({**sound, "word/document.xml": b""}), "D-XML"
    yield (
        "null_byte",
        packed({**sound, "word/document.xml": sound["word/document.xml"][:400] + b"\0"}),
        "D-XML",
    )
    yield "utf16", packed({**sound, "word/document.xml": document(paragraph(TAG)).encode("utf-16")}), "D-XML"
    for code in ("utf-7", "utf-32", "koi8-r", "ebcdic-cp-be", "shift_jis"):
        text = document(paragraph("+ADw-w:altChunk/+AD4-")).replace("UTF-8", code)
        yield f"encoding_{code}", packed({**sound, "word/document.xml": text.encode()}), ""
    yield (
        "bad_utf8",
        packed({**sound, "word/document.xml": document(paragraph("x")).encode() + b"\xff\xfe"}),
        "D-XML",
    )
    yield "cdata", paper(paragraph("<![CDATA[{{ 7 }}<w:altChunk/>]]>")), ""
    yield "instruction", paper('<?xml-stylesheet href="http://127.0.0.1:1/x"?>' + paragraph(TAG)), ""
    yield "xinclude", paper(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>' + paragraph(TAG)
    ), ""  # fmt: skip
    yield "comment", paper("<!-- {{ 7*7 }} -->" + paragraph(TAG)), ""
    yield "attributes", paper("<w:p " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>"), ""
    yield "namespaces", paper("".join(f'<w:p xmlns:n{n}="urn:{n}"/>' for n in range(20_000))), ""
    yield "long_attribute", paper(f'<w:p w:x="{"x" * 9_000_000}"/>'), ""
    yield "long_text", paper(paragraph("x" * 11_000_000)), ""
    yield "own_signs", paper(paragraph("\ufdd0 0 \ufdd1")), "D-SIGNS"
    yield "own_signs_numeric", paper(paragraph("&#xfdd0;0&#xFDD1;&#64977;")), "D-SIGNS"
    yield "other_namespace", paper().replace(b"x", b"x"), ""
    yield "strict_ooxml", packed(
        {k: v.replace(W_NS.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main") for k, v in sound.items()}
    ), ""  # fmt: skip
    yield (
        "document_is_header",
        packed({**sound, "word/document.xml": story("hdr", paragraph(TAG)).encode()}),
        "",
    )
    yield "root_is_text", packed({**sound, "word/document.xml": f"{HEAD}<x/>".encode()}), ""
    yield "types_is_other", packed({**sound, "[Content_Types].xml": f"{HEAD}<x/>".encode()}), "D-"
    yield "rels_is_other", packed({**sound, "_rels/.rels": f"{HEAD}<x/>".encode()}), ""
    yield "rels_are_missing", packed({**sound, "_rels/.rels": relations().encode()}), ""


# --- by chance -------------------------------------------------------------------------------------------


def mutated(count: int, seed: int, whole: Callable[[], bytes] = paper) -> Files:
    """Sound files with a few bytes, or a few letters of their XML, changed by chance."""
    dice = random.Random(seed)
    data = whole()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    for number in range(count):
        if number % 2:
            made = bytearray(data)
            for _ in range(dice.choice((1, 2, 8, 40))):
                made[dice.randrange(len(made))] = dice.randrange(256)
            yield f"bytes_{seed}_{number}", bytes(made), ""
        else:
            name = dice.choice(list(parts))
            body = bytearray(parts[name])
            for _ in range(dice.choice((1, 2, 5))):
                _wound(body, dice)
            yield f"xml_{seed}_{number}", packed({**parts, name: bytes(body)}), ""


def _wound(body: bytearray, dice: random.Random) -> None:
    at = dice.randrange(max(len(body), 1))
    kind = dice.randrange(5)
    if kind == 0:
        del body[at : at + dice.choice((1, 3, 20))]
    elif kind == 1:
        body[at:at] = dice.choice(
            (b"{{ ", b" }}", b"{% ", b"%}", b"<w:p>", b"</w:p>", b"&#0;", b"\xed\xa0\x80", b"<", b"&x;")
        )
    elif kind == 2 and body:
        body[at % len(body)] = dice.randrange(256)
    elif kind == 3:
        start = body.find(b"<", at)
        end = body.find(b">", start)
        if 0 <= start < end:
            body[end + 1 : end + 1] = body[start : end + 1]
    else:
        start = body.find(b"<", at)
        end = body.find(b">", start)
        if 0 <= start < end:
            del body[start : end + 1]
