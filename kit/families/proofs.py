"""What a block's place in its template already says: which of its ways no family can ever take.

Within `{% if семья.адрес %}` the same question has one answer, and a list that was asked for there is not
empty. What is said here is certain; what is not said may be impossible all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from types import MappingProxyType
from typing import Any, Literal

from jinja2 import nodes
from pydantic import BaseModel

from ...core.contract.case import told_later
from ...core.contract.people import Member, Person, Specialist
from ...core.filters import Filter
from ...core.i18n import tr
from ...core.programmes.programme import Level, Risk
from ...core.rules.views import RiskSheetView
from ...core.typecheck import Checker, Seen
from ...core.vocabulary import ANY, Type, Vocabulary, record_type
from .trees import (
    all_nodes,
    as_expr,
    is_of_programme,
    key_of,
    list_behind,
    renamed,
    sides_of,
    unsorted,
)
from .trials import Trials

Length = Literal["none", "one", "many"]
_FIXED = frozenset({"SignView", "RiskGroupView", "RiskItemView", "RiskBandView"})
"""Records of which a programme has always as many as it has."""

_OPPOSITE = {"eq": "ne", "ne": "eq"}
DOCUMENT, BLANK = ("document", "документ"), ("is_blank", "пустой")
_FAILED = {"lt": "gteq", "lteq": "gt", "ne": "eq"}
_FILLED = frozenset({"text", "date", "time", "choice", "name", "phrase", "record"})


class Known:
    """What is known at one place of a template: what holds there of a family's paper, and what does not.

    Attributes:
        closed: Whether no family's paper gets there: only an empty form does.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        filters: Mapping[str, Filter],
        local: Mapping[str, Type],
        signs: int,
        made_for: Mapping[str, nodes.Node] = MappingProxyType({}),
        trials: Trials | None = None,
        says: Callable[[nodes.Node], bool | None] = lambda _: None,
        levels: Sequence[Level] = (),
        dated: nodes.Expr | None = None,
        given: nodes.Expr | None = None,
        risks: Sequence[Risk] = (),
    ) -> None:
        """Begin a template.

        Args:
            local: The names that the document type adds.
            signs: How many signs the programme has.
            made_for: The list that gives what a paper is made for, by the name that this has.
            trials: Tries what no type says.
            says: Answers a test by the programme alone, where it speaks of nothing else.
            levels: The levels of the programme.
            dated: What gives the day of the paper.
            given: What holds wherever the paper is drawn.
            risks: The tables of the programme by which risk is told.
        """
        self._checker = Checker(vocabulary, filters, {name: Seen(type_) for name, type_ in local.items()})
        self._filters, self._signs = filters, signs
        self._trials, self._says = trials, says
        self._facts: dict[str, bool] = {}
        for name, blank in product(DOCUMENT, BLANK):
            # What families show is asked; what an empty form shows is looked at apart.
            self._facts[key_of(nodes.Getattr(nodes.Name(name, "load"), blank, "load"))] = False
        self.closed = False
        self._levels = levels
        self._equal: dict[str, object] = {}
        self._unequal: dict[str, frozenset[object]] = {}
        self._least: dict[str, int] = {}
        self._from: dict[str, nodes.Node] = dict(made_for)
        for name, items in self._from.items():
            if name in self._checker.local:
                self._learn_picked(name, items)
        self._rated = bool(risks) and all(one.rows and one.rows[-1].when == "true" for one in risks)
        with self._aside():
            self._learn_given(given)
            has_day = dated is None or self._always(dated)
        if dated is None:
            # Another paper speaks of its own day, on which less may have been known.
            self._learn_given(given)
        if has_day:
            for name, on in product(DOCUMENT, ("on", "дата")):
                self._facts[key_of(nodes.Getattr(nodes.Name(name, "load"), on, "load"))] = dated is not None

    @property
    def local(self) -> Mapping[str, Seen]:
        """What the names stand for that the blocks around have made."""
        return dict(self._checker.local)

    # --- learning ----------------------------------------------------------------------------------------

    @contextmanager
    def where(self, test: nodes.Node) -> Iterator[None]:
        """Take a test as true while inside."""
        with self._aside():
            self.closed = self.closed or self.says(test)[0] is False
            self._learn(test, holds=True)
            yield

    @contextmanager
    def where_not(self, test: nodes.Node) -> Iterator[None]:
        """Take a test as false while inside."""
        with self._aside():
            self.closed = self.closed or self.says(test)[0] is True
            self._learn(test, holds=False)
            yield

    @contextmanager
    def inside(self, loop: nodes.For, *, tested: bool = True) -> Iterator[None]:
        """Stand inside a loop: its name is another thing each time.

        Args:
            tested: Whether the `if` of the loop was asked already.
        """
        over = self._checker.expression(as_expr(loop.iter))
        before, known = dict(self._checker.local), dict(self._from)
        with self._aside():
            if isinstance(loop.target, nodes.Name):
                self._forget(loop.target.name)
                self._checker.local[loop.target.name] = Seen(over.item or ANY)
                self._from[loop.target.name] = loop.iter
                self._learn_picked(loop.target.name, loop.iter)
            self._checker.local["loop"] = Seen(ANY)
            self._learn(loop.iter, holds=True)
            if tested and loop.test is not None:
                self._learn(loop.test, holds=True)
            yield
        self._checker.local, self._from = before, known

    @contextmanager
    def _aside(self) -> Iterator[None]:
        before = dict(self._facts), dict(self._equal), dict(self._unequal), dict(self._least)
        closed = self.closed
        yield
        self._facts, self._equal, self._unequal, self._least = before
        self.closed = closed

    def _learn_given(self, given: nodes.Expr | None) -> None:
        if given is not None:
            self._learn(given, holds=True)
            self._learn(self._in_russian(given), holds=True)

    def _forget(self, name: str) -> None:
        told = f"Name(name={name!r}"
        self._facts = {one: holds for one, holds in self._facts.items() if told not in one}
        self._equal = {one: value for one, value in self._equal.items() if told not in one}
        self._unequal = {one: value for one, value in self._unequal.items() if told not in one}
        self._least = {one: value for one, value in self._least.items() if told not in one}

    def _learn(self, test: nodes.Node, *, holds: bool) -> None:
        if isinstance(test, nodes.Not):
            self._learn(test.node, holds=not holds)
            return
        if isinstance(test, nodes.And | nodes.Or) and isinstance(test, nodes.And) == holds:
            self._learn(test.left, holds=holds)
            self._learn(test.right, holds=holds)
            return
        if isinstance(test, nodes.And | nodes.Or):
            if holds and isinstance(test, nodes.Or):
                # Whichever part of one list is there: the list itself is.
                lists = [list_behind(one) for one in sides_of(test) if self._sure(one) is not False]
                if lists and None not in lists and len({key_of(one) for one in lists if one}) == 1:
                    self._learn(lists[0] or test, holds=True)
            # Where one side does not decide it, the other one does.
            decides = isinstance(test, nodes.Or)
            for side, other in ((test.left, test.right), (test.right, test.left)):
                if self._sure(side) is not None and self._sure(side) is not decides:
                    self._learn(other, holds=holds)
        self._facts[key_of(test)] = holds
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
        if not isinstance(operand.expr, nodes.Const):
            return
        self._learn_counted(test.expr, operand.op if holds else _FAILED.get(operand.op), operand.expr.value)
        key, value = key_of(test.expr), self._code(test.expr, operand.expr.value)
        if same == "eq":
            self._equal[key] = value
            if value:
                self._learn(test.expr, holds=True)
        elif same == "ne":
            self._unequal[key] = self._unequal.get(key, frozenset()) | {value}
            left = [code for code in self._codes(test.expr) if code not in self._unequal[key]]
            if len(left) == 1 and self._always(test.expr):
                # Of a list of fixed values all others were asked for before.
                self._equal[key] = left[0]

    def _learn_picked(self, name: str, items: nodes.Node) -> None:
        """Learn of each thing of a list for what it was picked: `услуги|где('цена')` have a price."""
        while isinstance(items, nodes.Filter) and items.node is not None:
            model = self._checker.local[name].type.model
            first = items.args[0] if items.args else None
            picks = items.name in ("where", "где") and isinstance(first, nodes.Const) and model is not None
            field = record_type(model).find(str(first.value)) if picks and model and first else None  # type: ignore[attr-defined]
            if field is not None:
                for attr in (field.name, field.russian):
                    had: nodes.Expr = nodes.Getattr(nodes.Name(name, "load"), attr, "load")
                    asked = [nodes.Operand("eq", items.args[1])] if len(items.args) > 1 else []
                    self._learn(nodes.Compare(had, asked) if asked else had, holds=True)
            items = items.node

    def _learn_counted(self, counted: nodes.Node, op: str | None, number: object) -> None:
        """Learn how long a list is at least, of which the length is asked."""
        known = self._filters.get(counted.name) if isinstance(counted, nodes.Filter) else None
        if known is None or known.name != "count" or not isinstance(number, int):
            return
        least = {"gt": number + 1, "gteq": number, "eq": number}.get(op or "", 0)
        whole = unsorted(counted.node) if isinstance(counted, nodes.Filter) and counted.node else counted
        self._least[key_of(whole)] = max(least, self._least.get(key_of(whole), 0))
        if least:
            self._learn(whole, holds=True)

    def _codes(self, node: nodes.Node) -> tuple[str, ...]:
        """Return the codes of a fixed list; none if it is something else."""
        return tuple(code for code, _ in self._checker.expression(as_expr(node)).choices)

    def _code(self, node: nodes.Node, value: object) -> object:
        """Return the code of a value of a fixed list, which may be named by its label."""
        known = {label: code for code, label in self._checker.expression(as_expr(node)).choices}
        return known.get(value, value) if isinstance(value, str) else value

    def _hands_on(self, test: nodes.Filter) -> bool:
        """Tell whether a filter gives nothing for nothing."""
        known = self._filters.get(test.name)
        return known is not None and known.gives in ("same", "item", "list")

    # --- saying ------------------------------------------------------------------------------------------

    def says(self, test: nodes.Node) -> tuple[bool | None, str]:
        """Tell whether a test is certain to hold, certain not to, or open; and why."""
        told = self._says(test) if is_of_programme(test) else None
        if told is not None:
            return told, tr("the programme alone says it, whatever family it is")
        by_blocks, self._by_contract = self._sure(test), True
        sure, self._by_contract = self._sure(test), False
        if sure is None:
            return None, ""
        if by_blocks is not None:
            return by_blocks, tr("the blocks around it have asked the same")
        return sure, tr("the contract always has it")

    def lengths(self, loop: nodes.For) -> Iterator[tuple[Length, bool, str]]:
        """Go through the lengths of a loop: whether each is impossible, and why."""
        fixed = self._fixed(loop)
        ways: tuple[Length, ...] = ("none", "one", "many")
        for way in ways:
            if fixed is not None:
                yield way, way != fixed, tr("the list is the programme's own, and always as long")
            else:
                least = self._least.get(key_of(unsorted(loop.iter)), 0) if loop.test is None else 0
                some = self._is_in_it(loop) if loop.test else self._sure(unsorted(loop.iter)) is True
                short = some if way == "none" else way == "one" and least > 1
                yield way, short, tr("the blocks around it have asked how long the list is")

    def _is_in_it(self, loop: nodes.For) -> bool:
        """Tell whether a loop lets in at least what the paper itself is made for, or a loop around it."""
        for name, came_from in self._from.items():
            if loop.test is None or self._plain(unsorted(came_from)) != self._plain(unsorted(loop.iter)):
                continue
            itself = {getattr(loop.target, "name", ""): name}
            if self._sure(renamed(loop.test, itself)) is True:
                return True
        return False

    def _in_russian(self, node: Any) -> Any:
        """Return an expression of a programme as a template would write it."""
        if isinstance(node, list | tuple):
            return type(node)(self._in_russian(one) for one in node)
        if not isinstance(node, nodes.Node):
            return node
        changed: Any = type(node)(*(self._in_russian(getattr(node, field)) for field in node.fields))
        if isinstance(node, nodes.Name):
            known = self._checker.vocabulary.find(node.name)
            return nodes.Name(known.russian if known else node.name, node.ctx)
        if isinstance(node, nodes.Getattr):
            model = self._checker.expression(as_expr(node.node)).model
            field = record_type(model).find(node.attr) if model is not None else None
            return nodes.Getattr(changed.node, field.russian if field else node.attr, node.ctx)
        if isinstance(node, nodes.Filter) and node.name in self._filters:
            changed.name = self._filters[node.name].russian
        return changed

    def _plain(self, node: nodes.Node) -> str:
        """Return the key of a node in which names are English."""
        aliases = self._checker.vocabulary.aliases
        names = {one: name for one, name in aliases.items() if one not in self._checker.local}
        return key_of(renamed(node, names))

    def _fixed(self, loop: nodes.For) -> Length | None:
        if loop.test is not None or any(True for _ in all_nodes(loop.iter, nodes.Filter)):
            return None
        item = self._checker.expression(as_expr(loop.iter)).item
        root = next((one.name for one in all_nodes(loop.iter, nodes.Name) if isinstance(one, nodes.Name)), "")
        model = item.model.__name__ if item and item.model else ""
        if model == "SignView":
            return "none" if not self._signs else "one" if self._signs == 1 else "many"
        return "many" if model in _FIXED or root in ("programme", "программа") else None

    def _sure(self, test: nodes.Node) -> bool | None:
        told = self._facts.get(key_of(test))
        if told is not None:
            return told
        if self._by_contract and self._always(test):
            return True
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

    # --- what the contract always has --------------------------------------------------------------------

    _by_contract = False

    def _always(self, node: nodes.Node | None) -> bool:
        """Tell whether a value is there in every case in which it is asked for, and says something."""
        if node is None or self._facts.get(key_of(node)) is True:
            return node is not None
        if isinstance(node, nodes.Name):
            if node.name in self._checker.local:
                return node.name != "loop"
            found = self._checker.vocabulary.find(node.name)
            return found is not None and not found.type.optional and found.type.kind == "record"
        if isinstance(node, nodes.Filter):
            known = self._filters.get(node.name)
            picks = known is not None and known.gives == "item" and not node.args
            return picks and node.node is not None and self._sure(unsorted(node.node)) is True
        if not isinstance(node, nodes.Getattr) or not self._always(node.node):
            return False
        model = self._checker.expression(as_expr(node.node)).model
        field = record_type(model).find(node.attr) if model is not None else None
        if model is None or field is None:
            return False
        if self._levels and isinstance(self._levels[0], model):
            return all(getattr(level, field.name, None) for level in self._levels)
        if model is RiskSheetView and field.name in ("risk", "rule", "reason"):
            # The last row of the table takes what is left.
            return self._rated
        if self._is_set(model, field.name):
            return True
        if field.derived or self._trials is None:
            return False
        return self._always_by_trial(node.node, field.name) or any(
            self._trials.implies(model, told, field.name) for told in self._told_of(node.node, model)
        )

    def _always_set(self, node: nodes.Node) -> bool:
        """Tell whether a value is always there, be it a number that may be nought."""
        if not isinstance(node, nodes.Getattr) or not self._always(node.node):
            return False
        return not self._checker.expression(node).optional

    def _is_set(self, model: type[BaseModel], name: str) -> bool:
        """Tell whether the contract always has a field; whoever is a person is one of these."""
        kinds = (Member, Specialist) if model is Person else (model,)
        fields = [record_type(kind).find(name) for kind in kinds]
        return name not in told_later(model) and all(
            one is not None
            and not one.type.optional
            and one.type.kind in _FILLED
            and not (one.derived and one.type.kind == "text")
            for one in fields
        )

    def _told_of(self, owner: nodes.Expr, model: type[BaseModel]) -> Iterator[str]:
        """Go through the derived fields of a record of which it is known that they hold."""
        for one in record_type(model).fields.values():
            if one.derived and one.type.kind == "bool":
                asked = (key_of(nodes.Getattr(owner, name, "load")) for name in (one.name, one.russian))
                if any(self._facts.get(key) is True for key in asked):
                    yield one.name

    def _always_by_trial(self, owner: nodes.Node, name: str) -> bool:
        """Tell whether what a derived field gives is never given without a fact."""
        node = owner
        while True:
            if isinstance(node, nodes.Name) and node.name in self._from:
                node = self._from[node.name]
            elif isinstance(node, nodes.Filter) and node.node is not None and self._hands_on(node):
                node = node.node
            else:
                break
        if self._trials is None or not isinstance(node, nodes.Getattr):
            return False
        model = self._checker.expression(as_expr(node.node)).model
        field = record_type(model).find(node.attr) if model is not None else None
        if model is None or field is None or not field.derived:
            return False
        return self._trials.always(model, field.name, name)

    def _compared(self, test: nodes.Compare) -> bool | None:
        operand = test.ops[0]
        if len(test.ops) == 1 and key_of(test.expr) == key_of(operand.expr) and self._always_set(test.expr):
            return operand.op in ("eq", "lteq", "gteq")
        if len(test.ops) != 1 or operand.op not in ("eq", "ne") or not isinstance(operand.expr, nodes.Const):
            return None
        wanted, key = self._code(test.expr, operand.expr.value), key_of(test.expr)
        if key in self._equal:
            alike = self._equal[key] == wanted
        elif wanted in self._unequal.get(key, ()) or (wanted and self._sure(test.expr) is False):
            alike = False
        else:
            return None
        return alike if operand.op == "eq" else not alike
