"""Proof of rule tables: each is total, each of its rows is reached, each row has an example.

The table for the level is tried with every combination of its signs, and of the other quantities that its
rows compare with something (`quantities.py`); the reading of a risk with every total that its scale can give.
Tables that choose a term are total by themselves, for they end in the ordinary term; their rows are looked
for in the example families.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from jinja2 import nodes

from ..contract.assessment import ScoreItem, ScoreSheet
from ..expressions import Language
from ..facts import Missing, Record
from ..i18n import tr
from ..programmes.programme import Deadline, LevelTable, Programme, Repeated, Risk, Scale
from ..vocabulary import plain_record
from .quantities import NotUnderstood, Quantities
from .situation import Situation
from .terms import chosen
from .views import RiskSheetView, settings_view, signs_model, vocabulary_of

MOST_TRIES = 2**16
_ITEM = re.compile(r"where\(\s*'code'\s*,\s*'([^']+)'\s*\)")


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen of one row.

    Attributes:
        reached: In how many of the tried cases it was the first to match.
        example: One of them, in words; None if there is none.
    """

    id: str
    gives: str
    reached: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen of one table.

    Attributes:
        tried: How many cases were tried.
        gaps: Cases that no row matches, in words; a total table has none.
        unknown: Why the table cannot be tried in full, if it cannot.
    """

    table: str
    tried: int
    rows: tuple[Row, ...]
    gaps: tuple[str, ...] = ()
    unknown: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the table is total and each of its rows is reached."""
        return self.unknown is None and not self.gaps and all(row.reached for row in self.rows)

    def as_json(self) -> dict[str, object]:
        """Return it as plain data."""
        rows = [
            {"id": one.id, "gives": one.gives, "reached": one.reached, "example": one.example}
            for one in self.rows
        ]
        return {
            "table": self.table,
            "holds": self.holds,
            "tried": self.tried,
            "rows": rows,
            "gaps": list(self.gaps),
            "unknown": self.unknown,
        }


Trial = tuple[str, Mapping[str, object]]
"""A case in words, and the names that the rows of a table see of it."""


def prove(programme: Programme, language: Language, examples: Iterable[Situation]) -> list[Proof]:
    """Try all rule tables of a programme.

    Args:
        examples: The example families, each as it stood on the last day known of it.
    """
    levels = [_level(table, programme, language) for table in programme.level_tables]
    risks = [_risk(risk, programme, language) for risk in programme.risks]
    return [*levels, *risks, *_terms(programme, list(examples))]


def _tried(name: str, rows: list[tuple[str, str, str]], trials: Iterator[Trial], language: Language) -> Proof:
    """Try the rows (id, condition, what it gives) with all cases; the first that matches wins."""
    worked = [(id_, language.compiled(when)) for id_, when, _ in rows]
    reached = dict.fromkeys((id_ for id_, _ in worked), 0)
    example: dict[str, str] = {}
    gaps: list[str] = []
    tried = 0
    for words, context in trials:
        tried += 1
        first = next((id_ for id_, holds in worked if holds(context) is True), None)
        if first is None:
            gaps.append(words)
        else:
            reached[first] += 1
            example.setdefault(first, words)
    found = tuple(Row(id_, gives, reached[id_], example.get(id_)) for id_, _, gives in rows)
    return Proof(name, tried, found, tuple(gaps))


def _roots(expression: str, language: Language) -> set[str]:
    return {node.name for node in language.tree(expression).find_all(nodes.Name)}


# --- the level -------------------------------------------------------------------------------------------


def _level(table: LevelTable, programme: Programme, language: Language) -> Proof:
    titles = {level.id: level.title for level in programme.levels}
    name = _dated(tr("the level of support"), table.valid_from, table.valid_to)
    rows = [(row.id, row.when, titles.get(row.propose or "", "—")) for row in table.rows]
    whens = [when for _, when, _ in rows]
    try:
        asked = _besides_signs(programme, language, table.valid_from or date(2025, 1, 1))
        asked.read(whens)
        tries = asked.count() * 2 ** len(programme.signs)
        why = (
            None
            if tries <= MOST_TRIES
            else tr("the rows ask for too much: {count} cases").format(count=tries)
        )
    except NotUnderstood as other:
        why = tr("the rows ask for more than signs: {names}").format(names=other)
    if why:
        return Proof(name, 0, tuple(Row(id_, gives, 0, None) for id_, _, gives in rows), unknown=why)
    settings = _settings(programme, table.valid_from or date(2025, 1, 1))
    trials = (
        (", ".join(filter(None, (words, more))), {**settings, **signs, **records})
        for words, signs in _signs(programme)
        for more, records in asked.cases()
    )
    return _tried(name, rows, trials, language)


def _besides_signs(programme: Programme, language: Language, day: date) -> Quantities:
    settings = _settings(programme, day)

    def constant(path: tuple[str, ...]) -> object:
        known = settings.get(path[0])
        return known[path[1]] if isinstance(known, Record) and len(path) == 2 and path[1] in known else None

    return Quantities(language, constant, frozenset({"signs", "признаки"}))


