"""Which papers a packet holds: issued ones in force, in the order of the stages; and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.office import Office
from ...core.opening import OpenCase
from ...core.rules.papers import whom
from ..rendering import Press, item_keys, wanted
from ..scanning.awaiting import Awaited, awaited

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal


@dataclass(frozen=True)
class PacketOrder:
    """What a worker wants in a packet.

    Attributes:
        documents: Codes of documents, ``krg_ipss:2`` for the second of its kind; none: those of the occasion.
        everything: All papers in force; otherwise, if no document and no day is named, those of the stage
            that the case has reached and those that somebody has still to sign.
        issued_on: Only papers of this day.
        copies: Whether each paper stands in the packet as often as its type says, or once.
        engine: Which engine draws the cover.
        out: Where the packet is written; by default among the packets of the case.
    """

    case: str
    documents: tuple[str, ...] = ()
    everything: bool = False
    issued_on: date | None = None
    two_sided: bool = True
    copies: bool = True
    password: str | None = None
    engine: str | None = None
    out: Path | None = None
    day: date = field(default_factory=date.today)


@dataclass(frozen=True)
class NotIssued:
    """A paper that is due, or was named, and was not issued.

    Attributes:
        missing: What the case lacks for it.
    """

    document: str
    title: str
    missing: str | None

    def lines(self, case: str) -> Iterator[str]:
        """Say so, and how it is issued."""
        yield tr("not issued, so not in the packet: {title}").format(title=self.title)
        if self.missing:
            yield "    " + tr("it cannot be yet: {what}").format(what=self.missing)
        else:
            said = f'"{case}"' if " " in case else case
            yield f"    papka issue {said} {self.document}"


@dataclass(frozen=True)
class Choice:
    """The papers of a case, and which of them belong into a packet."""

    order: PacketOrder
    opened: OpenCase
    office: Office
    journal: Journal

    @cached_property
    def _press(self) -> Press:
        return Press(self.opened.method, self.opened.language)

    @cached_property
    def _issued(self) -> list[Entry]:
        return self.journal.entries(case=self.opened.case.id, states=("issued",))

    @cached_property
    def _asked(self) -> list[tuple[str, int | None]]:
        return wanted(self._press, self.order.documents)

    @cached_property
    def _stage(self) -> str | None:
        now = self.opened.on(self.order.day)
        return now.stage.id if now.stage else None

    @cached_property
    def _things(self) -> dict[tuple[str, str], dict[str, object]]:
        """What each paper is made for, by document and key, in order: of the documents that matter here."""
        now = self._press.situation(self.opened.case, self.order.day)
        matter = {one.document for one in self._issued} | {name for name, _ in self._asked}
        found: dict[tuple[str, str], dict[str, object]] = {}
        for name, paper in self._press.method.papers.items():
            items = list(now.items(paper.type)) if name in matter else []
            found.update(((name, key), item) for key, item in zip(item_keys(items), items, strict=True))
        return found

    def papers(self) -> list[Awaited]:
        """Return the papers of the packet in the order of the stages, each with who has signed it.

        Raises:
            AskedWrongly: A document was named of which the case has not so many papers.
            PapkaError: A document was named that is not issued, or there is nothing to bind.
        """
        marks = self.journal.marks([one.id for one in self._issued])
        known = [awaited(self.office, one, marks.get(one.id, ())) for one in self._issued]
        found = self._named(known) if self._asked else self._of_occasion(known)
        if self.order.issued_on:
            found = [one for one in found if one.entry.day == self.order.issued_on]
        if not found:
            words = tr("There is nothing to bind: none of these papers is issued.")
            cure = tr("Issue them first: papka issue {case} --stage.").format(case=self.order.case)
            raise PapkaError("\n".join((f"{words} {cure}", *self._advice())))
        return sorted(found, key=self._place)

    def _advice(self) -> list[str]:
        return [line for one in self.not_issued() for line in one.lines(self.order.case)]

    def _named(self, known: list[Awaited]) -> list[Awaited]:
        found: dict[str, Awaited] = {}
        for name, index in self._asked:
            key = self._key(name, index) if index is not None else None
            mine = [one for one in known if one.entry.document == name and key in (None, one.entry.item)]
            if not mine:
                words = tr("{document} is not issued: papka issue {case} {document}")
                asked = name if index is None else f"{name}:{index}"
                raise PapkaError(words.format(document=asked, case=self.order.case))
            found.update((one.entry.id, one) for one in mine)
        return list(found.values())

    def _of_occasion(self, known: list[Awaited]) -> list[Awaited]:
        if self.order.everything or self.order.issued_on:
            return known
        kinds = self.opened.method.forms
        here = {one.id for one in kinds if one.stage is not None and one.stage == self._stage}
        return [one for one in known if one.unsigned or one.entry.document in here]

    def _key(self, name: str, index: int) -> str:
        keys = [key for document, key in self._things if document == name]
        if not 1 <= index <= len(keys):
            words = tr("The case gives {count} papers of {document}; there is no paper {index}.")
            raise AskedWrongly(words.format(count=len(keys), document=name, index=index))
        return keys[index - 1]

    def _place(self, one: Awaited) -> tuple[int, int, date]:
        entry = one.entry
        kinds, things = [one.id for one in self.opened.method.forms], list(self._things)
        kind = kinds.index(entry.document) if entry.document in kinds else len(kinds)
        thing = (entry.document, entry.item)
        return kind, things.index(thing) if thing in self._things else len(things), entry.day

    def title(self, entry: Entry) -> str:
        """Return what a paper is, and whom it is about where it is made for one person."""
        paper = self._press.method.papers.get(entry.document)
        title = paper.type.title if paper else entry.document
        about = whom(self._things.get((entry.document, entry.item), {}))
        return f"{title} ({about})" if about else title

    def copies(self, entry: Entry) -> int:
        """Return how many copies of a paper are signed."""
        paper = self._press.method.papers.get(entry.document)
        return paper.type.copies if paper and self.order.copies else 1

    def not_issued(self) -> list[NotIssued]:
        """Return what is due at this stage, or was named, and was not issued."""
        issued = Counter(one.document for one in self._issued)
        named = {name for name, _ in self._asked}
        found = []
        for one in self.opened.documents(self.order.day):
            here = one.stage == self._stage and one.state not in ("not_due", "not_needed")
            due = here or (one.due is not None and one.state in ("ready", "missing"))
            if issued[one.id] < max(one.count, 1) and (one.id in named if named else due):
                found.append(NotIssued(one.id, one.title, one.missing))
        return found
