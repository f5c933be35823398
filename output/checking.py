"""What is wrong inside the tags of a part: slips of the hand and of Word, words, blocks, names and types.

Each tag is read by itself, with its slips repaired; then all that could be read is held against the
vocabulary together, and a tag that could not be read is left out of it. So one bad tag hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import jinja2
from jinja2 import nodes

from ..core.expressions import MAX_LOOPS, TESTS, ExpressionError, Language, forbid
from ..core.filters import Filter
from ..core.typecheck import Checker, Fault, Seen, nearest, plain_letters
from ..core.vocabulary import Type, Vocabulary
from .tags import Tag

WORDS = ("if", "elif", "else", "endif", "for", "endfor")
_LIFTS = ("p", "tr", "tc", "r")
_ENDED = ("set", "macro", "block", "call", "filter", "with", "raw", "autoescape", "trans")
_FORBIDDEN = frozenset(
    [*_ENDED, *(f"end{one}" for one in _ENDED), "include", "import", "from", "extends", "do", "break"]
) | {"continue", "debug", "pluralize"}
_OTHER_WORDS = {
    **{"если": "if", "иначе": "else", "для": "for", "конец": "endif", "конецесли": "endif"},
    **{"elseif": "elif", "elsif": "elif", "foreach": "for", "endforeach": "endfor", "end": "endif"},
}
_OPERATORS = {
    **{"=": "==", "===": "==", "&&": "and", "||": "or", "&": "and", "!": "not", "<>": "!=", "=>": ">="},
    **{"=<": "<=", "и": "and", "или": "or", "не": "not", "в": "in"},
}
_SMALL = ("and", "or", "not", "in", "is", "else", "if")
_UNSEEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad")
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\t": " ", "\n": " "})
_QUOTES = {"«": "»", "„": '"', "‹": "›", "″": "″", "`": "`"}
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212")
_WORD = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\d+(?:\.\d+)?|\w+|===|==|!=|<=|>=|=>|=<|<>|//|\*\*|&&|\|\||\S"
)
_HEAD = re.compile(r"[{%#]{2}-?(?:(?:tr|tc|p|r)(?=\s+\S))?\s*")
_FIRST = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Told:
    """One fault: its code, the name that is wrong, and the characters of the tag's text where it stands."""

    code: str
    tag: Tag
    name: str
    start: int
    end: int
    near: str | None = None


@dataclass
class Reading:
    """One tag as it was meant.

    Attributes:
        code: Its code with the slips repaired.
        spots: Place of each sign of the code in the tag's text.
        can_be_read: Whether Jinja can read it; else the types are looked at without it.
    """

    tag: Tag
    code: str = ""
    spots: list[int] = field(default_factory=list)
    can_be_read: bool = True

    @property
    def word(self) -> str:
        """The word that a block begins with."""
        first = _FIRST.match(self.code) if self.tag.kind == "block" else None
        return first[0] if first else ""

    def words(self) -> list[re.Match[str]]:
        """Return the words of the code; Jinja counts lines only, so each is given a line of its own."""
        return list(_WORD.finditer(self.code))

    def put(self, start: int, end: int, word: str) -> None:
        """Put a word in the place of another; its signs have the places of the old one's."""
        spots = [self.spots[min(start + at, end - 1)] for at in range(len(word))]
        self.code = self.code[:start] + word + self.code[end:]
        self.spots[start:end] = spots

    def told(self, code: str, start: int, end: int, near: str | None = None) -> Told:
        """Make a fault about a span of the code."""
        if not self.code or start >= len(self.code):
            return Told(code, self.tag, self.tag.text, 0, len(self.tag.text), near)
        first, last = self.spots[start], self.spots[max(start, end - 1)] + 1
        return Told(code, self.tag, self.tag.text[first:last], first, last, near)


