"""The fixed parts of a form's Word file: looks, settings, footer, and the passport in its own part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from ...core.filters import LanguagePack
from ...output.package import Package, parse
from .passport import Passport

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OWN = "urn:papka:form"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_SHORT = ("form", "programme", "version", "case", "digest")
_SAID = re.compile(
    r"(?P<form>[\w.]+) · [^·]*?(?P<programme>[\w.]+) · [^·]*?(?P<version>\b[0-9a-f]{8})\b"
    r"(?: · \w+ (?P<case>[^·]+?) · SHA-256 (?P<digest>[0-9a-f]{64}))?"
)
"""The foot of a page in whatever language: the words before each name are left aside."""


def footer_line(passport: Passport, on_paper: Callable[[str], str]) -> str:
    """Return what the foot of each page says of the form; nobody's name is in it."""
    said = on_paper("Form {form} · programme {programme} · version {version}").format(
        form=passport.form, programme=passport.programme, version=passport.version
    )
    if not passport.digest:
        return said
    of_case = on_paper("case {case}").format(case=passport.case)
    return f"{said} · {of_case} · SHA-256 {passport.digest}"


def members(passport: Passport, title: str, lists: tuple[str, ...], pack: LanguagePack) -> dict[str, bytes]:
    """Return all parts but the text.

    Args:
        lists: How an item of each list is called; its blocks are counted by Word itself.
        pack: The language of the form.
    """
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
            (f"{_OFFICE}/custom-properties", "docProps/custom.xml"),
        ),
        "docProps/app.xml": f"{XML}<Properties "
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>papka</Application></Properties>",
        "docProps/core.xml": f"{XML}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>papka</dc:creator></cp:coreProperties>",
        "docProps/custom.xml": _custom(passport),
        "customXml/item1.xml": f'{XML}<form xmlns="{_OWN}">{escape(passport.as_text())}</form>',
        "customXml/_rels/item1.xml.rels": _relations((f"{_OFFICE}/customXmlProps", "itemProps1.xml")),
        "customXml/itemProps1.xml": f'{XML}<ds:datastoreItem ds:itemID="{{5E0F6D3A-7C1B-4F52-9D0A-'
        '7A1B3C5D7E9F}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{_OWN}"/></ds:schemaRefs></ds:datastoreItem>',
        "word/_rels/document.xml.rels": _relations(
            (f"{_OFFICE}/styles", "styles.xml"),
            (f"{_OFFICE}/settings", "settings.xml"),
            (f"{_OFFICE}/numbering", "numbering.xml"),
            (f"{_OFFICE}/footer", "footer1.xml"),
            (f"{_OFFICE}/customXml", "../customXml/item1.xml"),
        ),
        "word/settings.xml": f'{XML}<w:settings {W_NS}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="709"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{pack.proofing}"/></w:settings>',
        "word/styles.xml": _styles(pack.proofing),
        "word/numbering.xml": _numbering(lists),
        "word/footer1.xml": f"{XML}<w:ftr {W_NS}>{_paragraph(_page(pack.on_paper('page')), 'Page')}"
        f"{_paragraph(_text(footer_line(passport, pack.on_paper)), 'Foot')}</w:ftr>",
    }
    return {name: text.encode() for name, text in parts.items()}


FOOTER = "rId4"


def passport_in(package: Package) -> Passport | None:
    """Find what a form says of itself: in its own part, in the properties, or at the foot of a page."""
    for name in package.members:
        if re.fullmatch(r"customXml/item\d+\.xml", name):
            root = parse(package.members[name], name)
            if root.tag == f"{{{_OWN}}}form" and (found := Passport.of_text(root.text or "")):
                return found
    said = _properties(package)
    if {"form", "programme", "version"} <= said.keys():
        return Passport(**said)  # type: ignore[arg-type]
    return next(_at_the_foot(package), None)


