"""Coverage: which branches of the templates and which rows of the rules a set of families shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import CodeType

import jinja2
from jinja2 import nodes

from ...core.contract.base import Contract
from ...core.contract.case import Case
from ...core.contract.countries import Country
from ...core.contract.values import LATEST
from ...core.errors import PapkaError
from ...core.expressions import ExpressionError, Language
from ...core.facts import Missing
from ...core.i18n import tr
from ...core.plugging.plugins import Plugins
from ...core.programmes.programme import Check, Deadline, Programme, Repeated
from ...core.programmes.region import Method
from ...core.rules.proving import prove
from ...core.rules.situation import Situation
from ...core.rules.views import RiskView, programme_view, settings_view, vocabulary_of
from ...core.vocabulary import plain_record
from ...output.rendering import DRAFT, Given, Press
from ...output.template import Template
from ..goldens.drawing import told_on
from .proofs import Known
from .rules import rule_targets, rules_shown
from .targets import Key, Marks, Target, marks_of, ways_in
from .trees import is_of_programme
from .trials import Trials

_ISSUED = Given("1")


@dataclass(frozen=True)
class Coverage:
    """What a set of families shows of a method.

    Attributes:
        targets: All that has to be shown.
        shown: By whom each is shown: names of families, «бланк» for an empty form.
        never: What no family can show, and why.
    """

    targets: tuple[Target, ...]
    shown: Mapping[Key, tuple[str, ...]]
    never: tuple[tuple[Target, str], ...] = ()

    @cached_property
    def missing(self) -> tuple[Target, ...]:
        """What nobody shows."""
        return tuple(one for one in self.targets if one.key not in self.shown)

    @property
    def is_whole(self) -> bool:
        """Whether all is shown."""
        return not self.missing


@dataclass(frozen=True)
class Gauge:
    """Measures what cases show of a method. Made once for many cases.

    Attributes:
        marks: The templates with marks in their branches, by document type.
    """

    method: Method
    plugins: Plugins
    marks: Mapping[str, Marks] = field(default_factory=dict)

    @classmethod
    def of(cls, method: Method, plugins: Plugins) -> Gauge:
        """Compile the templates of a method with marks.

        Raises:
            Refused: A template or an example cannot be used.
        """
        press = Press(method, plugins.language_for(method))
        language, vocabulary = press.language, vocabulary_of(method.programme)
        trials = Trials(list(written_examples(method).values()))
        says = _by_programme(method.programme, language)
        marks = {}
        for document, paper in method.papers.items():
            each = language.tree(paper.type.each) if paper.type.each else None
            made_for = {name: each for name in paper.type.alias or () if each is not None}
            known = Known(
                vocabulary,
                language.filters,
                press.local(paper),
                signs=len(method.programme.signs),
                made_for=made_for,
                trials=trials,
                says=says,
                levels=method.programme.levels,
                dated=language.tree(paper.type.dated) if paper.type.dated else None,
                given=language.tree(paper.type.given) if paper.type.given else None,
                risks=method.programme.risks,
            )
            marks[document] = marks_of(document, Template.open(paper.template), language, known)
        return cls(method, plugins, marks)

    @property
    def country(self) -> Country:
        """In which country the programme works."""
        return self.method.programme.country

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """All that has to be shown, the rules first."""
        ruled_out = {one.key for one, _ in self.never}
        drawn = (one for marks in self.marks.values() for one in marks.targets if one.key not in ruled_out)
        return (*(one for one in rule_targets(self.method) if one.key not in ruled_out), *drawn)

    @cached_property
    def never(self) -> tuple[tuple[Target, str], ...]:
        """What no family can show, and why."""
        by_rules = ((one, tr("the programme alone says it, whatever family it is")) for one in self._idle)
        return (
            *by_rules,
            *(
                (one, marks.never[one.key])
                for marks in self.marks.values()
                for one in marks.targets
                if one.key in marks.never and one.key not in self.by_blanks
            ),
        )

    @cached_property
    def _idle(self) -> tuple[Target, ...]:
        """What rules would show that the programme itself, or a number of the centre, keeps from work."""
        programme, language = self.method.programme, self.press.language
        says = _by_programme(programme, language)
        rules: tuple[Deadline | Repeated | Check, ...]
        rules = (*programme.deadlines, *programme.repeated, *programme.checks)
        idle = {
            rule.id for rule in rules if any(says(part) is False for part in all_of(language.tree(rule.when)))
        }
        of_rules = (one for one in rule_targets(self.method) if one.kind in ("rule", "row"))
        return tuple(one for one in of_rules if one.owner in idle and one.way != "not found")

    @cached_property
    def press(self) -> Press:
        """What knows the papers of the method."""
        return Press(self.method, self.plugins.language_for(self.method))

    @cached_property
    def environment(self) -> jinja2.Environment:
        """What runs the templates' marks."""
        return self.press.language.environment()

    @cached_property
    def keys(self) -> frozenset[Key]:
        """The keys of all targets."""
        return frozenset(one.key for one in self.targets)

    @cached_property
    def proven(self) -> Mapping[str, frozenset[str]]:
        """For each row of a table of signs, the signs of a case in which it is the first to match."""
        codes = {sign.code for sign in self.method.programme.signs}
        rows = (row for one in prove(self.method.programme, self.press.language, ()) for row in one.rows)
        return {row.id: frozenset(row.example.split(", ")) & codes for row in rows if row.example is not None}

    # --- measuring ---------------------------------------------------------------------------------------

    def shown(self, case: Case, on: date | None = None) -> frozenset[Key]:
        """Return what a case shows on a day; on the last one told of it if no day is given."""
        return self.shown_now(self.situation(case, on))

    def shown_now(self, now: Situation) -> frozenset[Key]:
        """Return what a case shows as it stands."""
        found = {key for document in self.method.papers for key in self.shown_by_paper(now, document)}
        return frozenset(found | set(rules_shown(now, self.method))) & self.keys

    def shows(self, case: Case, wanted: Iterable[Key]) -> bool:
        """Tell whether a case shows all of some things; nothing else is looked at."""
        left, now = set(wanted), self.situation(case)
        for document in sorted({key[1] for key in left if key[0] in ("branch", "loop")}):
            left -= set(self.shown_by_paper(now, document))
            if any(key[1] == document and key[0] in ("branch", "loop") for key in left):
                return False
        for _, document, _, way in list(left):
            if way == "drawn":
                left -= set(self.shown_by_paper(now, document))
        return not left or left <= set(rules_shown(now, self.method))

    def situation(self, case: Case, on: date | None = None) -> Situation:
        """Return a case as it stands on the day on which it is measured."""
        return self.press.situation(case, on or told_on(case))

    def near(self, case: Case, on: date) -> Situation:
        """Return a case as `situation` does, where it is likely that a day is the last one told of it."""
        known = case.as_of(on) == case.as_of(LATEST)
        return self.situation(case, on if known else None)

    def shown_by_paper(self, now: Situation, document: str, *, steps: bool = False) -> Iterator[Key]:
        """Go through what the papers of one type show; nothing if the case gives none.

        Args:
            steps: Whether the single questions of a test are told too.
        """
        paper = self.method.papers[document]
        try:
            sheets = list(self.press.sheets(now, paper, None, {}))
        except PapkaError:
            return
        yield "paper", document, 0, "drawn"
        marks = self.marks[document]
        for item, _ in sheets:
            for given in (DRAFT, _ISSUED):
                facts = self.press.facts(paper, now, item, given)
                yield from self._ways(document, marks, facts.context, steps=steps)
                if facts.number is not None or not marks.asks_number:
                    break

    @cached_property
    def by_blanks(self) -> frozenset[Key]:
        """What empty forms show of what speaks of empty forms."""
        asks = {one.key for marks in self.marks.values() for one in marks.targets if one.blank}
        found: set[Key] = set()
        for document in self.method.papers:
            context = self.press.blank_facts(self.method.papers[document])
            found |= set(self._ways(document, self.marks[document], context))
        return frozenset(found & asks)

    def _ways(
        self, document: str, marks: Marks, context: Mapping[str, object], *, steps: bool = False
    ) -> Iterator[Key]:
        for code in marks.parts:
            for number, way in ways_in(self._run(code, context)):
                if way[-1] in "+-" and not steps:
                    continue
                kind = "loop" if way in ("none", "one", "many") else "branch"
                yield kind, document, number, way

    def _run(self, code: CodeType, context: Mapping[str, object]) -> str:
        compiled = jinja2.Template.from_code(self.environment, code, {}, None)
        try:
            return "".join(compiled.root_render_func(compiled.new_context(dict(context))))
        except (jinja2.TemplateError, ExpressionError, TypeError):
            # The paper itself would be refused; it shows nothing.
            return ""

    def coverage(self, shown: Mapping[str, Iterable[Key]]) -> Coverage:
        """Put together what each of several families shows, by their names, with what empty forms show."""
        by: dict[Key, list[str]] = {}
        for name, keys in (*shown.items(), ("—", self.by_blanks)):
            for key in keys:
                by.setdefault(key, []).append(name)
        known = {key: tuple(names) for key, names in by.items() if key in self.keys}
        return Coverage(self.targets, known, self.never)