class PartCheck:
    """Reads the tags of one part."""

    def __init__(self, tags: Sequence[Tag], language: Language) -> None:
        self.language = language
        self.told: list[Told] = []
        self.readings = [self._read(tag) for tag in tags if tag.kind != "comment"]
        self._balance()

    # --- one tag -----------------------------------------------------------------------------------------

    def _read(self, tag: Tag) -> Reading:
        reading = Reading(tag)
        self._mend_signs(reading)
        if tag.kind == "block":
            self._mend_word(reading)
        if reading.can_be_read:
            self._parse(reading)
        return reading

    def _mend_signs(self, reading: Reading) -> None:
        """Repair what cannot be seen, quotation marks that quote nothing and dashes that are no minus."""
        text = reading.tag.text
        plain = text.translate(_STRAIGHT)
        begin = max(plain.find(reading.tag.code), 0)
        spots = list(range(begin, begin + len(reading.tag.code)))
        for at in [at for at in range(2, len(text)) if text[at] in _UNSEEN]:
            self.told.append(Told("T-UNSEEN", reading.tag, text[at], at, at + 1))
        spots = [at for at in spots if text[at] not in _UNSEEN]
        signs = [plain[at] for at in spots]
        quote = ""
        for place, at in enumerate(spots):
            sign = signs[place]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"":
                quote = sign
            elif sign in _QUOTES:
                quote = self._mend_quotes(reading.tag, signs, spots, place)
            elif sign in _DASHES:
                self.told.append(Told("T-DASH", reading.tag, sign, at, at + 1, "-"))
                signs[place] = "-"
        reading.code, reading.spots = "".join(signs), spots

    def _mend_quotes(self, tag: Tag, signs: list[str], spots: list[int], place: int) -> str:
        """Make a pair of Word's quotation marks straight; return the sign that will end the quotation."""
        closers = _QUOTES[signs[place]]
        last = next((one for one in range(place + 1, len(signs)) if signs[one] in closers + "“”"), None)
        straight = "'" if '"' in signs[place + 1 : last] else '"'
        stop = spots[last if last is not None else place] + 1
        words = tag.text[spots[place] : stop]
        self.told.append(
            Told("T-QUOTES", tag, words, spots[place], stop, f"{straight}{words[1:-1]}{straight}")
        )
        signs[place] = straight
        if last is None:
            return ""
        signs[last] = straight
        return straight

    def _mend_word(self, reading: Reading) -> None:
        """Repair the word that a block begins with, and the sign that lifts before it."""
        first = _FIRST.match(reading.code)
        if first is None or first[0] in WORDS or first[0] in _FORBIDDEN:
            self._look_at_word(reading, first[0] if first else "")
            return
        word, end = first[0], first.end()
        glued = re.fullmatch(rf"({'|'.join(_LIFTS)})({'|'.join(WORDS)})", plain_letters(word))
        following = _FIRST.match(reading.code, end + 1)
        if plain_letters(word) in _LIFTS and following:
            code = "T-LOOKALIKE" if word not in _LIFTS else "T-LIFT-SPACE"
            self.told.append(reading.told(code, 0, end, plain_letters(word)))
            reading.code, reading.spots = reading.code[end + 1 :], reading.spots[end + 1 :]
            self._mend_word(reading)
        elif word == "end" and following and following[0] in ("if", "for"):
            self._replace(reading, following.end(), "end" + following[0], "T-KEYWORD")
        elif glued:
            self._replace(reading, end, glued[2], "T-GLUED", f"{glued[1]} {glued[2]}")
        elif plain_letters(word) in WORDS:
            same = word.casefold() == plain_letters(word)
            self._replace(reading, end, plain_letters(word), "T-CAPITALS" if same else "T-LOOKALIKE")
        else:
            near = _OTHER_WORDS.get(word.casefold()) or nearest(word, WORDS)
            self._replace(reading, end, near, "T-KEYWORD")

    def _replace(
        self, reading: Reading, end: int, word: str | None, code: str, near: str | None = None
    ) -> None:
        self.told.append(reading.told(code, 0, end, near or word))
        if word is None:
            reading.can_be_read = False
            return
        reading.put(0, end, word)

    def _look_at_word(self, reading: Reading, word: str) -> None:
        if word in _FORBIDDEN:
            reading.can_be_read = False
            self.told.append(reading.told("E-FORBIDDEN", 0, len(word)))
        elif word == "else" and (more := re.match(r"else\s+if\b", reading.code)):
            self._replace(reading, more.end(), "elif", "T-KEYWORD")

    def _parse(self, reading: Reading) -> None:
        words = reading.words()
        before, after = _AROUND.get(reading.word, ("", ""))
        source = before + _written(reading.tag, [one[0] for one in words]) + after
        try:
            tree = _JINJA.parse(source)
        except jinja2.TemplateSyntaxError as error:
            self._unreadable(reading, words, error.lineno - 2)
        except RecursionError:
            reading.can_be_read = False
            self.told.append(reading.told("E-DEPTH", 0, len(reading.code)))
        else:
            self._hold_to_language(reading, words, tree)

    def _unreadable(self, reading: Reading, words: list[re.Match[str]], line: int) -> None:
        """Tell a tag that Jinja cannot read, at the word where it stopped, with what may have been meant."""
        at = min(max(line, 0), len(words) - 1)
        for one in words[max(at - 1, 0) : at + 2]:
            small = plain_letters(one[0])
            meant = _OPERATORS.get(one[0]) or (small if small in _SMALL and one[0] not in _SMALL else None)
            if meant is not None:
                self.told.append(reading.told("T-OPERATOR", *one.span(), meant))
                reading.put(one.start(), one.end(), meant)
                self._parse(reading)
                return
        reading.can_be_read = False
        self.told.append(
            _stopped(reading, words, at, is_end=line >= len(words), filters=self.language.filters)
        )

    def _hold_to_language(self, reading: Reading, words: list[re.Match[str]], tree: nodes.Template) -> None:
        for node, error in _offences(tree, self.language.filters):
            span = _span_of(words, (node.lineno or 0) - 2, error.name or "")
            near = None
            if error.code == "E-FILTER":
                near = nearest(error.name or "", list(self.language.filters))
            elif error.code == "E-TEST":
                near = nearest(error.name or "", TESTS)
            told = reading.told(error.code, *span, near)
            self.told.append(replace(told, name=error.name or told.name))
        target = next((one.target for one in tree.find_all(nodes.For)), None)
        if reading.word == "for" and isinstance(target, nodes.Tuple):
            span = (words[1].start(), words[2 * len(target.items) - 1].end())
            self.told.append(reading.told("T-FOR", *span))
            reading.can_be_read = False

    # --- blocks ------------------------------------------------------------------------------------------

    def _balance(self) -> None:
        """Match the blocks, and tell each tag that has no partner."""
        stack: list[Reading] = []
        ended: set[int] = set()
        for one in self.readings:
            if one.word in ("if", "for"):
                stack.append(one)
                if one.word == "for" and sum(other.word == "for" for other in stack) > MAX_LOOPS:
                    self._whole("E-LOOPS", one)
            elif one.word:
                self._branch(one, stack, ended)
        for left in stack:
            self._whole("T-OPEN", left)

    def _branch(self, one: Reading, stack: list[Reading], ended: set[int]) -> None:
        wanted = {"elif": ("if",), "else": ("if", "for"), "endif": ("if",), "endfor": ("for",)}.get(one.word)
        if wanted is None:
            return
        place = next((at for at in reversed(range(len(stack))) if stack[at].word in wanted), None)
        if place is None:
            self._whole("T-NOT-OPEN", one)
            return
        if place != len(stack) - 1:
            self._whole("T-CROSSED", one)
            if any(other.word in ("if", "for") for other in stack[place + 1 :]) and one.word.startswith(
                "end"
            ):
                del stack[place]
            return
        if one.word.startswith("end"):
            ended.discard(id(stack.pop()))
        elif id(stack[place]) in ended:
            self._whole("T-ELSE-TWICE", one)
        elif one.word == "else":
            ended.add(id(stack[place]))

    def _whole(self, code: str, one: Reading) -> None:
        if not one.tag.is_broken:
            self.told.append(Told(code, one.tag, one.tag.text, 0, len(one.tag.text)))

    # --- types -------------------------------------------------------------------------------------------

    def typed(self, vocabulary: Vocabulary, local: Mapping[str, Type]) -> list[Told]:
        """Hold all tags that can be read against the vocabulary."""
        script = _Script()
        for one in self.readings:
            script.add(one)
        tree = _without_offences(_JINJA.parse(script.source()), self.language.filters)
        checker = Checker(
            vocabulary, self.language.filters, {name: Seen(kind, name) for name, kind in local.items()}
        )
        found = [script.told(fault) for fault in checker.template(tree)]
        return [*(one for one in found if one), *self._shadows(vocabulary, local)]

    def _shadows(self, vocabulary: Vocabulary, local: Mapping[str, Type]) -> Iterator[Told]:
        for one in self.readings:
            bound = re.match(r"for\s+(\w+)\s+in\b", one.code)
            if bound and (vocabulary.find(bound[1]) is not None or bound[1] in local):
                yield one.told("T-SHADOW", bound.start(1), bound.end(1))


