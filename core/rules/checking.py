"""Checking a case: what is missing for its stage, what is late, what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from .. import workdays
from ..contract.case import Case
from ..facts import Record, Rows
from ..findings import Finding, Place
from ..i18n import tr, trn
from ..paths import dotted, in_words
from ..programme import Check, Deadline, DocumentType, Repeated
from ..region import Method
from ..vocabulary import record_type
from .situation import Situation

SHOWN = 4
"""How many places one finding names before it only counts them."""

State = Literal["not_due", "not_needed", "missing", "ready", "made"]


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """How one document type stands in a case.

    Attributes:
        state: ``not_due`` its stage is not reached; ``not_needed`` the case does not call for it; ``missing``
            facts are missing to draw it up; ``ready`` it can be drawn up; ``made`` the case shows it.
        count: How many papers of the type the case's facts give.
        due: The day by which it had to be made, where a deadline says so.
    """

    id: str
    title: str
    stage: str | None
    state: State
    count: int
    missing: str | None
    due: date | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        data["due"] = self.due.isoformat() if self.due else None
        return data


def check(situation: Situation, method: Method) -> list[Finding]:
    """Return the findings of a case: missing papers in order, then deadlines, then what to look at."""
    late = [*_deadlines(situation), *_repeated(situation)]
    return [*_missing(situation, method), *late, *_checks(situation)]


# --- documents -------------------------------------------------------------------------------------------


def documents(situation: Situation, method: Method) -> list[DocumentStatus]:
    """Return how each document type of the programme stands, in the order of the stages."""
    stages = [stage.id for stage in situation.programme.stages]
    papers = sorted(
        (paper.type for paper in method.papers.values()),
        key=lambda one: stages.index(one.stage) if one.stage in stages else len(stages),
    )
    return [_status(situation, one) for one in papers]


def _status(situation: Situation, one: DocumentType) -> DocumentStatus:
    deadline = next((d for d in situation.programme.deadlines if d.id == one.deadline), None)
    due = due_day(situation, deadline) if deadline else None
    given = one.given is None or situation.holds(one.given)
    count = sum(1 for _ in situation.items(one)) if given else 0
    missing = None if given and count else (one.needs or tr("no facts for it"))
    return DocumentStatus(
        one.id, one.title, one.stage, _state(situation, one, missing is None), count, missing, due
    )


def _state(situation: Situation, one: DocumentType, given: bool) -> State:
    if _is_made(situation, one):
        return "made"
    if one.stage is not None and one.stage not in situation.stages_reached():
        return "not_due"
    if not situation.holds(one.required):
        return "not_needed"
    return "ready" if given else "missing"


def _is_made(situation: Situation, one: DocumentType) -> bool:
    """Tell whether the case shows that the document was made, for each thing that it is made for."""
    if one.done is None:
        return False
    items = list(situation.items(one))
    return bool(items) and all(situation.holds(one.done, **item) for item in items)


def _missing(situation: Situation, method: Method) -> Iterator[Finding]:
    for status in documents(situation, method):
        if status.state not in ("missing", "ready"):
            continue
        kind = method.papers[status.id].type
        message = tr("Not there yet: {title}.").format(title=status.title)
        cure = tr("Draw it up: papka render CASE {id}.").format(id=status.id)
        if status.missing:
            cure = tr("Add it to the case first ({what}).").format(what=status.missing)
        yield Finding(
            f"DOC-{status.id}", "warning", message, cure, due=status.due, source=kind.source.source()
        )


# --- deadlines -------------------------------------------------------------------------------------------


def due_day(situation: Situation, deadline: Deadline) -> date | None:
    """Return the last day of a deadline, if the case has the day from which it counts."""
    if not situation.holds(deadline.when):
        return None
    since = situation.day(deadline.since)
    if since is None:
        return None
    term = next((case.term for case in deadline.terms if situation.holds(case.when)), deadline.term)
    settings = {name: one.value for name, one in situation.programme.settings.items()}
    return workdays.after(since, term, settings, deadline.shift, before=deadline.before)


def _deadlines(situation: Situation) -> Iterator[Finding]:
    reached = situation.stages_reached()
    for deadline in situation.programme.deadlines:
        if deadline.stage is not None and deadline.stage not in reached:
            continue
        due = due_day(situation, deadline)
        if due is None:
            continue
        done = situation.day(deadline.done)
        if done is not None and done > due:
            words = tr("{title}: done later than due.")
        elif done is None and situation.on > due:
            words = tr("{title}: not done, and the day has passed.")
        else:
            continue
        yield Finding(
            deadline.id,
            deadline.severity,
            words.format(title=deadline.title),
            deadline.cure,
            due=due,
            actual=done,
            source=deadline.source.source(),
        )


def _repeated(situation: Situation) -> Iterator[Finding]:
    for one in situation.programme.repeated:
        if not situation.holds(one.when):
            continue
        for due, actual in _late_times(situation, one):
            words = tr("{title}: done later than due.") if actual else tr("{title}: it is time again.")
            yield Finding(
                one.id,
                one.severity,
                words.format(title=one.title),
                one.cure,
                due=due,
                actual=actual,
                source=one.source.source(),
            )


def _late_times(situation: Situation, one: Repeated) -> Iterator[tuple[date, date | None]]:
    """Go through the times that came late: the day each was due, and the day it was done, if it was."""
    start = situation.day(one.since)
    if start is None:
        return
    end = (situation.day(one.until) if one.until else None) or situation.on
    found = situation.ask(one.done)
    days = [day for day in found if isinstance(day, date)] if isinstance(found, Rows) else []
    settings = {name: setting.value for name, setting in situation.programme.settings.items()}
    for day in [*sorted(day for day in days if day > start), None]:
        # The term is that of the time before: a level may have changed since.
        then = situation.at(start)
        term = next((case.term for case in one.terms if then.holds(case.when)), one.term)
        due = workdays.after(start, term, settings, one.shift)
        if (day or situation.on) > due and due <= end:
            yield due, day
        if day is not None:
            start = day


# --- checks ----------------------------------------------------------------------------------------------


def _checks(situation: Situation) -> Iterator[Finding]:
    reached = situation.stages_reached()
    for one in situation.programme.checks:
        if one.stage is not None and one.stage not in reached:
            continue
        found = [_found(situation, one, item) for item in situation.items(one)]
        yield from _grouped([finding for finding in found if finding is not None])


def _found(situation: Situation, one: Check, item: dict[str, object]) -> Finding | None:
    if not situation.holds(one.when, **item):
        return None
    day = situation.day(one.on, **item) if one.on else None
    return Finding(
        one.id,
        one.severity,
        one.message,
        one.cure,
        place=_place(situation, one, item),
        actual=day,
        source=one.source.source(),
    )


def _all_words(group: Sequence[Finding]) -> list[str]:
    words = list(dict.fromkeys(one.place.words for one in group if one.place.words))
    return words if len(words) <= SHOWN else [*words[:SHOWN], "…"]


def _place(situation: Situation, one: Check, item: dict[str, object]) -> Place:
    """Say which of several things a check found: its place in the case, and no value of it."""
    for value in item.values():
        loc = situation.path(value) if isinstance(value, Record) else None
        if loc:
            return Place(path=dotted(loc), words=in_words(record_type(Case), loc))
    if one.path is None:
        return Place()
    return Place(path=one.path, words=in_words(record_type(Case), tuple(one.path.split("."))))


def _grouped(found: Sequence[Finding]) -> Iterator[Finding]:
    """Say the same thing about several items once, with their number."""
    seen: dict[tuple[str, date | None], list[Finding]] = {}
    for one in found:
        seen.setdefault((one.id, one.actual), []).append(one)
    for group in seen.values():
        first = group[0]
        if len(group) == 1:
            yield first
            continue
        times = trn("{count} time", "{count} times", len(group)).format(count=len(group))
        message = f"{first.message.rstrip('.')} ({times})."
        yield Finding(
            first.id,
            first.severity,
            message,
            first.cure,
            place=replace(first.place, words="; ".join(_all_words(group))),
            actual=first.actual,
            source=first.source,
        )
