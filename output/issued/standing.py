"""How the papers of a case stand: issued, issued and stale since, or drafts only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.office import find_office
from ...core.opening import OpenCase
from ..explaining.changes import Cause, causes, told
from ..explaining.sourcemap import SourceMap
from ..rendering import Press, Rendered

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal

Word = Literal["issued", "stale", "draft", "begun"]


@dataclass(frozen=True)
class Standing:
    """How one paper stands.

    Attributes:
        word: ``issued`` as the case gives it today; ``stale`` it would come out otherwise today; ``draft`` it
            can be drawn and was not issued; ``begun`` it has its number and was not written.
        because: What has changed since a stale one was issued.
    """

    document: str
    item: str
    word: Word
    entry: Entry | None = None
    because: tuple[Cause, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "item": self.item,
            "state": self.word,
            "because": [one.as_json() for one in self.because],
            "number": self.entry.number if self.entry else None,
            "day": self.entry.day.isoformat() if self.entry else None,
            "id": self.entry.id if self.entry else None,
        }

    def line(self) -> str:
        """Say it in the reader's language."""
        if self.word == "draft":
            return tr("not issued")
        assert self.entry is not None
        number = f" № {self.entry.number}" if self.entry.number else ""
        issued = tr("issued{number} of {day}").format(number=number, day=f"{self.entry.day:%d.%m.%Y}")
        if self.word == "begun":
            return tr("number{number} was given, and the paper was not written").format(number=number)
        if self.word == "stale":
            return tr("{issued}; stale, for this has changed: {what}").format(
                issued=issued, what=told(self.because)
            )
        return issued


def standings(opened: OpenCase, journal: Journal, day: date) -> Mapping[str, list[Standing]]:
    """Return how each paper stands that the case gives on a day, and what was issued of it before."""
    desk = _Desk(opened, Press(opened.method, opened.language))
    issued = {(one.document, one.item): one for one in _standing_on(journal, opened.case.id, day)}
    found: dict[str, list[Standing]] = {}
    for document in dict.fromkeys([*_possible(opened, day), *(one[0] for one in issued)]):
        drafts = desk.drafts(document, day)
        mine = {item: one for (name, item), one in issued.items() if name == document}
        items = dict.fromkeys([*drafts, *mine])
        found[document] = [desk.standing(document, item, drafts.get(item), mine.get(item)) for item in items]
    return found


def _standing_on(journal: Journal, case: str, day: date) -> list[Entry]:
    from ...core.journal.past import entries_by

    if day < date.today():
        return entries_by(journal, day, case=case, states=("issued", "reserved"))
    return journal.entries(case=case, states=("issued", "reserved"))


def _possible(opened: OpenCase, day: date) -> list[str]:
    return [one.id for one in opened.documents(day) if one.count and not one.missing]


@dataclass
class _Desk:
    """A case, and the drafts that were drawn of it."""

    opened: OpenCase
    press: Press
    _drawn: dict[tuple[str, date], dict[str, Rendered]] = field(default_factory=dict)

    def drafts(self, document: str, day: date) -> dict[str, Rendered]:
        """Return what a document comes out as on a day, by what each paper is made for."""
        if (document, day) not in self._drawn:
            self._drawn[document, day] = self._draw(document, day)
        return self._drawn[document, day]

    def _draw(self, document: str, day: date) -> dict[str, Rendered]:
        if document not in self.press.method.papers:
            return {}
        try:
            return {one.item: one for one in self.press.render(self.opened.case, document, day)}
        except PapkaError:
            # What cannot be drawn is told by papka check and papka render.
            return {}

    def standing(self, document: str, item: str, draft: Rendered | None, entry: Entry | None) -> Standing:
        """Tell how one paper stands."""
        if entry is None:
            return Standing(document, item, "draft")
        if entry.state == "reserved":
            return Standing(document, item, "begun", entry)
        if not _is(draft, entry):
            # A paper without a day of its own is that of the day on which it was issued.
            draft = self.drafts(document, entry.day).get(item)
        if _is(draft, entry):
            return Standing(document, item, "issued", entry)
        found = causes(entry, self._map(entry), draft, self.opened, self.press)
        return Standing(document, item, "stale", entry, tuple(found))

    def _map(self, entry: Entry) -> SourceMap | None:
        from .cards import card_of

        office = find_office(self.opened.path.resolve().parent)
        card = card_of(office.folder, entry) if office else None
        return SourceMap.of(card.sources) if card else None


def _is(draft: Rendered | None, entry: Entry) -> bool:
    return draft is not None and hashlib.sha256(draft.content).hexdigest() == entry.facts
