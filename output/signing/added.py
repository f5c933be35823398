"""Whether a signed PDF still is the issued one: what its signers were shown is what the journal knows.

A signature vouches for what was signed. That this is the paper that was issued, and not one into which a
page was put before somebody signed it, is another question, and is answered here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

_OF_SIGNING = {
    "root": {"/AcroForm", "/Extensions", "/DSS", "/Metadata", "/Version"},
    "page": {"/Annots"},
}
"""What signing may change: forms, extensions and properties of the document, marks on a page."""


def only_signed(before: bytes, raw: bytes) -> bool:
    """Tell whether a PDF is another one to whose end nothing but signatures and their fields was added.

    What was there stays there to the byte; so only the objects that the added part defines anew can differ.
    """
    from .pades import quiet

    quiet()
    if not raw.startswith(before):
        return False
    try:
        return all(_compared(before, raw))
    except Exception:  # noqa: BLE001 - what cannot be compared was not added by a signer
        return False


def _compared(before: bytes, raw: bytes) -> Iterator[bool]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    old = PdfFileReader(io.BytesIO(before), strict=False)
    new = PdfFileReader(io.BytesIO(raw), strict=False)
    later = range(old.xrefs.total_revisions, new.xrefs.total_revisions)
    touched = {one.idnum: one for rev in later for one in new.xrefs.explicit_refs_in_revision(rev)}
    freed = {one.idnum for rev in later for one in new.xrefs.refs_freed_in_revision(rev)}
    size = int(old.trailer["/Size"])
    root, info = (old.trailer.raw_get(name) if name in old.trailer else None for name in ("/Root", "/Info"))
    pages = {one.idnum: one.get_object() for one in _pages(old.root["/Pages"])}
    lists = {page.raw_get("/Annots").idnum for page in pages.values() if _is_apart(page, "/Annots")}
    yield root is not None and _written(root) == _written(new.trailer.raw_get("/Root"))
    yield not any(number < size for number in freed)
    for number, reference in touched.items():
        if number >= size or number == getattr(info, "idnum", None):
            continue
        now = new.get_object(reference)
        if number == getattr(root, "idnum", None):
            yield _same(old.root, now, "root")
        elif number in pages:
            yield _same(pages[number], now, "page")
        else:
            yield number in lists or _are_properties(old.get_object(reference), now)
    for there, now in zip(_pages(old.root["/Pages"]), _pages(new.root["/Pages"]), strict=True):
        yield _only_fields(there.get_object(), now.get_object())


def _pages(node: Any) -> Iterator[Any]:
    """Go through the references of the pages below a node."""
    kids = node["/Kids"]
    for number in range(len(kids)):
        kid = kids[number]
        if kid["/Type"] == "/Page":
            yield kids.raw_get(number)
        else:
            yield from _pages(kid)


def _is_apart(holder: Any, name: str) -> bool:
    """Tell whether an entry stands as an object of its own."""
    return name in holder and hasattr(holder.raw_get(name), "idnum")


def _written(value: Any) -> bytes:
    """Return a value as it stands in a file: a reference stays one."""
    out = io.BytesIO()
    value.write_to_stream(out)
    return out.getvalue()


def _same(old: Any, new: Any, kind: str) -> bool:
    """Tell whether two objects differ in nothing but what signing may change."""
    names = (set(old) | set(new)) - _OF_SIGNING[kind]
    return all(
        name in old and name in new and _written(old.raw_get(name)) == _written(new.raw_get(name))
        for name in names
    )


def _are_properties(old: Any, new: Any) -> bool:
    """Tell whether an object is what the document says of itself (XMP), before and after."""
    return all(hasattr(one, "get") and one.get("/Type") == "/Metadata" for one in (old, new))


def _only_fields(old: Any, new: Any) -> bool:
    """Tell whether nothing but fields for signatures was put onto a page."""
    before, after = _marks(old), _marks(new)
    added = [one.get_object() for one in after if _written(one) not in map(_written, before)]
    kept = {_written(one) for one in before} <= {_written(one) for one in after}
    return kept and all(one.get("/Subtype") == "/Widget" and one.get("/FT") == "/Sig" for one in added)


def _marks(page: Any) -> list[Any]:
    marks = page.get("/Annots", ())
    return [marks.raw_get(number) for number in range(len(marks))]
