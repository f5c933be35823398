"""What the expressions of templates and rules are made of, read as trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

_KEEPS = frozenset({"sort_by", "по_порядку"})
_PARTS = frozenset({"where", "где", "without", "без"})
_OF_PROGRAMME = frozenset({"programme", "программа", "settings", "настройки"})
_RISK, _OF_SCALE = frozenset({"risk", "риск"}), frozenset({"demonstration", "демонстрационная"})


def roots_of(test: nodes.Node) -> frozenset[str]:
    """Return with which names a test begins; one that names nothing has none that is known."""
    return frozenset(
        one.name for one in all_nodes(test, nodes.Name) if isinstance(one, nodes.Name)
    ) or frozenset({""})


def as_expr(node: nodes.Node) -> nodes.Expr:
    """Take a node for the expression that it is."""
    assert isinstance(node, nodes.Expr)
    return node


def key_of(node: nodes.Node) -> str:
    """Return what tells an expression from all others."""
    return repr(node)


def renamed(node: Any, names: Mapping[str, str]) -> Any:
    """Return a node in which names are other names."""
    if isinstance(node, list | tuple):
        return type(node)(renamed(one, names) for one in node)
    if not isinstance(node, nodes.Node):
        return node
    if isinstance(node, nodes.Name):
        return nodes.Name(names.get(node.name, node.name), node.ctx)
    return type(node)(*(renamed(getattr(node, field), names) for field in node.fields))


def all_nodes(node: nodes.Node, kind: type[nodes.Node]) -> Iterator[nodes.Node]:
    """Go through the nodes of a kind, the outermost first."""
    if isinstance(node, kind):
        yield node
    yield from node.find_all(kind)


def sides_of(test: nodes.Node) -> Iterator[nodes.Node]:
    """Go through what stands on both sides of each `or`."""
    if isinstance(test, nodes.Or):
        yield from sides_of(test.left)
        yield from sides_of(test.right)
    else:
        yield test


def list_behind(node: nodes.Node) -> nodes.Node | None:
    """Return the list of which a filter picks a part; None if it is something else."""
    while isinstance(node, nodes.Filter) and node.node is not None and node.name in (*_KEEPS, *_PARTS):
        node = node.node
    return node if isinstance(node, nodes.Getattr | nodes.Name) else None


def unsorted(node: nodes.Node) -> nodes.Node:
    """Return the list that a filter only puts in another order."""
    while isinstance(node, nodes.Filter) and node.name in _KEEPS and node.node is not None:
        node = node.node
    return node


def is_of_programme(test: nodes.Node) -> bool:
    """Tell whether a test speaks of the programme alone: of its words, its numbers, its scale of risk."""
    asked = [one.attr for one in all_nodes(test, nodes.Getattr) if isinstance(one, nodes.Getattr)]
    of_scale = len(asked) == 1 and asked[0] in _OF_SCALE
    return roots_of(test) <= (_RISK if of_scale else _OF_PROGRAMME)
