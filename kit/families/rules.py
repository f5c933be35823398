"""What families have to show of a programme's rules: each row chosen, each check found and not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...core.findings import Place
from ...core.programmes.programme import Check, Deadline, DocumentType, Repeated
from ...core.programmes.region import Method
from ...core.rules.situation import Situation
from ...core.rules.terms import chosen, runs
from .targets import Key, Target, Way

LEVEL, RISK = "level", "risk"
_PLAIN = ("true", "false")


def rule_targets(method: Method) -> Iterator[Target]:
    """Go through all that families have to show of the rules, in the order of the programme."""
    programme = method.programme
    for stage in programme.stages:
        yield Target("stage", stage.id, stage.title, "reached")
    for tables, name in ((programme.level_tables, LEVEL), (programme.risks, RISK)):
        for table in tables:
            for row in table.rows:
                yield Target("row", f"{name} {row.id}", row.when, "chosen", _at(f"{name}[{row.id}].when"))
    for kind, rules in (("deadlines", programme.deadlines), ("repeated", programme.repeated)):
        for rule in rules:
            yield from _term_targets(kind, rule)
    for check in programme.checks:
        place = _at(f"checks[{check.id}].when")
        yield Target("rule", check.id, check.when, "found", place)
        if check.when not in _PLAIN:
            yield Target("rule", check.id, check.when, "not found", place)
    for one in method.forms:
        yield Target("paper", one.id, one.title, "drawn", _at(f"documents[{one.id}].given"))
        if one.required not in _PLAIN:
            ways: tuple[Way, ...] = ("needed", "not needed")
            for way in ways:
                place = _at(f"documents[{one.id}].required")
                yield Target("paper", one.id, one.required, way, place)
        if one.done is not None and one.done not in _PLAIN:
            yield Target("paper", one.id, one.done, "made", _at(f"documents[{one.id}].done"))


def _term_targets(kind: str, rule: Deadline | Repeated) -> Iterator[Target]:
    place = _at(f"{kind}[{rule.id}].term")
    if not (isinstance(rule, Deadline) and rule.before):
        yield Target("rule", rule.id, rule.title, "kept", place)
    yield Target("rule", rule.id, rule.title, "late", place)
    if rule.terms:
        for number, case in enumerate(rule.terms, start=1):
            yield Target("row", rule.id, case.when, "chosen", place, number)
        yield Target("row", rule.id, rule.title, "chosen", place, len(rule.terms) + 1)


def _at(path: str) -> Place:
    return Place("programme.yaml", path=path)


# --- what a case shows -----------------------------------------------------------------------------------


def rules_shown(now: Situation, method: Method) -> Iterator[Key]:
    """Go through what a case shows of all rules on a day."""
    yield from tables_shown(now)
    terms: tuple[Deadline | Repeated, ...] = (*now.programme.deadlines, *now.programme.repeated)
    for rule in terms:
        if rule.terms:
            for number in chosen(now, rule):
                yield "row", rule.id, number + 1, "chosen"
    for run in runs(now):
        yield "rule", run.rule.id, 0, "late" if run.is_late(now.on) else "kept"
    for check in now.programme.checks:
        yield from _shown_by_check(now, check)
    for one in method.forms:
        yield from shown_of_paper(now, one)


def tables_shown(now: Situation) -> Iterator[Key]:
    """Go through the stage of a case, and the rows of tables that speak of it."""
    if now.stage is not None:
        yield "stage", now.stage.id, 0, "reached"
    if now.level.rule is not None:
        yield "row", f"{LEVEL} {now.level.rule}", 0, "chosen"
    for sheet in now.risk.sheets:
        if sheet.rule is not None:
            yield "row", f"{RISK} {sheet.rule}", 0, "chosen"


def shown_of(now: Situation, method: Method, target: Target) -> Iterator[Key]:
    """Go through what a case shows of the one rule or document type that a target is about."""
    programme = now.programme
    if target.kind == "paper":
        yield from shown_of_paper(now, method.papers[target.owner].type)
    elif target.kind == "stage" or target.owner.startswith((f"{LEVEL} ", f"{RISK} ")):
        yield from tables_shown(now)
    else:
        checks = tuple(one for one in programme.checks if one.id == target.owner)
        kinds = {
            name: tuple(one for one in getattr(programme, name) if one.id == target.owner)
            for name in ("deadlines", "repeated")
        }
        alone = replace(now, programme=programme.model_copy(update={"checks": checks, **kinds}))
        yield from rules_shown(alone, replace(method, papers={}))


def _shown_by_check(now: Situation, one: Check) -> Iterator[Key]:
    if one.stage is not None and one.stage not in now.stages_reached():
        return
    for item in now.items(one):
        way: Way = "found" if now.holds(one.when, **item) else "not found"
        yield "rule", one.id, 0, way


def shown_of_paper(now: Situation, one: DocumentType) -> Iterator[Key]:
    """Go through what a case shows of a document type's own conditions."""
    if one.required not in _PLAIN:
        yield "paper", one.id, 0, "needed" if now.holds(one.required) else "not needed"
    if one.done is not None:
        items = list(now.items(one))
        if items and all(now.holds(one.done, **item) for item in items):
            yield "paper", one.id, 0, "made"
