"""Marks on papers: a draft says on each page that it is one, a correction says what it takes the place of.

The mark of a draft is what Word itself calls a watermark: it stands in the headers, behind the words, and
moves none of them. In a PDF it is drawn with strokes, so that it needs no font.
"""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterator

from lxml import etree
from markupsafe import escape

from .package import RELATIONSHIPS, Package, W, open_package, parse
from .zipping import lying_in

WORD = "DRAFT"
"""What is written where the strokes of a language's own word are not known."""
GREY = 0.88
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = W.strip("{}")
_RELS = "word/_rels/document.xml.rels"
_OWN = "word/headerDraft.xml"
_OWN_ID = "rIdDraft"
_HEADER = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"

_SHAPE = """\
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"\
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">\
<w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"\
 adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>\
<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>\
<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>\
<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>\
<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom"\
 o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>\
<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/>\
</v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>\
<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{number}" type="#_x0000_t136"\
 o:allowincell="f" style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:92pt;\
rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;\
mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#e0e0e0" stroked="f">\
<v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt" string="{word}"/></v:shape>\
</w:pict></w:r>"""
"""Word's own watermark; the formulas are those of its shape 136, text on a line (ECMA-376, part 4)."""

_SAID = """\
<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:pPr><w:spacing w:before="0"\
 w:after="120"/><w:ind w:firstLine="0"/><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:rFonts\
 w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="20"/></w:rPr>\
<w:t xml:space="preserve">{words}</w:t></w:r></w:p>"""


def as_draft(paper: bytes, word: str) -> bytes:
    """Return a Word file with a word that marks it as a draft on each of its pages."""
    own = lying_in(paper)
    # What papka has just written need not prove that it is harmless.
    package = open_package(paper) if own is None else Package.unpacked(own)
    document = package.xml("word/document.xml")
    # A Word file that nobody's Word has written may do without.
    relations = package.xml(_RELS) if _RELS in package.members else _no_relations()
    changed = _with_headers(package, document, relations)
    for number, name in enumerate(_headers({*package.members, *changed}, document, relations), start=1):
        root = parse(changed.get(name) or package.members[name], name)
        home = next(root.iter(f"{W}p"), None)
        if home is None:
            home = etree.SubElement(root, f"{W}p")
        home.append(etree.fromstring(_SHAPE.format(number=2048 + number, word=escape(word))))
        changed[name] = _bytes(root)
    return package.write(changed)


def _no_relations() -> etree._Element:
    return etree.fromstring(f'<Relationships xmlns="{RELATIONSHIPS.strip("{}")}"/>')


def with_words(paper: bytes, words: str) -> bytes:
    """Return a Word file with a line of words above its first paragraph, at the right."""
    package = open_package(paper)
    root = package.xml("word/document.xml")
    body = next(root.iter(f"{W}body"))
    body.insert(0, etree.fromstring(_SAID.format(words=escape(words))))
    return package.write({"word/document.xml": _bytes(root)})


def _headers(members: Collection[str], document: etree._Element, relations: etree._Element) -> Iterator[str]:
    """Return the parts that some section shows as its header."""
    shown = {one.get(f"{_R}id") for one in document.iter(f"{W}headerReference")}
    for one in relations.iter(f"{RELATIONSHIPS}Relationship"):
        target = one.get("Target") or ""
        name = target.lstrip("/") if target.startswith("/") else f"word/{target}"
        if one.get("Id") in shown and name in members:
            yield name


def _with_headers(package: Package, document: etree._Element, relations: etree._Element) -> dict[str, bytes]:
    """Give the first section each kind of header that it lacks; the sections after it take it over."""
    sections = list(document.iter(f"{W}sectPr"))
    if not sections:
        return {}
    wanted = ["default"]
    if any(one.find(f"{W}titlePg") is not None for one in sections):
        wanted.append("first")
    settings = package.members.get("word/settings.xml", b"")
    if b"evenAndOddHeaders" in settings:
        wanted.append("even")
    there = {one.get(f"{W}type") for one in sections[0].iter(f"{W}headerReference")}
    lacking = [one for one in wanted if one not in there]
    if not lacking:
        return {}
    for kind in reversed(lacking):
        reference = etree.Element(f"{W}headerReference", nsmap={"w": _WORD, "r": _OFFICE})
        reference.set(f"{W}type", kind)
        reference.set(f"{_R}id", _OWN_ID)
        sections[0].insert(0, reference)
    header = etree.Element(f"{W}hdr", nsmap={"w": _WORD})
    etree.SubElement(header, f"{W}p")
    announced = _announced(package, relations)
    return {"word/document.xml": _bytes(document), _OWN: _bytes(header), **announced}