_JINJA = jinja2.Environment()
_AROUND = {
    "if": ("", "{% endif %}"),
    "for": ("", "{% endfor %}"),
    "elif": ("{% if 1 %}", "{% endif %}"),
    "else": ("{% if 1 %}", "{% endif %}"),
    "endif": ("{% if 1 %}", ""),
    "endfor": ("{% for x in [] %}", ""),
}


def _written(tag: Tag, words: Sequence[str]) -> str:
    begin, end = ("{%", "%}") if tag.kind == "block" else ("{{", "}}")
    return begin + "\n" + "\n".join(words) + "\n" + end


def _stopped(
    reading: Reading,
    words: list[re.Match[str]],
    at: int,
    *,
    is_end: bool,
    filters: Mapping[str, Filter],
) -> Told:
    """Tell the word at which Jinja stopped."""
    if reading.word == "for" and at == 2 and words[2][0] != "in":
        return reading.told("T-SYNTAX", *words[2].span(), f"in {words[2][0]}")
    if is_end or not words:
        opened = next((one for one in words if one[0] in "(["), None)
        return reading.told("T-SYNTAX", *(opened.span() if opened else (0, len(reading.code))))
    near = f"|{words[at][0]}" if at > 0 and words[at][0] in filters else None
    return reading.told("T-SYNTAX", *words[at].span(), near)


