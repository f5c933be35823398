"""What a test proves: which values are not empty where it holds, and where it does not."""

from __future__ import annotations

from jinja2 import nodes


def proved(test: nodes.Node) -> frozenset[nodes.Expr]:
    """Return the expressions that are not empty where a test holds."""
    if isinstance(test, nodes.And):
        return proved(test.left) | proved(test.right)
    if isinstance(test, nodes.Not):
        return proved_if_false(test.node)
    if isinstance(test, nodes.Compare):
        return frozenset({test.expr}) if _is_filled(test.ops[0]) else frozenset()
    if isinstance(test, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter):
        owners: frozenset[nodes.Expr] = frozenset({test})
        if isinstance(test, nodes.Getattr | nodes.Getitem):
            owners |= proved(test.node)
        return owners
    return frozenset()


def _is_filled(operand: nodes.Operand) -> bool:
    """Tell whether what compares so cannot be empty; two empty values are equal."""
    if operand.op == "eq":
        return _is_said(operand.expr)
    if operand.op == "in" and isinstance(operand.expr, nodes.List | nodes.Tuple):
        return all(_is_said(item) for item in operand.expr.items)
    return operand.op in ("gt", "lt", "gteq", "lteq")


def _is_said(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and node.value is not None


def proved_if_false(test: nodes.Node) -> frozenset[nodes.Expr]:
    """Return the expressions that are not empty where a test does not hold."""
    if isinstance(test, nodes.Not):
        return proved(test.node)
    if isinstance(test, nodes.Or):
        return proved_if_false(test.left) | proved_if_false(test.right)
    if isinstance(test, nodes.Test) and test.name == "none":
        return proved(test.node)
    return frozenset()
