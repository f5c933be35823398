"""The cases of an office, read one after another or, where there are many, in several processes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ...core.contract.base import At
from ...core.contract.choices import AddresseeKind
from ...core.contract.people import Specialist
from ...core.errors import AskedWrongly, PapkaError
from ...core.facts import NBSP, PersonName
from ...core.i18n import tr
from ...core.index import Answer, Index, digest_of, question
from ...core.office import find_office
from ...core.opening import OpenCase, open_case
from ...core.outside import bytes_of
from ...core.plugging.plugins import Plugins
from ...core.programmes.registers import Register, Report, Span
from ...core.rules.asking import Asked
from ...core.rules.tables import Found, Maker
from .keeping import packed, read_watched, through_index, unpacked, worked_out

_MONTHS_OF_QUARTER = 3
_PROGRAMME = re.compile(rb"^(?:\xef\xbb\xbf)?programme:[ \t]*['\"]?([A-Za-z][A-Za-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True)
class Order:
    """What a worker asked for.

    Attributes:
        kept: Whether the office keeps what each case gave; for a report that is asked day by day.
    """

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
    kept: bool = False


class Who(NamedTuple):
    """A case as people call it.

    Attributes:
        wait: How many days one waits for a paper to come back signed; None: nobody reminds of it.
    """

    code: str
    number: str
    curator: str | None
    wait: int | None


@dataclass(frozen=True)
class Taken:
    """What one case file gave.

    Attributes:
        programme: Its programme; None if that does not keep the register, or the file cannot be read.
        found: What it adds; None if it has nothing to say.
        fault: Why it was left out, in the reader's language.
        who: The case and its curator, where the office keeps what it gave.
    """

    path: Path
    programme: str | None = None
    organisation: str | None = None
    found: Found | None = None
    fault: str | None = None
    who: Who | None = None


def makers_of(
    definitions: Mapping[str, Register | Report], order: Order, plugins: Plugins
) -> dict[str, Maker]:
    """Return who draws the cases of each programme: one for all that share a definition, and a language."""
    made: dict[int, Maker] = {}
    for programme, one in definitions.items():
        if id(one) not in made:
            pack = plugins.language_of(plugins.method(programme).programme.language).pack
            made[id(one)] = Maker(one, asked_of(order, one), pack)
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
        self._makers = makers_of(kept, order, plugins)
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
            return Taken(path, programme, opened.case.organisation.full_name, maker.read(opened.on(day)))
        except PapkaError as error:
            return Taken(path, fault=str(error))

    def read_for_days(self, path: Path) -> tuple[Taken, Answer | None]:
        """Read one case, and say for which days it gives the same; None: it has to be read again."""
        before = digest_of(path)
        try:
            if self._is_of_others(path):
                return Taken(path), None
            opened = open_case(str(path), self._start, self._plugins)
            maker = self._makers[opened.case.programme]
            data, span = read_watched(
                partial(_asked_of_one, opened, maker), maker.asked.as_of, self._plugins, _pack
            )
        except PapkaError as error:
            return Taken(path, fault=str(error)), None
        data = [opened.case.programme, opened.case.organisation.full_name, *data]
        if before is None or before != digest_of(path):
            return _unpack(path, data), None
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return _unpack(path, data), Answer(before, *span, body.encode("utf-8"))

    def _is_of_others(self, path: Path) -> bool:
        """Tell by a glance whether a case follows a programme that does not keep this register."""
        try:
            named = _PROGRAMME.search(bytes_of(path))
        except OSError:
            return False
        return named is not None and named[1].decode() in self._others


def read_all(paths: Sequence[Path], order: Order, plugins: Plugins, start: Path) -> Iterator[Taken]:
    """Read cases in their order; many are shared among processes, and the result is the same."""
    office = find_office(start)
    if not order.kept or office is None or order.since or order.until or order.addressee:
        yield from worked_out(paths, partial(_reading, order, start), plugins)
        return
    asked = question(order.name, office, plugins)
    day = order.as_of or order.today
    make = partial(_reading, order, start, kept=True)
    with Index.of(office) as index:
        worked = partial(worked_out, make=make, plugins=plugins)
        for path, taken in through_index(index, asked, office, paths, day, worked):
            yield taken if isinstance(taken, Taken) else _unpack(path, taken.value)


def _asked_of_one(opened: OpenCase, maker: Maker, day: date) -> tuple[Who, Found | None]:
    now = opened.on(day)
    number, curator = now.case.number or now.case.id, now.case.curator(At(now.case, day))
    within = maker.definition.signed_within if isinstance(maker.definition, Report) else None
    wait = now.ask(within) if within else None
    who = Who(now.case.id, number, short_name(curator), wait if isinstance(wait, int) else None)
    return who, maker.read(now, replace(maker.asked, as_of=day))


def short_name(person: Specialist | None) -> str | None:
    """Write a name with initials."""
    return (
        str(PersonName(person.last_name, person.first_name, person.patronymic, style="short")).replace(
            NBSP, " "
        )
        if person
        else None
    )


def _pack(given: tuple[Who, Found | None]) -> list[Any]:
    return [list(given[0]), packed(given[1])]


def _unpack(path: Path, data: Any) -> Taken:
    programme, organisation, who, found = data
    return Taken(path, programme, organisation, unpacked(found) if found is not None else None, who=Who(*who))


def _reading(order: Order, start: Path, plugins: Plugins, *, kept: bool = False) -> Callable[[Path], Any]:
    reader = CaseReader(order, plugins, start)
    return reader.read_for_days if kept else reader.read
