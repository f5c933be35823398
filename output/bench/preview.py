"""`papka template preview`: what a template becomes with an example case, at once or at each save."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.i18n import tr
from ...core.opening import OpenCase, open_case
from ...core.programmes.region import Method, Region
from ..rendering import Press, Rendered
from ..saving import write_atomically
from ..work import Made, press_all
from .checking import show
from .desk import Desk, Sheet, plain_stem
from .inspecting import Inspection

FOLDER = "preview"
_PAUSE = 0.3
_DENSITY = 110


@dataclass(frozen=True)
class Order:
    """What a methodologist asked for."""

    file: str
    case: str | None = None
    out: Path | None = None
    watch: bool = False
    engine: str | None = None
    document: str | None = None


def carry_out(desk: Desk, order: Order) -> int:
    """Draw the template up, and again at each save if asked; exit 3 when it has faults."""
    sheet = desk.find(order.file, order.document)
    if sheet.document is None:
        words = tr("Say which document {file} is a template of: --document ID.")
        raise AskedWrongly(words.format(file=sheet.path.name))
    viewer = _Viewer(desk, sheet, order)
    if not order.watch:
        return viewer.draw()
    return _watch(viewer, sheet.path)


# --- drawing ---------------------------------------------------------------------------------------------


class _Viewer:
    def __init__(self, desk: Desk, sheet: Sheet, order: Order) -> None:
        self.desk = desk
        self.sheet = sheet
        self.order = order
        self.folder = order.out or sheet.folder / FOLDER

    def draw(self) -> int:
        """Draw once; faults are shown instead of a paper."""
        inspection = Inspection(self.sheet)
        if inspection.findings:
            for finding in inspection.findings:
                show(finding, inspection.text(finding))
            click.echo("")
            click.echo(tr("The template has faults; nothing was drawn up."))
            return 3
        papers = self._papers()
        made = press_all(papers, self.folder, pdf=True, engine=self.order.engine)
        for one in made:
            self._tell(one)
        return 1 if any(one.refusal for one in made) else 0

    def _papers(self) -> list[Rendered]:
        """Draw with the case asked for, or with the first example that has the facts."""
        last: PapkaError | None = None
        for opened in self._cases():
            press = Press(self._method(opened), opened.language)
            assert self.sheet.document is not None
            try:
                papers = list(press.render(opened.case, self.sheet.document, last_day(opened)))
            except Refused as refused:
                last = refused
                continue
            click.echo(tr("Case: {name}").format(name=opened.path.name))
            stem = plain_stem(self.sheet.path)
            return [replace(one, name=one.name.replace(one.document, stem, 1)) for one in papers]
        raise last or AskedWrongly(tr("The programme has no example; name a case with --case."))

    def _cases(self) -> Iterator[OpenCase]:
        if self.order.case is not None:
            yield open_case(self.order.case, Path.cwd(), self.desk.plugins)
            return
        for method in self.sheet.methods:
            for path in examples(method.region):
                yield open_case(str(path), Path.cwd(), self.desk.plugins)

    def _method(self, opened: OpenCase) -> Method:
        return with_template(opened.method, str(self.sheet.document), self.sheet.path)

    def _tell(self, made: Made) -> None:
        click.echo(f"✓ {made.docx}")
        pages = _pictures(made.pdf, self.folder) if made.pdf else []
        for path in [made.pdf, *pages] if made.pdf else []:
            click.echo(f"  {path}")
        if made.refusal:
            click.echo(f"  ! {made.refusal}")


def with_template(method: Method, document: str, template: Path) -> Method:
    """Return a method with one template in place of a document's own.

    Raises:
        AskedWrongly: The case's programme has no such document.
    """
    if document not in method.papers:
        words = tr("The programme {programme} of the case has no document {document}.")
        raise AskedWrongly(words.format(programme=method.programme.id, document=document))
    papers = {**method.papers, document: replace(method.papers[document], template=template)}
    return replace(method, papers=papers)


def examples(region: Region) -> list[Path]:
    """Return the example cases of a region, the one that it names first."""
    return sorted(region.examples(), key=lambda path: (path.name != region.programme.example, path.name))


def last_day(opened: OpenCase) -> date:
    """Return the day on which the family's story has been told to its end."""
    closure = opened.case.closure
    days = [decision.on for decision in opened.case.decisions]
    days += [day for day in (closure.decided_on, closure.farewell_on) if day] if closure else []
    return max(days, default=opened.case.referral.received_on)


def _pictures(pdf: Path, folder: Path) -> list[Path]:
    """Write a picture of each page; those of pages that are no more are taken away."""
    pages: list[Path] = []
    for number, picture in enumerate(_pages(pdf), start=1):
        path = folder / f"{pdf.stem}-{number}.png"
        write_atomically(path, picture)
        pages.append(path)
    number = len(pages) + 1
    while (path := folder / f"{pdf.stem}-{number}.png").exists():
        path.unlink()
        number += 1
    return pages


def _pages(pdf: Path) -> Iterator[bytes]:
    from importlib import import_module

    pdfium: Any = import_module("pypdfium2")  # it has no types
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            drawn = page.render(scale=_DENSITY / 72, rev_byteorder=True, prefer_bgrx=False)
            yield _png(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, drawn.n_channels)


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Write a picture as PNG: the format is small enough to need no library."""
    import struct
    import zlib

    colour = {1: 0, 3: 2, 4: 6}[channels]
    lines = b"".join(b"\0" + pixels[y * stride : y * stride + width * channels] for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


# --- watching --------------------------------------------------------------------------------------------

_State = tuple[int, int]


def _watch(viewer: _Viewer, path: Path) -> int:
    """Draw at each save until Ctrl-C; a file that is half saved is waited for."""
    click.echo(tr("Watching {file}; Ctrl-C ends it.").format(file=path))
    drawn: _State | None = None
    try:
        while True:
            state = _settled(path)
            if state is not None and state != drawn:
                drawn = state
                _draw_again(viewer)
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        click.echo("")
        click.echo(tr("Stopped watching."))
        return 0


def _settled(path: Path) -> _State | None:
    """Return the state of the file once it has stopped changing; None while Word holds or writes it."""
    before = _state(path)
    time.sleep(_PAUSE)
    return before if before is not None and before == _state(path) else None


def _state(path: Path) -> _State | None:
    try:
        found = path.stat()
        with path.open("rb") as stream:
            stream.read(1)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found.st_size else None


def _draw_again(viewer: _Viewer) -> None:
    """Draw, and say what is wrong; a file that was not whole yet changes once more and is drawn then."""
    try:
        viewer.draw()
    except PapkaError as error:
        click.echo(f"✗ {error}")
        for finding in getattr(error, "findings", ()):
            show(finding, None)
    click.echo(tr("Waiting for the next save …"))
