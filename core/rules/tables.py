"""From cases to the tables of registers and reports: values in, values out; nothing is printed here.

Cases are given one by one and none is kept, so that an office of thousands needs little room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from ..contract.choices import AddresseeKind
from ..facts import NBSP, Missing, Rows
from ..filters import LanguagePack
from ..programmes.registers import Column, Measure, More, Over, Register, Report, Section, is_text
from .asking import Asked, Scene, Value, asked_names
from .situation import Situation

Row = tuple[Value, ...]
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a table: what stands above it, how wide it is, and whether it counts days."""

    title: str
    width: int = 2
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is to be shown.

    Attributes:
        days: The day of each row, where rows have one.
        whose: Who has to do what each row says.
        keys: By what each row is known again in another day's table; no name stands in it.
        personal: Whether its rows speak of one family each.
        to_fill: How many columns are left empty for notes by hand.
    """

    title: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    days: tuple[date | None, ...] = ()
    whose: tuple[str | None, ...] = ()
    keys: tuple[str, ...] = ()
    note: str | None = None
    personal: bool = False
    to_fill: int = 0


class Listed(NamedTuple):
    """One row of a list, as a case gives it; what counts days stands empty until the table is made."""

    day: date | None
    row: Row
    whose: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A register or a report that was drawn from the cases.

    Attributes:
        pack: The language in which it is drawn.
        cases: How many families stand in it.
        withheld: How many columns and sections the addressee may not see.
    """

    definition: Register | Report
    programmes: tuple[str, ...]
    tables: tuple[Table, ...]
    cases: int
    withheld: int
    pack: LanguagePack = field(repr=False)

    @property
    def is_register(self) -> bool:
        """Tell whether it is a register."""
        return isinstance(self.definition, Register)

    @property
    def personal(self) -> bool:
        """Tell whether it speaks of single families."""
        return any(table.personal for table in self.tables)


@dataclass(frozen=True, slots=True)
class Found:
    """What one case adds to a register or a report, part by part."""

    programme: str
    parts: tuple[list[Any], ...]


class Maker:
    """Draws one register or report from cases given one after another, in a language."""

    def __init__(self, definition: Register | Report, asked: Asked, pack: LanguagePack) -> None:
        self.definition = definition
        self.asked = asked
        self.pack = pack
        self._cases = 0
        self._programmes: dict[str, None] = {}
        self._names = asked_names(definition)
        shown = _shown(definition, asked.addressee)
        self._parts: list[_List | _Figures] = [_part(one, definition, asked, pack) for one in shown[0]]
        self._withheld = shown[1]

    def read(self, situation: Situation, asked: Asked | None = None) -> Found | None:
        """Return what a case has to say, as plain values that may come from another process; None: nothing.

        Args:
            asked: The same question with its day watched.

        Raises:
            ExpressionError: An expression cannot be worked out for this case.
        """
        if situation.case.referral.received_on > situation.on:
            return None
        scene = Scene.of(situation, asked or self.asked, self._names)
        among = self.definition.among if isinstance(self.definition, Report) else None
        if among is not None and not scene.holds(among):
            return None
        found = Found(situation.programme.short_title, tuple(part.read(scene) for part in self._parts))
        # A register counts the families that stand in it, a report those that it is about.
        return found if isinstance(self.definition, Report) or any(found.parts) else None

    def take(self, found: Found) -> None:
        """Add what a case has to say."""
        self._cases += 1
        self._programmes[found.programme] = None
        for part, read in zip(self._parts, found.parts, strict=True):
            part.take(read)

    def made(self) -> Made:
        """Return the tables of all cases taken so far."""
        tables = tuple(part.table() for part in self._parts)
        return Made(self.definition, tuple(self._programmes), tables, self._cases, self._withheld, self.pack)


# --- what an addressee may see ---------------------------------------------------------------------------


