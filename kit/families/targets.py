"""What families have to show of a template: each branch taken and passed by, each loop with none, one, many.

A template is compiled once more with nothing in it but its blocks, and a mark in each branch. Filled in by
the ordinary machinery of Jinja, with the facts that the paper itself is filled in with, it gives the marks
of the branches that the paper takes. It draws nothing, and so it is quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Literal

from jinja2 import nodes

from ...core.expressions import Environment, Language
from ...core.findings import Place
from ...core.i18n import tr
from ...core.typecheck import Seen
from ...output.compiling import CompiledPart
from ...output.tags import Tag
from ...output.template import Template
from .proofs import BLANK, DOCUMENT, Known

Kind = Literal["branch", "loop", "paper", "row", "rule", "stage"]
Way = Literal[
    "taken", "passed", "first", "second", "left out", "none", "one", "many",
    "drawn", "needed", "not needed", "made", "chosen", "kept", "late", "found", "not found", "reached",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that some family has to show.

    Attributes:
        owner: Code of the document type, the rule table or the rule.
        what: The tag as it was typed, or the row or rule in words.
        number: Tells apart what is alike: the place of the block in its template.
        blank: Whether an empty form shows it as well as a family: it speaks of the empty form.
    """

    kind: Kind
    owner: str
    what: str
    way: Way
    place: Place = field(default_factory=Place)
    number: int = 0
    blank: bool = False

    @property
    def key(self) -> Key:
        """What tells it from all others of its method."""
        return self.kind, self.owner, self.number, self.way


Key = tuple[str, str, int, str]
"""What tells a target from all others of its method: kind, owner, number and way."""

_NUMBER = ("number", "номер")
OPEN, CLOSE, STEP = "(", ")", "."
"""Marks around a loop and at each of its items."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A block of a template, for who wants to know what to change in a family.

    Attributes:
        test: What the block asks; of a loop what it goes through.
        around: The blocks in which it stands, from the outer to the inner, as numbers.
        local: What the names stand for that the blocks around it have made.
        loop: What the innermost loop around it goes through.
        leaves: Marks of the single questions of which the test is made, by the questions' own text.
        lets_in: Of a loop with an `if` of its own, the block that stands for it.
    """

    test: nodes.Node
    around: tuple[int, ...] = ()
    local: Mapping[str, Seen] = field(default_factory=dict)
    loop: nodes.Node | None = None
    leaves: Mapping[str, int] = field(default_factory=dict)
    lets_in: int | None = None


@dataclass(slots=True)
class Marks:
    """A template with marks.

    Attributes:
        parts: Code that gives the marks, by part.
        blocks: What each mark stands for: ways of a block, by the block's number.
        never: Why no family can reach a target, in words; an empty form may.
        asks_number: Whether it makes a difference that the paper bears a number.
    """

    parts: list[CodeType] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    asked: dict[int, Asked] = field(default_factory=dict)
    never: dict[Key, str] = field(default_factory=dict)
    asks_number: bool = False


def marks_of(document: str, template: Template, language: Language, known: Known) -> Marks:
    """Compile a template with marks in its branches.

    Args:
        known: What is known of the names that the template may use.
    """
    environment = language.environment()
    made = Marks()
    for part in template.parts:
        if part.name.endswith("comments.xml"):
            continue
        writer = _Writer(document, template.path.name, part, made, known)
        made.parts.append(writer.code(environment))
    return made


