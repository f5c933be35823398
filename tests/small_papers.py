"""Small Word files, made in a test: paragraphs, lists, tables, headers, and what a test puts in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TIMES = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
SYMBOL = '<w:rPr><w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol"/></w:rPr>'
NB = "\u00a0"


def run(text: str, properties: str = "") -> str:
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(text: str = "", properties: str = "", raw: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}{raw}</w:p>"


def numbered(text: str, level: int = 0, number: int = 1) -> str:
    return par(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def marked(mark: str, text: str) -> str:
    return par(raw=f"<w:r>{SYMBOL}<w:t>{mark}</w:t></w:r>{run(' ' + text)}")


def field(instruction: str, shown: str = "1") -> str:
    part = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    asked = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return part.format("begin") + asked + part.format("separate") + run(shown) + part.format("end")


def table(rows: Sequence[Sequence[str]], whole: bool = True) -> str:
    width = 9000 // max(map(len, rows))
    row_properties = "<w:trPr><w:cantSplit/></w:trPr>" if whole else ""
    cell = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{{}}</w:tc>'
    body = ""
    for row in rows:
        cells = "".join(cell.format(text if text.startswith("<") else par(text)) for text in row)
        body += f"<w:tr>{row_properties}{cells}</w:tr>"
    grid = f'<w:gridCol w:w="{width}"/>' * max(map(len, rows))
    properties = '<w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def level(index: int, kind: str, text: str, fonts_xml: str = TIMES, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}<w:suff w:val="space"/>'
        f'<w:lvlText w:val="{text}"/><w:rPr>{fonts_xml}</w:rPr></w:lvl>'
    )


LEVELS = (
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2.") + level(2, "lowerLetter", "%3)"),
    level(0, "bullet", "–"),
    level(0, "russianLower", "%1)"),
    level(0, "decimal", "%1.", fonts_xml=""),
)
"""List 1: clauses; 2: dashes; 3: Russian letters; 4: a list without a font. List 9 begins list 1 anew."""


def numbering() -> str:
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>' for n, levels in enumerate(LEVELS, 1)
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, 5))
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = f'<w:num w:numId="9"><w:abstractNumId w:val="1"/>{anew}</w:num>'
    return f'<w:numbering xmlns:w="{W}">{lists}{numbers}{again}</w:numbering>'


def styles() -> str:
    defaults = f'<w:rPrDefault><w:rPr>{TIMES}<w:sz w:val="24"/><w:lang w:val="ru-RU"/></w:rPr></w:rPrDefault>'
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    clause = (
        '<w:style w:type="paragraph" w:styleId="clause"><w:name w:val="Clause"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    return f'<w:styles xmlns:w="{W}"><w:docDefaults>{defaults}</w:docDefaults>{normal}{clause}</w:styles>'


def word_file(path: Path, body: str, header: str = "", footer: str = "", first: bool = False) -> Path:
    """Write a small Word file; the header and footer are paragraphs."""
    parts = {"styles": styles(), "numbering": numbering()}
    for name, inside in (("header", header), ("footer", footer)):
        if inside:
            tag = "hdr" if name == "header" else "ftr"
            parts[name] = f'<w:{tag} xmlns:w="{W}">{inside}</w:{tag}>'
    references = "".join(
        f'<w:{name}Reference w:type="default" r:id="{name}"/>'
        for name in ("header", "footer")
        if name in parts
    )
    section = (
        f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="567" '
        f'w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
        f"{'<w:titlePg/>' if first else ''}</w:sectPr>"
    )
    document = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}{section}</w:body></w:document>'
    members = {
        "[Content_Types].xml": _types(list(parts)),
        "_rels/.rels": _relations({"main": ("officeDocument", "word/document.xml")}),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations({name: (name, f"{name}.xml") for name in parts}),
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    path.write_bytes(out.getvalue())
    return path


def _types(parts: Sequence[str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/>' for name in parts
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def related_to_itself(path: Path, body: str) -> Path:
    """Write a Word file with a part that names itself as its own header: LibreOffice 7.4 dies of it."""
    word_file(path, body, header=par("верх"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/_rels/header.xml.rels", _relations({"header": ("header", "header.xml")}))
    return path
