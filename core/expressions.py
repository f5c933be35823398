"""The one language of templates and rules: sandboxed Jinja expressions over the vocabulary.

An expression may name fields, compare, combine and filter. It cannot call, import, define or reach a Python
attribute: the syntax tree is held against an allow-list before anything runs, and at run time only plain
records answer to names.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from types import CodeType
from typing import Any, TypeVar, cast

import jinja2
from jinja2 import nodes
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import kept
from .errors import PapkaError
from .facts import Blank, Missing, Record, Rows
from .filters import Filter, LanguagePack

MAX_LOOPS = 4
MAX_DEPTH = 60
MAX_EXPRESSION = 4_000
MAX_KNOWN = 2_000
LOOP_NAMES = ("index", "index0", "first", "last", "length", "revindex")
TESTS = (
    "defined",
    "none",
    "true",
    "false",
    "in",
    "==",
    "!=",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
    "odd",
    "even",
)

_ALLOWED: frozenset[type[nodes.Node]] = frozenset(
    {
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.Getattr,
        nodes.Getitem,
        nodes.Filter,
        nodes.Test,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.If,
        nodes.For,
        nodes.Add,
        nodes.Sub,
        nodes.Neg,
        nodes.CondExpr,
        nodes.List,
        nodes.Tuple,
    }
)
_IN_WORDS = {
    nodes.Call: "a call",
    nodes.Macro: "a macro",
    nodes.Assign: "set",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Mul: "multiplication",
    nodes.Pow: "a power",
    nodes.Mod: "%",
    nodes.Concat: "~",
    nodes.Block: "block",
    nodes.CallBlock: "a call",
    nodes.FilterBlock: "a filter block",
    nodes.With: "with",
    nodes.Div: "division",
    nodes.FloorDiv: "division",
    nodes.Pos: "a plus sign",
    nodes.Slice: "a slice",
    nodes.Dict: "a dictionary",
    nodes.Scope: "autoescape",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
}


class ExpressionError(PapkaError):
    """An expression cannot be read, or uses what the language does not have.

    Attributes:
        code: Stable id of the fault.
        name: The name that is wrong, if one is.
    """

    def __init__(self, code: str, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.name = name


def forbid(tree: nodes.Node, filters: Mapping[str, Filter]) -> None:
    """Refuse a syntax tree that holds anything outside the language.

    Raises:
        ExpressionError: Names the construct.
    """
    pending: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while pending:
        node, loops, depth = pending.pop()
        _forbid_one(node, filters)
        if isinstance(node, nodes.For):
            loops += 1
            if loops > MAX_LOOPS:
                raise ExpressionError("E-LOOPS", f"loops nested deeper than {MAX_LOOPS}")
        if depth > MAX_DEPTH:
            raise ExpressionError("E-DEPTH", f"an expression nested deeper than {MAX_DEPTH}")
        pending += [(child, loops, depth + 1) for child in node.iter_child_nodes()]


def _forbid_one(node: nodes.Node, filters: Mapping[str, Filter]) -> None:
    if type(node) not in _ALLOWED:
        what = _IN_WORDS.get(type(node), type(node).__name__.lower())
        raise ExpressionError("E-FORBIDDEN", f"{what} is not part of the language", what)
    if isinstance(node, nodes.Filter) and node.name not in filters:
        raise ExpressionError("E-FILTER", f"there is no filter {node.name}", node.name)
    if isinstance(node, nodes.Filter) and (node.kwargs or node.dyn_args or node.dyn_kwargs):
        raise ExpressionError(
            "E-FILTER-ARGS", f"the filter {node.name} takes plain arguments only", node.name
        )
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise ExpressionError("E-TEST", f"there is no test {node.name}", node.name)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise ExpressionError("E-FORBIDDEN", f"the name {node.attr} is not part of the language", node.attr)
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        raise ExpressionError("E-FORBIDDEN", f"the name {node.name} is not part of the language", node.name)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = str(node.arg.value)
        if name.startswith("_"):
            raise ExpressionError("E-FORBIDDEN", f"the name {name} is not part of the language", name)
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        raise ExpressionError("E-FORBIDDEN", "an if without else has no value", "if")
    if isinstance(node, nodes.For) and node.recursive:
        raise ExpressionError("E-FORBIDDEN", "recursive is not part of the language", "recursive")


PRINTER = "\0printed"
"""The name in a context of what prints the values of a paper; no expression can name it."""


class Environment(ImmutableSandboxedEnvironment):
    """Jinja, held to plain records and registered filters."""

    intercepted_binops = frozenset(["+", "-"])

    def __init__(
        self,
        filters: Mapping[str, Filter],
        pack: LanguagePack,
        *,
        by_paper: bool = False,
    ) -> None:
        """Make an environment.

        Args:
            by_paper: Whether what prints a value stands in each context, under the name `PRINTER`.
        """
        say = pack.printed
        finalize = (
            (lambda context, value: context.parent[PRINTER](value))
            if by_paper
            else (lambda _, value: say(value))
        )
        # Nothing is worked out while code is compiled, not even what is constant: code may outlive filters.
        super().__init__(
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=jinja2.pass_context(finalize),
            cache_size=0,
            optimized=False,
        )
        self.globals.clear()
        self.filters = {
            name: partial(one.function, pack=pack) if one.speaks else one.function
            for name, one in filters.items()
        }
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}
        self.tests["none"] = lambda value: value is None or isinstance(value, Missing)
        self._known = filters

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except RecursionError:
            raise ExpressionError("E-DEPTH", "an expression nested too deep") from None
        forbid(tree, self._known)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse every Python attribute."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        """Refuse every call."""
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Answer from plain records only."""
        if isinstance(obj, Record):
            try:
                return obj[attribute]
            except KeyError:
                return self._no(attribute)
        if isinstance(obj, Missing):
            return obj
        if isinstance(obj, LoopContext) and attribute in LOOP_NAMES:
            return getattr(obj, attribute)
        return self._no(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Answer from plain records by name and from lists by number."""
        if isinstance(obj, Rows) and isinstance(argument, int) and not isinstance(argument, bool):
            return obj[argument] if -len(obj) <= argument < len(obj) else Missing(str(argument))
        return self.getattr(obj, argument) if isinstance(argument, str) else self._no(str(argument))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Add and subtract numbers only; text grows without end otherwise."""
        for side in (left, right):
            if isinstance(side, Missing | Blank):
                return side
        if not all(isinstance(side, int | float) or hasattr(side, "is_finite") for side in (left, right)):
            raise SecurityError(f"{operator} works on numbers only")
        return super().call_binop(context, operator, left, right)

    def _no(self, name: str) -> jinja2.Undefined:
        return self.undefined(name=name)


Found = TypeVar("Found")

Worked = Callable[[Mapping[str, object]], object]
"""An expression that was compiled: it works its value out of a context."""


@dataclass(frozen=True)
class Language:
    """A language of papers at work: its filters and those of all plugins, by both names.

    Attributes:
        pack: What prints a value, and words what papka itself writes.
    """

    filters: Mapping[str, Filter]
    pack: LanguagePack
    _known: dict[str, Worked] = field(default_factory=dict, init=False, repr=False, compare=False)
    _remembered: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, pack: LanguagePack, more: Sequence[Filter] = ()) -> Language:
        """Gather the filters of a language, and those that belong to none, by English and Russian names.

        Raises:
            PapkaError: Two filters of the language, or two of the others, have one name.
        """
        own = _by_name(pack.filters)
        return cls({**_by_name(one for one in more if not {one.name, one.russian} & set(own)), **own}, pack)

    @property
    def printed(self) -> Callable[[object], str]:
        """What turns a value into the text that a paper shows."""
        return self.pack.printed

    @cached_property
    def names(self) -> str:
        """All that is declared of the filters, as one text: another set of them makes other code."""
        told = [one.name for one in fields(Filter) if one.name not in ("function", "summary", "example")]
        known = sorted(self.filters.items())
        return repr([(name, [getattr(one, each) for each in told]) for name, one in known])

    @cached_property
    def press(self) -> Environment:
        """What papers are drawn in: code that is bound to it prints as each paper says (`PRINTER`)."""
        return Environment(self.filters, self.pack, by_paper=True)

    def environment(self) -> Environment:
        """Make a fresh environment; it keeps no state between documents."""
        return Environment(self.filters, self.pack)

    def tree(self, expression: str) -> nodes.Expr:
        """Parse one expression into its checked syntax tree.

        Raises:
            ExpressionError: It cannot be read or leaves the language.
        """
        if len(expression) > MAX_EXPRESSION:
            raise ExpressionError("E-LONG", f"an expression longer than {MAX_EXPRESSION} characters")
        try:
            template = self.environment().parse("{{ (" + expression + ") }}")
        except jinja2.TemplateSyntaxError as error:
            raise ExpressionError("E-SYNTAX", f"the expression cannot be read: {error.message}") from error
        written = [part for output in template.body for part in output.iter_child_nodes()]
        if len(written) != 1 or not isinstance(written[0], nodes.Expr) or not expression.strip():
            raise ExpressionError("E-SYNTAX", "the expression cannot be read: it is not one expression")
        return written[0]

    def evaluate(self, expression: str, context: Mapping[str, object]) -> object:
        """Return the value of an expression for a context of plain data.

        Raises:
            ExpressionError: It cannot be read, leaves the language or cannot be worked out.
        """
        return self.compiled(expression)(context)

    def compiled(self, expression: str) -> Worked:
        """Compile an expression, to be worked out for many contexts; each is compiled once."""
        return self._kept(expression, self._compile)

    def worded(self, text: str) -> Worked:
        """Compile a text with tags, to be filled in as plain words for many contexts; each is compiled once.

        Raises:
            ExpressionError: It cannot be read or leaves the language.
        """
        return self._kept(f"\0{text}", lambda _: self._compile_text(text))

    def remembered(self, key: Hashable, work_out: Callable[[], Found]) -> Found:
        """Return what rules give that speak of no case: it is worked out once.

        Args:
            key: All that it was worked out of.
        """
        if key not in self._remembered:
            if len(self._remembered) > MAX_KNOWN:
                self._remembered.clear()
            self._remembered[key] = work_out()
        return cast(Found, self._remembered[key])

    def _kept(self, key: str, compile_it: Callable[[str], Worked]) -> Worked:
        if key not in self._known:
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            self._known[key] = compile_it(key)
        return self._known[key]

    def _compile_text(self, text: str) -> Worked:
        environment = self.environment()
        environment.autoescape = False  # plain words, no XML
        try:
            template = environment.from_string(text)
        except jinja2.TemplateSyntaxError as error:
            raise ExpressionError("E-SYNTAX", f"the text cannot be read: {error.message}") from error
        return _filling(template)

    def prepare(self, expressions: Iterable[str]) -> None:
        """Make expressions ready to be worked out, all of them at once: as they were kept, or now.

        One that cannot be compiled is left to whoever asks for it, and is told then.
        """
        wanted = sorted(set(expressions) - self._known.keys())
        if not wanted:
            return
        key = kept.key_of("expressions", self.names, wanted)
        content = kept.recall(key)
        codes: dict[str, CodeType] = marshal.loads(content) if content is not None else self._codes(wanted)
        for expression, code in codes.items():
            self._known[expression] = self._working(code)
        if content is None:
            kept.keep(key, marshal.dumps(codes))

    def _codes(self, expressions: Iterable[str]) -> dict[str, CodeType]:
        found = {}
        for expression in expressions:
            with suppress(ExpressionError):
                found[expression] = self._code(expression)
        return found

    def _compile(self, expression: str) -> Worked:
        return self._working(self._code(expression))

    def _code(self, expression: str) -> CodeType:
        self.tree(expression)
        read = Parser(self._asked, f"({expression})", state="variable").parse_expression()
        read.set_environment(self._asked)
        named = nodes.Assign(nodes.Name("result", "store"), read, lineno=1)
        return self._asked.compile(nodes.Template([named], lineno=1))

    @cached_property
    def _asked(self) -> Environment:
        """What rules are worked out in: a paper prints a value, a rule wants the value itself."""
        environment = self.environment()
        environment.finalize = None
        return environment

    def _working(self, code: CodeType) -> Worked:
        template = jinja2.Template.from_code(self._asked, code, {}, None)
        function = TemplateExpression(template, undefined_to_none=False)

        def work_out(context: Mapping[str, object]) -> object:
            try:
                value = function(**dict(context))
            except (jinja2.TemplateError, TypeError) as error:
                raise ExpressionError("E-VALUE", f"the expression cannot be worked out: {error}") from error
            except Exception as error:
                # Its text may hold a value.
                words = f"the expression cannot be worked out ({type(error).__name__})"
                raise ExpressionError("E-VALUE", words) from error
            if isinstance(value, jinja2.Undefined):
                raise ExpressionError("E-NAME", "the expression names what is not there")
            return value

        return work_out


def _by_name(filters: Iterable[Filter]) -> dict[str, Filter]:
    named: dict[str, Filter] = {}
    for one in filters:
        for name in dict.fromkeys((one.name, one.russian)):
            if name in named:
                raise PapkaError(f"two filters are called {name}")
            named[name] = one
    return named


def _filling(template: jinja2.Template) -> Worked:
    def fill(context: Mapping[str, object]) -> str:
        try:
            return template.render(context)
        except Exception as error:
            # Its text may hold a value.
            words = f"the text cannot be filled in ({type(error).__name__})"
            raise ExpressionError("E-VALUE", words) from error

    return fill