class _Writer:
    """Writes one part of a template anew, with marks."""

    def __init__(self, document: str, file: str, part: CompiledPart, made: Marks, known: Known) -> None:
        self.document, self.file, self.part, self.made, self.known = document, file, part, made, known
        self.around: list[tuple[int, bool]] = []
        self.loops: list[nodes.Node] = []

    def code(self, environment: Environment) -> CodeType:
        tree = environment.parse(self.part.source)
        written = nodes.Template(self._body(tree.body), lineno=1)
        written.set_environment(environment)
        return environment.compile(written)

    # --- blocks ------------------------------------------------------------------------------------------

    def _body(self, body: Sequence[nodes.Node]) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for node in body:
            if isinstance(node, nodes.If):
                found += self._if(node)
            elif isinstance(node, nodes.For):
                found += self._for(node)
            elif isinstance(node, nodes.Output):
                for part in node.nodes:
                    found += self._inside(part)
        return found

    def _if(self, node: nodes.If) -> list[nodes.Node]:
        """Write an `if` with its `elif` as blocks in one another: each is asked when those before it fail."""
        number = self._block(node.test)
        sure, never = self.known.says(node.test)
        self._target(number, node, "branch", "taken", sure is False, never)
        with_more = bool(node.elif_)
        if not with_more:
            self._target(number, node, "branch", "passed", sure is True, never)
        with self._within(number, node.test), self.known.where(node.test):
            body = self._body(node.body)
        with self._within(number, node.test), self.known.where_not(node.test):
            if with_more:
                first, *rest = node.elif_
                chained = nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno)
                other = self._if(chained)
            else:
                other = [_mark(number, "passed"), *self._body(node.else_)]
        asks = nodes.If(node.test, [_mark(number, "taken"), *body], [], other, lineno=node.lineno)
        return [*self._leaves(number, node.test, node.lineno), asks]

    def _for(self, node: nodes.For) -> list[nodes.Node]:
        number = self._block(node.iter)
        for way, impossible, why in self.known.lengths(node):
            self._target(number, node, "loop", way, impossible, why)
        before = self._inside(node.iter)
        if node.test is not None:
            self.made.asked[number] = replace(self.made.asked[number], lets_in=len(self.made.asked))
            before += self._filter(node)
        self.loops.append(node.iter)
        with self._within(number, node.iter, node.test), self.known.inside(node):
            body = self._body(node.body)
        self.loops.pop()
        with self._within(number, node.iter):
            other = self._body(node.else_)
        loop = nodes.For(
            node.target, node.iter, [_sign(STEP), *body], other, node.test, False, lineno=node.lineno
        )
        return [*before, _mark(number, OPEN), loop, _sign(CLOSE)]

    def _filter(self, node: nodes.For) -> list[nodes.Node]:
        """Ask once more what the `if` of a loop lets in, for what it leaves out leaves no other trace."""
        assert node.test is not None
        self.loops.append(node.iter)
        with self.known.inside(node, tested=False):
            number = self._block(node.test)
            sure, never = self.known.says(node.test)
        self.loops.pop()
        self._target(number, node, "branch", "left out", sure is True, never)
        asks = nodes.If(node.test, [], [], [_mark(number, "left out")], lineno=node.lineno)
        body = [*self._leaves(number, node.test, node.lineno), asks]
        return [nodes.For(node.target, node.iter, body, [], None, False, lineno=node.lineno)]

    # --- within one tag ----------------------------------------------------------------------------------

    def _inside(self, node: nodes.Node) -> list[nodes.Node]:
        """Write what is chosen within a tag: `a if b else c`, and `a or b`."""
        if isinstance(node, nodes.CondExpr):
            return self._either(node, node.test, node.expr1, node.expr2)
        if isinstance(node, nodes.Or):
            return self._either(node, node.left, node.left, node.right)
        found: list[nodes.Node] = []
        if not isinstance(node, nodes.Compare | nodes.Not | nodes.And | nodes.Test):
            for child in node.iter_child_nodes():
                found += self._inside(child)
        return found

    def _either(
        self, node: nodes.Expr, test: nodes.Node, first: nodes.Node, second: nodes.Node | None
    ) -> list[nodes.Node]:
        assert second is not None  # the language has no if without else
        number = self._block(test)
        sure, never = self.known.says(test)
        self._target(number, node, "branch", "first", sure is False, never)
        self._target(number, node, "branch", "second", sure is True, never)
        with self._within(number, test), self.known.where(test):
            yes = self._inside(first)
        with self._within(number, test), self.known.where_not(test):
            no = self._inside(second)
        first_body, second_body = [_mark(number, "first"), *yes], [_mark(number, "second"), *no]
        asks = nodes.If(test, first_body, [], second_body, lineno=node.lineno)
        return [*self._leaves(number, test, node.lineno), asks]

    def _leaves(self, number: int, test: nodes.Node, line: int) -> Iterator[nodes.Node]:
        """Ask the single questions of a test that is made of several, for who looks for the way to it."""
        if not isinstance(test, nodes.And | nodes.Or):
            return
        known: dict[str, int] = {}
        yield from asking_leaves(test, known, f"\n{number} {{number}}{{sign}}\n", line)
        self.made.asked[number] = replace(self.made.asked[number], leaves=known)

    # --- targets -----------------------------------------------------------------------------------------

    def _block(self, test: nodes.Node) -> int:
        number = len(self.made.asked)
        around = tuple(one for one, _ in self.around)
        loop = self.loops[-1] if self.loops else None
        self.made.asked[number] = Asked(test, around, self.known.local, loop)
        self.made.asks_number = self.made.asks_number or _speaks_of(test, _NUMBER)
        return number

    def _within(self, number: int, *tests: nodes.Node | None) -> _Stands:
        blank = any(test is not None and _speaks_of(test, BLANK) for test in tests)
        return _Stands(self.around, (number, blank))

    def _target(
        self, number: int, node: nodes.Node, kind: Kind, way: Way, impossible: bool, why: str
    ) -> None:
        tag = self.part.tag_of(node.lineno)
        if tag is not None and tag.place.paragraph in self.part.copies:
            return
        tests = (getattr(node, name, None) for name in ("test", "iter", "left"))
        blank = any(one for _, one in self.around) or any(
            _speaks_of(one, BLANK) for one in tests if isinstance(one, nodes.Node)
        )
        words = tag.text if tag is not None else word_of_node(node)
        place = self._place(tag)
        target = Target(kind, self.document, words, way, place, number, blank)
        self.made.targets.append(target)
        if impossible or self.known.closed:
            only_blank = self.known.closed or (blank and not why)
            self.made.never[target.key] = tr("only an empty form gets there") if only_blank else why

    def _place(self, tag: Tag | None) -> Place:
        if tag is None:
            return Place(self.file, part=self.part.name)
        place = tag.place
        return Place(
            self.file,
            part=place.part,
            paragraph=place.paragraph or None,
            table=place.table,
            row=place.row,
            cell=place.cell,
            text=tag.text,
            start=place.start,
            end=place.end,
        )


