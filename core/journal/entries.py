"""What the journal knows of one paper. No fact of a family's stands in it: only codes, days and digests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

State = Literal["reserved", "issued", "void", "replaced"]
"""``reserved``: the number is given and the paper not written yet; ``issued``: it is written; ``void``: the
number was given and will never be used; ``replaced``: a later paper took its place."""

MarkKind = Literal["page", "signed"]
How = Literal["scan", "hand", "pades", "cms", "waived", "undone"]
"""How papka knows of a signature: by a scan, by the worker's word, by an electronic signature in the PDF or
beside it; ``waived``: it is not needed; ``undone``: what was recorded before was a mistake."""


@dataclass(frozen=True, slots=True)
class Series:
    """A run of numbers.

    Attributes:
        pattern: How a number is written: ``{seq}/{year}``, ``01-12/{seq:03}``.
        yearly: Whether it begins at 1 again each year.
    """

    id: str
    pattern: str = "{seq}"
    yearly: bool = True

    def written(self, seq: int, year: int) -> str:
        """Write a number."""
        return self.pattern.format(seq=seq, year=year)


@dataclass(frozen=True, slots=True)
class Job:
    """A paper that is to be issued: what it is, and the state of the case in which it was asked for.

    Attributes:
        item: Which of several papers of one type: the code or the day of the thing it is made for.
        facts: SHA-256 of the paper drawn without its number: same facts, template and rules give the same.
        number: The number that the case itself gives, if it gives one.
        series: Where a number comes from, if the case gives none.
    """

    case: str
    document: str
    item: str
    day: date
    facts: str
    number: str | None = None
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper in the journal.

    Attributes:
        id: A random code; it stands on the paper and says nothing of the family.
        made_with: Versions and digests: papka, plugin, template, engine.
        pages: How many pages its PDF has.
        replaces: The code of the paper that this one corrects.
        reason: Why a number is void, or why a paper was corrected.
    """

    id: str
    case: str
    document: str
    item: str
    day: date
    facts: str
    state: State
    at: datetime
    number: str | None = None
    series: str | None = None
    year: int | None = None
    seq: int | None = None
    file: str | None = None
    docx_sha256: str | None = None
    pdf_sha256: str | None = None
    pages: int | None = None
    made_with: dict[str, str] = field(default_factory=dict)
    replaces: str | None = None
    reason: str | None = None

    @property
    def recorded_on(self) -> date:
        """The day on which its last act was recorded, on this place's clock; of an issued one its issue."""
        return self.at.astimezone().date()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        return {**data, "day": self.day.isoformat(), "at": self.at.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to an issued paper: a page came back as a scan, a signer has signed.

    Attributes:
        paper: The code of the paper.
        name: The number of the page, or of the signer on the paper, from "1". Who that is stands on the card.
        on: The day of signing, where it is known.
        file: Where what shows it lies in the office.
        sha256: Digest of that.
        reason: Why a signature is not needed, or why what was recorded before does not hold.
        at: When it was recorded; the journal sets it.
    """

    paper: str
    kind: MarkKind
    name: str
    how: How
    on: date | None = None
    file: str | None = None
    sha256: str | None = None
    at: datetime | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        return {
            **data,
            "on": self.on.isoformat() if self.on else None,
            "at": self.at.isoformat(timespec="seconds") if self.at else None,
        }


def standing_marks(told: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Return by paper what holds of all that was recorded: the latest of each page and each signer.

    Args:
        told: Marks in the order in which they were recorded.
    """
    found: dict[str, dict[tuple[str, str], Mark]] = {}
    for one in told:
        mine = found.setdefault(one.paper, {})
        if one.how == "undone":
            mine.pop((one.kind, one.name), None)
        else:
            mine[one.kind, one.name] = one
    return {paper: list(known.values()) for paper, known in found.items()}
