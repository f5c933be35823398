"""A case on the day of a paper: where everything stands that a template or a rule looks at.

A plain record tells what it is asked for (`reading.py`); here it gets its place, and what is worked out gets
the typed values from which it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from ...core.contract.base import At, derived_fields
from ...core.facts import Later, Missing, Record, Rows
from ...core.opening import OpenCase
from ...core.paths import Loc
from ...core.rules.situation import Situation
from ..rendering import Press
from .leaves import Digest, Leaves, place, written
from .reading import Listener, let_tell, listening, made_from

_FED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "level": {"level_reviews": (), "decisions": ("level", "on")},
    "signs": {"level_reviews": ()},
    "risk": {"scores": ()},
    "progress": {"planned_end_on": (), "decisions": ("extends_until", "on")},
}
"""What papka works out by code of its own, from which parts of the case, and from which fields in them."""

_WORKED_OUT = ("level", "progress", "risk")
OF_THE_PROGRAMME = ("programme", "settings")
ASKED = "@"

_laid_out: list[Any] = []


@dataclass
class Desk:
    """A case on the day of a paper, with the places of all that records tell of.

    Attributes:
        then: The case as the paper knows it.
        leaves: The same, taken apart.
        asked: The case as it was known on the day that was asked for, taken apart: a paper that is made for
            a thing of the case knows of it what was known then. Its places begin with a sign.
        records: Where each plain record stands: in the case, or in what the rules work out.
    """

    opened: OpenCase
    now: Situation
    then: Situation
    leaves: Leaves = field(default_factory=Leaves)
    asked: Leaves = field(default_factory=Leaves)
    places: dict[int, Loc] = field(default_factory=dict)
    records: dict[int, tuple[Loc, BaseModel | None, Situation]] = field(default_factory=dict)
    feeds: dict[str, set[Loc]] = field(default_factory=dict)
    known: dict[int, Record] = field(default_factory=dict)

    @classmethod
    def of(cls, press: Press, opened: OpenCase, on: date, day: date | None) -> Desk:
        """Lay a case out as of the day that was asked for and as of the day of the paper.

        The papers of one case are issued one after another: what was laid out last is used again.
        """
        if not _laid_out or _laid_out[0] is not opened or _laid_out[1:3] != [press, on]:
            _laid_out[:] = [opened, press, on, {}]
        desks: dict[date | None, Desk] = _laid_out[3]
        if day not in desks:
            now = next((one.now for one in desks.values()), None) or press.situation(opened.case, on)
            desks[day] = cls._laid(opened, now, day)
        return desks[day]

    @classmethod
    def _laid(cls, opened: OpenCase, now: Situation, day: date | None) -> Desk:
        desk = cls(opened, now, now.at(day) if day else now)
        desk.leaves = Leaves.of(opened.case, desk.then.case)
        for name, parts in _FED.items():
            desk.feeds[name] = {
                at
                for part, fields in parts.items()
                for at in desk.leaves.below((part,))
                if not fields or at[-1] in (part, *fields)
            }
        desk.places.update(desk.leaves.places)
        if desk.then is not now:
            desk.asked = Leaves.of(opened.case, now.case)
            for one, at in desk.asked.places.items():
                desk.places.setdefault(one, (ASKED, *at))
            desk._work_out(now)
        desk._work_out(desk.then)
        return desk

    def _work_out(self, situation: Situation) -> None:
        """Let the rules work, and note what they look at."""
        self.let_tell(situation)
        for name in _WORKED_OUT:
            heard: list[tuple[int, str]] = []
            with listening(into(heard)):
                getattr(situation, name)
            self.feeds[name] |= {at for read in heard for at in self.made_from(read)}
        for name in (*_FED, *OF_THE_PROGRAMME, "document"):
            self.place_view(name, situation.context.get(name), situation)
        self.let_tell(situation)

    def let_tell(self, situation: Situation) -> None:
        """Let all records of a situation tell what they are asked for."""
        for model, record in situation.records():
            if id(record) in self.known:
                continue
            let_tell(record)
            at = self.places.get(id(model))
            if at is not None:
                self.records[id(record)] = at, model, situation
                self.known[id(record)] = record

    def place_view(self, name: str, value: object, situation: Situation) -> None:
        """Note where the records stand that are worked out."""
        pending: list[tuple[Loc, object]] = [((name,), value)]
        while pending:
            at, one = pending.pop()
            if isinstance(one, Record) and id(one) not in self.records:
                let_tell(one)
                self.records[id(one)] = at, None, situation
                self.known[id(one)] = one
                pending += [((*at, inner), one[inner]) for inner in one]
            elif isinstance(one, Rows) and not isinstance(one, Later):
                pending += [((*at, number), item) for number, item in enumerate(one)]

    def list_papers(self) -> None:
        """Let the rules list the papers of the case, which they do for a template that asks for it."""
        heard: list[tuple[int, str]] = []
        listed = self.then.context["papers"]
        with listening(into(heard)):
            papers = Rows(listed) if isinstance(listed, Rows) else Rows()
        self.feeds["papers"] = {at for read in dict.fromkeys(heard) for at in self.made_from(read)}
        self.place_view("papers", papers, self.then)

    def place(self, read: tuple[int, str]) -> Loc | None:
        """Return the place of what was looked at."""
        known = self.records.get(read[0])
        return (*of_case(known[0]), read[1]) if known else None

    def is_record(self, read: tuple[int, str]) -> bool:
        """Tell whether what was looked at is a record, of which a field was wanted."""
        record = self.known.get(read[0])
        return record is not None and isinstance(record[read[1]], Record)

    def is_worked_out(self, at: Loc) -> bool:
        """Tell whether a place is none of the case's, but of what the rules or the programme say."""
        return len(at) > 1 and at[0] in (*_FED, *OF_THE_PROGRAMME, "document", "papers")

    def value(self, at: Loc) -> object:
        """Return what stands at a place, as the paper knows it."""
        if self.is_worked_out(at):
            return _walked(self.then.context.get(str(at[0])), at[1:])
        value = _counted(self.then, self.leaves, at)
        is_there = value is not None and not isinstance(value, Missing)
        return value if is_there or self.then is self.now else _counted(self.now, self.asked, at)

    def made_from(self, read: tuple[int, str]) -> set[Loc]:
        """Return the places of the typed values from which comes what was looked at."""
        known = self.records.get(read[0])
        if known is None:
            return set()
        at, model, situation = known
        if model is None:
            return self.feeds.get(str(at[0]), set())
        if read[1] not in derived_fields(type(model)):
            forms = f"{read[1]}_forms"
            # The forms of a phrase come with it.
            more = self.leaves.below((*at, forms)) if forms in type(model).model_fields else ()
            return {(*at, read[1]), *more}
        return made_from(model, read[1], At(situation.case, situation.on), self.places)


