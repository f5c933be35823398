"""Several PDF files become one: in order, in as many copies as are wanted, with bookmarks and numbers."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ..issued.codes import FOOT, MM, put_on, said, sight, width_of, words_in

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

_LEFT, _LINE = 20.0, 2.0
"""Where the number of a page of the whole stands, in mm from the left edge and above what does not print."""

_PRODUCER = "papka"


@dataclass(frozen=True, slots=True)
class Part:
    """One paper of a packet.

    Attributes:
        title: Its bookmark.
        pages: How many pages it has.
    """

    title: str
    pdf: bytes
    pages: int
    copies: int = 1


def first_pages(parts: Sequence[Part], *, two_sided: bool) -> tuple[list[int], int]:
    """Return on which page of the whole each part begins, and how many pages the whole has.

    For two-sided print each copy begins on the front of a sheet, so that sheets can be handed out singly.
    """
    first, at = [], 0
    for part in parts:
        for copy in range(part.copies):
            at += two_sided and at % 2
            if copy == 0:
                first.append(at + 1)
            at += part.pages
    return first, at


def bound(parts: Sequence[Part], *, title: str, copy: str, two_sided: bool) -> bytes:
    """Bind parts into one PDF; the same parts give the same bytes.

    Args:
        copy: How the list of contents calls a copy after the first: ``Copy {number}``.

    Raises:
        PapkaError: A part is no PDF that can be read.
    """
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    _, total = first_pages(parts, two_sided=two_sided)
    for part in parts:
        try:
            reader = PdfReader(io.BytesIO(part.pdf))
            places = [_append(writer, reader, two_sided=two_sided) for _ in range(part.copies)]
        except Exception:  # noqa: BLE001  # what a broken file makes pypdf raise has no common parent
            words = tr("The PDF of «{title}» cannot be read. Take it from a backup.")
            raise PapkaError(words.format(title=part.title)) from None
        _number(writer, part, places, total)
        home = writer.add_outline_item(title=part.title, page_number=places[0])
        for number, place in enumerate(places[1:], 2):
            writer.add_outline_item(title=copy.format(number=number), page_number=place, parent=home)
    writer.metadata = {"/Title": title, "/Producer": _PRODUCER}
    writer.page_mode = "/UseOutlines"
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _append(writer: PdfWriter, reader: Any, *, two_sided: bool) -> int:
    """Add a copy, on the front of a sheet if asked; return its place, from 0."""
    count = len(writer.pages)
    if two_sided and count % 2:
        width, height = sight(writer.pages[-1])
        writer.add_blank_page(round(width * MM, 3), round(height * MM, 3))
    place = len(writer.pages)
    writer.append(reader, import_outline=False)
    return place


def _number(writer: PdfWriter, part: Part, places: Sequence[int], total: int) -> None:
    """Number the pages of all copies of a part: at the left of the foot, or where no words stand."""
    for index, text in enumerate(_texts(part.pdf)):
        for place in places:
            page = writer.pages[place + index]
            put_on(writer, page, _numbered(page, text, f"{place + index + 1} / {total}"))


def is_bound(pdf: bytes) -> bool:
    """Tell whether a file is a packet: several papers, or one with a cover."""
    if not pdf.startswith(b"%PDF-"):
        return False
    pdfium: Any = import_module("pypdfium2")
    try:
        with pdfium.PdfDocument(pdf) as document:
            return bool(document.get_metadata_value("Producer") == _PRODUCER)
    except pdfium.PdfiumError:
        return False


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    pdfium: Any = import_module("pypdfium2")
    with pdfium.PdfDocument(pdf) as document:
        return len(document)


def _texts(pdf: bytes) -> Iterator[Any]:
    pdfium: Any = import_module("pypdfium2")
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            yield page.get_textpage()


def _numbered(page: PageObject, text: Any, number: str) -> str:
    width, y = width_of(number), FOOT + _LINE
    taken = words_in(page, text, (_LEFT - 1, FOOT, _LEFT + 20, y + 2))
    x = sight(page)[0] - _LEFT - width if taken else _LEFT
    return said(number, x, y)


def locked(pdf: bytes, password: str) -> bytes:
    """Return a PDF that opens with a password (AES-256); printing is allowed, changing is not.

    Raises:
        AskedWrongly: The password is too short, or has letters that some programs cannot take.
        PapkaError: The extra that encrypts is not installed.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.constants import UserAccessPermissions
    from pypdf.errors import DependencyError

    from ..keeping.exporting import ALGORITHM

    check_password(password)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    allowed = UserAccessPermissions.PRINT | UserAccessPermissions.PRINT_TO_REPRESENTATION
    whole = io.BytesIO()
    try:
        writer.encrypt(password, secrets.token_urlsafe(24), permissions_flag=allowed, algorithm=ALGORITHM)
        writer.write(whole)
    except DependencyError as error:
        raise PapkaError(tr("Encryption needs: pip install papka[crypt].")) from error
    return whole.getvalue()


def check_password(password: str) -> None:
    """Refuse a password that protects nothing, or that not every program takes.

    Raises:
        AskedWrongly: It is too short, or has letters other than Latin ones.
    """
    from ..keeping.exporting import SHORTEST_PASSWORD

    if len(password) < SHORTEST_PASSWORD:
        words = tr(
            "The password is too short: {least} signs at least. Tell it by telephone, not in the same letter."
        )
        raise AskedWrongly(words.format(least=SHORTEST_PASSWORD))
    if not password.isascii():
        words = tr("For a PDF use Latin letters, digits and signs: some programs open no other password.")
        raise AskedWrongly(words)
