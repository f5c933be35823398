"""The journal as it stood on an earlier day, and all that happened to one paper, read from its events.

The tables say how papers stand now; who asks «as of» a day must not be shown what was issued later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args

from sqlalchemy import select

from .chain import MARKS, UPGRADED
from .entries import Entry, Mark, State, standing_marks
from .journal import Journal
from .rows import sound, understood
from .tables import events


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a paper.

    Attributes:
        kind: ``reserved``, ``issued``, ``void``, ``replaced``; ``page`` or ``signed`` with its mark.
        mark: The page that came back, or the signature.
        by: The paper that took its place.
    """

    kind: str
    at: datetime
    mark: Mark | None = None
    by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        said: dict[str, Any] = {"kind": self.kind, "at": self.at.isoformat(timespec="seconds")}
        more = {"mark": self.mark.as_json() if self.mark else None, "by": self.by}
        return said | {name: one for name, one in more.items() if one is not None}


@understood()
def entries_by(
    journal: Journal, day: date, *, case: str | None = None, states: tuple[State, ...] = ()
) -> list[Entry]:
    """Return papers as they stood at the end of a day, the oldest first; later ones are not there."""
    known: dict[str, Entry] = {}
    for kind, paper, at, data in _events(journal):
        if kind not in MARKS and at.astimezone().date() <= day:
            known[paper] = _entry(data, at)
    found = (
        one for one in known.values() if case in (None, one.case) and (not states or one.state in states)
    )
    return sorted(found, key=lambda one: (one.day, one.at, one.id))


@understood()
def marks_by(journal: Journal, day: date, of: Collection[str] | None = None) -> dict[str, list[Mark]]:
    """Return what had happened to papers by the end of a day."""
    wanted = None if of is None else frozenset(of)
    return standing_marks(
        _mark(data, at)
        for kind, paper, at, data in _events(journal)
        if kind in MARKS and at.astimezone().date() <= day and (wanted is None or paper in wanted)
    )


@understood()
def history(journal: Journal, id_: str) -> list[Happened]:
    """Return what happened to a paper, in order; what was taken back later too."""
    paper = journal.entry(id_).id
    return [
        Happened(kind, at, _mark(data, at) if kind in MARKS else None)
        for kind, _, at, data in _events(journal, paper)
    ]


def _events(
    journal: Journal, paper: str | None = None
) -> Iterator[tuple[str, str, datetime, Mapping[str, Any]]]:
    asked = select(events.c.kind, events.c.paper, events.c.at, events.c.data).order_by(events.c.n)
    asked = asked.where(events.c.kind != UPGRADED)
    if paper is not None:
        asked = asked.where(events.c.paper == paper)
    with journal.engine.connect() as connection:
        for row in connection.execute(asked):
            if row.kind not in (*get_args(State), *MARKS):
                raise ValueError("no kind of event")
            yield row.kind, row.paper, datetime.fromisoformat(row.at), row.data


def _entry(data: Mapping[str, Any], at: datetime) -> Entry:
    return sound(Entry(**{**data, "day": date.fromisoformat(data["day"]), "at": _aware(at)}))


def _mark(data: Mapping[str, Any], at: datetime) -> Mark:
    on = data.get("on")
    return sound(Mark(**{**data, "on": date.fromisoformat(on) if on else None, "at": _aware(at)}))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
