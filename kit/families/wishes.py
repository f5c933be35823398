"""What a question asks of a family, read from the question itself: facts, and what they are compared with.

`член.пол == 'female'` speaks of the field `sex` of members and of the value `female`. What is worked out by
code is traced once, on the written examples: an age speaks of a day of birth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache

from jinja2 import nodes
from pydantic import BaseModel

from ...core.contract.base import At, derived_fields
from ...core.contract.case import Case
from ...core.programmes.programme import Programme
from ...core.typecheck import Checker
from ...core.vocabulary import record_type
from ...output.explaining.reading import made_from
from ..goldens.drawing import told_on

Spot = tuple[type[BaseModel], str]
"""A field of a record of the contract."""


@dataclass(frozen=True, slots=True)
class Hints:
    """With what a fact is compared: words and numbers, or other facts."""

    words: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    alike: bool = False

    def with_more(self, other: Hints) -> Hints:
        """Return both together."""
        words = dict.fromkeys((*self.words, *other.words))
        numbers = dict.fromkeys((*self.numbers, *other.numbers))
        return Hints(tuple(words), tuple(numbers), self.alike or other.alike)


NONE = Hints()
Wishes = Mapping[Spot, Hints]

_FED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "level": (("Case", "level_reviews"), ("SignMark", "present"), ("Decision", "level")),
    "signs": (("Case", "level_reviews"), ("SignMark", "present")),
    "risk": (("Case", "scores"), ("ScoreItem", "score"), ("ScoreSheet", "life_threat")),
    "progress": (("Case", "planned_end_on"), ("Decision", "extends_until")),
}
"""What papka works out by code of its own, from which facts."""


@cache
def models() -> Mapping[str, type[BaseModel]]:
    """Return all records of which a case is made, by name."""
    found: dict[str, type[BaseModel]] = {}
    pending: list[type[BaseModel]] = [Case]
    while pending:
        model = pending.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            pending += [inner for _, inner in parts_of(model)]
    return found


def parts_of(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Go through the records that stand in a record: by which field, and of which kind."""
    for name, known in record_type(model).fields.items():
        type_ = known.type.item or known.type
        if not known.derived and type_.model is not None and not type_.refers:
            yield name, type_.model


@cache
def holders(model: type[BaseModel]) -> tuple[Spot, ...]:
    """Return in which fields of which records a record stands."""
    return tuple(
        (owner, name)
        for owner in models().values()
        for name, inner in parts_of(owner)
        if issubclass(inner, model)
    )


