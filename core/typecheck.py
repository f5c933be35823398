"""The type checker of templates and rules: it proves names, filters and comparisons without any data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from jinja2 import nodes

from .expressions import LOOP_NAMES
from .filters import Filter
from .programmes.proved import proved, proved_if_false
from .spelling import is_sure, look_alike, nearest, plain_letters
from .trying import sample_of, tried, works
from .vocabulary import ANY, BOOL, NUMBER, TEXT, Type, Vocabulary, record_type

__all__ = [
    "Checker",
    "Fault",
    "Seen",
    "fits",
    "is_sure",
    "look_alike",
    "nearest",
    "plain_letters",
    "source",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that an expression gets wrong.

    Attributes:
        code: Stable id.
        message: One English sentence; the command line says it in the reader's language.
        name: The name or words that are wrong.
        suggestion: The nearest right name.
        line: Line of the template source.
        sure: Whether nothing but the suggestion can have been meant.
    """

    code: str
    message: str
    name: str
    suggestion: str | None = None
    line: int = 0
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one part of an expression: its type, and the path by which it was reached."""

    type: Type
    path: str | None = None


@dataclass
class Checker:
    """Walks a syntax tree and gathers every fault."""

    vocabulary: Vocabulary
    filters: Mapping[str, Filter]
    local: dict[str, Seen] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    # --- statements --------------------------------------------------------------------------------------

    def template(self, tree: nodes.Template) -> list[Fault]:
        """Check a whole template."""
        self._body(tree.body)
        return self.faults

    def expression(self, tree: nodes.Expr) -> Type:
        """Check one expression and return its type."""
        return self._see(tree).type

    def _body(self, body: list[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        self._printed(part)
            elif isinstance(node, nodes.If):
                self._if(node)
            elif isinstance(node, nodes.For):
                self._for(node)

    def _printed(self, node: nodes.Expr) -> None:
        seen = self._see(node)
        words = source(node)
        if seen.type.kind == "list":
            self._fault("T-LIST", f"{words} is a list: go through it with a loop", words, node)
        elif seen.type.kind == "record" or self._is_loop(node):
            self._fault("T-RECORD", f"{words} is a whole record: name one of its fields", words, node)
        elif isinstance(node, nodes.Const) and (node.value is None or self._is_path(node.value)):
            self._constant(node)
        elif seen.type.optional and not self._is_met(seen.path):
            self._fault("T-OPTIONAL", f"{words} may be empty: put it in an if, or add |dash", words, node)

    def _constant(self, node: nodes.Const) -> None:
        words = str(node.value)
        self._fault("T-CONST", f"{words} is always the same", words, node)

    def _is_path(self, value: object) -> bool:
        """Tell whether quoted words are a field's way that was quoted by mistake."""
        root, dot, _ = value.partition(".") if isinstance(value, str) else ("", "", "")
        return bool(dot) and (root in self.local or self.vocabulary.find(root) is not None)

    def _is_loop(self, node: nodes.Expr) -> bool:
        return isinstance(node, nodes.Name) and node.name == "loop" and node.name in self.local

    def _if(self, node: nodes.If) -> None:
        self._see(node.test)
        if isinstance(node.test, nodes.Const):
            self._constant(node.test)
        with self._meeting(proved(node.test)):
            self._body(node.body)
        before = set(self._met)
        self._met |= self._paths(proved_if_false(node.test))
        for branch in node.elif_:
            self._if(branch)
            self._met |= self._paths(proved_if_false(branch.test))
        self._body(node.else_)
        self._met = before

    def _for(self, node: nodes.For) -> None:
        over = self._see(node.iter)
        if over.type.kind not in ("list", "any"):
            words = source(node.iter)
            self._fault("T-NO-LIST", f"{words} is no list", words, node)
        item = over.type.item or ANY
        names = [node.target.name] if isinstance(node.target, nodes.Name) else []
        before = dict(self.local)
        for name in names:
            self.local[name] = Seen(item, f"{name}@{id(node)}")
        self.local["loop"] = Seen(Type("any"), None)
        if node.test is not None:
            self._see(node.test)
        with self._meeting(proved(node.test) if node.test is not None else frozenset()):
            self._body(node.body)
        self.local = before
        self._body(node.else_)

    @contextmanager
    def _meeting(self, proved: frozenset[nodes.Expr]) -> Iterator[None]:
        """Take the paths of what an `if` proved as not empty while inside it."""
        before = set(self._met)
        self._met |= self._paths(proved)
        yield
        self._met = before

    def _paths(self, proved: frozenset[nodes.Expr]) -> set[str]:
        faults = list(self.faults)
        paths = {self._see(node).path for node in proved}
        self.faults = faults  # the test itself was checked already
        return {path for path in paths if path}

    def _is_met(self, path: str | None) -> bool:
        return path is not None and path in self._met

    # --- expressions -------------------------------------------------------------------------------------

    def _see(self, node: nodes.Node) -> Seen:
        if isinstance(node, nodes.Name):
            return self._name(node)
        if isinstance(node, nodes.Getattr):
            return self._attribute(node, node.node, node.attr)
        if isinstance(node, nodes.Getitem):
            return self._item(node)
        if isinstance(node, nodes.Filter):
            return self._filter(node)
        if isinstance(node, nodes.Compare):
            return self._compare(node)
        if isinstance(node, nodes.And | nodes.Or):
            return self._both(node)
        if isinstance(node, nodes.CondExpr):
            return self._either(node)
        if isinstance(node, nodes.Const):
            return Seen(_constant(node.value))
        if isinstance(node, nodes.List | nodes.Tuple):
            items = [self._see(item).type for item in node.items]
            return Seen(Type("list", item=items[0] if items else ANY))
        if isinstance(node, nodes.Add | nodes.Sub | nodes.Neg):
            return self._sum(node)
        for child in node.iter_child_nodes():
            self._see(child)
        return Seen(BOOL)

    def _sum(self, node: nodes.Add | nodes.Sub | nodes.Neg) -> Seen:
        empty = False
        for part in node.iter_child_nodes():
            seen = self._see(part)
            empty = empty or (seen.type.optional and not self._is_met(seen.path))
            if seen.type.kind not in ("number", "money", "any"):
                words = source(part)
                self._fault("T-NUMBER", f"{words} is no number", words, part)
        return Seen(NUMBER.maybe(empty))

    def _name(self, node: nodes.Name) -> Seen:
        if node.name in self.local:
            return self.local[node.name]
        found = self.vocabulary.find(node.name)
        if found is None:
            known = [*self.local, *self.vocabulary.roots, *self.vocabulary.aliases]
            self._unknown(node.name, known, node)
            return Seen(ANY)
        return Seen(found.type, found.name)

    def _attribute(self, node: nodes.Node, base: nodes.Node, attribute: str) -> Seen:
        if isinstance(base, nodes.Name) and base.name == "loop" and "loop" in self.local:
            if attribute not in LOOP_NAMES:
                self._unknown(attribute, list(LOOP_NAMES), node)
            return Seen(BOOL if attribute in ("first", "last") else NUMBER)
        owner = self._see(base)
        if owner.type.kind == "any":
            return Seen(ANY)
        if owner.type.model is None or owner.type.kind != "record":
            words = source(base)
            if owner.type.kind == "list":
                self._fault("T-LIST", f"{words} is a list: go through it with a loop", words, node)
            else:
                self._fault("T-NO-FIELDS", f"{words} is no record", attribute, node)
            return Seen(ANY)
        known = record_type(owner.type.model)
        found = known.find(attribute)
        if found is None:
            self._unknown(attribute, list(known.names()), node, source(base))
            return Seen(ANY)
        path = f"{owner.path}.{found.name}" if owner.path else None
        empty = found.type.optional or (owner.type.optional and not self._is_met(owner.path))
        return Seen(found.type.maybe(empty), path)

    def _item(self, node: nodes.Getitem) -> Seen:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._attribute(node, node.node, node.arg.value)
        owner, number = self._see(node.node), self._see(node.arg)
        if owner.type.kind not in ("list", "any"):
            self._fault("T-NO-LIST", f"{source(node.node)} is no list", source(node.node), node)
        if number.type.kind not in ("number", "any"):
            self._fault("T-NUMBER", f"{source(node.arg)} is no number", source(node.arg), node)
        return Seen((owner.type.item or ANY).maybe())

    def _filter(self, node: nodes.Filter) -> Seen:
        assert node.node is not None
        taken = self._see(node.node)
        arguments = [self._see(argument) for argument in node.args]
        known = self.filters[node.name]
        kind = taken.type.kind
        if kind != "any" and "any" not in known.takes and not fits(known, taken.type):
            words = source(node)
            self._fault("T-FILTER", f"the filter {node.name} does not fit {source(node.node)}", words, node)
        elif len(node.args) > known.max_args:
            words = f"the filter {node.name} takes at most {known.max_args} arguments"
            self._fault("T-FILTER-ARGS", words, node.name, node)
        else:
            self._brackets(known, taken.type, node, arguments)
        result = self._given(known, taken.type, node)
        met = self._is_met(taken.path)
        empty = taken.type.optional and not met and not known.meets_missing
        if kind == "list" and known.gives in ("item", "text"):
            # Any list may be empty, and then there is nothing to name or to print.
            empty = not met and not known.meets_missing
        return Seen(result.maybe(empty), _filtered_path(taken.path, node))

    def _brackets(self, known: Filter, taken: Type, node: nodes.Filter, arguments: list[Seen]) -> None:
        """Hold what stands in a filter's brackets against the filter itself."""
        if known.asks_value and node.args:
            self._choices(taken, node.args[0], "eq")
        values = [_sample(one, seen.type) for one, seen in zip(node.args, arguments, strict=True)]
        assert node.node is not None
        value = _sample(node.node, taken)
        if value is None or None in values:
            return
        if isinstance(node.node, nodes.Const) and not works(known, value, values):
            words = source(node.node)
            self._fault("T-ARGUMENT", f"{words} is nothing for the filter {node.name}", words, node)
            return
        verdict = tried(known, value, values)
        if verdict == "few":
            self._fault("T-FILTER-FEW", f"the filter {node.name} wants more arguments", node.name, node)
        elif verdict == "wrong":
            words = source(node.args[-1])
            self._fault("T-ARGUMENT", f"{words} is nothing for the filter {node.name}", words, node)

    def _given(self, known: Filter, taken: Type, node: nodes.Filter) -> Type:
        if known.gives == "same":
            self._picked(taken, node)
            return taken
        if known.gives == "item":
            return taken.item or ANY
        if known.gives == "list":
            return self._plucked(taken, node)
        return Type(known.gives)

    def _plucked(self, taken: Type, node: nodes.Filter) -> Type:
        """Return the list that pulls one field out of each record of a list."""
        found = self._picked(taken, node)
        return Type("list", item=found.maybe(False) if found else ANY)

    def _picked(self, taken: Type, node: nodes.Filter) -> Type | None:
        """Return the type of the field that a filter names of each record of a list, as `where` does."""
        first = node.args[0] if node.args else None
        model = taken.item.model if taken.kind == "list" and taken.item else None
        if not isinstance(first, nodes.Const) or not isinstance(first.value, str) or model is None:
            return None
        found = record_type(model).find(first.value)
        if found is None:
            self._unknown(first.value, list(record_type(model).names()), node)
            return None
        if len(node.args) > 1:
            self._choices(found.type, node.args[1], "eq")
        return found.type

    def _compare(self, node: nodes.Compare) -> Seen:
        left = self._see(node.expr)
        for side in (node.expr, *(operand.expr for operand in node.ops)):
            if isinstance(side, nodes.Const) and self._is_path(side.value):
                self._constant(side)
        for operand in node.ops:
            right = self._see(operand.expr)
            for choice, other in ((left, operand.expr), (right, node.expr)):
                self._choices(choice.type, other, operand.op)
            self._alike(left.type, right.type, operand)
        return Seen(BOOL)

    def _alike(self, left: Type, right: Type, operand: nodes.Operand) -> None:
        """Refuse what can never be equal, and what has no order."""
        kinds = {_COMPARED.get(side.kind, side.kind) for side in (left, right)}
        if "any" in kinds or operand.op in ("in", "notin"):
            return
        same = len(kinds) == 1 or kinds == {"choice", "text"}
        if not same or (operand.op not in ("eq", "ne") and not kinds <= _ORDERED):
            words = source(operand.expr)
            self._fault("T-COMPARE", f"{words} cannot be compared with that", words, operand.expr)

    def _choices(self, type_: Type, other: nodes.Node, operator: str) -> None:
        if type_.kind == "list" and type_.item is not None:
            type_ = type_.item
        if type_.kind != "choice" or operator not in ("eq", "ne", "in", "notin"):
            return
        allowed = {word for pair in type_.choices for word in pair}
        constants = other.items if isinstance(other, nodes.List | nodes.Tuple) else [other]
        for constant in constants:
            if isinstance(constant, nodes.Const) and constant.value not in allowed:
                typed = str(constant.value)
                near = nearest(typed, list(allowed))
                words = f"this choice has no value '{typed}'"
                sure = is_sure(typed, near, allowed)
                self.faults.append(Fault("T-CHOICE", words, typed, near, constant.lineno, sure))

    def _both(self, node: nodes.And | nodes.Or) -> Seen:
        left = self._see(node.left)
        met = proved(node.left) if isinstance(node, nodes.And) else proved_if_false(node.left)
        with self._meeting(met):
            right = self._see(node.right)
        empty = [seen.type.optional and not self._is_met(seen.path) for seen in (left, right)]
        if isinstance(node, nodes.And):
            # Where the left side is empty, it is the value of the whole.
            return Seen(right.type.maybe(any(empty)))
        same = left.type.kind == right.type.kind
        return Seen((left.type if same else ANY).maybe(all(empty)))

    def _either(self, node: nodes.CondExpr) -> Seen:
        self._see(node.test)
        with self._meeting(proved(node.test)):
            first = self._see(node.expr1)
            first_empty = first.type.optional and not self._is_met(first.path)
        assert node.expr2 is not None  # the language has no if without else
        with self._meeting(proved_if_false(node.test)):
            second = self._see(node.expr2)
            second_empty = second.type.optional and not self._is_met(second.path)
        return Seen(first.type.maybe(first_empty or second_empty))

    # --- faults ------------------------------------------------------------------------------------------

    def _unknown(self, name: str, known: list[str], node: nodes.Node, owner: str = "") -> None:
        where = f" in {owner}" if owner else ""
        near = nearest(name, known)
        sure = is_sure(name, near, known)
        code = "T-LOOKALIKE" if near and look_alike(name, near) else "T-NAME"
        self.faults.append(Fault(code, f"there is no name {name}{where}", name, near, node.lineno, sure))

    def _fault(self, code: str, message: str, name: str, node: nodes.Node) -> None:
        self.faults.append(Fault(code, message, name, None, node.lineno))


