"""What stands in the fields of a PDF form that came back; its pages are never drawn or run."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ...core.errors import PapkaError
from ...core.i18n import tr
from ..word.gathering import Cell, Shapes
from ..word.keys import resolved
from ..word.passport import Passport
from ..word.receiving import Content, no_form
from .names import PASSPORT, key_in
from .telling import checked_pdf, is_ours

_MOST_FIELDS = 20_000
_MOST_PAGES = 500
_DEEP = 20
_FAULTS = (
    PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError,
    NotImplementedError, OSError, AssertionError,
)  # fmt: skip
"""What a damaged or a malicious file makes pypdf raise."""


# What pypdf warns of may quote the file.
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False


def content_of_pdf(data: bytes) -> Content:
    """Open a PDF that came from outside.

    Raises:
        AskedWrongly: It is no form of papka's.
        PapkaError: It is damaged, locked or too large.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise PapkaError(tr("The PDF has a password. Save it without one."))
        found = list(_fields(reader))
        outside = list(_notes(reader))
    except _FAULTS as error:
        raise PapkaError(tr("The PDF is damaged.")) from error
    said = next((one.text for name, one in found if name == PASSPORT), "")
    passport = Passport.of_text(said)
    if passport is None:
        raise no_form()
    cells = {key_in(name): one for name, one in found if name != PASSPORT}
    return Content(
        passport, lambda known: _known(cells, known), outside, lambda told: checked_pdf(data, told)
    )


def _known(cells: Mapping[str, Cell], known: Shapes) -> tuple[dict[str, Cell], list[str]]:
    found = {key: one for name, one in cells.items() if (key := resolved(name, known))}
    strange = [one.title or name for name, one in cells.items() if resolved(name, known) is None]
    return found, strange


def _fields(reader: PdfReader) -> Iterator[tuple[str, Cell]]:
    form = reader.root_object.get("/AcroForm")
    if form is None:
        return
    pages = _pages(reader)
    stack = [(one, "", 0) for one in reversed(form.get_object().get("/Fields", []))]
    count = 0
    while stack:
        reference, above, depth = stack.pop()
        count += 1
        if count > _MOST_FIELDS or depth > _DEEP:
            raise ValueError("too many fields")
        one = reference.get_object()
        name = ".".join(part for part in (above, str(one.get("/T", ""))) if part)
        kids = [kid for kid in one.get("/Kids", []) if "/T" in kid.get_object()]
        if kids:
            stack += [(kid, name, depth + 1) for kid in reversed(kids)]
        elif name:
            yield name, _cell(one, pages.get(getattr(reference, "idnum", 0), 0))


def _cell(one: Any, page: int) -> Cell:
    value = one.get("/V")
    title = str(one.get("/TU", ""))
    if one.get("/FT") == "/Btn":
        return Cell("", str(value or one.get("/AS") or "/Off") != "/Off", page, title)
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return Cell(text.replace("\r\n", "\n").replace("\r", "\n"), None, page, title)


def _pages(reader: PdfReader) -> dict[int, int]:
    if len(reader.pages) > _MOST_PAGES:
        raise ValueError("too many pages")
    found = {}
    for number, page in enumerate(reader.pages, 1):
        for one in page.get("/Annots", None) or []:
            found[getattr(one, "idnum", 0)] = number
    return found


def _notes(reader: PdfReader) -> Iterator[tuple[int, str]]:
    """Go through what somebody has written over the pages, beside the fields."""
    for number, page in enumerate(reader.pages, 1):
        for reference in page.get("/Annots", None) or []:
            one = reference.get_object()
            if is_ours(one):
                continue
            text = str(one.get("/Contents", "")).strip()
            if one.get("/Subtype") in ("/FreeText", "/Text") and text:
                yield number, text
