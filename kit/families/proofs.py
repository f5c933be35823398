"""What a block's place in its template already says: which of its ways no family can ever take.

Within `{% if семья.адрес %}` the same question has one answer, and a list that was asked for there is not
empty. What is said here is certain; what is not said may be impossible all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from jinja2 import nodes

from ...core.filters import Filter
from ...core.i18n import tr
from ...core.typecheck import Checker, Seen
from ...core.vocabulary import ANY, Type, Vocabulary

Length = Literal["none", "one", "many"]
_FIXED = frozenset({"SignView", "RiskGroupView", "RiskItemView", "RiskBandView"})
"""Records of which a programme has always as many as it has."""

_KEEPS = frozenset({"sort_by", "по_порядку"})
_OPPOSITE = {"eq": "ne", "ne": "eq"}


class Known:
    """What is known at one place of a template: what holds there, and what does not."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        filters: Mapping[str, Filter],
        local: Mapping[str, Type],
        signs: int,
    ) -> None:
        seen = {name: Seen(type_) for name, type_ in local.items()}
        self._checker = Checker(vocabulary, filters, seen)
        self._filters = filters
        self._signs = signs
        self._facts: dict[str, bool] = {}
        self._equal: dict[str, object] = {}

    # --- learning ----------------------------------------------------------------------------------------

    @contextmanager
    def where(self, test: nodes.Node) -> Iterator[None]:
        """Take a test as true while inside."""
        with self._aside():
            self._learn(test, holds=True)
            yield

    @contextmanager
    def where_not(self, test: nodes.Node) -> Iterator[None]:
        """Take a test as false while inside."""
        with self._aside():
            self._learn(test, holds=False)
            yield

    @contextmanager
    def inside(self, loop: nodes.For, *, tested: bool = True) -> Iterator[None]:
        """Stand inside a loop: its name is another thing each time.

        Args:
            tested: Whether the `if` of the loop was asked already.
        """
        over = self._checker.expression(_expr(loop.iter))
        before = dict(self._checker.local)
        with self._aside():
            if isinstance(loop.target, nodes.Name):
                self._forget(loop.target.name)
                self._checker.local[loop.target.name] = Seen(over.item or ANY)
            self._checker.local["loop"] = Seen(ANY)
            self._learn(loop.iter, holds=True)
            if tested and loop.test is not None:
                self._learn(loop.test, holds=True)
            yield
        self._checker.local = before

    @contextmanager
    def _aside(self) -> Iterator[None]:
        facts, equal = dict(self._facts), dict(self._equal)
        yield
        self._facts, self._equal = facts, equal

    def _forget(self, name: str) -> None:
        told = f"Name(name={name!r}"
        self._facts = {one: holds for one, holds in self._facts.items() if told not in one}
        self._equal = {one: value for one, value in self._equal.items() if told not in one}

    def _learn(self, test: nodes.Node, *, holds: bool) -> None:
        if isinstance(test, nodes.Not):
            self._learn(test.node, holds=not holds)
            return
        if isinstance(test, nodes.And | nodes.Or) and isinstance(test, nodes.And) == holds:
            self._learn(test.left, holds=holds)
            self._learn(test.right, holds=holds)
            return
        self._facts[_key(test)] = holds
        self._learn_compared(test, holds=holds)
        from_other = isinstance(test, nodes.Getattr) or (
            isinstance(test, nodes.Filter) and self._hands_on(test)
        )
        node = getattr(test, "node", None) if from_other else None
        if holds and node is not None:
            self._learn(node, holds=True)

    def _learn_compared(self, test: nodes.Node, *, holds: bool) -> None:
        if not isinstance(test, nodes.Compare) or len(test.ops) != 1:
            return
        operand = test.ops[0]
        same = operand.op if holds else _OPPOSITE.get(operand.op)
        if same == "eq" and isinstance(operand.expr, nodes.Const):
            self._equal[_key(test.expr)] = operand.expr.value
            if operand.expr.value:
                self._learn(test.expr, holds=True)

    def _hands_on(self, test: nodes.Filter) -> bool:
        """Tell whether a filter gives nothing for nothing."""
        known = self._filters.get(test.name)
        return known is not None and known.gives in ("same", "item", "list")

    # --- saying ------------------------------------------------------------------------------------------

    def says(self, test: nodes.Node) -> tuple[bool | None, str]:
        """Tell whether a test is certain to hold, certain not to, or open; and why."""
        sure = self._sure(test)
        return sure, "" if sure is None else tr("the blocks around it have asked the same")

    def lengths(self, loop: nodes.For) -> Iterator[tuple[Length, bool, str]]:
        """Go through the lengths of a loop: whether each is impossible, and why."""
        fixed = self._fixed(loop)
        ways: tuple[Length, ...] = ("none", "one", "many")
        for way in ways:
            if fixed is not None:
                yield way, way != fixed, tr("the list is the programme's own, and always as long")
            elif way == "none":
                some = loop.test is None and self._sure(_whole(loop.iter)) is True
                yield "none", some, tr("the blocks around it have asked that the list is not empty")
            else:
                yield way, False, ""

    def _fixed(self, loop: nodes.For) -> Length | None:
        if loop.test is not None or any(True for _ in _all(loop.iter, nodes.Filter)):
            return None
        item = self._checker.expression(_expr(loop.iter)).item
        root = next((one.name for one in _all(loop.iter, nodes.Name) if isinstance(one, nodes.Name)), "")
        model = item.model.__name__ if item and item.model else ""
        if model == "SignView":
            return "none" if not self._signs else "one" if self._signs == 1 else "many"
        return "many" if model in _FIXED or root in ("programme", "программа") else None

    def _sure(self, test: nodes.Node) -> bool | None:
        told = self._facts.get(_key(test))
        if told is not None:
            return told
        if isinstance(test, nodes.Const):
            return bool(test.value)
        if isinstance(test, nodes.Not):
            inner = self._sure(test.node)
            return None if inner is None else not inner
        if isinstance(test, nodes.And | nodes.Or):
            sides = (self._sure(test.left), self._sure(test.right))
            decides = isinstance(test, nodes.Or)
            return decides if decides in sides else (None if None in sides else not decides)
        if isinstance(test, nodes.Compare):
            return self._compared(test)
        if isinstance(test, nodes.Getattr) or (isinstance(test, nodes.Filter) and self._hands_on(test)):
            return False if test.node is not None and self._sure(test.node) is False else None
        return None

    def _compared(self, test: nodes.Compare) -> bool | None:
        operand = test.ops[0]
        if len(test.ops) != 1 or operand.op not in ("eq", "ne") or not isinstance(operand.expr, nodes.Const):
            return None
        wanted, key = operand.expr.value, _key(test.expr)
        if key in self._equal:
            alike = self._equal[key] == wanted
        elif wanted and self._sure(test.expr) is False:
            alike = False
        else:
            return None
        return alike if operand.op == "eq" else not alike


def _expr(node: nodes.Node) -> nodes.Expr:
    assert isinstance(node, nodes.Expr)
    return node


def _key(node: nodes.Node) -> str:
    return repr(node)


def _all(node: nodes.Node, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)


def _whole(node: nodes.Node) -> nodes.Node:
    """Return the list that a filter only puts in another order."""
    while isinstance(node, nodes.Filter) and node.name in _KEEPS and node.node is not None:
        node = node.node
    return node
