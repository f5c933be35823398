"""A PDF for the archive, PDF/A-2b (ISO 19005-2): made so, and looked at as far as can be by oneself."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from typing import Any

from ...core.i18n import tr

_PART = re.compile(rb"pdfaid:part(?:>|\s*=\s*[\"'])\s*2")
_LEVEL = re.compile(rb"pdfaid:conformance(?:>|\s*=\s*[\"'])\s*[ABU]")
_MADE = b"\x07\xbc\0\1\0\1\0\0\0\0\0\0"
"""1 January 1980, as a profile of colours says it."""
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def settled(pdf: bytes) -> bytes:
    """Return a PDF as it goes to the archive: all its fonts in it, and the same bytes for the same paper.

    The profile of colours says when it was made (ICC.1, 7.2), though it is the same each time: here it says
    one day. The identifier of the file is a digest of all the rest.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    from .strokes import put_letters_inside

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    put_letters_inside(writer)
    for intent in writer.root_object.get("/OutputIntents", ()):
        profile = intent.get_object()["/DestOutputProfile"].get_object()
        content = profile.get_data()
        profile.set_data(content[:24] + _MADE + content[36:84] + b"\0" * 16 + content[100:])

    def written(identifier: bytes) -> bytes:
        one = ByteStringObject(identifier)
        writer._ID = ArrayObject([one, one])
        whole = io.BytesIO()
        writer.write(whole)
        return whole.getvalue()

    return written(hashlib.sha256(written(b"\0" * 16)).digest()[:16])


def lacking_for_archive(pdf: bytes) -> list[str]:
    """Say what a PDF lacks of PDF/A-2b, [] for nothing that can be seen.

    Looked at: what it says of itself (6.6.4), the profile of colours (6.2.3), that each font is in it
    (6.2.11.4), the identifier of the file and that it is not encrypted (6.1.3), that it does nothing by
    itself (6.5.1), and that it is tagged, which is more than level B asks for.
    """
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(pdf))
        return list(_lacking(reader))
    except Exception:  # noqa: BLE001  # what a broken file makes pypdf raise has no common parent
        return [tr("it cannot be read")]


def _lacking(reader: Any) -> Iterator[str]:
    if reader.is_encrypted:
        yield tr("it is encrypted")
        return
    root = reader.trailer["/Root"]
    said = root["/Metadata"].get_data() if "/Metadata" in root else b""
    if not (_PART.search(said) and _LEVEL.search(said)):
        yield tr("it does not say that it is PDF/A-2b")
    intents = [one.get_object() for one in root.get("/OutputIntents", ())]
    if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        yield tr("it has no profile of colours")
    if "/ID" not in reader.trailer:
        yield tr("it has no identifier")
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield tr("it is not tagged")
    if "/AA" in root or "/JavaScript" in root.get("/Names", {}) or _acts(root.get("/OpenAction")):
        yield tr("it acts by itself")
    if loose := sorted({name for page in reader.pages for name in _loose_fonts(page)}):
        yield tr("fonts are not in it: {fonts}").format(fonts=", ".join(loose))


def _acts(action: Any) -> bool:
    found = action.get_object() if action is not None else None
    return isinstance(found, dict) and found.get("/S") not in (None, "/GoTo", "/Named")


def _loose_fonts(page: Any) -> Iterator[str]:
    """Go through the fonts of a page whose letters are not in the file."""
    fonts = page.get("/Resources", {}).get("/Font", {})
    for reference in fonts.get_object().values() if fonts else ():
        font = reference.get_object()
        if font.get("/Subtype") == "/Type3":
            continue
        if "/DescendantFonts" in font:
            font = font["/DescendantFonts"][0].get_object()
        about = font.get("/FontDescriptor", {})
        if not any(file in about for file in _FILES):
            yield str(font.get("/BaseFont", "?")).lstrip("/")