class _Stands:
    """While inside: what is written stands in a block."""

    def __init__(self, around: list[tuple[int, bool]], block: tuple[int, bool]) -> None:
        self._around, self._block = around, block

    def __enter__(self) -> None:
        self._around.append(self._block)

    def __exit__(self, *_: object) -> None:
        self._around.pop()


def leaves_of(test: nodes.Node) -> Iterator[nodes.Node]:
    """Go through the single questions of which a test is made."""
    if isinstance(test, nodes.And | nodes.Or):
        yield from leaves_of(test.left)
        yield from leaves_of(test.right)
    elif isinstance(test, nodes.Not):
        yield from leaves_of(test.node)
    else:
        yield test


def asking_leaves(test: nodes.Node, known: dict[str, int], mark: str, line: int = 1) -> Iterator[nodes.Node]:
    """Write the single questions of a test, each with a mark for yes and for no.

    Args:
        known: Here the numbers of the questions are put, by the questions' own text.
        mark: What is written: a text with `{number}` and `{sign}`, which is + or -.
    """
    for leaf in leaves_of(test):
        number = known.setdefault(repr(leaf), len(known))
        yes, no = (_sign(mark.format(number=number, sign=sign)) for sign in "+-")
        yield nodes.If(leaf, [yes], [], [no], lineno=line)


def word_of_node(node: nodes.Node) -> str:
    """Name a block of which no tag is known."""
    return type(node).__name__.lower()


def _speaks_of(test: nodes.Node, names: tuple[str, str]) -> bool:
    """Tell whether a test asks for a fact about the paper itself."""
    named = [test] if isinstance(test, nodes.Getattr) else []
    return any(
        one.attr in names and isinstance(one.node, nodes.Name) and one.node.name in DOCUMENT
        for one in (*named, *test.find_all(nodes.Getattr))
    )


def _mark(number: int, way: str) -> nodes.Node:
    return _sign(f"\n{number} {way}\n")


def _sign(text: str) -> nodes.Node:
    return nodes.Output([nodes.TemplateData(text)])


# --- reading the marks -----------------------------------------------------------------------------------


def ways_in(text: str) -> Iterator[tuple[int, str]]:
    """Go through what the marks tell: number of a block and the way that it went."""
    open_loops: list[list[int]] = []
    for line in text.split("\n"):
        if not line:
            continue
        number, _, way = line.partition(" ")
        if number.isdigit() and way == OPEN:
            open_loops.append([int(number), 0])
        elif number.isdigit():
            yield int(number), way
        else:
            for sign in line:
                if sign == STEP:
                    open_loops[-1][1] += 1
                elif sign == CLOSE:
                    block, count = open_loops.pop()
                    yield block, ("none", "one")[count] if count < 2 else "many"


__all__ = ["Asked", "Key", "Marks", "Target", "asking_leaves", "leaves_of", "marks_of", "ways_in"]
