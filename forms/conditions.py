"""When a question is asked, in words: paper cannot leave a question out, so it says when it is filled in."""

from __future__ import annotations

from functools import reduce

from jinja2 import nodes
from pydantic import BaseModel

from ..core.contract.case import Case
from ..core.expressions import ExpressionError, Language
from ..core.filters import LanguagePack
from ..core.programmes.questions import Form, Part, Question
from ..core.vocabulary import Field, record_type
from .fields import choices_of, label_of

Path = tuple[str, ...]


def filled_in(form: Form, part: Part, question: Question, language: Language) -> str | None:
    """Return when a question is filled in on paper: «Заполняется, если «Как поступил» — «сообщение»».

    Returns:
        None if it always is, if the answer beside it says so, or if the condition has no simple words; then
        the form may give words of its own (`paper`).
    """
    on_paper = language.pack.on_paper
    if question.paper is not None:
        return on_paper("Fill in {when}").format(when=question.paper)
    if question.when is None:
        return None
    try:
        said = _Words(form, part, question, language.pack).of(language.tree(question.when))
    except ExpressionError:
        return None
    return on_paper("Fill in if {condition}").format(condition=said) if said else None


class _Unsaid(Exception):
    """A condition without simple words."""


class _Words:
    """Says a condition by the labels of the questions that it looks at."""

    def __init__(self, form: Form, part: Part, question: Question, pack: LanguagePack) -> None:
        self._pack = pack
        self.on_paper = pack.on_paper
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
            joined = self._both if isinstance(tree, nodes.And) else self._either
            sides = [said for side in (tree.left, tree.right) if (said := self._side(side))]
            return reduce(joined, sides) if sides else self._trivial()
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
        model, field = self._field(path)
        if field.derived:
            raise _Unsaid
        if field.type.kind == "bool":
            words = self.on_paper("{name} is no") if not_ else self.on_paper("{name} is yes")
        else:
            words = self.on_paper("{name} is not filled in") if not_ else self.on_paper("{name} is filled in")
        return words.format(name=self._name(path, model, field))

    def _compared(self, left: nodes.Node, operand: nodes.Operand) -> str:
        path = self._path(left)
        (model, field), right = self._field(path), operand.expr
        name, labels = self._name(path, model, field), dict(choices_of(field.type, self._pack))
        is_ = self.on_paper("{name} is {value}")
        if operand.op == "in" and isinstance(right, nodes.List):
            values = [one.value for one in right.items if isinstance(one, nodes.Const)]
            if values and len(values) == len(right.items):
                said = (self._quoted(labels.get(one, one)) for one in values)
                return is_.format(name=name, value=reduce(self._either, said))
        signs = {
            "eq": is_,
            "ne": self.on_paper("{name} is not {value}"),
            "gt": self.on_paper("{name} is more than {value}"),
            "gteq": self.on_paper("{name} is not less than {value}"),
            "lt": self.on_paper("{name} is less than {value}"),
        }
        if operand.op in signs and isinstance(right, nodes.Const):
            value = right.value
            shown = self._quoted(labels.get(value, value)) if isinstance(value, str) else value
            return signs[operand.op].format(name=name, value=shown)
        raise _Unsaid

    def _both(self, first: str, second: str) -> str:
        return self.on_paper("{first} and {second}").format(first=first, second=second)

    def _either(self, first: str, second: str) -> str:
        return self.on_paper("{first} or {second}").format(first=first, second=second)

    def _quoted(self, words: str) -> str:
        return self.on_paper("“{words}”").format(words=words)

    def _path(self, tree: nodes.Node) -> Path:
        steps: list[str] = []
        while isinstance(tree, nodes.Getattr):
            steps.insert(0, tree.attr)
            tree = tree.node
        if not isinstance(tree, nodes.Name):
            raise _Unsaid
        return (*self._base, *steps) if tree.name in self._alias else (tree.name, *steps)

    def _field(self, path: Path) -> tuple[type[BaseModel], Field]:
        model: type[BaseModel] | None = Case
        found: tuple[type[BaseModel], Field] | None = None
        for step in path:
            field = record_type(model).find(step) if model else None
            if model is None or field is None:
                raise _Unsaid
            found = model, field
            model = (field.type.item or field.type).model
        if found is None:
            raise _Unsaid
        return found

    def _name(self, path: Path, model: type[BaseModel], field: Field) -> str:
        return self._quoted(self._labels.get(path) or label_of(model, field, self._pack))