def _properties(package: Package) -> dict[str, str]:
    if "docProps/custom.xml" not in package.members:
        return {}
    found = {}
    for one in package.xml("docProps/custom.xml"):
        name = (one.get("name") or "").removeprefix("papka_")
        text = "".join(str(part) for part in one.itertext()).strip()
        if name in _SHORT and text:
            found[name] = text
    return found


def _at_the_foot(package: Package) -> Iterator[Passport]:
    for name in package.members:
        if re.fullmatch(r"word/footer\d*\.xml", name):
            text = "".join(str(part) for part in package.xml(name).itertext())
            if said := _SAID.search(text):
                yield Passport(**said.groupdict())  # type: ignore[arg-type]


def _types() -> str:
    parts = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/numbering.xml": f"{_WORD}.numbering+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    }
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(*links: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(links, 1)
    )
    return f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _custom(passport: Passport) -> str:
    said = [(name, getattr(passport, name)) for name in _SHORT]
    listed = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="papka_{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for n, (name, value) in enumerate(((one, value) for one, value in said if value), 2)
    )
    return f'{XML}<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VALUES}">{listed}</Properties>'


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(runs: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _page(word: str) -> str:
    # A word before the number parts it from a figure that ends the page, for whoever reads the PDF's text.
    return (
        f'{_text(f"{word} ")}<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


_FONTS = " ".join(f'w:{kind}="Times New Roman"' for kind in ("ascii", "hAnsi", "cs", "eastAsia"))


def _numbering(lists: tuple[str, ...]) -> str:
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{escape(one, _QUOTED)} %1"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr><w:rPr>'
        f'<w:rFonts {_FONTS}/><w:b/><w:sz w:val="24"/></w:rPr></w:lvl></w:abstractNum>'
        for n, one in enumerate(lists, 1)
    )
    numbers = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, len(lists) + 1)
    )
    return f"{XML}<w:numbering {W_NS}>{abstract}{numbers}</w:numbering>"


_QUOTED = {'"': "&quot;"}

_LOOKS = (
    # id, half-points, alignment, bold, italic, space before and after in twentieths of a point, kept with
    # the next
    ("FormTitle", 28, "center", True, False, 0, 60, True),
    ("FormNote", 20, "center", False, True, 0, 120, True),
    ("Part", 24, "left", True, False, 280, 80, True),
    ("PartNote", 20, "left", False, True, 0, 80, True),
    ("ItemTitle", 24, "left", True, False, 200, 60, True),
    ("GroupTitle", 22, "left", True, False, 40, 20, True),
    ("TableTitle", 22, "left", False, False, 160, 60, True),
    ("Label", 22, "left", False, False, 20, 20, False),
    ("Hint", 18, "left", False, True, 0, 20, False),
    ("Field", 24, "left", False, False, 20, 20, False),
    ("FieldSmall", 20, "left", False, False, 10, 10, False),
    ("Head", 20, "center", True, False, 20, 20, False),
    ("Gap", 2, "left", False, False, 0, 0, False),
    ("Page", 20, "center", False, False, 0, 0, False),
    ("Foot", 13, "center", False, False, 20, 0, False),
    ("Closing", 22, "left", False, False, 360, 0, False),
)


def _style(
    name: str, size: int, align: str, bold: bool, italic: bool, before: int, after: int, kept: bool
) -> str:
    weight = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{"<w:keepNext/>" if kept else ""}'
        f'<w:spacing w:before="{before}" w:after="{after}"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def _styles(language: str) -> str:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = "".join(f'<w:{side} w:w="85" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f"{XML}<w:styles {W_NS}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {_FONTS}/>"
        f'<w:sz w:val="24"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
        '<w:rPr><w:color w:val="808080"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f"<w:tblPr><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="Ruled"><w:name w:val="Ruled"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr></w:style>'
        f"{''.join(_style(*look) for look in _LOOKS)}</w:styles>"
    )