class Sources:
    """From which typed facts each derived field is worked out, as far as the examples show it."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._known: dict[Spot, frozenset[Spot]] = {}

    def of(self, model: type[BaseModel], name: str) -> frozenset[Spot]:
        """Return the typed facts behind a derived field."""
        if (model, name) not in self._known:
            self._known[model, name] = frozenset(self._traced(model, name))
        return self._known[model, name]

    def _traced(self, model: type[BaseModel], name: str) -> Iterator[Spot]:
        for case in self._cases:
            things = list(things_of(case))
            places = {id(one): (type(one).__name__,) for one in things}
            at = At(case, told_on(case))
            for one in [known for known in things if isinstance(known, model)][:MOST]:
                if name not in derived_fields(type(one)):
                    continue
                with suppress(Exception):  # the field says what it says, whatever stands there
                    for kind, read in made_from(one, name, at, places):
                        yield models()[str(kind)], str(read)


MOST = 3
"""How many records of an example are asked for what a derived field looks at."""


def things_of(thing: object) -> Iterator[BaseModel]:
    """Go through a record and all records that stand in it."""
    if isinstance(thing, BaseModel):
        yield thing
        for name in type(thing).model_fields:
            yield from things_of(getattr(thing, name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from things_of(one)


@dataclass
class Reader:
    """Reads what a question asks, where it is known what each name stands for."""

    checker: Checker
    sources: Sources
    programme: Programme
    tree: Callable[[str], nodes.Expr]
    _found: dict[Spot, Hints] = field(default_factory=dict)
    _loop: nodes.Node | None = None

    def of(self, tests: Iterable[nodes.Node], loop: nodes.Node | None = None) -> Wishes:
        """Return the facts of which tests speak.

        Args:
            loop: What the loop goes through in which they stand; a test may count its rounds.
        """
        self._found, self._loop = {}, loop
        for test in tests:
            if loop is not None and _counts_rounds(test):
                self._walk(loop, Hints(numbers=tuple(_numbers(test))))
            self._walk(test, NONE)
        return self._found

    def _add(self, spot: Spot, hints: Hints) -> None:
        self._found[spot] = self._found.get(spot, NONE).with_more(hints)

    def _walk(self, node: nodes.Node | None, hints: Hints) -> None:
        if isinstance(node, nodes.Compare):
            self._compared(node)
        elif isinstance(node, nodes.Filter):
            self._filtered(node, hints)
        elif isinstance(node, nodes.Getattr):
            self._field(node, node.node, node.attr, hints)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            if isinstance(node.arg.value, str):
                self._field(node, node.node, node.arg.value, hints)
            else:
                self._walk(node.node, replace(hints, numbers=(int(node.arg.value) + 1,)))
        elif isinstance(node, nodes.Name):
            self._root(node.name, hints)
        elif node is not None:
            passed = hints if isinstance(node, nodes.Add | nodes.Sub | nodes.Or) else NONE
            for child in node.iter_child_nodes():
                self._walk(child, passed)

    def _compared(self, node: nodes.Compare) -> None:
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        words = tuple(word for one in sides for word in _words(one))
        numbers = tuple(number for one in sides for number in (*_numbers(one), *self._settings(one)))
        alike = sum(not isinstance(one, nodes.Const | nodes.List | nodes.Tuple) for one in sides) > 1
        for one in sides:
            self._walk(one, Hints(words, numbers, alike))

    def _settings(self, node: nodes.Node) -> Iterator[int]:
        """Go through the numbers of the centre that are named."""
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            known = self.checker.vocabulary.find(node.node.name)
            if known is not None and known.name == "settings" and node.attr in self.programme.settings:
                yield self.programme.settings[node.attr].value

    def _filtered(self, node: nodes.Filter, hints: Hints) -> None:
        assert node.node is not None
        taken = self.checker.expression(node.node)
        model = taken.item.model if taken.item is not None else None
        others = node.args[1:]
        first = node.args[0] if node.args else None
        named = first.value if isinstance(first, nodes.Const) else None
        if model is not None and isinstance(named, str) and record_type(model).find(named):
            words = tuple(word for one in others for word in _words(one))
            alike = any(not isinstance(one, nodes.Const) for one in others)
            more = Hints(words or hints.words, hints.numbers, alike or hints.alike)
            self._spot(model, named, more if others else hints)
            hints = NONE
        else:
            others = node.args
            hints = hints.with_more(Hints(tuple(w for one in others for w in _words(one)), (), bool(others)))
        self._walk(node.node, hints)
        for one in others:
            self._walk(one, Hints(alike=model is not None and bool(named)))

    def _field(self, node: nodes.Node, owner: nodes.Node, name: str, hints: Hints) -> None:
        model = self.checker.expression(owner).model  # type: ignore[arg-type]
        if model is not None:
            self._spot(model, name, hints)
        self._walk(owner, NONE)

    def _spot(self, model: type[BaseModel], name: str, hints: Hints) -> None:
        known = record_type(model).find(name)
        if known is None or not _of_case(model):
            return
        if not known.derived:
            self._add((model, known.name), hints)
            return
        for spot in sorted(self.sources.of(model, known.name), key=_by_name):
            self._add(spot, hints)

    def _root(self, name: str, hints: Hints) -> None:
        if name in self.checker.local:
            if hints.words and self._loop is not None and self.checker.local[name].type.model is None:
                # One value of the list that the loop goes through.
                self._walk(self._loop, hints)
            return
        known = self.checker.vocabulary.find(name)
        if known is None:
            return
        if known.name in record_type(Case).fields:
            self._spot(Case, known.name, hints)
        for kind, inner in _FED.get(known.name, ()):
            self._add((models()[kind], inner), NONE)
        if known.name == "progress":
            days = (self.programme.opened_on, self.programme.closed_on)
            for text in (*days, *(stage.entered_on for stage in self.programme.stages)):
                self._walk(self.tree(text), NONE)


def is_day(spot: Spot) -> bool:
    """Tell whether a field holds a day, other than that of somebody's birth."""
    known = record_type(spot[0]).find(spot[1])
    return known is not None and known.type.kind == "date" and known.name != "birth_date"


def _of_case(model: type[BaseModel]) -> bool:
    return any(issubclass(one, model) for one in models().values())


def _by_name(spot: Spot) -> tuple[str, str]:
    return spot[0].__name__, spot[1]


def _words(node: nodes.Node) -> Iterator[str]:
    for one in (node, *node.find_all(nodes.Const)):
        if isinstance(one, nodes.Const) and isinstance(one.value, str):
            yield one.value


def _numbers(node: nodes.Node) -> Iterator[int]:
    for one in (node, *node.find_all(nodes.Const)):
        if isinstance(one, nodes.Const) and isinstance(one.value, int) and not isinstance(one.value, bool):
            yield one.value


def _counts_rounds(test: nodes.Node) -> bool:
    named = (test, *test.find_all(nodes.Name))
    return any(isinstance(one, nodes.Name) and one.name == "loop" for one in named)


__all__ = [
    "NONE",
    "Hints",
    "Reader",
    "Sources",
    "Spot",
    "Wishes",
    "holders",
    "models",
    "parts_of",
    "things_of",
]
