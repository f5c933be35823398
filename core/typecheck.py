"""The type checker of templates and rules: it proves names, filters and comparisons without any data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches

from jinja2 import nodes

from .expressions import LOOP_NAMES
from .filters import Filter
from .vocabulary import ANY, BOOL, NUMBER, TEXT, Type, Vocabulary, record_type

_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХаеорсухіІ", "ABEKMHOPCTYXaeopcyxiI")
_KEYS = ("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_OTHER_LAYOUT = str.maketrans(_KEYS[0] + _KEYS[1], _KEYS[1] + _KEYS[0])
_SOUNDS = dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufhcye", strict=True)) | {
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}


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
        elif seen.type.kind == "record":
            self._fault("T-RECORD", f"{words} is a whole record: name one of its fields", words, node)
        elif seen.type.optional and not self._is_met(seen.path):
            self._fault("T-OPTIONAL", f"{words} may be empty: put it in an if, or add |прочерк", words, node)

    def _if(self, node: nodes.If) -> None:
        self._see(node.test)
        with self._meeting(_proved(node.test)):
            self._body(node.body)
        before = set(self._met)
        self._met |= self._paths(_proved_if_false(node.test))
        for branch in node.elif_:
            self._if(branch)
            self._met |= self._paths(_proved_if_false(branch.test))
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
        with self._meeting(_proved(node.test) if node.test is not None else frozenset()):
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
            what = "a list: go through it with a loop" if owner.type.kind == "list" else "no record"
            self._fault("T-NO-FIELDS", f"{source(base)} is {what}", attribute, node)
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
        for argument in node.args:
            self._see(argument)
        known = self.filters[node.name]
        kind = taken.type.kind
        if kind != "any" and "any" not in known.takes and not fits(known, kind):
            words = source(node)
            self._fault("T-FILTER", f"the filter {node.name} does not fit {source(node.node)}", words, node)
        if len(node.args) > known.max_args:
            words = f"the filter {node.name} takes at most {known.max_args} arguments"
            self._fault("T-FILTER-ARGS", words, node.name, node)
        result = self._given(known, taken.type, node)
        met = self._is_met(taken.path)
        empty = taken.type.optional and not met and not known.meets_missing
        if kind == "list" and known.gives in ("item", "text"):
            # Any list may be empty, and then there is nothing to name or to print.
            empty = not met and not known.meets_missing
        return Seen(result.maybe(empty), _filtered_path(taken.path, node))

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
        proved = _proved(node.left) if isinstance(node, nodes.And) else _proved_if_false(node.left)
        with self._meeting(proved):
            right = self._see(node.right)
        empty = [seen.type.optional and not self._is_met(seen.path) for seen in (left, right)]
        if isinstance(node, nodes.And):
            # Where the left side is empty, it is the value of the whole.
            return Seen(right.type.maybe(any(empty)))
        same = left.type.kind == right.type.kind
        return Seen((left.type if same else ANY).maybe(all(empty)))

    def _either(self, node: nodes.CondExpr) -> Seen:
        self._see(node.test)
        with self._meeting(_proved(node.test)):
            first = self._see(node.expr1)
            first_empty = first.type.optional and not self._is_met(first.path)
        assert node.expr2 is not None  # the language has no if without else
        with self._meeting(_proved_if_false(node.test)):
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


def fits(known: Filter, kind: str) -> bool:
    """Tell whether a filter works on a kind of value by its own words."""
    accepted = {one.partition(":")[0] for one in known.takes}
    widened = {"phrase": {"text"}, "money": {"number"}, "choice": {"text"}}
    return kind in accepted or bool(widened.get(kind, set()) & accepted)


def _constant(value: object) -> Type:
    if isinstance(value, bool):
        return BOOL
    if value is None:
        return ANY
    return NUMBER if isinstance(value, int | float) else TEXT


def _filtered_path(path: str | None, node: nodes.Filter) -> str | None:
    return f"{path}|{node.name}({','.join(source(a) for a in node.args)})" if path else None


def _proved(test: nodes.Node) -> frozenset[nodes.Expr]:
    """Return the expressions that are not empty where a test holds."""
    if isinstance(test, nodes.And):
        return _proved(test.left) | _proved(test.right)
    if isinstance(test, nodes.Not):
        return _proved_if_false(test.node)
    if isinstance(test, nodes.Compare):
        return frozenset({test.expr}) if _is_filled(test.ops[0]) else frozenset()
    if isinstance(test, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter):
        owners: frozenset[nodes.Expr] = frozenset({test})
        if isinstance(test, nodes.Getattr | nodes.Getitem):
            owners |= _proved(test.node)
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


def _proved_if_false(test: nodes.Node) -> frozenset[nodes.Expr]:
    if isinstance(test, nodes.Not):
        return _proved(test.node)
    if isinstance(test, nodes.Or):
        return _proved_if_false(test.left) | _proved_if_false(test.right)
    if isinstance(test, nodes.Test) and test.name == "none":
        return _proved(test.node)
    return frozenset()


def plain_letters(name: str) -> str:
    """Write a name with Latin letters where Cyrillic ones look the same."""
    return name.translate(_LOOKALIKES).casefold()


def look_alike(name: str, known: str) -> bool:
    """Tell whether two names look the same and are spelt with other letters."""
    return plain_letters(name) == plain_letters(known) and name.casefold() != known.casefold()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was most likely meant: a letter, the layout or the script slipped."""
    names = list(known)
    twins = [one for one in names if plain_letters(one) == plain_letters(name)]
    if twins:
        return min(twins, key=lambda one: one.casefold() != name.casefold())
    typed = _folded(name)
    for slip in (typed, typed.translate(_OTHER_LAYOUT)):
        ranked = sorted((distance(_seen(slip), _seen(one)), -_alike(slip, one), one) for one in names)
        if ranked and ranked[0][0] <= max(1, len(slip) // 3) and ranked[0][0] < len(slip):
            return ranked[0][2]
    close = get_close_matches(typed, names, n=1, cutoff=0.6)
    return close[0] if close else _by_sound(typed, names)


def is_sure(name: str, near: str | None, known: Iterable[str]) -> bool:
    """Tell whether the nearest name is the only one that can have been meant: one slip away, and no other."""
    if near is None:
        return False
    if plain_letters(name) == plain_letters(near):
        return True
    one_slip = [one for one in set(known) if distance(_seen(name), _seen(one)) <= 1]
    return len(name) > 2 and one_slip == [near]


def distance(one: str, other: str) -> int:
    """Count the slips between two words: a letter left out, put in, changed, or two changed about."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, wanted in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def _folded(name: str) -> str:
    return name.casefold().replace("ё", "е")


def _seen(name: str) -> str:
    """Return a name as the eye takes it: letters that look alike are one letter."""
    return plain_letters(_folded(name))


def _alike(name: str, known: str) -> float:
    return SequenceMatcher(None, name, _folded(known), autojunk=False).ratio()


def _by_sound(name: str, known: list[str]) -> str | None:
    """Return the Russian name that was typed in Latin letters by its sound."""
    if not name.isascii():
        return None
    ranked = sorted((distance(name, _in_latin(one)), one) for one in known if not one.isascii())
    return ranked[0][1] if ranked and ranked[0][0] <= max(1, len(name) // 4) else None


def _in_latin(name: str) -> str:
    return "".join(_SOUNDS.get(sign, sign) for sign in _folded(name))


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
