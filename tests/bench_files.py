"""Helpers of the bench's tests: Word files with one planted mistake, and where it stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from lxml import etree
from reading import PLUGINS

from papka.core.findings import Finding
from papka.output.bench.desk import Desk, Sheet
from papka.output.bench.inspecting import Inspection

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACES = ("body", "cell", "header", "footer", "box")
PARTS = {"header": "word/header1.xml", "footer": "word/footer1.xml"}
DESK = Desk(PLUGINS, "kurgan_ipss")
NAME = "krg_application.docx"
FILLER = "Обычные слова, {{ семья.название }}, и «кавычки» — с тире."
SOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice does not stand here")

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
BOX = f"""<w:r {_SPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>
<wp:extent cx="3000000" cy="600000"/><wp:wrapNone/><wp:docPr id="7" name="Надпись"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3000000" cy="600000"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>
<wps:txbx><w:txbxContent><w:p/></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>
</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style="width:200pt;height:40pt"><v:textbox>
<w:txbxContent><w:p/></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def write_runs(paragraph: etree._Element, text: str) -> None:
    """Write a text as Word keeps it: cut anywhere, and every second piece in bold."""
    for number, piece in enumerate(re.findall(r".{1,5}", text, re.DOTALL)):
        run = etree.SubElement(paragraph, f"{W}r")
        if number % 2:
            etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}b")
        letters = etree.SubElement(run, f"{W}t")
        letters.text = piece
        letters.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def planted(text: str, place: str, path: Path) -> tuple[str, int]:
    """Write a form with a text in one place; return its part and its paragraph."""
    word: Any = Document()
    for _ in range(3):
        word.add_paragraph(FILLER)
    cell = word.add_table(2, 2).cell(1, 1)
    word.add_paragraph(FILLER)
    section = word.sections[0]
    section.header.paragraphs[0].text = "Верх"
    section.footer.paragraphs[0].text = "Низ"
    holders = {
        "body": lambda: word.add_paragraph(),
        "cell": lambda: cell.paragraphs[0],
        "header": lambda: section.header.add_paragraph(),
        "footer": lambda: section.footer.add_paragraph(),
    }
    if place == "box":
        run = parse_xml(BOX)
        word.add_paragraph("Надпись:")._p.append(run)
        boxes = [content[0] for content in run.iter(f"{W}txbxContent")]
        for box in boxes:
            write_runs(box, text)
        target = boxes[0]
    else:
        target = holders[place]()._p
        write_runs(target, text)
    word.add_paragraph(FILLER)
    root = target.getroottree().getroot()
    number = [*root.iter(f"{W}p")].index(target) + 1
    word.save(str(path))
    return PARTS.get(place, "word/document.xml"), number


def form(path: Path, *texts: str) -> Path:
    """Write a form of plain paragraphs."""
    word: Any = Document()
    for text in texts:
        write_runs(word.add_paragraph()._p, text)
    word.save(str(path))
    return path


def sheet(path: Path) -> Sheet:
    return DESK.find(str(path))


def faults(path: Path) -> list[Finding]:
    return Inspection(sheet(path)).findings


def marked(text: str) -> tuple[str, int, int]:
    """Read a text whose faulty words stand between ⟦ and ⟧."""
    start, end = text.index("⟦"), text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), start, end


def ids(found: Sequence[Finding]) -> list[str]:
    return [one.id for one in found]