def of_case(at: Loc) -> Loc:
    """Return a place without the sign that says for which day it was looked at."""
    return at[1:] if at[:1] == (ASKED,) else at


def into(heard: list[tuple[int, str]]) -> Listener:
    """Return a listener that notes down what it hears."""
    return lambda record, name: heard.append((id(record), name))


def worked_out(then: Situation, fields: Iterable[str], digest: Digest) -> dict[str, str]:
    """Return digests of what the rules and the programme say, by field; of whole records there are none."""
    found = {}
    for text in fields:
        at = place(text)
        if len(at) < 2 or at[0] not in (*_FED, *OF_THE_PROGRAMME):
            continue
        value = _walked(then.context.get(str(at[0])), at[1:])
        if not isinstance(value, Record | Rows):
            found[text] = digest(text + written(value))
    return found


def _counted(situation: Situation, leaves: Leaves, at: Loc) -> object:
    value: object = situation.context["case"]
    for number, step in enumerate(at):
        if isinstance(step, int):
            # A paper may not know all that stands in the file, and counts without it.
            known = [one for one, _ in leaves.lists.get(at[:number], ())]
            value = _walked(value, (known.index(step),)) if step in known else None
        else:
            value = _walked(value, (step,))
    return value


def _walked(value: object, steps: Loc) -> object:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, Rows) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Record) else None
    return value