def all_of(test: nodes.Node) -> Iterator[nodes.Node]:
    """Go through the parts of a test all of which have to hold."""
    if isinstance(test, nodes.And):
        yield from all_of(test.left)
        yield from all_of(test.right)
    else:
        yield test


def written_examples(method: Method) -> Mapping[str, Case]:
    """Return the written examples of a programme, by the names of their files."""
    region = method.region
    return {path.stem: region.example(path) for path in (*region.inherited_examples(), *region.examples())}


def _by_programme(programme: Programme, language: Language) -> Callable[[nodes.Node], bool | None]:
    """Return what answers a test that speaks of a programme alone."""
    views: dict[str, Contract] = {"programme": programme_view(programme)}
    if not any(one.former for one in programme.settings.values()):
        views["settings"] = settings_view(programme, date.max)
    scales = {
        one.demonstration for one in programme.scales if one.id in {risk.scale for risk in programme.risks}
    }
    if len(scales) == 1 and len(programme.risks) == 1:
        views["risk"] = RiskView(demonstration=scales.pop())
    names = vocabulary_of(programme)
    context = names.with_russian_names(
        {
            name: plain_record(view, lambda one: Missing(one.called(programme.language)))
            for name, view in views.items()
        }
    )
    environment = language.environment()

    def says(test: nodes.Node) -> bool | None:
        if not is_of_programme(test):
            return None
        body = nodes.If(test, [nodes.Output([nodes.TemplateData("+")])], [], [])
        tree = nodes.Template([body], lineno=1)
        tree.set_environment(environment)
        try:
            code = environment.compile(tree)
            return jinja2.Template.from_code(environment, code, {}, None).render(context) == "+"
        except (jinja2.TemplateError, ExpressionError, TypeError):
            return None

    return says


def coverage(method: Method, plugins: Plugins, cases: Mapping[str, Case]) -> Coverage:
    """Measure what named cases show of a method, each on the last day told of it.

    Raises:
        Refused: A template cannot be used.
    """
    gauge = Gauge.of(method, plugins)
    return gauge.coverage({name: gauge.shown(case) for name, case in cases.items()})


__all__ = ["Coverage", "Gauge", "coverage"]
