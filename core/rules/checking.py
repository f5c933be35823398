"""Checking a case: what is missing for its stage, what is late, what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from ..contract.case import Case
from ..facts import Record
from ..findings import Finding, Place
from ..i18n import tr, trn
from ..paths import in_words, undotted
from ..programmes.programme import Check, DocumentType, Repeated
from ..programmes.region import Method
from ..vocabulary import record_type
from .situation import Situation
from .terms import Run, due_day, place_of, runs

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
        expired: How many of the things it is made for do not hold any more: a consent whose term has ended,
            or that was withdrawn, and that no later one of the same person renews.
    """

    id: str
    title: str
    stage: str | None
    state: State
    count: int
    missing: str | None
    due: date | None
    expired: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        data["due"] = self.due.isoformat() if self.due else None
        return data


def check(situation: Situation, method: Method) -> list[Finding]:
    """Return the findings of a case: missing papers in order, then deadlines, then what to look at."""
    return [
        *_missing(situation, method),
        *_late(situation),
        *_checks(situation),
        *_undecreed(situation),
    ]


# --- documents -------------------------------------------------------------------------------------------


def documents(situation: Situation, method: Method) -> list[DocumentStatus]:
    """Return how each document type of the programme stands, in the order of the stages."""
    return [_status(situation, one) for one in method.forms]


def _status(situation: Situation, one: DocumentType) -> DocumentStatus:
    deadline = next((d for d in situation.programme.deadlines if d.id == one.deadline), None)
    due = due_day(situation, deadline) if deadline else None
    given = one.given is None or situation.holds(one.given)
    count = sum(1 for _ in situation.items(one)) if given else 0
    missing = None if given and count else (one.needs or tr("no facts for it"))
    state, expired = _state(situation, one, missing is None), _expired(situation, one) if given else 0
    return DocumentStatus(one.id, one.title, one.stage, state, count, missing, due, expired)


def _expired(situation: Situation, one: DocumentType) -> int:
    """Count the things a document is made for that have ended; in a closed case time ends nothing more."""
    things = [thing for item in situation.items(one) for thing in _stood_for(situation, one, item)]
    unlike: dict[tuple[object, ...], list[Record]] = {}
    for thing in dict.fromkeys(things):
        about = (thing.get("kind"), thing.get("subject"), thing.get("signed_by"))
        unlike.setdefault(about, []).append(thing)
    return sum(all(_has_ended(situation, thing) for thing in same) for same in unlike.values())


_BEGINNINGS = ("asked_on", "on", "started_on", "since", "signed_on")


def _stood_for(situation: Situation, one: DocumentType, item: dict[str, object]) -> Iterator[Record]:
    """Go through the things that a document is: one of another day (a conclusion) only tells of them."""
    day = situation.day(one.dated, **item) if one.dated else None
    for thing in item.values():
        if isinstance(thing, Record) and (day is None or day in [thing.get(name) for name in _BEGINNINGS]):
            yield thing


def _has_ended(situation: Situation, thing: Record) -> bool:
    ended, until = (thing.get(name) for name in ("withdrawn_on", "valid_until"))
    if isinstance(ended, date):
        return ended <= situation.on
    return situation.progress.closed_on is None and isinstance(until, date) and until < situation.on


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
        message = tr("Not issued yet: {title}.").format(title=status.title)
        cure = tr("Issue it: papka issue CASE {id}. A draft to look at: papka render CASE {id}.").format(
            id=status.id
        )
        if status.missing:
            cure = tr("Add it to the case first ({what}).").format(what=status.missing)
        yield Finding(
            f"DOC-{status.id}", "warning", message, cure, due=status.due, source=kind.source.source()
        )


# --- deadlines -------------------------------------------------------------------------------------------


def _late(situation: Situation) -> Iterator[Finding]:
    """Go through the terms that were not kept; of many of one rule the first are named, the rest counted."""
    by_rule: dict[str, list[Run]] = {}
    for run in runs(situation):
        if run.is_late(situation.on):
            by_rule.setdefault(run.rule.id, []).append(run)
    for late in by_rule.values():
        shown = late if len(late) <= SHOWN else late[: SHOWN - 1]
        for run in shown:
            yield _late_finding(run)
        if len(shown) < len(late):
            yield _late_finding(late[len(shown)], more=len(late) - len(shown))


def _late_finding(run: Run, more: int = 1) -> Finding:
    rule = run.rule
    if run.done is not None:
        words = tr("{title}: done later than due.")
    elif isinstance(rule, Repeated):
        words = tr("{title}: it is time again.")
    else:
        words = tr("{title}: not done, and the day has passed.")
    message = words.format(title=rule.title)
    if more > 1:
        times = trn("{count} time", "{count} times", more).format(count=more)
        message = f"{message.rstrip('.')} ({times})."
    source = rule.source.source()
    return Finding(
        rule.id,
        rule.severity,
        message,
        rule.cure,
        None,
        run.place,
        due=run.due,
        actual=run.done,
        source=source,
    )


def _undecreed(situation: Situation) -> Iterator[Finding]:
    """Tell that a term ends in a year whose days off nobody has decreed yet."""
    last = situation.days.last_decreed_year()
    ahead = [
        run.due for run in runs(situation) if run.done is None and run.by_calendar and run.due.year > last
    ]
    if ahead:
        words = tr("A term ends in {year}, whose days off are not decreed yet.")
        cure = tr("Count it again when they are; a centre may write them into office.yaml.")
        yield Finding("X-CALENDAR", "info", words.format(year=min(ahead).year), cure, due=min(ahead))


# --- checks ----------------------------------------------------------------------------------------------


def _checks(situation: Situation) -> Iterator[Finding]:
    reached = situation.stages_reached()
    for one in situation.programme.checks:
        if one.stage is not None and one.stage not in reached:
            continue
        found = [_found(situation, one, item) for item in situation.items(one)]
        yield from _grouped([finding for finding in found if finding is not None])


def blocking(situation: Situation, document: str) -> list[Finding]:
    """Return the findings because of which a document must not be drawn up."""
    checks = [one for one in situation.programme.checks if document in one.blocks]
    found = [_found(situation, one, item) for one in checks for item in situation.items(one)]
    return [one for one in found if one is not None]


def _found(situation: Situation, one: Check, item: dict[str, object]) -> Finding | None:
    if not situation.holds(one.when, **item):
        return None
    day = situation.day(one.on, **item) if one.on else None
    if not one.in_force(day or situation.on):
        return None
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
    """Say which of several things a check found, or else the field that it speaks of."""
    place, language = place_of(situation, item), situation.programme.language
    if place.path is not None and one.at is not None:
        path = f"{place.path}.{one.at}"
        return Place(path=path, words=in_words(record_type(Case), undotted(path), language))
    if place.path is not None or one.path is None:
        return place
    return Place(path=one.path, words=in_words(record_type(Case), tuple(one.path.split(".")), language))


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
