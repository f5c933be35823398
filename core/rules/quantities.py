"""What the rows of a table ask besides signs: each quantity, with the values that tell its conditions apart.

`family.children|count >= settings.large_family` asks for one quantity, the number of children. With one child
fewer than the settings say, with just as many and with one more the condition is tried on both of its sides;
no other number could tell it apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from math import prod

from jinja2 import nodes

from ..expressions import Language
from ..facts import Record, Rows

Path = tuple[str, ...]
Asked = tuple[Path, bool]
"""A path of the vocabulary, and whether its members are counted."""


class NotUnderstood(Exception):
    """A condition asks in a way whose values cannot be told beforehand; the text names what it asks."""


@dataclass
class Quantities:
    """The quantities that conditions ask for.

    Args:
        constant: The value of a name that no family changes, such as a setting; None of every other.
        apart: Roots that are tried elsewhere.
    """

    language: Language
    constant: Callable[[Path], object]
    apart: frozenset[str]
    found: dict[Asked, list[object]] = field(default_factory=dict)

    def read(self, conditions: Iterable[str]) -> None:
        """Note all that the conditions ask for.

        Raises:
            NotUnderstood: One of them asks in a way that is not known here.
        """
        for condition in conditions:
            self._condition(self.language.tree(condition))

    def count(self) -> int:
        """Return how many cases there are to try."""
        return prod(len(values) for _, values in self._values())

    def cases(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Go through all of them: in words, and as the records that an expression sees."""
        asked = list(self._values())
        for values in product(*(values for _, values in asked)):
            said = [f"{_words(one)} = {value}" for (one, _), value in zip(asked, values, strict=True)]
            roots: dict[str, object] = {}
            for (one, _), value in zip(asked, values, strict=True):
                _place(roots, one, value)
            yield ", ".join(said), {name: _frozen(value) for name, value in roots.items()}

    def _values(self) -> Iterator[tuple[Asked, list[object]]]:
        for one, near in self.found.items():
            yield one, list(dict.fromkeys(_sides(near, counted=one[1])))

    # --- reading a condition -------------------------------------------------------------------------------

    def _condition(self, node: nodes.Node) -> None:
        if self._roots(node) <= self.apart:
            return
        if isinstance(node, nodes.And | nodes.Or):
            self._condition(node.left)
            self._condition(node.right)
        elif isinstance(node, nodes.Not):
            self._condition(node.node)
        elif isinstance(node, nodes.Compare):
            self._comparison([node.expr, *(one.expr for one in node.ops)])
        else:
            one = self._asked(node)
            self.found.setdefault(one, []).extend([1] if one[1] else [True, False])

    def _comparison(self, sides: list[nodes.Expr]) -> None:
        known: list[object] = []
        asked: list[Asked] = []
        for side in sides:
            values = self._known(side)
            if values is None:
                asked.append(self._asked(side))
            known += values or []
        if len(asked) > 1:
            raise NotUnderstood(" / ".join(map(_words, asked)))
        for one in asked:
            self.found.setdefault(one, []).extend(known)

    def _known(self, node: nodes.Expr) -> list[object] | None:
        """Return what a side says by itself; None when it asks for something."""
        if isinstance(node, nodes.Const):
            return [node.value]
        if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const):
            return [-node.node.value]
        if isinstance(node, nodes.List | nodes.Tuple):
            inside = [self._known(one) for one in node.items]
            return None if None in inside else [value for one in inside for value in one or ()]
        path = _path(node)
        value = self.constant(path) if path else None
        return None if value is None else [value]

    def _asked(self, node: nodes.Node) -> Asked:
        counted = isinstance(node, nodes.Filter) and not node.args and self._is_count(node.name)
        path = _path(node.node if counted and isinstance(node, nodes.Filter) else node)
        if path is None or path[0] in self.apart or self.constant(path) is not None:
            raise NotUnderstood(", ".join(sorted(self._roots(node) - self.apart)))
        return path, counted

    def _is_count(self, name: str) -> bool:
        known = self.language.filters.get(name)
        return known is not None and known.name == "count"

    def _roots(self, node: nodes.Node) -> set[str]:
        own = {node.name} if isinstance(node, nodes.Name) else set()
        return own | {one.name for one in node.find_all(nodes.Name)}


def _path(node: nodes.Node | None) -> Path | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        return (*before, node.attr) if before else None
    return None


def _words(one: Asked) -> str:
    path, counted = one
    return ".".join(path) + ("|count" if counted else "")


def _sides(near: Iterable[object], *, counted: bool) -> Iterator[object]:
    """Return values on both sides of each that a quantity is compared with."""
    for value in near:
        if isinstance(value, bool) or value is None:
            yield from (True, False)
        elif isinstance(value, int | float | Decimal):
            for one in (value - 1, value, value + 1):
                if not counted:
                    yield one
                elif one >= 0:
                    yield int(one)
        else:
            yield from (value, "—")


def _place(roots: dict[str, object], one: Asked, value: object) -> None:
    path, counted = one
    at = roots
    for name in path[:-1]:
        below = at.setdefault(name, {})
        if not isinstance(below, dict):
            raise NotUnderstood(_words(one))
        at = below
    if isinstance(at.get(path[-1]), dict):
        raise NotUnderstood(_words(one))
    at[path[-1]] = (
        Rows(Record("", {}, {}) for _ in range(value)) if counted and isinstance(value, int) else value
    )


def _frozen(value: object) -> object:
    if not isinstance(value, Mapping) or isinstance(value, Record):
        return value
    return Record("", {name: _frozen(one) for name, one in value.items()}, {})
