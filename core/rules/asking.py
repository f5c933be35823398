"""What the expressions of registers and reports see of one case, and the values they give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from ..contract.base import Contract, fact
from ..contract.case import Case
from ..contract.choices import AddresseeKind
from ..contract.values import EARLIEST
from ..expressions import ExpressionError
from ..facts import Missing, Record, Rows
from ..programmes.registers import DueView, Over, PeriodView, Register, Report, is_text
from ..vocabulary import Type, plain_record, record_type
from .due import due_records
from .situation import Situation
from .views import LevelView, ProgressView, RiskView

Value = str | int | Decimal | date | time | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see.

    Attributes:
        as_of: The day on which the cases are known; what happened later is left out.
        since: The first day of the period; None: all that is known.
        named_until: The last day of the period, if it was named.
        addressee: For whom an extract is made.
    """

    as_of: date
    since: date | None = None
    named_until: date | None = None
    addressee: AddresseeKind | None = None

    @property
    def until(self) -> date:
        """The last day of the period."""
        return self.named_until or self.as_of

    @property
    def day(self) -> date:
        """The day on which a report looks at the cases: the end of the period, or earlier if not so far."""
        return min(self.until, self.as_of)


class StartView(Contract):
    """The case as it stood when the period began."""

    case: Case = fact("дело", "Дело на начало периода")
    progress: ProgressView = fact("ход", "Ход случая на начало периода")
    level: LevelView = fact("уровень", "Уровень на начало периода")
    risk: RiskView = fact("риск", "Оценка риска на начало периода")


NAMES: Mapping[str, tuple[str, Type]] = MappingProxyType(
    {
        "period": ("период", Type("record", model=PeriodView)),
        "at_start": ("на_начало", Type("record", model=StartView)),
        "due": ("сроки", Type("list", item=Type("record", model=DueView))),
    }
)
"""What the expressions of registers and reports may name beside the vocabulary of the programme."""


def _named(name: str, value: object) -> dict[str, object]:
    return {name: value, NAMES[name][0]: value}


def asked_names(definition: Register | Report) -> frozenset[str]:
    """Return the names that a register or a report may speak of: only what is asked for is worked out."""
    written = "\n".join(_strings(definition.model_dump(mode="json")))
    said = set(re.findall(r"(?<![.\w])\w+", written))
    return frozenset(name for name, (russian, _) in NAMES.items() if said & {name, russian})


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _strings(item)


@dataclass(frozen=True)
class Scene:
    """A case on a day, with the period, and with what is being gone through."""

    situation: Situation
    context: Mapping[str, object]

    @classmethod
    def of(cls, situation: Situation, asked: Asked, names: frozenset[str]) -> Scene:
        """Return what a register or a report that speaks of some names sees of a case."""
        since = asked.since or EARLIEST
        view = PeriodView(since=since, until=asked.until, as_of=asked.as_of)
        context = {**situation.context, **_named("period", plain_record(view, _absent))}
        if "due" in names:
            context |= _named("due", due_records(situation))
        if "at_start" in names:
            context |= _named("at_start", _start(situation, since))
        return cls(situation, context)

    def over(self, what: Over) -> Iterator[Scene]:
        """Go through what a row, a figure or a section is made of."""
        for item in self._items(what):
            here = replace(self, context={**self.context, **item}) if item else self
            if what.when is None or here.holds(what.when):
                yield here

    def _items(self, what: Over) -> Iterator[dict[str, object]]:
        if what.each is None or what.alias is None:
            yield {}
            return
        found = self.ask(what.each)
        for item in found if isinstance(found, Rows) else ():
            yield {what.alias[0]: item, what.alias[1]: item}

    def ask(self, expression: str) -> object:
        """Return the value of an expression."""
        return self.situation.language.evaluate(expression, self.context)

    def holds(self, expression: str) -> bool:
        """Tell whether it is true."""
        return bool(self.ask(expression))

    def day(self, expression: str) -> date | None:
        """Return the day that it gives."""
        value = self.ask(expression)
        return value if isinstance(value, date) else None

    def figure(self, expression: str) -> Decimal | None:
        """Return the number that it gives: a list counts its items, a yes is one, an empty value is None."""
        value = self.ask(expression)
        if isinstance(value, Missing):
            return None
        if isinstance(value, Rows | list | tuple):
            return Decimal(len(value))
        if isinstance(value, Record):
            return Decimal(1)
        if isinstance(value, int | Decimal):
            return Decimal(int(value) if isinstance(value, bool) else value)
        raise ExpressionError("E-VALUE", "the expression gives no number")

    def cell(self, value: str | None) -> Value:
        """Return what stands in a cell: the value of an expression, or a text with tags filled in."""
        if value is None:
            return None
        if not is_text(value):
            return self.plain(self.ask(value))
        return str(self.situation.language.worded(value)(self.context)).strip() or None

    def plain(self, value: object) -> Value:
        """Return a value as a cell holds it: numbers and days as they are, all else in words."""
        if value is None or isinstance(value, Missing):
            return None
        if isinstance(value, Rows | list | tuple):
            lines = [self.plain(item) for item in value]
            return "\n".join(self._said(line) for line in lines if line is not None) or None
        if isinstance(value, int | Decimal | date | time) and not isinstance(value, bool | datetime):
            return value
        return self._said(value)

    def _said(self, value: object) -> str:
        return value if type(value) is str else str(self.situation.language.printed(value))


def _absent(known: object) -> object:
    return Missing(getattr(known, "label", ""))


def _start(situation: Situation, since: date) -> Record:
    """Return the case as it stood on the eve of the period."""
    eve = since - timedelta(days=1) if since > EARLIEST else since
    then = situation.at(eve).context
    known = record_type(StartView)
    return Record(known.name, {name: then[name] for name in known.fields}, known.aliases)
