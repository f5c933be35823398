"""What has still to be done in a case, each with its last day: the deadlines that are not met yet."""

from __future__ import annotations

from datetime import date

from ..programme import Repeated
from ..registers import DueView
from .situation import Situation
from .terms import Run, runs


def due(situation: Situation) -> list[DueView]:
    """Return what is not done yet, the most urgent first; what is late comes with days below zero.

    What was due before the case was closed is not due any more: nobody can do it.
    """
    closed = situation.progress.closed_on
    still = (run for run in runs(situation) if run.done is None and not run.over)
    found = [_view(situation.on, run) for run in still if closed is None or run.due > closed]
    return sorted(found, key=lambda one: (one.due, one.rule))


def _view(on: date, run: Run) -> DueView:
    rule, whole, passed = run.rule, (run.due - run.since).days, (on - run.since).days
    return DueView(
        rule=rule.id,
        title=rule.title,
        since=run.since,
        due=run.due,
        days=(run.due - on).days,
        used=passed * 100 // whole if whole > 0 else 100,
        overdue=run.due < on,
        repeats=isinstance(rule, Repeated),
        cure=rule.cure,
    )