_COMPARED = {"money": "number"}
_ORDERED = {"number", "date", "time", "text"}


def fits(known: Filter, taken: Type) -> bool:
    """Tell whether a filter works on a value by its own words; `record:Family` names the record it is for."""
    accepted = {one.partition(":")[0] for one in known.takes}
    widened = {"phrase": {"text"}, "money": {"number"}, "choice": {"text"}}
    made_for = {one.partition(":")[2] for one in known.takes} - {""}
    model = taken.model or (taken.item.model if taken.item else None)
    if model is not None and made_for and model.__name__ not in made_for:
        return False
    return taken.kind in accepted or bool(widened.get(taken.kind, set()) & accepted)


def _sample(node: nodes.Node, known: Type) -> object | None:
    """Return what stands in the template itself, or a made-up value of the same kind."""
    return node.value if isinstance(node, nodes.Const) else sample_of(known.kind)


def _constant(value: object) -> Type:
    if isinstance(value, bool):
        return BOOL
    if value is None:
        return ANY
    return NUMBER if isinstance(value, int | float) else TEXT


def _filtered_path(path: str | None, node: nodes.Filter) -> str | None:
    return f"{path}|{node.name}({','.join(source(a) for a in node.args)})" if path else None


def source(node: nodes.Node) -> str:
    """Write an expression back as a person would have typed it."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{source(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{source(node.node)}[{source(node.arg)}]"
    if isinstance(node, nodes.Filter) and node.node is not None:
        return f"{source(node.node)}|{node.name}"
    if isinstance(node, nodes.Const):
        return repr(node.value) if isinstance(node.value, str) else str(node.value)
    return "…"