def _settings(programme: Programme, day: date) -> dict[str, object]:
    record = plain_record(settings_view(programme, day), lambda known: Missing(known.label))
    return vocabulary_of(programme).with_russian_names({"settings": record})


def _signs(programme: Programme) -> Iterator[Trial]:
    """Go through all combinations of signs; a sign that was not looked at counts as one that is not there."""
    model = signs_model(programme.signs)
    codes = [sign.code for sign in programme.signs]
    for values in product((False, True), repeat=len(codes)):
        marks = dict(zip(codes, values, strict=True))
        record = plain_record(model(**marks), lambda known: Missing(known.label))
        yes = [code for code, there in marks.items() if there]
        yield ", ".join(yes) or tr("no sign"), {"signs": record, "признаки": record}


# --- the risk --------------------------------------------------------------------------------------------


def _risk(risk: Risk, programme: Programme, language: Language) -> Proof:
    name = _dated(tr("the reading of the risk"), risk.valid_from, risk.valid_to)
    rows = [(row.id, row.when, row.risk) for row in risk.rows]
    scale = next(one for one in programme.scales if one.id == risk.scale)
    used = set().union(*(_roots(when, language) for _, when, _ in rows))
    named = {code for _, when, _ in rows for code in _ITEM.findall(when)}
    known = {item.code for group in scale.groups for item in group.items}
    if used - {"sheet", "result"} or named - known:
        why = tr("the rows ask for more than the scale: {names}").format(
            names=", ".join(sorted((used - {"sheet", "result"}) | (named - known)))
        )
        return Proof(name, 0, tuple(Row(id_, gives, 0, None) for id_, _, gives in rows), unknown=why)
    return _tried(name, rows, _sheets(scale, sorted(named)), language)


def _sheets(scale: Scale, named: list[str]) -> Iterator[Trial]:
    """Go through all totals, with each score of the items that the rows name, with and without a threat."""
    others = [item.code for group in scale.groups for item in group.items if item.code not in named]
    span = range(scale.lowest, scale.highest + 1)
    for scores in product(span, repeat=len(named)):
        fixed = dict(zip(named, scores, strict=True))
        for rest in range(scale.lowest * len(others), scale.highest * len(others) + 1):
            for threat in (False, True):
                yield _sheet(scale, {**fixed, **_spread(rest, others, scale)}, fixed, threat)


def _spread(total: int, codes: list[str], scale: Scale) -> dict[str, int]:
    """Spread a sum over items, the first ones taking as much as they can."""
    left = total - scale.lowest * len(codes)
    found = {}
    for code in codes:
        more = min(left, scale.highest - scale.lowest)
        found[code], left = scale.lowest + more, left - more
    return found


def _sheet(scale: Scale, scores: Mapping[str, int], fixed: Mapping[str, int], threat: bool) -> Trial:
    total = sum(scores.values())
    items = tuple(ScoreItem(code=code, score=score) for code, score in scores.items())
    day = date(2025, 1, 1)
    sheet = ScoreSheet(on=day, scale=scale.id, items=items, life_threat=threat)
    result = RiskSheetView(on=day, total=total, maximum=scale.maximum, life_threat=threat)
    said = [tr("total {total} of {maximum}").format(total=total, maximum=scale.maximum)]
    said += [f"{code} = {score}" for code, score in fixed.items()]
    if threat:
        said.append(tr("a threat to life"))
    records = {
        "sheet": plain_record(sheet, lambda known: Missing(known.label)),
        "result": plain_record(result, lambda known: Missing(known.label)),
    }
    return ", ".join(said), records


# --- terms -----------------------------------------------------------------------------------------------


def _terms(programme: Programme, examples: list[Situation]) -> Iterator[Proof]:
    rules: list[Deadline | Repeated] = [*programme.deadlines, *programme.repeated]
    for rule in rules:
        if rule.terms:
            yield _of_terms(rule, examples)


def _of_terms(rule: Deadline | Repeated, examples: list[Situation]) -> Proof:
    taken: dict[int, list[str]] = {}
    for situation in examples:
        for number in chosen(situation, rule):
            taken.setdefault(number, []).append(situation.case.id)
    rows = [
        Row(_number(number), case.when, len(taken.get(number, ())), next(iter(taken.get(number, ())), None))
        for number, case in enumerate(rule.terms)
    ]
    usual = taken.get(len(rule.terms), [])
    rows.append(Row(tr("otherwise"), tr("the ordinary term"), len(usual), next(iter(usual), None)))
    name = tr("the term {rule}: {title}").format(rule=rule.id, title=rule.title)
    return Proof(name, sum(map(len, taken.values())), tuple(rows))


def _number(index: int) -> str:
    return str(index + 1)


def _dated(name: str, since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return name
    days = " – ".join(f"{day:%d.%m.%Y}" if day else "…" for day in (since, until))
    return f"{name} ({days})"
