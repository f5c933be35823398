"""The card of an issued paper: what papka knows of how it was made; it lies beside it.

Nothing that the paper does not hold stands on it. The journal holds codes and digests only; who has to sign,
and where, is the paper's own affair and stands here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.outside import json_of

if TYPE_CHECKING:
    from ...core.journal.entries import Entry

SUFFIX = ".card.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Signer:
    """A place on a paper where somebody signs.

    Attributes:
        number: Which of them, from 1 in the order of the paper.
        role: Who signs there, as it is printed: «Законный представитель»; no name.
        page: On which page of the PDF.
        line: Where the hand signs, in mm from the left top corner of the page: left, top, right, bottom.
    """

    number: int
    role: str
    page: int | None = None
    line: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one issued paper.

    Attributes:
        id: Its code.
        pages: How many pages its PDF has.
        sources: Which paragraph of the template, which fields and rules each sentence comes from.
    """

    id: str
    pages: int | None = None
    signers: tuple[Signer, ...] = ()
    sources: dict[str, Any] | None = field(default=None)

    def as_bytes(self) -> bytes:
        """Return the card as it is written."""
        data = {"papka": "card", "version": _VERSION, **asdict(self)}
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    @classmethod
    def read(cls, path: Path) -> Card | None:
        """Read a card; None if there is none, or if a later papka wrote what this one does not know."""
        try:
            data = json_of(path)
            if data.get("papka") != "card" or data.get("version") != _VERSION:
                return None
            signers = tuple(_signer(one) for one in data["signers"])
            sources = data["sources"] if isinstance(data["sources"], dict) else None
            return cls(_is(str, data["id"]), data["pages"] and _count(data["pages"]), signers, sources)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def _signer(data: dict[str, Any]) -> Signer:
    """Read a signer; TypeError or ValueError if a card of papka's has none like that."""
    page, line = data["page"], data["line"]
    box = tuple(float(_is(int | float, side)) for side in line) if line else None
    if box is not None and len(box) != 4:
        raise ValueError("no line")
    return Signer(_count(data["number"]), _is(str, data["role"]), page and _count(page), box)


def _count(value: object) -> int:
    number: int = _is(int, value)
    if isinstance(value, bool) or not 0 < number < 100_000:
        raise ValueError("no count")
    return number


def _is(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value


def beside(office: Path, entry: Entry, suffix: str) -> Path | None:
    """Return the path of what lies beside an issued paper: ``.pdf``, ``.card.json``, ``.scan.pdf`` …"""
    return (office / entry.file).with_suffix(suffix) if entry.file else None


def card_of(office: Path, entry: Entry) -> Card | None:
    """Return the card of an issued paper, if it lies there and is that paper's."""
    path = beside(office, entry, SUFFIX)
    card = Card.read(path) if path else None
    return card if card is not None and card.id == entry.id else None
