"""The same paper gives the same bytes: what differs at each drawing is blanked out.

Dates, the identifier and the checksum are overwritten with as many spaces, so that no other byte of the file
moves; they tell nothing that the journal does not.
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
_FONT = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")


def normalised(pdf: bytes) -> bytes:
    """Return a PDF without what is different each time it is drawn."""
    for pattern in _BLANKED:
        pdf = pattern.sub(lambda found: b" " * len(found.group()), pdf)
    return _EMPTIED.sub(lambda found: found.group(1) + b" " * len(found.group(3)), pdf)


def font_names(pdf: bytes) -> tuple[str, ...]:
    """Return the fonts that stand in a PDF."""
    return tuple(sorted({name.decode("ascii", "replace").replace("#20", " ") for name in _FONT.findall(pdf)}))