def _announced(package: Package, relations: etree._Element) -> dict[str, bytes]:
    one = etree.SubElement(relations, f"{RELATIONSHIPS}Relationship")
    one.set("Id", _OWN_ID)
    one.set("Type", f"{_OFFICE}/header")
    one.set("Target", _OWN.removeprefix("word/"))
    types = package.xml("[Content_Types].xml")
    part = etree.SubElement(types, f"{_TYPES}Override")
    part.set("PartName", f"/{_OWN}")
    part.set("ContentType", _HEADER)
    return {_RELS: _bytes(relations), "[Content_Types].xml": _bytes(types)}


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# --- PDF -------------------------------------------------------------------------------------------------

_LETTERS = {
    "Ч": ((0, 1.4, 0, 0.9, 0.15, 0.7, 0.8, 0.7), (0.8, 1.4, 0.8, 0)),
    "Е": ((0.75, 1.4, 0, 1.4, 0, 0, 0.75, 0), (0, 0.72, 0.62, 0.72)),
    "Р": ((0, 0, 0, 1.4, 0.6, 1.4, 0.8, 1.25, 0.8, 0.8, 0.6, 0.65, 0, 0.65),),
    "Н": ((0, 0, 0, 1.4), (0.8, 0, 0.8, 1.4), (0, 0.72, 0.8, 0.72)),
    "О": ((0.22, 0, 0, 0.25, 0, 1.15, 0.22, 1.4, 0.62, 1.4, 0.84, 1.15, 0.84, 0.25, 0.62, 0, 0.22, 0),),
    "В": (
        (0, 0, 0, 1.4, 0.55, 1.4, 0.72, 1.25, 0.72, 0.9, 0.55, 0.75, 0, 0.75),
        (0.55, 0.75, 0.8, 0.58, 0.8, 0.17, 0.6, 0, 0, 0),
    ),
    "И": ((0, 1.4, 0, 0, 0.8, 1.4, 0.8, 0),),
    "К": ((0, 0, 0, 1.4), (0.8, 1.4, 0, 0.62), (0.25, 0.83, 0.84, 0)),
    "D": ((0, 0, 0, 1.4, 0.45, 1.4, 0.78, 1.05, 0.78, 0.35, 0.45, 0, 0, 0),),
    "R": ((0, 0, 0, 1.4, 0.6, 1.4, 0.8, 1.25, 0.8, 0.8, 0.6, 0.65, 0, 0.65), (0.4, 0.65, 0.82, 0)),
    "A": ((0, 0, 0.42, 1.4, 0.84, 0), (0.15, 0.5, 0.69, 0.5)),
    "F": ((0.78, 1.4, 0, 1.4, 0, 0), (0, 0.72, 0.62, 0.72)),
    "T": ((0, 1.4, 0.84, 1.4), (0.42, 1.4, 0.42, 0)),
}
"""The letters of the words as strokes: corners one after another, across and up, in widths of a letter."""

_ADVANCE, _HEIGHT = 1.25, 1.4


def draft_pages(pdf: bytes, word: str) -> bytes:
    """Return a PDF with a word that marks it as a draft behind the words of each page."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        box = page.mediabox
        # A page that is turned on the screen is turned under the mark.
        drawn = _strokes(word, float(box.width), float(box.height), int(page.rotation or 0))
        stream = DecodedStreamObject()
        stream.set_data(b"q " + drawn + b" Q\n")
        mark = writer._add_object(stream.flate_encode())
        contents = page.get("/Contents")
        own = contents.get_object() if contents is not None else None
        rest = list(own) if isinstance(own, ArrayObject) else [contents] if contents is not None else []
        page[NameObject("/Contents")] = ArrayObject([mark, *rest])
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _strokes(word: str, width: float, height: float, turned: int) -> bytes:
    """Return the word as PDF strokes, aslant over the middle of a page, in points."""
    word = word if set(word) <= set(_LETTERS) else WORD
    long = len(word) * _ADVANCE - (_ADVANCE - 0.84)
    size = (
        0.78 * min(width, height) / (long * math.cos(math.radians(45)) + _HEIGHT * math.cos(math.radians(45)))
    )
    slant = math.radians(45 + turned)
    c, s = math.cos(slant) * size, math.sin(slant) * size
    across, up = long / 2, _HEIGHT / 2
    x0 = width / 2 - (c * across - s * up)
    y0 = height / 2 - (s * across + c * up)
    lines = [f"{GREY} G 1 J 1 j 0.2 w {c:.3f} {s:.3f} {-s:.3f} {c:.3f} {x0:.2f} {y0:.2f} cm"]
    for place, letter in enumerate(word):
        for stroke in _LETTERS[letter]:
            corners = zip(stroke[::2], stroke[1::2], strict=True)
            told = [f"{place * _ADVANCE + x:.2f} {y:.2f}" for x, y in corners]
            lines.append(f"{told[0]} m " + " ".join(f"{one} l" for one in told[1:]) + " S")
    return "\n".join(lines).encode("ascii")
