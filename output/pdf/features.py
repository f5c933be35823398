"""What a Word file uses that the embedded engine is not proven to draw.

The list was made by drawing each feature with rdocx 0.16.3 and looking: what it loses, or draws as something
else, is named here. Everything else goes through the gate like any other paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ...core.i18n import tr
from ..package import Package, W, open_package
from .blocks import relations
from .labels import Level, Numbering, attribute

_DRAWN_FORMATS = frozenset(
    {"decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "bullet", "none"}
)
_SYMBOL_FONTS = re.compile(r"(Wingdings|Webdings|Symbol$|MT Extra|ZapfDingbats)", re.IGNORECASE)
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_MARGINS = frozenset({f"{W}hdr", f"{W}ftr"})
_FORMS = {"FORMCHECKBOX": "form_checkbox", "FORMDROPDOWN": "form_dropdown"}
_ELEMENTS = {
    f"{W}txbxContent": "text_box",
    f"{W}object": "embedded_object",
    f"{W}control": "embedded_object",
    f"{W}framePr": "frame",
    f"{W}tblpPr": "floating_table",
    f"{W}smartTag": "smart_tag",
    f"{W}customXml": "smart_tag",
    f"{W}sym": "symbol_font",
    f"{W}noBreakHyphen": "no_break_hyphen",
    f"{W}lnNumType": "line_numbers",
    f"{_MATH}oMath": "formula",
    f"{_VML}textpath": "watermark",
    f"{_VML}shape": "shape",
    f"{_VML}rect": "shape",
    f"{_VML}line": "shape",
    f"{W}ins": "tracked_changes",
    f"{W}del": "tracked_changes",
    f"{W}moveFrom": "tracked_changes",
    f"{W}moveTo": "tracked_changes",
}
_GRAPHICS = {
    f"{_DRAWING}chart": "chart",
    f"{_DRAWING}diagram": "chart",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "shape",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup": "shape",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas": "shape",
}
DRAWN_BY_NONE = frozenset({"tracked_changes"})
"""What no engine prints as it should: LibreOffice prints deleted words too."""
_CHANGED = re.compile(rb"<(?:[\w.-]+:)?(?:ins|del|moveFrom|moveTo)[\s/>]")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature that stands in the way of a true print; ``code`` is stable, ``text`` is for people."""

    code: str
    count: int

    @property
    def text(self) -> str:
        """Return its name for people."""
        return feature_names().get(self.code, self.code)


def feature_names() -> dict[str, str]:
    """Return what each feature is called."""
    return {
        "number_format": tr("list labels other than numbers, Latin letters and Roman numerals"),
        "label_font": tr("list labels without a font of their own"),
        "picture_bullet": tr("pictures as list labels"),
        "form_checkbox": tr("old form check boxes"),
        "form_dropdown": tr("old form choices"),
        "symbol_font": tr("signs of Wingdings or another symbol font"),
        "underlined_tab": tr("lines drawn by an underlined tab"),
        "text_box": tr("text boxes"),
        "shape": tr("drawn shapes"),
        "chart": tr("charts and diagrams"),
        "margin_picture": tr("pictures in headers and footers"),
        "watermark": tr("watermarks"),
        "embedded_object": tr("embedded objects"),
        "frame": tr("frames and drop capitals"),
        "floating_table": tr("tables with text flowing around them"),
        "smart_tag": tr("smart tags"),
        "no_break_hyphen": tr("non-breaking hyphens"),
        "line_numbers": tr("line numbers"),
        "formula": tr("formulas"),
        "tracked_changes": tr("tracked changes that nobody accepted or rejected"),
        "split_merge": tr("merged table cells that a page break cuts"),
    }


def unproven(docx: Path) -> list[Feature]:
    """Return the features of a Word file that the embedded engine is not proven to draw.

    Raises:
        PackageFault: The Word file cannot be read.
    """
    return unproven_in(open_package(docx.read_bytes()))


def drawn_by_none(package: Package) -> list[Feature]:
    """Return the features that no engine draws as they should be; a look at the bytes tells most files."""
    if not any(_CHANGED.search(package.members.get(name, b"")) for name in _drawn_parts(package)):
        return []
    return [feature for feature in unproven_in(package) if feature.code in DRAWN_BY_NONE]


def unproven_in(package: Package) -> list[Feature]:
    """Return the same of an opened Word file."""
    found: Counter[str] = Counter()
    for name in _drawn_parts(package):
        root = package.xml(name)
        found.update(_in_part(root))
        if root.tag in _MARGINS:
            found.update("margin_picture" for _ in root.iter(_INLINE))
    found.update(_in_lists(package))
    return [Feature(code, count) for code, count in sorted(found.items())]


def _drawn_parts(package: Package) -> Iterator[str]:
    yield "word/document.xml"
    for kind, name in relations(package, "word/document.xml").values():
        if kind in ("header", "footer", "footnotes", "endnotes"):
            yield name


def _in_part(root: etree._Element) -> Iterator[str]:
    instruction = ""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{W}fldChar" and attribute(element, "fldCharType") == "begin":
            instruction = ""
        elif element.tag == f"{W}instrText":
            instruction += element.text or ""
        elif element.tag == f"{W}fldChar" and attribute(element, "fldCharType") == "end":
            yield from _forms(instruction)
            instruction = ""
        else:
            yield from _in_element(element)


def _forms(instruction: str) -> Iterator[str]:
    words = instruction.split()
    if words and words[0] in _FORMS:
        yield _FORMS[words[0]]


def _in_element(element: etree._Element) -> Iterator[str]:
    code = _ELEMENTS.get(str(element.tag))
    if code is not None:
        yield code
    elif element.tag == f"{W}r":
        yield from _in_run(element)
    elif str(element.tag).endswith("}graphicData"):
        yield from filter(None, [_GRAPHICS.get(element.get("uri") or "")])


def _in_run(run: etree._Element) -> Iterator[str]:
    text = "".join(t.text or "" for t in run.findall(f"{W}t"))
    if "\u2011" in text:
        yield "no_break_hyphen"
    properties = run.find(f"{W}rPr")
    if properties is None:
        return
    line = properties.find(f"{W}u")
    if line is not None and attribute(line) != "none" and run.find(f"{W}tab") is not None:
        yield "underlined_tab"
    fonts = properties.find(f"{W}rFonts")
    if fonts is not None and text.strip() and _SYMBOL_FONTS.match(fonts.get(f"{W}ascii") or ""):
        yield "symbol_font"


def _in_lists(package: Package) -> Iterator[str]:
    """Look at the levels that paragraphs use; a level that none uses harms nobody."""
    links = {kind: name for kind, name in relations(package, "word/document.xml").values()}
    parts = [package.xml(links[kind]) if kind in links else None for kind in ("numbering", "styles")]
    numbering = Numbering(*parts)
    used: set[tuple[str, int]] = set()
    for paragraph in package.xml("word/document.xml").iter(f"{W}p"):
        place = numbering.place(paragraph.find(f"{W}pPr"))
        if place is not None:
            used.add(place)
    for place in sorted(used):
        level = numbering.level(place)
        if level is not None and not level.silent:
            yield from _in_level(level)


def _in_level(level: Level) -> Iterator[str]:
    if level.format == "picture":
        yield "picture_bullet"
    elif level.format not in _DRAWN_FORMATS:
        yield "number_format"
    elif level.font is None and level.text.strip() and level.format != "none":
        yield "label_font"
