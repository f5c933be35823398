"""The PDF goes back to whoever filled it in, with a note at each field that has to be mended."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from ...core.findings import Finding
from ...core.i18n import tr
from ...output.tags import AUTHOR
from .names import name_of

_SIDE = 18


def checked_pdf(data: bytes, told: Sequence[tuple[str | None, Finding]]) -> bytes:
    """Return the PDF with a note for each finding, at its field; the notes of an earlier look are gone.

    Args:
        told: The key of a field, and what is said of it.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    notes: dict[str, list[Finding]] = {}
    for key, one in told:
        if key is not None:
            notes.setdefault(name_of(key.partition("=")[0]), []).append(one)
    for page in writer.pages:
        kept = ArrayObject()
        held = page.get("/Annots")
        for reference in held.get_object() if held is not None else ():
            field = reference.get_object()
            if is_ours(field):
                continue
            kept.append(reference)
            name = str(field.get("/T", "")).partition("=")[0]
            for one in notes.pop(name, ()):
                kept.append(writer._add_object(_note(field, one)))
        page[NameObject("/Annots")] = kept
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def is_ours(note: DictionaryObject) -> bool:
    """Tell whether a note is one of papka's."""
    return note.get("/Subtype") == "/Text" and note.get("/T") == AUTHOR


def _note(field: DictionaryObject, one: Finding) -> DictionaryObject:
    held = field.get("/Rect")
    rect = [float(side) for side in held] if isinstance(held, ArrayObject) and len(held) == 4 else [0.0] * 4
    left, top = rect[2] - _SIDE, rect[3]
    said = one.message + (f" {tr('What to do: {cure}').format(cure=one.cure)}" if one.cure else "")
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Rect"): ArrayObject([FloatObject(v) for v in (left, top - _SIDE, rect[2], top)]),
            NameObject("/T"): TextStringObject(AUTHOR),
            NameObject("/Contents"): TextStringObject(said),
            NameObject("/Name"): NameObject("/Comment"),
            NameObject("/C"): ArrayObject([FloatObject(v) for v in (1, 0.6, 0)]),
            NameObject("/F"): NumberObject(4),
        }
    )
