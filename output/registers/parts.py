"""The parts of a Word file that are the same in every register and report."""

from __future__ import annotations

from types import MappingProxyType
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _types() -> str:
    parts = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/header1.xml": f"{_WORD}.header+xml",
        "/word/header2.xml": f"{_WORD}.header+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    named = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in sorted(parts.items())
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(*links: tuple[str, str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in links
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _fixed(language: str) -> dict[str, bytes]:
    members = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            ("rId1", f"{_OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", f"{_OFFICE}/extended-properties", "docProps/app.xml"),
        ),
        "docProps/app.xml": f"{_XML}<Properties "
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>papka</Application></Properties>",
        "word/_rels/document.xml.rels": _relations(
            ("rId1", f"{_OFFICE}/styles", "styles.xml"),
            ("rId2", f"{_OFFICE}/header", "header1.xml"),
            ("rId3", f"{_OFFICE}/header", "header2.xml"),
            ("rId4", f"{_OFFICE}/settings", "settings.xml"),
        ),
        "word/settings.xml": f'{_XML}<w:settings {_W}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="709"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/></w:settings>',
    }
    return {name: text.encode() for name, text in members.items()}


RUSSIAN = "ru-RU"
FIXED = MappingProxyType(_fixed(RUSSIAN))


def frame(language: str) -> dict[str, bytes]:
    """Return the fixed parts and the styles of a paper in a language, as a word processor knows it."""
    return {**_fixed(language), "word/styles.xml": styles(language)}


def header(mark: str | None, *, with_number: bool) -> bytes:
    """Return what stands above a page: its number in the middle, and the mark of confidentiality."""
    number = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    middle = f'<w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>{number if with_number else ""}</w:p>'
    told = f"<w:r><w:t>{escape(mark)}</w:t></w:r>" if mark else ""
    right = f'<w:p><w:pPr><w:pStyle w:val="Mark"/></w:pPr>{told}</w:p>' if mark else ""
    return f"{_XML}<w:hdr {_W}>{middle}{right}</w:hdr>".encode()


_LOOKS = (
    # id, half-points, alignment, bold, space before and after in twentieths of a point, kept with the next
    ("CoverOrganisation", 28, "center", False, 600, 1600, False),
    ("CoverTitle", 36, "center", True, 0, 1200, False),
    ("CoverDay", 28, "right", False, 0, 200, False),
    ("CoverLine", 24, "left", False, 120, 0, False),
    ("Organisation", 24, "center", False, 0, 240, False),
    ("PaperTitle", 28, "center", True, 0, 160, False),
    ("Line", 24, "left", False, 0, 60, False),
    ("Section", 24, "left", True, 240, 120, True),
    ("Gap", 2, "left", False, 0, 0, False),
    ("Empty", 24, "left", False, 120, 60, False),
    ("Cell", 20, "left", False, 20, 20, False),
    ("CellMiddle", 20, "center", False, 20, 20, False),
    ("CellHead", 20, "center", True, 20, 20, False),
    ("CellSmall", 18, "left", False, 20, 20, False),
    ("CellSmallMiddle", 18, "center", False, 20, 20, False),
    ("CellSmallHead", 16, "center", True, 20, 20, False),
    ("Note", 20, "left", False, 60, 60, False),
    ("Closing", 24, "left", False, 300, 0, True),
    ("PageNumber", 24, "center", False, 0, 0, False),
    ("Mark", 16, "right", False, 0, 0, False),
)


def _style(name: str, size: int, align: str, bold: bool, before: int, after: int, kept: bool) -> str:
    keep = "<w:keepNext/>" if kept else ""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{keep}<w:spacing w:before="{before}" w:after="{after}"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def styles(language: str = RUSSIAN) -> bytes:
    """Return the styles: Times New Roman, tables ruled by thin lines."""
    fonts = " ".join(f'w:{kind}="Times New Roman"' for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f"{_XML}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
        f'<w:sz w:val="24"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f"<w:tblPr><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="table" w:styleId="Ruled"><w:name w:val="Ruled"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr></w:style>"
        f"{''.join(_style(*look) for look in _LOOKS)}</w:styles>"
    ).encode()
