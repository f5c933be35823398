"""What has come back of the papers that were issued, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ...core.i18n import tr
from ..issued.cards import card_of

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, How, Mark
    from ...core.journal.journal import Journal
    from ...core.office import Office

Answer = Literal["signed", "empty", "unsure"]
"""What a scan shows of a signer's place: ink, none, or something that may be either."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One who has to sign a paper.

    Attributes:
        role: As it is printed before the line; no name.
        how: How papka knows that he has signed; None: he has not.
        seen: What the scan just read shows, if it was looked at.
        returned: Whether the page came back on which he signs.
    """

    number: int
    role: str
    page: int | None
    how: How | None = None
    seen: Answer | None = None
    returned: bool = False

    def line(self) -> str:
        """Say it in the reader's language."""
        where = tr(" (p. {page})").format(page=self.page) if self.page else ""
        if self.how == "waived":
            state = tr("not asked for")
        elif self.how:
            state = tr("there")
        else:
            said = {"empty": tr("not seen"), "unsure": tr("cannot be told from the scan")}
            nothing = tr("the page is back, not ticked off: look at it") if self.returned else tr("none yet")
            state = said.get(self.seen or "", nothing)
        return f"«{self.role}»{where}: {state}"


@dataclass(frozen=True)
class Awaited:
    """One paper on its way back.

    Attributes:
        pages: How many pages it has, where that is known.
        back: Which of them came back.
    """

    entry: Entry
    pages: int | None
    back: tuple[int, ...]
    hands: tuple[Hand, ...]

    @property
    def since(self) -> date:
        """The day since which it is waited for: that of its issue; its own may be long past, or ahead."""
        return self.entry.recorded_on

    @property
    def missing(self) -> tuple[int, ...]:
        """The pages that did not come back; none of a paper that nobody signed by hand."""
        electronic = {"pades", "cms", "waived"}
        if self.hands and all(one.how in electronic for one in self.hands):
            return ()
        return tuple(page for page in range(1, (self.pages or 0) + 1) if page not in self.back)

    @property
    def unsigned(self) -> tuple[Hand, ...]:
        """Those who have not signed."""
        return tuple(one for one in self.hands if one.how is None)

    @property
    def complete(self) -> bool:
        """Whether nothing more is waited for: a paper that nobody signs is not waited for at all."""
        if not self.hands and not self.back:
            return True
        return not self.missing and not self.unsigned

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.entry.id,
            "case": self.entry.case,
            "document": self.entry.document,
            "number": self.entry.number,
            "state": self.entry.state,
            "since": self.since.isoformat(),
            "pages": self.pages,
            "back": list(self.back),
            "missing": list(self.missing),
            "signers": [
                {"number": one.number, "role": one.role, "page": one.page, "how": one.how, "seen": one.seen}
                for one in self.hands
            ],
            "complete": self.complete,
        }

    def name(self, titles: Mapping[str, str]) -> str:
        """Name the paper.

        Args:
            titles: The titles of document types by their codes.
        """
        entry = self.entry
        number = f" № {entry.number}" if entry.number else ""
        title = f"{titles[entry.document]} [{entry.document}]" if entry.document in titles else entry.document
        words = tr("{document}{number} · {id} · case {case}")
        return words.format(document=title, number=number, id=entry.id, case=entry.case)

    def lines(self) -> list[str]:
        """Say what came back and what is missing."""
        said = []
        if self.pages:
            words = tr("pages came back: {back} of {pages}")
            text = words.format(back=self.pages - len(self.missing), pages=self.pages)
            if self.missing:
                text += tr(" (missing: {pages})").format(pages=runs(self.missing))
            said.append(text)
        if self.hands:
            said.append(tr("signatures: {who}").format(who="; ".join(one.line() for one in self.hands)))
        return said


def runs(pages: Iterable[int]) -> str:
    """Write numbers shortly: ``1, 3–5``."""
    found: list[list[int]] = []
    for page in pages:
        if found and found[-1][1] == page - 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}" for a, b in found)


def awaited(
    office: Office, entry: Entry, marks: Iterable[Mark], seen: Mapping[int, Answer] | None = None
) -> Awaited:
    """Return how a paper stands: its pages and its signers, after what the journal knows."""
    card = card_of(office.folder, entry)
    known = {(one.kind, one.name): one for one in marks}
    back = sorted(
        int(name)
        for (kind, name), one in known.items()
        if kind == "page" and (one.file is None or (office.folder / one.file).is_file())
    )
    hands = tuple(
        Hand(
            one.number,
            one.role,
            one.page,
            known["signed", str(one.number)].how if ("signed", str(one.number)) in known else None,
            (seen or {}).get(one.number),
            one.page in back,
        )
        for one in (card.signers if card else ())
    )
    return Awaited(entry, entry.pages or (card.pages if card else None), tuple(back), hands)


def all_awaited(office: Office, journal: Journal, case: str | None = None) -> list[Awaited]:
    """Return the papers in force that are not complete, the oldest first.

    Args:
        case: The code of a case; None: of all.
    """
    entries = journal.entries(case=case, states=("issued",))
    marks = journal.marks([one.id for one in entries])
    found = [awaited(office, one, marks.get(one.id, ())) for one in entries]
    return sorted((one for one in found if not one.complete), key=lambda one: one.since)
