"""A form as a PDF: to be filled in on a screen, or printed and filled in by pen.

The paper is the same as in Word. For a screen it is drawn twice: with marks, which tell where each field
stands, and without them; widgets with a font of their own are put over the second one.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...output.package import open_package
from ...output.pdf import to_pdf
from ..sheet import Sheet
from ..word.drawing import stamped, written
from ..word.laying import sections_of
from ..word.reading import BODY
from .surfaces import Pen, Places, Spot
from .widgets import with_widgets


@dataclass(frozen=True, slots=True)
class Placed:
    """A field and where it stands: its page, its left edge and the line its words stand on, in points."""

    spot: Spot
    page: int
    left: float
    base: float


def to_paper(sheet: Sheet, digest: str | None = None, spare: int | None = None) -> bytes:
    """Draw a form to be printed and filled in by pen.

    Raises:
        PapkaError: No engine here can draw it.
    """
    return _drawn([written(sheet, sections_of(sheet, spare), digest, Pen())])[0]


def to_pdf_form(sheet: Sheet, digest: str | None = None, spare: int | None = None) -> bytes:
    """Make a form as a PDF with fields.

    Raises:
        PapkaError: No engine here can draw it.
    """
    sections = sections_of(sheet, spare)
    marks = Places(marked=True)
    papers = [written(sheet, sections, digest, one) for one in (marks, Places(marked=False))]
    marked, plain = _drawn(papers)
    passport = stamped(sheet, sections, digest, open_package(papers[1]).members[BODY])
    return with_widgets(plain, _found(marked, marks.spots), passport, sheet.form.title)


def _drawn(papers: Sequence[bytes]) -> list[bytes]:
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        files = [room / f"{number}.docx" for number in range(len(papers))]
        for file, paper in zip(files, papers, strict=True):
            file.write_bytes(paper)
        drawn = []
        for result in to_pdf(files, room / "out"):
            if result.pdf is None:
                words = tr("The form cannot be drawn as a PDF here: {reason}")
                raise PapkaError(words.format(reason=result.refusal))
            drawn.append(result.pdf.read_bytes())
        return drawn


def _found(marked: bytes, spots: Sequence[Spot]) -> list[Placed]:
    """Return where each mark stands."""

    pypdfium2: Any = import_module("pypdfium2")  # it has no types
    found: dict[int, Placed] = {}
    document = pypdfium2.PdfDocument(marked)
    for number in range(len(document)):
        text = document[number].get_textpage()
        for mark in re.finditer(r"~(\d+)~", text.get_text_range()):
            boxes = [text.get_charbox(at, loose=True) for at in range(mark.start(), mark.end())]
            left, base = min(box[0] for box in boxes), min(box[1] for box in boxes)
            found[int(mark[1])] = Placed(spots[int(mark[1])], number, left, base)
    document.close()
    if len(found) != len(spots):
        words = tr("The form cannot be drawn as a PDF here: {reason}")
        raise PapkaError(words.format(reason=tr("not every field was found on the page")))
    return [found[number] for number in sorted(found)]
