"""What a branch or a rule asks of a family: the places of the facts by which it went the way it went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import jinja2

from ...core.contract.case import Case
from ...core.errors import PapkaError
from ...core.facts import Record
from ...core.opening import OpenCase
from ...core.paths import Loc
from ...core.programmes.region import Paper
from ...core.rules.situation import Situation
from ...output.explaining.desk import Desk
from ...output.explaining.reading import listening
from ...output.rendering import DRAFT
from .measuring import Gauge

Read = tuple[int, str]
DOOR = 0
"""Stands for the line at which a paper itself is asked for: whether the case gives it."""


class Hearing:
    """Listens to a case while papers and rules look at it."""

    def __init__(self, gauge: Gauge, case: Case, on: date) -> None:
        self._gauge = gauge
        method = gauge.method
        self._opened = OpenCase(Path("case.yaml"), case, gauge.plugins, method)
        self._on = on

    def by_line(self, document: str) -> Mapping[int, set[Loc]]:
        """Return what each line of a template looks at in the case, and what lets the paper be drawn."""
        gauge, paper = self._gauge, self._gauge.method.papers[document]
        desk = Desk.of(gauge.press, self._opened, self._on, None)
        found = {DOOR: self._heard(desk, lambda: _asked_at_the_door(gauge, desk.now, paper))}
        try:
            sheets = list(gauge.press.sheets(desk.now, paper, None, {}))
        except PapkaError:
            return found
        for item, _ in sheets:
            facts = gauge.press.facts(paper, desk.now, item, DRAFT)
            then = Desk.of(gauge.press, self._opened, self._on, facts.day)
            for line, reads in self._lines(document, facts.context).items():
                found.setdefault(line, set()).update(self._places(then, reads))
        return found

    def of_rule(self, asks: Callable[[Situation], object]) -> set[Loc]:
        """Return what a question about the whole case looks at."""
        desk = Desk.of(self._gauge.press, self._opened, self._on, None)
        return self._heard(desk, lambda: asks(desk.now))

    # --- listening ---------------------------------------------------------------------------------------

    def _heard(self, desk: Desk, work: Callable[[], object]) -> set[Loc]:
        reads: dict[Read, Record] = {}
        with _noting(reads), suppress(PapkaError):
            work()
        return self._places(desk, reads)

    def _places(self, desk: Desk, reads: Mapping[Read, Record]) -> set[Loc]:
        for situation in (desk.now, desk.then):
            desk.let_tell(situation)
        return {_of_case(at) for read in reads for at in desk.made_from(read)}

    def _lines(self, document: str, context: Mapping[str, object]) -> dict[int, dict[Read, Record]]:
        found: dict[int, dict[Read, Record]] = {}
        for code in self._gauge.marks[document].parts:
            compiled = jinja2.Template.from_code(self._gauge.environment, code, {}, None)
            known = sorted((python, line) for line, python in compiled.debug_info)
            starts, lines = [one[0] for one in known], [one[1] for one in known]
            running: Any = compiled.root_render_func(compiled.new_context(dict(context)))

            def note(
                record: Record, name: str, running: Any = running, starts: Any = starts, lines: Any = lines
            ) -> None:
                frame = running.gi_frame
                if frame is not None:
                    at = bisect_right(starts, frame.f_lineno) - 1
                    found.setdefault(lines[at] if at >= 0 else DOOR, {})[id(record), name] = record

            with listening(note):
                for _ in running:
                    pass
        return found


def _asked_at_the_door(gauge: Gauge, now: Situation, paper: Paper) -> None:
    kind = paper.type
    for asked in (kind.given, kind.required):
        if asked is not None:
            now.ask(asked)
    for item in now.items(kind):
        if kind.done is not None:
            now.ask(kind.done, **item)
    list(gauge.press.sheets(now, paper, None, {}))


@contextmanager
def _noting(reads: dict[Read, Record]) -> Iterator[None]:
    def note(record: Record, name: str) -> None:
        reads[id(record), name] = record

    with listening(note):
        yield


def _of_case(at: Loc) -> Loc:
    return at[1:] if at[:1] == ("@",) else at
