"""What the rules of a programme ask, for who looks for a family that gives them another answer."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.programmes.programme import Check, Deadline, Programme, Repeated
from ...core.programmes.region import Method
from ...core.rules.situation import Situation
from .rules import LEVEL, RISK
from .targets import Target

Rule = Deadline | Repeated | Check


def _rules(programme: Programme, code: str) -> Iterator[Rule]:
    rules: tuple[Rule, ...] = (*programme.deadlines, *programme.repeated, *programme.checks)
    yield from (one for one in rules if one.id == code)


def texts_of(method: Method, target: Target) -> Iterator[str]:
    """Go through the expressions of a rule."""
    programme = method.programme
    if target.kind == "stage":
        yield from (one.entered_on for one in programme.stages)
    elif target.kind == "paper":
        kind = method.papers[target.owner].type
        yield from (one for one in (kind.given, kind.each, kind.required, kind.done, kind.dated) if one)
    elif target.owner.startswith((f"{LEVEL} ", f"{RISK} ")):
        yield target.what
    else:
        for rule in _rules(programme, target.owner):
            names = ("each", "and_each", "when", "since", "until", "done", "on")
            yield from (text for name in names if (text := getattr(rule, name, None)))
            yield from (case.when for case in getattr(rule, "terms", ()))


def ask_all(now: Situation, method: Method, target: Target) -> None:
    """Ask what a rule asks, so that it is heard what it looks at."""
    programme = now.programme
    if target.kind == "stage":
        for stage in programme.stages:
            now.ask(stage.entered_on)
    elif target.kind == "paper":
        kind = method.papers[target.owner].type
        for text in (kind.given, kind.required):
            if text:
                now.ask(text)
        for item in now.items(kind):
            for text in (kind.done, kind.dated):
                if text:
                    now.ask(text, **item)
    else:
        for rule in _rules(programme, target.owner):
            _ask_rule(now, rule)


def _ask_rule(now: Situation, rule: Rule) -> None:
    items = [{}] if isinstance(rule, Repeated) else list(now.items(rule))
    for item in items:
        for name in ("when", "since", "until", "done", "on"):
            text = getattr(rule, name, None)
            if text:
                now.ask(text, **item)
        for case in getattr(rule, "terms", ()):
            now.ask(case.when, **item)
