"""How English words what the contract works out of an address or an identity document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from papka.core import Choice, Missing, Record

from .printing import NBSP, printed

_FLAT = re.compile(r"^(?:flat|apartment|apt|кв(?:артира)?)\.?\s*(?=\d)", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:house|No|д(?:ом)?|№)\.?\s*(?=\d)", re.IGNORECASE)


def address(record: Record) -> str:
    """Print an address from the flat to the postcode: «flat 4, 15 Zarechnaya St, Kataisk, …, 641700»."""
    flat = f"flat{NBSP}{_FLAT.sub('', said)}" if (said := _said(record, "flat")) else ""
    house = " ".join(
        part for part in (_NUMBER.sub("", _said(record, "house")), _said(record, "street")) if part
    )
    rest = (_said(record, name) for name in ("settlement", "district", "region", "postcode"))
    return ", ".join(part for part in (flat, house, *rest) if part)


def identity(record: Record) -> str:
    """Print a document: «passport, series 37 11, No. 654321, issued on 2 August 2011 by …»."""
    series, by = _said(record, "series").replace(" ", NBSP), _said(record, "issued_by")
    issued = record["issued_on"]
    when = "" if isinstance(issued, Missing) else f" on {printed(issued)}"
    parts = [
        short_title(record),
        f"series{NBSP}{series}" if series else "",
        f"No.{NBSP}{_said(record, 'number')}",
        f"issued{when}{f' by {by}' if by else ''}" if when or by else "",
        f"department code{NBSP}{code}" if (code := _said(record, "dept_code")) else "",
    ]
    return ", ".join(part for part in parts if part)


def short_title(record: Record) -> str:
    """Name the kind of a document as it is named inside a sentence."""
    kind, title = record["kind"], record["title"]
    if isinstance(kind, Choice) and kind.code == "other" and isinstance(title, str):
        return title
    return "passport" if isinstance(kind, Choice) and kind.code == "passport_rf" else printed(kind)


def _said(record: Record, name: str) -> str:
    value = record[name]
    return "" if isinstance(value, Missing) else printed(value)


TEXTS: Mapping[str, Callable[[Record], str]] = {
    "Address.text": address,
    "IdentityDocument.text": identity,
    "IdentityDocument.short_title": short_title,
}
