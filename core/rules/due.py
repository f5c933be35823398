"""What has still to be done in a case, each with its last day: the deadlines that are not met yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..registers import DueView
from .checking import due_day, times
from .situation import Situation


def due(situation: Situation) -> list[DueView]:
    """Return what is not done yet, the most urgent first; what is late comes with days below zero."""
    found = [*_deadlines(situation), *_repeated(situation)]
    return sorted(found, key=lambda one: (one.due, one.rule))


def _deadlines(situation: Situation) -> Iterator[DueView]:
    reached = situation.stages_reached()
    for one in situation.programme.deadlines:
        if one.stage is not None and one.stage not in reached:
            continue
        last = due_day(situation, one)
        if last is None or situation.day(one.done) is not None:
            continue
        since = situation.day(one.since) or last
        yield _view(situation.on, one.id, one.title, one.cure, since, last, repeats=False)


def _repeated(situation: Situation) -> Iterator[DueView]:
    for one in situation.programme.repeated:
        if not situation.holds(one.when):
            continue
        until = situation.day(one.until) if one.until else None
        for since, last, done in times(situation, one):
            if done is None and (until is None or last <= until):
                yield _view(situation.on, one.id, one.title, one.cure, since, last, repeats=True)


def _view(on: date, rule: str, title: str, cure: str, since: date, last: date, *, repeats: bool) -> DueView:
    whole, passed = (last - since).days, (on - since).days
    return DueView(
        rule=rule,
        title=title,
        since=since,
        due=last,
        days=(last - on).days,
        used=passed * 100 // whole if whole > 0 else 100,
        overdue=last < on,
        repeats=repeats,
        cure=cure,
    )
