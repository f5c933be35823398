"""The same paper gives the same bytes: what differs at each drawing is blanked out.

Dates, the identifier and the checksum are overwritten with as many spaces, so that no other byte of the file
moves; they tell nothing that the journal does not. A PDF for the archive has to have dates: there it is a day
that never changes; what else differs in it, `archive.settled` sees to.
"""

from __future__ import annotations

import re

_BLANKED = (
    re.compile(rb"/(?:CreationDate|ModDate)\s*\(D:[^()]*\)"),
    re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]+>\s*<[0-9A-Fa-f]+>\s*\]"),
    re.compile(rb"/DocChecksum\s*/[0-9A-Fa-f]+"),
)
_EMPTIED = re.compile(
    rb"(<(xmp:CreateDate|xmp:ModifyDate|xmp:MetadataDate|xmpMM:DocumentID|xmpMM:InstanceID)>)([^<]*)(?=</\2>)"
)
_DATE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}([^()]*)(?=\))")
_XMP_DATE = re.compile(rb"(?<=Date>)(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^<]*)(?=</xmp:)")
_HEX_ID = re.compile(rb"(<xmpMM:(?:DocumentID|InstanceID)>)([^<]*)(?=<)")
_FONT = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")


def normalised(pdf: bytes, *, dated: bool = False) -> bytes:
    """Return a PDF without what is different each time it is drawn; ``dated``: with one day for all."""
    if dated:
        return _dated(pdf)
    for pattern in _BLANKED:
        pdf = pattern.sub(lambda found: b" " * len(found.group()), pdf)
    return _EMPTIED.sub(lambda found: found.group(1) + b" " * len(found.group(3)), pdf)


def _dated(pdf: bytes) -> bytes:
    day = b"19800101000000"
    pdf = _DATE.sub(lambda found: found.group(1) + day + re.sub(rb"\d", b"0", found.group(2)), pdf)
    pdf = _XMP_DATE.sub(lambda found: _like(found.group(1), b"1980-01-01T00:00:00"), pdf)
    pdf = _BLANKED[2].sub(lambda found: b" " * len(found.group()), pdf)
    return _HEX_ID.sub(lambda found: found.group(1) + b"0" * len(found.group(2)), pdf)


def _like(date: bytes, fixed: bytes) -> bytes:
    return fixed[: len(date)] + re.sub(rb"\d", b"0", date[len(fixed) :])


def font_names(pdf: bytes) -> tuple[str, ...]:
    """Return the fonts that stand in a PDF."""
    return tuple(sorted({name.decode("ascii", "replace").replace("#20", " ") for name in _FONT.findall(pdf)}))