def _shown(definition: Register | Report, addressee: AddresseeKind | None) -> tuple[list[_Source], int]:
    """Return what is shown, and how many columns and sections are held back."""
    sources: list[_Source]
    if isinstance(definition, Register):
        sources = [_Source("", definition, definition.columns, definition.dated, definition.note)]
    else:
        sources = [_Source(s.title, s, s.columns, s.dated, s.note) for s in definition.sections]
    if addressee is None:
        return sources, 0
    kept: list[_Source] = []
    withheld = 0
    for one in sources:
        if isinstance(one.over, Section) and not one.columns:
            shown = addressee in one.over.to
            kept += [one] if shown else []
            withheld += not shown
            continue
        numbers = tuple(n for n, column in enumerate(one.columns) if addressee in column.to)
        withheld += len(one.columns) - len(numbers)
        if numbers:
            kept.append(_Source(one.title, one.over, one.columns, one.dated, one.note, numbers))
    return kept, withheld


@dataclass(frozen=True)
class _Source:
    """What one table is drawn from; `kept` numbers the columns that are shown."""

    title: str
    over: Register | Section
    columns: tuple[Column, ...]
    dated: str | None
    note: str | None
    kept: tuple[int, ...] | None = None

    @property
    def shown(self) -> tuple[int, ...]:
        return tuple(range(len(self.columns))) if self.kept is None else self.kept


def _part(
    source: _Source, definition: Register | Report, asked: Asked, pack: LanguagePack
) -> _List | _Figures:
    if source.columns:
        return _List(source, asked, pack, within=isinstance(definition, Register))
    assert isinstance(source.over, Section)
    return _Figures(source.over, pack)


# --- lists -----------------------------------------------------------------------------------------------


@dataclass
class _List:
    """A table with a row for each thing."""

    source: _Source
    asked: Asked
    pack: LanguagePack
    within: bool
    found: list[Listed] = field(default_factory=list)

    def read(self, scene: Scene) -> list[Listed]:
        """Return the rows of one case."""
        source = self.source
        values = tuple(column.value for column in source.columns)
        if isinstance(source.over, Section):
            return list(self._rows(scene, source.over, source.dated, values, source.over))
        rows = list(self._rows(scene, source.over, source.dated, values))
        for more in source.over.also:
            rows += self._rows(scene, more, more.dated, more.values)
        return rows

    def _rows(
        self,
        scene: Scene,
        over: Over | More,
        dated: str | None,
        values: Sequence[str | None],
        section: Section | None = None,
    ) -> Iterator[Listed]:
        for item in scene.over(over):
            day = item.day(dated) if dated else None
            if not self._is_asked(day):
                continue
            row = tuple(item.cell(values[number]) for number in self.source.shown)
            if section is None:
                yield Listed(day, row)
                continue
            whose, known_by = item.cell(section.whose), item.cell(section.known_by)
            key = _text(known_by) or "|".join((section.title, *map(_text, row)))
            key = f"{scene.situation.case.id}|{key}"
            yield Listed(day, row, _text(whose) or None, key)

    def _is_asked(self, day: date | None) -> bool:
        """Tell whether a row belongs to the period; a row without a day stands where no period is named."""
        if not self.within:
            return True
        if day is None:
            return self.asked.since is None and self.asked.named_until is None
        return (self.asked.since or day) <= day <= min(self.asked.until, self.asked.as_of)

    def take(self, found: list[Listed]) -> None:
        """Keep the rows of one case."""
        self.found += found

    def table(self) -> Table:
        """Return all rows in the order of their days, numbered."""
        ordered = sorted(self.found, key=lambda one: (one.day is None, one.day or date.min))
        columns = [self.source.columns[number] for number in self.source.shown]
        heads = (
            Head(self.pack.on_paper("Entry"), 1),
            *(Head(column.title, column.width, column.days is not None) for column in columns),
        )
        rows = tuple((number, *self._counted(columns, one)) for number, one in enumerate(ordered, start=1))
        return Table(
            self.source.title,
            heads,
            rows,
            days=tuple(one.day for one in ordered),
            whose=tuple(one.whose for one in ordered),
            keys=tuple(one.key for one in ordered),
            note=self.source.note,
            personal=True,
        )

    def _counted(self, columns: Sequence[Column], one: Listed) -> Row:
        """Fill in how many days are left or have passed: what a case gives does not change overnight."""
        return tuple(
            value if column.days is None or one.day is None else _days(self.asked.day, one.day, column.days)
            for column, value in zip(columns, one.row, strict=True)
        )


