"""How the papers of a case stand: issued, issued and stale since, or drafts only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ..core.errors import PapkaError
from ..core.i18n import tr
from ..core.opening import OpenCase
from .rendering import Press, Rendered

if TYPE_CHECKING:
    from ..core.journal.entries import Entry
    from ..core.journal.journal import Journal

Word = Literal["issued", "stale", "draft", "begun"]
Reason = Literal["template", "case"]


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
    because: Reason | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "item": self.item,
            "state": self.word,
            "because": self.because,
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
        issued = tr("issued{number} on {day}").format(number=number, day=f"{self.entry.day:%d.%m.%Y}")
        if self.word == "begun":
            return tr("number{number} was given, and the paper was not written").format(number=number)
        if self.word == "stale":
            why = tr("the template has changed") if self.because == "template" else tr("the case has changed")
            return tr("{issued}, stale: {why}").format(issued=issued, why=why)
        return issued


def standings(opened: OpenCase, journal: Journal, day: date) -> Mapping[str, list[Standing]]:
    """Return how each paper stands that the case gives on a day, and what was issued of it before."""
    press = Press(opened.method, opened.plugins.language)
    issued = {
        (one.document, one.item): one
        for one in journal.entries(case=opened.case.id, states=("issued", "reserved"))
    }
    found: dict[str, list[Standing]] = {}
    for document in dict.fromkeys([*_possible(opened, day), *(one[0] for one in issued)]):
        drafts = _drafts(press, opened, document, day)
        mine = {item: one for (name, item), one in issued.items() if name == document}
        items = dict.fromkeys([*drafts, *mine])
        found[document] = [_standing(document, item, drafts.get(item), mine.get(item)) for item in items]
    return found


def _possible(opened: OpenCase, day: date) -> list[str]:
    return [one.id for one in opened.documents(day) if one.count and not one.missing]


def _drafts(press: Press, opened: OpenCase, document: str, day: date) -> dict[str, Rendered]:
    if document not in press.method.papers:
        return {}
    try:
        return {one.item: one for one in press.render(opened.case, document, day)}
    except PapkaError:
        # What cannot be drawn is told by papka check and papka render.
        return {}


def _standing(document: str, item: str, draft: Rendered | None, entry: Entry | None) -> Standing:
    if entry is None:
        return Standing(document, item, "draft")
    if entry.state == "reserved":
        return Standing(document, item, "begun", entry)
    if draft is not None and hashlib.sha256(draft.content).hexdigest() == entry.facts:
        return Standing(document, item, "issued", entry)
    changed = draft is not None and draft.template_digest != entry.made_with.get("template_sha256")
    return Standing(document, item, "stale", entry, "template" if changed else "case")
