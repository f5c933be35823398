"""The tags of a part without the document between them: what the type checker reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

import jinja2
from jinja2 import nodes

from ..core.filters import Filter
from ..core.typecheck import Fault
from .readings import Reading, Told, offence, span_of


class _Neutral(jinja2.visitor.NodeTransformer):
    """Puts something of no certain type in place of what the language does not have."""

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        self.filters = filters

    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        if isinstance(node, nodes.Operand) and node.lineno is None:
            node.lineno = node.expr.lineno
        offends = isinstance(node, nodes.Expr) and offence(node, self.filters) is not None
        super().generic_visit(node, *args, **kwargs)
        if not offends:
            return node
        parts = list(node.iter_child_nodes())
        if isinstance(node, nodes.Call):
            owner = node.node.node if isinstance(node.node, nodes.Getattr) else nodes.Const(True)
            parts = [owner, *node.args]
        kept = [one for one in parts if isinstance(one, nodes.Expr)]
        held = nodes.Tuple(kept, "load", lineno=node.lineno)
        return nodes.Or(held, nodes.Const(True, lineno=node.lineno), lineno=node.lineno)


def without_offences(tree: nodes.Template, filters: Mapping[str, Filter]) -> nodes.Template:
    """Return a tree with something of no certain type in place of what the language does not have."""
    neutral = _Neutral(filters).visit(tree)
    assert isinstance(neutral, nodes.Template)
    return neutral


class Script:
    """The tags of a part without the XML between them, each word on a line of its own, blocks made whole."""

    def __init__(self, pairs: Mapping[int, int]) -> None:
        self._lines: list[str] = []
        self._words: list[tuple[Reading, int] | None] = []
        self._open: list[tuple[int, str]] = []
        self._pairs = pairs

    def add(self, one: Reading) -> None:
        """Add a tag; one that cannot be read opens or closes its block all the same."""
        word = one.word
        if one.tag.kind == "print":
            if one.can_be_read:
                self._write(one)
        elif word in ("if", "for"):
            self._open.append((one.number, word))
            self._begin(one)
        elif word in ("endif", "endfor"):
            self._end(one)
        elif self._open:
            self._part(one)

    def _begin(self, one: Reading) -> None:
        if one.can_be_read:
            self._write(one)
        elif one.word == "if":
            self._put("{% if " + _guessed(one) + " %}")
        else:
            bound = re.match(r"for\s+([^\W_]\w*)", one.code)
            self._put("{% for " + (bound[1] if bound else "x") + " in [] %}")

    def _part(self, one: Reading) -> None:
        number, top = self._open[-1]
        if one.word == "elif" and top == "if":
            if one.can_be_read:
                self._write(one)
            else:
                self._put("{% elif " + _guessed(one) + " %}")
        elif one.word == "else" and top in ("if", "for"):
            self._write(one)
            self._open[-1] = number, f"{top} else"

    def _end(self, one: Reading) -> None:
        opener = self._pairs.get(one.number)
        if opener not in [number for number, _ in self._open]:
            return
        while True:
            number, kind = self._open.pop()
            self._put("{% end" + kind.partition(" ")[0] + " %}")
            if number == opener:
                return

    def _write(self, one: Reading) -> None:
        words = one.words()
        begin, end = ("{%", "%}") if one.tag.kind == "block" else ("{{", "}}")
        if one.tag.cell == "colspan":
            begin, end = "{{ (", ") + 0 }}"
        self._put(begin)
        for at, word in enumerate(words):
            self._put(word[0], (one, at))
        self._put(end)

    def _put(self, line: str, word: tuple[Reading, int] | None = None) -> None:
        self._lines.append(line)
        self._words.append(word)

    def source(self) -> str:
        """Return the Jinja source, with all blocks closed."""
        for _, kind in reversed(self._open):
            self._put("{% end" + kind.partition(" ")[0] + " %}")
        self._open = []
        return "\n".join(self._lines)

    def told(self, fault: Fault) -> Told | None:
        """Return a fault of the type checker with its place in the tag."""
        line = (fault.line or 0) - 1
        found = self._words[line] if 0 <= line < len(self._words) else None
        if found is None:
            return None
        reading, at = found
        start, end = span_of(reading.words(), at, fault.name)
        told = reading.told(fault.code, start, end, fault.suggestion)
        return Told(told.code, told.tag, fault.name, told.start, told.end, told.near)


def _guessed(one: Reading) -> str:
    """Return, for a test that cannot be read, one that takes all its names as filled."""
    code = re.sub(r"\.[\s.]*(?=\w)", ".", re.sub(r"'[^']*'|\"[^\"]*\"", "", one.code))
    paths = [path for path in re.findall(r"[^\W\d_][\w.]*\w|[^\W\d_]", code) if path not in _NO_NAMES]
    return " and ".join(["1", *paths])


_NO_NAMES = frozenset({"if", "elif", "else", "and", "or", "not", "in", "is", "none", "true", "false", "loop"})
