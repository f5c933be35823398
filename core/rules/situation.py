"""A case as it stands on a day: the one value from which rules and papers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from jinja2 import nodes
from pydantic import BaseModel

from ..contract.assessment import ScoreSheet
from ..contract.base import At, Contract
from ..contract.case import Case
from ..expressions import Language
from ..facts import Later, Missing, Record, Rows
from ..paths import Loc, paths_in
from ..programmes.programme import DocumentType, Level, LevelRow, Programme, Risk, RiskRow, Scale, Stage
from ..vocabulary import Freezer, plain_record
from ..workdays import STANDARD, Calendar
from .papers import made
from .views import (
    DocumentView,
    LevelView,
    ProgressView,
    RiskBandView,
    RiskSheetView,
    RiskView,
    programme_view,
    risk_groups,
    settings_view,
    sign_views,
    signs_model,
    vocabulary_of,
)

Row = TypeVar("Row", LevelRow, RiskRow)


@dataclass(frozen=True)
class Situation:
    """A case, the programme it belongs to, and the day for which one asks.

    Attributes:
        on: The day; events after it are not yet known to the rules that ask for a stage or a level.
        calendar: The working days, with what a centre has added to them; `days` are those of the
            programme's country.
        forms: The document types at work, the shared ones among them; None: those of the programme alone.
    """

    case: Case
    programme: Programme
    language: Language
    on: date
    calendar: Calendar = STANDARD
    forms: tuple[DocumentType, ...] | None = None

    @property
    def days(self) -> Calendar:
        """The working days by which the programme's terms are counted."""
        return self.calendar.in_country(self.programme.country)

    def ask(self, expression: str, **more: object) -> object:
        """Work an expression of the programme out; what the case does not have comes back as `Missing`."""
        return self.language.evaluate(expression, {**self.context, **more})

    def holds(self, expression: str, **more: object) -> bool:
        """Tell whether an expression is true."""
        return bool(self.ask(expression, **more))

    def day(self, expression: str, **more: object) -> date | None:
        """Return the day that an expression gives, if the case has it."""
        value = self.ask(expression, **more)
        return value if isinstance(value, date) else None

    def items(self, thing: DocumentType | Contract) -> Iterator[dict[str, object]]:
        """Go through what a document or a check is made for, each under its names."""
        lists = [
            (getattr(thing, each, None), getattr(thing, alias, None))
            for each, alias in (("each", "alias"), ("and_each", "and_alias"))
        ]
        yield from self._combined([(each, alias) for each, alias in lists if each and alias], {})

    def _combined(
        self, lists: Sequence[tuple[str, tuple[str, str]]], named: dict[str, object]
    ) -> Iterator[dict[str, object]]:
        if not lists:
            yield named
            return
        (each, alias), *rest = lists
        found = self.ask(each, **named)
        for item in found if isinstance(found, Rows) else ():
            yield from self._combined(rest, {**named, alias[0]: item, alias[1]: item})

    def numbers(self, day: date) -> dict[str, int]:
        """Return the programme's numbers as they were on a day."""
        return {name: one.on(day) for name, one in self.programme.settings.items()}

    def known_here(self, item: dict[str, object], other: Situation) -> dict[str, object]:
        """Return what another situation of the case named, as it is on this day."""
        kept = dict(item)
        for name, value in item.items():
            model = other._freezer.source(value) if isinstance(value, Record) else None
            if model is not None:
                kept[name] = self._freezer.record(model)
        return kept

    def path(self, record: Record) -> Loc | None:
        """Return where in the case a record stands."""
        model = self._freezer.source(record)
        return self._paths.get(id(model)) if model is not None else None

    @cached_property
    def _paths(self) -> Mapping[int, Loc]:
        return paths_in(self.case)

    def records(self) -> Iterator[tuple[BaseModel, Record]]:
        """Go through the plain records that the case has become so far, each with what it was made of."""
        return self._freezer.records()

    def at(self, day: date) -> Situation:
        """Return the case as it stood on another day."""
        if day == self.on:
            return self
        if day not in self._then:
            self._then[day] = replace(self, case=self.case.as_of(day), on=day)
        return self._then[day]

    @cached_property
    def _then(self) -> dict[date, Situation]:
        """The other days that were asked for: several rules ask for the same."""
        return {}

    # --- what is worked out ------------------------------------------------------------------------------

    @cached_property
    def context(self) -> Mapping[str, object]:
        """The plain data of the case with all that follows from it."""
        self.language.prepare(_asked_first(self.programme))
        named = dict(self._given)
        names = (("level", self.level), ("progress", self.progress), ("risk", self.risk))
        vocabulary = vocabulary_of(self.programme)
        for name, view in names:
            named[name] = self._freezer.record(view)
        # To list the papers every document type is asked: only for a template or a rule that names them.
        named["papers"] = Later(lambda: [self._freezer.record(paper) for paper in made(self)])
        return vocabulary.with_russian_names({k: v for k, v in named.items() if k in vocabulary.roots})

    @cached_property
    def _frozen(self) -> tuple[Mapping[str, object], Freezer]:
        """The case itself, with the programme's words, numbers and signs: what the first rules may ask."""
        given: dict[str, Contract | Rows] = {
            "papers": Rows(),
            "document": DocumentView(title="—"),
            "programme": programme_view(self.programme),
            "signs": self._signs(),
            "settings": settings_view(self.programme, self.on),
            "level": LevelView(),
            "progress": ProgressView(),
            "risk": RiskView(),
        }
        vocabulary = vocabulary_of(self.programme)
        at = At(self.case, self.on)
        return vocabulary.context(at, given, self.programme.levels, self.language.pack)

    @property
    def _given(self) -> Mapping[str, object]:
        return self._frozen[0]

    @property
    def _freezer(self) -> Freezer:
        return self._frozen[1]

    def _early(self, expression: str, **more: object) -> object:
        return self.language.evaluate(expression, {**self._given, **more})

    def _signs(self) -> Contract:
        marks = self._marks()
        there: dict[str, Any] = {code: mark[0] for code, mark in marks.items()}
        # They were checked where they stand, in the case.
        return signs_model(self.programme.signs).model_construct(**there)

    def _marks(self) -> dict[str, tuple[bool, str | None]]:
        reviews = [review for review in self.case.level_reviews if review.on <= self.on]
        if not reviews:
            return {}
        latest = max(reviews, key=lambda review: review.on)
        known = {sign.code for sign in self.programme.signs}
        return {mark.code: (mark.present, mark.evidence) for mark in latest.signs if mark.code in known}

    @cached_property
    def level(self) -> LevelView:
        """The level that the table proposes, and the one that was decided."""
        marks, titles = self._marks(), {level.id: level for level in self.programme.levels}
        rows = sign_views(self.programme, marks)
        table = self.programme.level_table_on(self.on)
        row = self._first_row(table.rows) if table and marks else None
        return LevelView(
            proposed=titles.get(row.propose or "") if row else None,
            rule=row.id if row else None,
            reason=row.reason if row else None,
            decided=self._decided_level(titles),
            signs=rows,
        )

    def _first_row(self, rows: tuple[Row, ...], **more: object) -> Row | None:
        return next((row for row in rows if self._early(row.when, **more) is True), None)

    def _decided_level(self, titles: Mapping[str, Level]) -> Level | None:
        """Return the level of the latest decision; where no decision names one, that of the latest plan."""
        for written in (self.case.decisions, self.case.plans):
            decided = [one for one in written if one.level and one.on and one.on <= self.on]
            if decided:
                return titles.get(max(decided, key=lambda one: one.on).level or "")
        return None

    @cached_property
    def progress(self) -> ProgressView:
        """The stage on the day, and when the case opened and closed."""
        opened, closed = self._past(self.programme.opened_on), self._past(self.programme.closed_on)
        stage = self.stage
        return ProgressView(
            stage=stage.id if stage else None,
            stage_title=stage.title if stage else None,
            phase=stage.phase if stage else None,
            opened_on=opened,
            closed_on=closed,
            ends_on=self.ends_on,
            today=self.on,
        )

    @cached_property
    def stage(self) -> Stage | None:
        """The last stage that the case has entered by the day."""
        entered = [stage for stage in self.programme.stages if self._past(stage.entered_on)]
        return entered[-1] if entered else None

    @cached_property
    def ends_on(self) -> date | None:
        """The planned end, moved by the extensions decided up to the day."""
        moved = [d.extends_until for d in self.case.decisions if d.extends_until and d.on <= self.on]
        return max(moved) if moved else self.case.planned_end_on

    def stages_reached(self) -> tuple[str, ...]:
        """Return the codes of the stages up to the present one, in order."""
        order = [stage.id for stage in self.programme.stages]
        return tuple(order[: order.index(self.stage.id) + 1]) if self.stage else ()

    def _past(self, expression: str) -> date | None:
        value = self._early(expression)
        return value if isinstance(value, date) and value <= self.on else None

    @cached_property
    def risk(self) -> RiskView:
        """The scored risk, sheet by sheet, up to the day."""
        known = self.programme.risk_on(self.on)
        scale = next((s for s in self.programme.scales if known and s.id == known.scale), None)
        if known is None or scale is None:
            return RiskView()
        filled = sorted(
            (sheet for sheet in self.case.scores if sheet.scale == scale.id and sheet.on <= self.on),
            key=lambda sheet: sheet.on,
        )
        before = [None, *filled]
        views = tuple(self._sheet(sheet, last) for sheet, last in zip(filled, before, strict=False))
        return RiskView(
            scale=scale.title,
            demonstration=scale.demonstration,
            latest=views[-1] if views else None,
            first=views[0] if views else None,
            sheets=views,
            blank_groups=risk_groups(scale),
            bands=self._bands(known, scale),
        )

    def _bands(self, known: Risk, scale: Scale) -> tuple[RiskBandView, ...]:
        """Ask the table for every total that the scale can give, as if nothing beside the total spoke."""
        names, of_day = self.language.remembered(("asked", known), lambda: self._asked_by(known))
        given = {name: self._given[name] for name in sorted(names) if name in self._given}
        if given or of_day:
            return tuple(self._read_off(known, scale, given))
        # The table speaks of the total alone: it says the same of each case.
        key = "bands", known, scale
        return self.language.remembered(key, lambda: tuple(self._read_off(known, scale, given)))

    def _asked_by(self, known: Risk) -> tuple[frozenset[str], bool]:
        """Return the names that a table speaks of, and whether it asks for a day."""
        trees = [self.language.tree(row.when) for row in known.rows]
        parts = [one for tree in trees for one in (tree, *tree.find_all((nodes.Name, nodes.Getattr)))]
        names = frozenset(one.name for one in parts if isinstance(one, nodes.Name))
        return names, any(isinstance(one, nodes.Getattr) and one.attr in ("on", "дата") for one in parts)

    def _read_off(self, known: Risk, scale: Scale, given: Mapping[str, object]) -> list[RiskBandView]:
        sheet = self._freezer.record(ScoreSheet(on=self.on, scale=scale.id))
        found: list[RiskBandView] = []
        for total in range(scale.maximum + 1):
            view = RiskSheetView(on=self.on, total=total, maximum=scale.maximum)
            result = plain_record(view, lambda one: Missing(one.called(self.programme.language)))
            context = {**given, "sheet": sheet, "result": result}
            rows = (row for row in known.rows if self.language.evaluate(row.when, context) is True)
            row = next(rows, None)
            if row and found and found[-1].risk == row.risk and found[-1].highest == total - 1:
                found[-1] = found[-1].model_copy(update={"highest": total})
            elif row:
                found.append(RiskBandView(risk=row.risk, lowest=total, highest=total))
        return found

    def _sheet(self, sheet: ScoreSheet, last: ScoreSheet | None) -> RiskSheetView:
        known = self.programme.risk_on(sheet.on)
        scale = next(s for s in self.programme.scales if s.id == sheet.scale)
        groups = risk_groups(scale, sheet, last)
        total = sum(item.score for item in sheet.items)
        before = sum(item.score for item in last.items) if last else None
        view = RiskSheetView(
            on=sheet.on,
            groups=groups,
            total=total,
            maximum=scale.maximum,
            before=before,
            change=total - before if before is not None else None,
            notes=sheet.reasons,
            life_threat=sheet.life_threat,
        )
        frozen = self._freezer.record(sheet), self._freezer.record(view)
        rows = known.rows if known else ()
        row = self._first_row(rows, sheet=frozen[0], result=frozen[1])
        if row is None:
            return view
        return view.model_copy(update={"risk": row.risk, "rule": row.id, "reason": row.reason})


def _asked_first(programme: Programme) -> Iterator[str]:
    """Go through the expressions by which a programme tells stage, level and risk of every case."""
    yield from (programme.opened_on, programme.closed_on, *(one.entered_on for one in programme.stages))
    yield from (row.when for table in programme.level_tables for row in table.rows)
    yield from (row.when for risk in programme.risks for row in risk.rows)
