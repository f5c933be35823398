"""What the rules of a programme ask, for who looks for a family that gives them another answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType

import jinja2
from jinja2 import nodes

from ...core.expressions import ExpressionError, Language
from ...core.programmes.programme import Check, Deadline, DocumentType, Programme, Repeated
from ...core.programmes.region import Method
from ...core.rules.situation import Situation
from ...core.rules.views import vocabulary_of
from ...core.typecheck import Checker, Seen
from .measuring import Gauge
from .rules import LEVEL, RISK
from .targets import Target, asking_leaves

Rule = Deadline | Repeated | Check


@dataclass(frozen=True)
class Question:
    """One expression of a rule, asked for each thing that the rule looks at.

    Attributes:
        local: What the names stand for that the rule gives to these things.
        leaves: Marks of the single questions of which it is made, by the questions' own text.
    """

    test: nodes.Expr
    rule: Rule | DocumentType | None
    local: Mapping[str, Seen]
    leaves: Mapping[str, int]
    code: CodeType = field(repr=False)

    def ways(self, now: Situation, gauge: Gauge) -> Iterator[str]:
        """Go through the single questions with their answers, `2+` or `2-`, for what comes nearest."""
        compiled = jinja2.Template.from_code(gauge.environment, self.code, {}, None)
        each = self.rule if self.rule is not None and not isinstance(self.rule, Repeated) else None
        best: list[str] = []
        for item in now.items(each) if each is not None else ({},):
            try:
                text = compiled.render({**now.context, **item})
            except (jinja2.TemplateError, ExpressionError, TypeError):
                continue
            found = text.split()
            if sum(one[-1] == "+" for one in found) >= sum(one[-1] == "+" for one in best):
                best = found
        yield from best


def questions_of(gauge: Gauge, target: Target) -> Iterator[Question]:
    """Go through the expressions of a rule."""
    method = gauge.method
    rule: Rule | DocumentType | None
    if target.kind == "paper":
        kind = method.papers[target.owner].type
        rule, texts = kind, [kind.required if "needed" in target.way else kind.done, kind.given, kind.each]
    elif target.kind == "stage":
        rule, texts = None, [one.entered_on for one in method.programme.stages]
    elif target.owner.startswith((f"{LEVEL} ", f"{RISK} ")):
        rule, texts = None, [target.what]
    else:
        known = [one for one in _rules(method.programme) if one.id == target.owner]
        for one in known:
            yield from (_question(gauge, one, text) for text in _texts(one))
        return
    yield from (_question(gauge, rule, text) for text in texts if text)


def spans_of(programme: Programme, code: str) -> Iterator[int]:
    """Go through the terms of a rule, in days and not too short."""
    for rule in _rules(programme):
        if rule.id == code and not isinstance(rule, Check):
            for term in (rule.term, *(one.term for one in rule.terms)):
                for amount, days in ((term.days, 1), (term.working_days, 2), (term.months, 31)):
                    if amount is not None:
                        number = programme.settings[amount].value if isinstance(amount, str) else amount
                        yield number * days + 14 * (days > 1)


def _rules(programme: Programme) -> tuple[Rule, ...]:
    return (*programme.deadlines, *programme.repeated, *programme.checks)


def _texts(rule: Rule) -> Iterator[str]:
    for name in ("when", "since", "done", "until", "each", "and_each"):
        if text := getattr(rule, name, None):
            yield text
    yield from (case.when for case in getattr(rule, "terms", ()))


def _question(gauge: Gauge, rule: Rule | DocumentType | None, text: str) -> Question:
    language = gauge.press.language
    test = language.tree(text)
    environment = gauge.environment
    leaves: dict[str, int] = {}
    tree = nodes.Template(list(asking_leaves(test, leaves, "{number}{sign} ")), lineno=1)
    tree.set_environment(environment)
    code = environment.compile(tree)
    return Question(test, rule, _local(gauge.method, language, rule), leaves, code)


def _local(method: Method, language: Language, rule: object) -> dict[str, Seen]:
    checker = Checker(vocabulary_of(method.programme), language.filters)
    for each, alias in (("each", "alias"), ("and_each", "and_alias")):
        text, names = getattr(rule, each, None), getattr(rule, alias, None)
        if text and names:
            item = checker.expression(language.tree(text)).item
            if item is not None:
                checker.local.update(dict.fromkeys(names, Seen(item)))
    return checker.local


__all__ = ["Question", "questions_of", "spans_of"]