def _span_of(words: list[re.Match[str]], at: int, name: str) -> tuple[int, int]:
    """Return the words that a fault speaks of: its name, nearest to a word, or else that word."""
    if not words:
        return 0, 0
    at = min(max(at, 0), len(words) - 1)
    pieces = _WORD.findall(name)
    places = [
        first
        for first in range(len(words) - len(pieces) + 1)
        if pieces and [one[0] for one in words[first : first + len(pieces)]] == pieces
    ]
    if not places:
        quoted = [one for one in words if name and one[0].strip("'\"") == name]
        return quoted[0].span() if quoted else words[at].span()
    first = min(places, key=lambda one: (not one <= at < one + len(pieces), one < at, abs(one - at)))
    return words[first].start(), words[first + len(pieces) - 1].end()


# --- what the language does not have ---------------------------------------------------------------------


def _offences(
    tree: nodes.Node, filters: Mapping[str, Filter]
) -> Iterator[tuple[nodes.Node, ExpressionError]]:
    """Go through the nodes that the language does not have; what holds one is no fault for that."""
    for child in tree.iter_child_nodes():
        yield from _offences(child, filters)
    error = _offence(tree, filters)
    if error is not None:
        yield tree, error


def _offence(node: nodes.Node, filters: Mapping[str, Filter]) -> ExpressionError | None:
    """Hold one node against the language, without what stands in it."""
    bare = type(node)(*[getattr(node, name) for name in node.fields], lineno=node.lineno)
    for name in node.fields:
        held = getattr(node, name)
        if isinstance(held, nodes.Node):
            setattr(bare, name, nodes.Const(0) if not isinstance(node, nodes.Getitem) else held)
        elif isinstance(held, list) and any(isinstance(one, nodes.Node) for one in held):
            kept = held if isinstance(node, nodes.Filter) and name == "kwargs" else []
            setattr(bare, name, kept)
    try:
        forbid(bare, filters)
    except ExpressionError as error:
        return error
    return None


