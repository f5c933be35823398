"""Where a page that came back lies: in one PDF beside its paper, in order; nothing that lay there is lost.

``<paper>.scan.pdf`` holds the latest picture of each page; the number of each is its page label, as readers
show it. A picture that a later one took the place of moves to ``<paper>.scan.before.pdf``.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.oserrors import not_written, why
from ..issued.cards import beside
from ..saving import write_atomically

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal
    from ...core.office import Office

SCAN, BEFORE = ".scan.pdf", ".scan.before.pdf"
SCANS = "scans"
"""The folder of an office where pages lie that found no paper."""
_LONG_SIDE = 297 / 25.4 * 72
_WAIT = 60.0

Result = Literal["filed", "replaced", "already", "former"]


@dataclass(frozen=True)
class Sheet:
    """One page as it is kept.

    Attributes:
        page: Which page of its paper.
        turn: By how many degrees, clockwise, a reader turns the picture.
    """

    page: int
    jpeg: bytes
    turn: int
    size: tuple[int, int]
    grey: bool

    @property
    def digest(self) -> str:
        """SHA-256 of the picture."""
        return hashlib.sha256(self.jpeg).hexdigest()


def file_page(
    office: Office, journal: Journal, entry: Entry, sheet: Sheet, *, unsigned: bool = False
) -> Result:
    """Put a page to its paper and record it.

    Whatever stops papka on the way, the same page filed again comes to the same end.

    Args:
        unsigned: Whether the page lacks signatures that another picture of it has shown: it is another copy,
            and does not take the place of the signed one.

    Returns:
        ``filed``; ``replaced`` if another picture of the page lay there; ``already`` if this very picture
        lies there; ``former`` if it lay there before a later one, or lies aside for it is not signed.

    Raises:
        PapkaError: The file of the scans cannot be read or written.
    """
    place, before = beside(office.folder, entry, SCAN), beside(office.folder, entry, BEFORE)
    assert place is not None
    assert before is not None
    with locked(office):
        lying = sheets(place)
        old = next((one for one in lying if one.page == sheet.page), None)
        result: Result = "filed" if old is None else "replaced"
        if old is not None and old.digest == sheet.digest:
            result = "already"
        else:
            earlier = sheets(before)
            known = {(one.page, one.digest) for one in earlier}
            if (sheet.page, sheet.digest) in known:
                return "former"
            if old is not None and unsigned:
                write_atomically(before, as_pdf([*earlier, sheet]))
                return "former"
            if old is not None and (old.page, old.digest) not in known:
                write_atomically(before, as_pdf([*earlier, old]))
            rest = [one for one in lying if one.page != sheet.page]
            write_atomically(place, as_pdf(sorted([*rest, sheet], key=lambda one: one.page)))
        _record(office, journal, entry, sheet, place)
    return result


def _record(office: Office, journal: Journal, entry: Entry, sheet: Sheet, place: Path) -> None:
    from ...core.journal.entries import Mark

    name = str(sheet.page)
    known = journal.marks([entry.id]).get(entry.id, [])
    mine = next((one for one in known if (one.kind, one.name) == ("page", name)), None)
    if mine is None or mine.sha256 != sheet.digest:
        file = place.relative_to(office.folder).as_posix()
        journal.mark(Mark(entry.id, "page", name, "scan", file=file, sha256=sheet.digest))


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Be the only one who files pages in an office; the system lets go of the lock of a process that dies.

    Raises:
        PapkaError: Another process has held it for a minute, or the folder cannot be written to.
    """
    path = office.folder / SCANS / ".lock"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise not_written(SCANS, error) from error
    try:
        until = time.monotonic() + _WAIT
        while not _taken(handle):
            if time.monotonic() > until:
                raise PapkaError(tr("Somebody else is filing scans at this moment. Try again in a minute."))
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- the file of the scans ---------------------------------------------------------------------------------


def as_pdf(lying: Sequence[Sheet]) -> bytes:
    """Return pages as one PDF; each bears the number of its page as its label (ISO 32000-2, 12.4.2)."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

    writer = PdfWriter()
    labels = ArrayObject()
    for index, one in enumerate(lying):
        wide, high = one.size
        scale = _LONG_SIDE / max(wide, high)
        page = writer.add_blank_page(round(wide * scale, 2), round(high * scale, 2))
        picture = StreamObject()
        picture.set_data(one.jpeg)
        picture.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Image"),
                NameObject("/Width"): NumberObject(wide),
                NameObject("/Height"): NumberObject(high),
                NameObject("/BitsPerComponent"): NumberObject(8),
                NameObject("/ColorSpace"): NameObject("/DeviceGray" if one.grey else "/DeviceRGB"),
                NameObject("/Filter"): NameObject("/DCTDecode"),
            }
        )
        drawing = StreamObject()
        drawing.set_data(f"q {wide * scale:.2f} 0 0 {high * scale:.2f} 0 0 cm /Page Do Q".encode("ascii"))
        pictures = DictionaryObject({NameObject("/Page"): writer._add_object(picture)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
        page[NameObject("/Contents")] = writer._add_object(drawing)
        page[NameObject("/Rotate")] = NumberObject(one.turn)
        label = {NameObject("/S"): NameObject("/D"), NameObject("/St"): NumberObject(one.page)}
        labels.extend([NumberObject(index), DictionaryObject(label)])
    names = DictionaryObject({NameObject("/Nums"): labels})
    writer.root_object[NameObject("/PageLabels")] = writer._add_object(names)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def sheets(place: Path) -> list[Sheet]:
    """Return the pages of a file of scans; none if there is no such file.

    Raises:
        PapkaError: It is not as papka wrote it.
    """
    if not place.exists():
        return []
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(place.read_bytes()))
        root: Any = reader.trailer["/Root"]
        numbers = root["/PageLabels"]["/Nums"]
        found = []
        for index, page in enumerate(reader.pages):
            assert numbers[2 * index] == index
            picture: Any = page["/Resources"]["/XObject"]["/Page"]  # type: ignore[index]
            size = (int(picture["/Width"]), int(picture["/Height"]))
            grey = picture["/ColorSpace"] == "/DeviceGray"
            number = int(numbers[2 * index + 1]["/St"])
            found.append(Sheet(number, bytes(picture.get_data()), page.rotation % 360, size, grey))
        return found
    except OSError as error:
        raise PapkaError(tr("The file cannot be read: {reason}.").format(reason=why(error))) from error
    except Exception as error:  # what a broken file makes pypdf raise has no common parent
        words = tr(
            "{file} was changed by another program. Rename it, and attach the scans anew: nothing is lost."
        )
        raise PapkaError(words.format(file=place.name)) from error