def _days(today: date, day: date, kind: str) -> int:
    left = (day - today).days
    return left if kind == "left" else -left


def _text(value: Value) -> str:
    return "" if value is None else str(value)


# --- figures ---------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """What comes together of one figure: its sum over so many values, of so many in all."""

    total: Decimal = Decimal(0)
    count: int = 0
    whole: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    def add(self, value: Decimal | None, whole: Decimal) -> None:
        self.whole += whole
        if value is None:
            return
        self.total += value
        self.count += 1
        self.least = value if self.least is None else min(self.least, value)
        self.most = value if self.most is None else max(self.most, value)

    def figure(self, measure: Measure) -> Value:
        if measure.value is None:
            return None
        if measure.combine == "mean":
            return _rounded(self.total / self.count) if self.count else None
        if measure.combine in ("least", "most"):
            extreme = self.least if measure.combine == "least" else self.most
            return _plain(extreme) if extreme is not None else None
        return _plain(self.total)

    def among(self, measure: Measure) -> Value:
        """Return the denominator of a share, or how many values a mean is made of."""
        if measure.value is None:
            return None
        if measure.of is not None:
            return _plain(self.whole)
        return self.count if measure.combine == "mean" else None

    def share(self, measure: Measure) -> Value:
        if measure.of is None or measure.value is None or not self.whole:
            return None
        return _rounded(self.total * HUNDRED / self.whole)

    def in_words(self, measure: Measure, pack: LanguagePack) -> Value:
        """Say a share in one cell, its denominator beside it."""
        if measure.of is None:
            return self.figure(measure)
        share = self.share(measure)
        said = pack.on_paper("{count} of {all}").format(count=self.figure(measure), all=_plain(self.whole))
        if share is None:
            return said
        percent = pack.on_paper("{share}%").format(share=pack.printed(share)).replace(" ", NBSP)
        return f"{said} ({percent})"


@dataclass(frozen=True, slots=True)
class _Add:
    """What a case adds to one figure; `words` say what stands in its denominator."""

    label: str | None
    number: int
    value: Decimal | None
    whole: Decimal
    words: Value = None


