"""Terms at work in a case: from which day each counts, its last day, and when the thing was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from ..contract.case import Case
from ..facts import Record, Rows
from ..findings import Place
from ..paths import dotted, in_words
from ..programmes.programme import Deadline, Repeated, Term
from ..vocabulary import record_type
from .situation import Situation


@dataclass(frozen=True, slots=True)
class Run:
    """One term of a rule.

    Attributes:
        since: The day from which it counts.
        due: Its last day.
        done: The day on which the thing was done, if it was.
        over: Whether the rule asks for nothing more after `due`, because the work has ended before it.
    """

    rule: Deadline | Repeated
    since: date
    due: date
    done: date | None
    over: bool = False
    about: Callable[[], Place] = Place

    @property
    def place(self) -> Place:
        """The thing of the case that the term is about, if it is about one of several."""
        return self.about()

    @property
    def by_calendar(self) -> bool:
        """Whether the last day follows from the calendar of working days."""
        terms = (self.rule.term, *(case.term for case in self.rule.terms))
        counted = any(term.working_days is not None for term in terms)
        return not self.over and (counted or self.rule.shift != "none")

    def is_late(self, on: date) -> bool:
        """Tell whether the thing was done after its day, or is still not done on a day after it."""
        return not self.over and (self.done or on) > self.due


def runs(situation: Situation) -> Iterator[Run]:
    """Go through all terms that have begun in a case: those of its deadlines, then those that repeat."""
    reached = situation.stages_reached()
    for deadline in situation.programme.deadlines:
        if deadline.stage is None or deadline.stage in reached:
            yield from _of_deadline(situation, deadline)
    for repeated in situation.programme.repeated:
        if situation.holds(repeated.when):
            yield from _of_repeated(situation, repeated)


def due_day(situation: Situation, deadline: Deadline) -> date | None:
    """Return the last day of a deadline, if the case has the day from which it counts.

    Of a deadline for each of several things: the earliest of those not done; when all are done, the latest.
    """
    found = list(_of_deadline(situation, deadline))
    waiting = [run.due for run in found if run.done is None]
    return min(waiting) if waiting else max((run.due for run in found), default=None)


def _of_deadline(situation: Situation, one: Deadline) -> Iterator[Run]:
    for item in situation.items(one):
        run = _run(situation, one, item)
        if run is not None:
            yield run


def _run(situation: Situation, one: Deadline, item: dict[str, object]) -> Run | None:
    if not situation.holds(one.when, **item):
        return None
    since = situation.day(one.since, **item)
    if since is None or not one.in_force(since):
        return None
    term = _term(one, _choice(situation, one, item))
    due = situation.days.after(since, term, situation.numbers(since), one.shift, before=one.before)
    return Run(one, since, due, situation.day(one.done, **item), about=partial(place_of, situation, item))


def _of_repeated(situation: Situation, one: Repeated) -> Iterator[Run]:
    start = situation.day(one.since)
    if start is None or not one.in_force(start):
        return
    until = situation.day(one.until) if one.until else None
    found = situation.ask(one.done)
    days = [day for day in found if isinstance(day, date)] if isinstance(found, Rows) else []
    for day in [*sorted(day for day in days if day > start), None]:
        start = _begun_anew(situation, start, day)
        # The term is that of the time before: a level may have changed since.
        term = _term(one, _choice(situation.at(start), one, {}) if one.terms else 0)
        end = situation.days.after(start, term, situation.numbers(start), one.shift)
        due = _after_rest(situation, start, end)
        if due is not None:
            due = situation.days.shifted(due, one.shift)
            yield Run(one, start, due, day, over=until is not None and due > until)
        if day is not None:
            start = day


def _choice(situation: Situation, rule: Deadline | Repeated, item: dict[str, object]) -> int:
    """Return which of the special terms holds: the first that matches, or one past them all."""
    cases = enumerate(rule.terms)
    return next((n for n, case in cases if situation.holds(case.when, **item)), len(rule.terms))


def _term(rule: Deadline | Repeated, choice: int) -> Term:
    return rule.terms[choice].term if choice < len(rule.terms) else rule.term


def chosen(situation: Situation, rule: Deadline | Repeated) -> Iterator[int]:
    """Go through the special terms that a case has taken: the place of each, or one past them all."""
    if isinstance(rule, Deadline):
        for item in situation.items(rule):
            if _run(situation, rule, item) is not None:
                yield _choice(situation, rule, item)
        return
    if situation.holds(rule.when):
        for run in _of_repeated(situation, rule):
            yield _choice(situation.at(run.since), rule, {})


def _begun_anew(situation: Situation, start: date, day: date | None) -> date:
    """Return the day from which a term counts: while a case is closed nothing is due, then it begins anew."""
    last = day or situation.on
    reopened = (one.on for one in situation.case.decisions if one.reopens and start < one.on <= last)
    return max(reopened, default=start)


def _after_rest(situation: Situation, start: date, due: date) -> date | None:
    """Move a day by the time for which the work was interrupted; None while the interruption lasts."""
    for rest in situation.case.interruptions:
        if rest.on > due or (rest.until is not None and rest.until < start):
            continue
        if rest.until is None:
            return None
        due += rest.until - max(rest.on, start)
    return due


def place_of(situation: Situation, item: dict[str, object]) -> Place:
    """Say which of several things a rule is about: its place in the case, and no value of it."""
    for value in item.values():
        loc = situation.path(value) if isinstance(value, Record) else None
        if loc:
            words = in_words(record_type(Case), loc, situation.programme.language)
            return Place(path=dotted(loc), words=words)
    return Place()
