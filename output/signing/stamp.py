"""The stamp that a signature shows on the page: «Документ подписан электронной подписью», and whose it is.

It is drawn as a very small paper by the engine that comes with papka, which brings a Cyrillic font along: the
letters look the same everywhere and only those used are in the file. What stands in it is what GOST R
7.0.97-2016, 5.23, asks of the mark of an electronic signature: the words, number of the certificate, its
owner, its validity.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...core.errors import PapkaError
from ...core.filters import LanguagePack
from ...core.i18n import tr

WIDTH, HEIGHT = 62.0, 12.0
"""Size in mm: as small as it can be read, for it stands where a hand would sign."""
BLUE = (0.12, 0.24, 0.53)
_HEAD, _TEXT, _SMALL = 6.5, 5.5, 4.8
_LONG, _LEAST = 46, 12


@dataclass(frozen=True, slots=True)
class StampWords:
    """What a stamp says.

    Attributes:
        owner: Whose certificate it is.
        serial: Its number, in hexadecimal.
        on: The day of signing.
        pack: The language of the paper that it stands on.
    """

    owner: str
    serial: str
    since: date
    until: date
    on: date
    pack: LanguagePack

    def lines(self, owner: str) -> tuple[str, ...]:
        """Return the lines; a stamp is a part of a paper and speaks its language."""
        on_paper = self.pack.on_paper
        valid = on_paper("Valid from {since} to {until}; signed on {on}")
        days = {name: self.pack.printed(getattr(self, name)) for name in ("since", "until", "on")}
        return (
            on_paper("This document is signed electronically"),
            on_paper("Owner: {owner}").format(owner=owner),
            on_paper("Certificate {serial}").format(serial=self.serial),
            valid.format(**days),
        )


def draw(words: StampWords, folder: Path) -> Path:
    """Draw a stamp as a PDF of one page into a folder; a very long name is cut, the certificate has it whole.

    Raises:
        PapkaError: The engine that comes with papka cannot draw here.
    """
    from ..pdf import Rdocx
    from ..pdf.pages import page_count

    length = len(words.owner)
    while length >= min(_LEAST, len(words.owner)):
        owner = words.owner if length == len(words.owner) else words.owner[:length].rstrip() + "…"
        word = folder / "stamp.docx"
        word.write_bytes(_small_paper(words.lines(owner)))
        pdf = Rdocx().convert([word], folder)[0].pdf
        if pdf is None:
            break
        if page_count(pdf) == 1:
            return pdf
        length -= 4
    raise PapkaError(tr("The stamp of the signature could not be drawn. See: papka doctor."))


def _small_paper(lines: tuple[str, ...]) -> bytes:
    from docx import Document
    from docx.shared import Mm, Pt, RGBColor

    paper = Document()
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(WIDTH), Mm(HEIGHT)
    page.left_margin = page.right_margin = Mm(1.4)
    page.top_margin, page.bottom_margin = Mm(0.9), Mm(0)
    page.header_distance = page.footer_distance = Mm(0)
    for number, line in enumerate(lines):
        paragraph = paper.add_paragraph()
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(line)
        run.bold = number == 0
        run.font.name = "Arial"
        run.font.size = Pt(_HEAD if number == 0 else _SMALL if len(line) > _LONG else _TEXT)
        run.font.color.rgb = RGBColor(*(round(255 * part) for part in BLUE))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