@dataclass
class _Figures:
    """A table of figures, or of figures for each label."""

    section: Section
    pack: LanguagePack
    tallies: dict[tuple[str | None, int], _Tally] = field(default_factory=dict)
    worded: dict[int, Value] = field(default_factory=dict)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        return self.section.rows or (Measure(title=self.pack.on_paper("How many"), value="true"),)

    @cached_property
    def unknown(self) -> str:
        """The label of what has none."""
        return self.pack.on_paper("not stated")

    @cached_property
    def by_title(self) -> str:
        """What stands above the first column."""
        named = "by_title" in self.section.model_fields_set
        return self.section.by_title if named else self.pack.on_paper("Indicator")

    def read(self, scene: Scene) -> list[_Add]:
        """Return what one case adds to the figures."""
        words = [_in_words(scene, measure) for measure in self.measures]
        found: list[_Add] = []
        for item in scene.over(self.section):
            labels = _labels(item, self.section.by, self.unknown)
            for number, measure in enumerate(self.measures):
                for one in item.over(measure) if measure.value is not None else ():
                    value, whole = _read_measure(one, measure)
                    found += [_Add(label, number, value, whole, words[number]) for label in labels]
        return found

    def take(self, found: list[_Add]) -> None:
        """Add it."""
        for one in found:
            self.tallies.setdefault((one.label, one.number), _Tally()).add(one.value, one.whole)
            self.worded.setdefault(one.number, one.words)

    def table(self) -> Table:
        """Return the figures of all cases."""
        heads, rows = self._by_label() if self.section.by else self._plain()
        blanks = tuple(Head(title, 5) for title in self.section.blanks)
        empty: Row = (None,) * len(blanks)
        filled = tuple((*row, *empty) for row in rows)
        section = self.section
        return Table(section.title, (*heads, *blanks), filled, note=section.note, to_fill=len(blanks))

    def _tally(self, label: str | None, number: int) -> _Tally:
        return self.tallies.get((label, number)) or _Tally()

    def _plain(self) -> tuple[tuple[Head, ...], list[Row]]:
        shares = any(one.of is not None or one.combine == "mean" for one in self.measures)
        worded = any(one.of_title for one in self.measures)
        counted = any(one.value is not None for one in self.measures)
        on_paper = self.pack.on_paper
        heads = [Head(self.by_title, 8)]
        heads += [Head(on_paper("How many"), 2)] if counted else []
        heads += [Head(on_paper("Out of"), 2), Head(on_paper("Share, %"), 2)] if shares else []
        heads += [Head(on_paper("What it is a share of"), 4)] if worded else []
        rows: list[Row] = []
        for number, measure in enumerate(self.measures):
            tally = self._tally(None, number)
            row: list[Value] = [measure.title]
            row += [tally.figure(measure)] if counted else []
            row += [tally.among(measure), tally.share(measure)] if shares else []
            row += [self._denominator(number, measure)] if worded else []
            rows.append(tuple(row))
        return tuple(heads), rows

    def _denominator(self, number: int, measure: Measure) -> Value:
        """Say what stands in a denominator; words with tags are filled in by the first case that counts."""
        words = measure.of_title
        return self.worded.get(number) if words is not None and is_text(words) else words

    def _by_label(self) -> tuple[tuple[Head, ...], list[Row]]:
        named = dict.fromkeys(self.section.labels)
        others = {label for label, _ in self.tallies if label is not None} - set(named)
        first = self.measures[0]
        ranked = sorted(others, key=lambda label: (label == self.unknown, -self._rank(label, first), label))
        heads = (Head(self.by_title, 5), *(Head(one.title, 2) for one in self.measures))
        rows: list[Row] = [
            (
                label,
                *(
                    self._tally(label, number).in_words(one, self.pack)
                    for number, one in enumerate(self.measures)
                ),
            )
            for label in (*named, *ranked)
        ]
        return heads, rows

    def _rank(self, label: str, measure: Measure) -> Decimal:
        tally = self._tally(label, 0)
        return tally.whole if measure.of is not None else tally.total


def _in_words(scene: Scene, measure: Measure) -> Value:
    words = measure.of_title
    return scene.cell(words) if words is not None and is_text(words) else None


def _labels(scene: Scene, by: str | None, unknown: str) -> list[str | None]:
    if by is None:
        return [None]
    value = scene.ask(by)
    items = list(value) if isinstance(value, Rows | list | tuple) else [value]
    known = [str(scene.plain(item)) for item in items if not isinstance(item, Missing)]
    return list(dict.fromkeys(known)) if known else [unknown] if not isinstance(value, Rows) else []


def _read_measure(scene: Scene, measure: Measure) -> tuple[Decimal | None, Decimal]:
    whole = Decimal(0)
    if measure.of is not None:
        whole = scene.figure(measure.of) or Decimal(0)
        if not whole:
            return None, whole
    assert measure.value is not None
    return scene.figure(measure.value), whole


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _rounded(value: Decimal) -> int | Decimal:
    return _plain(value.quantize(Decimal("0.1")))
