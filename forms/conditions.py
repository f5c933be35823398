"""When a question is asked, in words: paper cannot leave a question out, so it says when it is filled in."""

from __future__ import annotations

from jinja2 import nodes

from ..core.contract.case import Case
from ..core.expressions import ExpressionError, Language
from ..core.programmes.questions import Form, Part, Question
from ..core.vocabulary import Field, record_type

Path = tuple[str, ...]


def filled_in(form: Form, part: Part, question: Question, language: Language) -> str | None:
    """Return when a question is filled in on paper: «Заполняется, если «Как поступил» — «сообщение»».

    Returns:
        None if it always is, if the answer beside it says so, or if the condition has no simple words; then
        the form may give words of its own (`paper`).
    """
    if question.paper is not None:
        return f"Заполняется {question.paper}"
    if question.when is None:
        return None
    try:
        said = _Words(form, part, question).of(language.tree(question.when))
    except ExpressionError:
        return None
    return f"Заполняется, если {said}" if said else None


class _Unsaid(Exception):
    """A condition without simple words."""


class _Words:
    """Says a condition by the labels of the questions that it looks at."""

    def __init__(self, form: Form, part: Part, question: Question) -> None:
        self._base: Path = tuple(part.each.split(".")) if part.each else ()
        self._alias = part.alias or ()
        self._own = (*self._base, *question.field.split("."))[:-1]
        self._labels = {
            (*(one.each.split(".") if one.each else ()), *asked.field.split(".")): asked.label
            for one in form.parts
            for asked in one.ask
        }

    def of(self, tree: nodes.Node) -> str | None:
        try:
            return self._said(tree)
        except _Unsaid:
            return None

    def _said(self, tree: nodes.Node, *, not_: bool = False) -> str:
        if isinstance(tree, nodes.Not):
            return self._said(tree.node, not_=not not_)
        if isinstance(tree, nodes.And | nodes.Or) and not not_:
            word = " и " if isinstance(tree, nodes.And) else " или "
            sides = [said for side in (tree.left, tree.right) if (said := self._side(side))]
            return word.join(sides) if sides else self._trivial()
        if isinstance(tree, nodes.Compare) and not not_ and len(tree.ops) == 1:
            return self._compared(tree.expr, tree.ops[0])
        path = self._path(tree)
        if path == self._own[: len(path)]:
            return self._trivial()
        return self._there(path, not_=not_)

    def _side(self, tree: nodes.Node) -> str | None:
        """Return a side of «and», or None where it only says that the group of the question is there."""
        if isinstance(tree, nodes.Name | nodes.Getattr) and self._path(tree) == self._own:
            return None
        return self._said(tree)

    def _trivial(self) -> str:
        """Stop: that the group of the question is there, the answer beside it shows."""
        raise _Unsaid

    def _there(self, path: Path, *, not_: bool) -> str:
        field = self._field(path)
        if field.derived:
            raise _Unsaid
        name = self._name(path, field)
        if field.type.kind == "bool":
            return f"{name} — {'нет' if not_ else 'да'}"
        return f"{'не ' if not_ else ''}заполнено поле {name}"

    def _compared(self, left: nodes.Node, operand: nodes.Operand) -> str:
        path = self._path(left)
        field, right = self._field(path), operand.expr
        name, labels = self._name(path, field), dict(field.type.choices)
        if operand.op == "in" and isinstance(right, nodes.List):
            values = [one.value for one in right.items if isinstance(one, nodes.Const)]
            if values and len(values) == len(right.items):
                return f"{name} — {' или '.join(f'«{labels.get(one, one)}»' for one in values)}"
        signs = {"eq": "—", "ne": "— не", "gt": "больше", "gteq": "не меньше", "lt": "меньше"}
        if operand.op in signs and isinstance(right, nodes.Const):
            value = right.value
            said = f"«{labels.get(value, value)}»" if isinstance(value, str) else value
            return f"{name} {signs[operand.op]} {said}"
        raise _Unsaid

    def _path(self, tree: nodes.Node) -> Path:
        steps: list[str] = []
        while isinstance(tree, nodes.Getattr):
            steps.insert(0, tree.attr)
            tree = tree.node
        if not isinstance(tree, nodes.Name):
            raise _Unsaid
        return (*self._base, *steps) if tree.name in self._alias else (tree.name, *steps)

    def _field(self, path: Path) -> Field:
        owner, found = record_type(Case), None
        for step in path:
            found = owner.find(step) if owner else None
            type_ = (found.type.item or found.type) if found else None
            owner = record_type(type_.model) if type_ and type_.model else None  # type: ignore[assignment]
        if found is None:
            raise _Unsaid
        return found

    def _name(self, path: Path, field: Field) -> str:
        return f"«{self._labels.get(path) or field.label}»"
