"""What has still to be done in a case, each with its last day: the deadlines that are not met yet."""

from __future__ import annotations

from datetime import date
from functools import partial

from ..dayspan import unwatched
from ..facts import Record, Rows
from ..programmes.programme import Repeated
from ..programmes.registers import DueView
from ..vocabulary import record_type
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


def due_records(situation: Situation) -> Rows:
    """Return the same as an expression sees it; how many days are left is counted when it is asked for.

    What counts days is another thing tomorrow: a report that does not ask for it holds for longer.
    """
    known = record_type(DueView)
    found: list[Record] = []
    for view in due(situation):
        values: dict[str, object] = {
            name: getattr(view, name) for name in known.fields if name not in ("days", "used")
        }
        count = partial(_counted, view, situation.on)
        found.append(Record(known.name, values, known.aliases, known.fields, count))
    return Rows(found)


def _counted(view: DueView, on: date, name: str) -> int:
    return _left(view, on) if name == "days" else _used(view, on)


def _left(view: DueView, on: date) -> int:
    return (view.due - on).days


def _used(view: DueView, on: date) -> int:
    whole, passed = (view.due - view.since).days, (on - view.since).days
    return passed * 100 // whole if whole > 0 else 100


def _view(on: date, run: Run) -> DueView:
    rule, day = run.rule, unwatched(on)
    view = DueView(
        rule=rule.id,
        title=rule.title,
        since=run.since,
        due=run.due,
        overdue=run.due < on,
        repeats=isinstance(rule, Repeated),
        cure=rule.cure,
    )
    return view.model_copy(update={"days": _left(view, day), "used": _used(view, day)})