class _Neutral(jinja2.visitor.NodeTransformer):
    """Puts something of no certain type in place of what the language does not have."""

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        self.filters = filters

    def generic_visit(self, node: nodes.Node, *args: object, **kwargs: object) -> nodes.Node:
        if isinstance(node, nodes.Operand) and node.lineno is None:
            node.lineno = node.expr.lineno
        offends = isinstance(node, nodes.Expr) and _offence(node, self.filters) is not None
        parts = list(node.iter_child_nodes()) if offends else []
        super().generic_visit(node, *args, **kwargs)
        if not offends:
            return node
        if isinstance(node, nodes.Call):
            owner = node.node.node if isinstance(node.node, nodes.Getattr) else nodes.Const(True)
            parts = [owner, *node.args]
        kept = [one for one in parts if isinstance(one, nodes.Expr)]
        held = nodes.Tuple(kept, "load", lineno=node.lineno)
        return nodes.Or(held, nodes.Const(True, lineno=node.lineno), lineno=node.lineno)


def _without_offences(tree: nodes.Template, filters: Mapping[str, Filter]) -> nodes.Template:
    neutral = _Neutral(filters).visit(tree)
    assert isinstance(neutral, nodes.Template)
    return neutral


# --- all tags together -----------------------------------------------------------------------------------


class _Script:
    """The tags of a part without the XML between them, each word on a line of its own, blocks made whole."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[tuple[Reading, int] | None] = []
        self._open: list[str] = []

    def add(self, one: Reading) -> None:
        """Add a tag; one that cannot be read opens or closes its block all the same."""
        word = one.word
        if one.tag.kind == "print":
            if one.can_be_read:
                self._write(one)
        elif word in ("if", "for"):
            self._open.append(word)
            self._begin(one)
        elif self._open and word in ("endif", "endfor"):
            self._end(word)
        elif self._open and one.can_be_read:
            top = self._open[-1]
            if (word == "elif" and top == "if") or (word == "else" and top in ("if", "for")):
                self._write(one)
                self._open[-1] += " else" if word == "else" else ""

    def _begin(self, one: Reading) -> None:
        if one.can_be_read:
            self._write(one)
        elif one.word == "if":
            self._put("{% if 1 %}")
        else:
            bound = re.match(r"for\s+([^\W_]\w*)", one.code)
            self._put("{% for " + (bound[1] if bound else "x") + " in [] %}")

    def _end(self, word: str) -> None:
        kinds = [one.partition(" ")[0] for one in self._open]
        if word[3:] not in kinds:
            return
        while True:
            kind = self._open.pop().partition(" ")[0]
            self._put("{% end" + kind + " %}")
            if kind == word[3:]:
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
        for one in reversed(self._open):
            self._put("{% end" + one.partition(" ")[0] + " %}")
        self._open = []
        return "\n".join(self._lines)

    def told(self, fault: Fault) -> Told | None:
        """Return a fault of the type checker with its place in the tag."""
        line = (fault.line or 0) - 1
        found = self._words[line] if 0 <= line < len(self._words) else None
        if found is None:
            return None
        reading, at = found
        start, end = _span_of(reading.words(), at, fault.name)
        told = reading.told(fault.code, start, end, fault.suggestion)
        return Told(told.code, told.tag, fault.name, told.start, told.end, told.near)
