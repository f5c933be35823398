"""The cases of an office, read one after another or, where there are many, in several processes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ...core import i18n
from ...core.contract.choices import AddresseeKind
from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.opening import open_case
from ...core.plugins import Plugins
from ...core.registers import Register, Report, Span
from ...core.rules.asking import Asked
from ...core.rules.tables import Found, Maker

MANY = 60
"""From so many cases on, several processes are worth their start."""

MOST_PROCESSES = 8
_AT_ONCE = 8
_MONTHS_OF_QUARTER = 3
_PROGRAMME = re.compile(rb"^(?:\xef\xbb\xbf)?programme:[ \t]*['\"]?([A-Za-z][A-Za-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True)
class Order:
    """What a worker asked for."""

    name: str
    cases: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    addressee: AddresseeKind | None = None
    format: str = "docx"
    pdf: bool = False
    engine: str | None = None
    out: Path | None = None
    today: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Taken:
    """What one case file gave.

    Attributes:
        programme: Its programme; None if that does not keep the register, or the file cannot be read.
        found: What it adds; None if it has nothing to say.
        fault: Why it was left out, in the reader's language.
    """

    path: Path
    programme: str | None = None
    organisation: str | None = None
    found: Found | None = None
    fault: str | None = None


def makers_of(definitions: Mapping[str, Register | Report], order: Order) -> dict[str, Maker]:
    """Return who draws the cases of each programme: one for all that share a definition."""
    made: dict[int, Maker] = {}
    for one in definitions.values():
        if id(one) not in made:
            made[id(one)] = Maker(one, asked_of(order, one))
    return {programme: made[id(one)] for programme, one in definitions.items()}


def asked_of(order: Order, definition: Register | Report) -> Asked:
    """Return the day and the period of an order; a report without a period covers the span that it names."""
    as_of = order.as_of or order.today
    until = order.until or as_of
    since = order.since
    if since is None and isinstance(definition, Report):
        since = _beginning(definition.span, until)
    if since is not None and since > until:
        raise AskedWrongly(tr("The period ends before it begins."))
    return Asked(as_of, since, order.until, order.addressee)


def _beginning(span: Span, until: date) -> date | None:
    if span == "all":
        return None
    month = {"year": 1, "quarter": until.month - (until.month - 1) % _MONTHS_OF_QUARTER, "month": until.month}
    return until.replace(month=month[span], day=1)


class CaseReader:
    """Reads cases for one order."""

    def __init__(self, order: Order, plugins: Plugins, start: Path) -> None:
        methods = {programme: plugins.method(programme) for programme in plugins.programmes()}
        kept = {name: one.tables[order.name] for name, one in methods.items() if order.name in one.tables}
        self._others = set(methods) - set(kept)
        self._makers = makers_of(kept, order)
        self._plugins = plugins
        self._start = start

    def read(self, path: Path) -> Taken:
        """Read one case; whatever is wrong with it is told and stops nothing."""
        try:
            if self._is_of_others(path):
                return Taken(path)
            opened = open_case(str(path), self._start, self._plugins)
            programme = opened.case.programme
            maker = self._makers[programme]
            day = maker.asked.day if isinstance(maker.definition, Report) else maker.asked.as_of
            found = maker.read(opened.on(day))
            return Taken(path, programme, opened.case.organisation.full_name, found)
        except PapkaError as error:
            return Taken(path, fault=str(error))

    def _is_of_others(self, path: Path) -> bool:
        """Tell by a glance whether a case follows a programme that does not keep this register."""
        try:
            named = _PROGRAMME.search(path.read_bytes())
        except OSError:
            return False
        return named is not None and named[1].decode() in self._others


def read_all(paths: Sequence[Path], order: Order, plugins: Plugins, start: Path) -> Iterator[Taken]:
    """Read cases in their order; many are shared among processes, and the result is the same."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(paths) < MANY or processes == 1:
        reader = CaseReader(order, plugins, start)
        yield from (reader.read(path) for path in paths)
        return
    given = (order, start, i18n.current_language())
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=given) as pool:
        yield from pool.map(_read, paths, chunksize=_AT_ONCE)


_own: dict[str, CaseReader] = {}
"""The reader of this process, when it is one of several."""


def _begin(order: Order, start: Path, language: str) -> None:
    i18n.speak(language)
    _own["reader"] = CaseReader(order, Plugins(), start)


def _read(path: Path) -> Taken:
    return _own["reader"].read(path)
