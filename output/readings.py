"""One tag as it was meant: slips of the hand and of Word repaired, and each of them told.

A tag is read by itself, so one bad tag hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import jinja2
from jinja2 import nodes

from ..core.expressions import MAX_EXPRESSION, TESTS, ExpressionError, forbid
from ..core.filters import Filter
from ..core.typecheck import nearest, plain_letters
from .tags import Kind, Tag

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
    **{"=<": "<=", "и": "and", "или": "or", "не": "not", "в": "in", "из": "in"},
    # What Word makes of two signs while one types, and what people take from its table of signs.
    **{"≠": "!=", "≥": ">=", "≤": "<=", "⇒": ">=", "⇐": "<=", "→": ">"},
}
_SMALL = ("and", "or", "not", "in", "is", "else", "if")
_UNSEEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad")
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\t": " ", "\n": " "})
_QUOTES = {"«": "»", "„": '"', "‚": "'", "‹": "›", "″": "″", "′": "′", "`": "`", "´": "´"}
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212")
_WORD = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\d+(?:\.\d+)?|\w+|===|==|!=|<=|>=|=>|=<|<>|//|\*\*|&&|\|\||\S"
)
_HEAD = re.compile(r"[{%#]{2}-?(?:(?:tr|tc|p|r)(?=\s+\S))?\s*")
_FIRST = re.compile(r"[^\W\d]\w*")


_TO_LATIN = str.maketrans("АВЕКМНОРСТУХаеорсух", "ABEKMHOPCTYXaeopcyx")
_TO_RUSSIAN = str.maketrans("ABEKMHOPCTYXaeopcyx", "АВЕКМНОРСТУХаеорсух")


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
    number: int
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


class Reader:
    """Reads tags, and gathers what is wrong inside them."""

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        self.filters = filters
        self.told: list[Told] = []

    def read(self, tag: Tag, number: int) -> Reading:
        """Read one tag, the one of this number in its part."""
        reading = Reading(tag, number)
        self._mend_signs(reading)
        if tag.kind == "block":
            self._mend_word(reading)
        elif not tag.cell:
            self._mend_value(reading)
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
                # Beside the braces a minus takes away the space before the tag or after it.
                signs[place] = " " if place in (0, len(spots) - 1) else "-"
        code = "".join(signs)
        begin, end = len(code) - len(code.lstrip()), len(code.rstrip())
        reading.code, reading.spots = code[begin:end], spots[begin:end]

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
        following = _FIRST.match(reading.code, end + 1) if reading.code[end : end + 1] == " " else None
        if reading.code[end : end + 1] in (".", "|"):
            self._other_braces(reading, "print")
        elif plain_letters(word) in _LIFTS and following:
            if reading.tag.text[2] not in _DASHES:  # a dash there is told, and hides the letter
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
            if near is None and word == reading.code:
                self._other_braces(reading, "print")
                return
            self._replace(reading, end, near, "T-KEYWORD")

    def _mend_value(self, reading: Reading) -> None:
        """Repair the sign that lifts before a value; and a block in the braces of a value."""
        first = _FIRST.match(reading.code)
        following = _FIRST.match(reading.code, first.end() + 1) if first else None
        if first is None:
            return
        if first[0] in WORDS:
            self._other_braces(reading, "block")
        elif plain_letters(first[0]) in _LIFTS and following and following[0] not in _SMALL:
            if reading.code[first.end()] != " ":
                return
            code = "T-LOOKALIKE" if first[0] not in _LIFTS else "T-LIFT-SPACE"
            self.told.append(reading.told(code, 0, first.end(), plain_letters(first[0])))
            at = following.start()
            reading.code, reading.spots = reading.code[at:], reading.spots[at:]

    def _other_braces(self, reading: Reading, kind: Kind) -> None:
        """Take a tag in the braces of the other kind as it was meant."""
        begin, end = ("{%", "%}") if kind == "block" else ("{{", "}}")
        near = f"{begin}{reading.tag.lift if kind == 'block' else ''} {reading.code} {end}"
        text = reading.tag.text
        self.told.append(Told("T-WRONG-BRACES", reading.tag, text, 0, len(text), near))
        reading.tag = replace(reading.tag, kind=kind)

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
        if len(reading.code) > MAX_EXPRESSION:
            reading.can_be_read = False
            self.told.append(reading.told("E-DEPTH", 0, len(reading.code)))
            return
        words = reading.words()
        before, after = _AROUND.get(reading.word, ("", ""))
        source = before + _written(reading.tag, [one[0] for one in words]) + after
        try:
            tree = JINJA.parse(source)
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
            following = next((two[0] for two in words if two.start() >= one.end()), "")
            doubled = one[0] == "||" and following in self.filters
            meant = ("|" if doubled else _OPERATORS.get(one[0])) or (
                small if small in _SMALL and one[0] not in _SMALL else None
            )
            if meant is not None:
                self.told.append(reading.told("T-OPERATOR", *one.span(), meant))
                reading.put(one.start(), one.end(), meant)
                self._parse(reading)
                return
        reading.can_be_read = False
        self.told.append(_stopped(reading, words, at, is_end=line >= len(words), filters=self.filters))

    def _hold_to_language(self, reading: Reading, words: list[re.Match[str]], tree: nodes.Template) -> None:
        for node, error in offences(tree, self.filters):
            span = span_of(words, (node.lineno or 0) - 2, error.name or "")
            near = None
            if error.code == "E-FILTER":
                near = nearest(error.name or "", list(self.filters))
            elif error.code == "E-TEST":
                near = nearest(error.name or "", TESTS)
            told = reading.told(error.code, *span, near)
            self.told.append(replace(told, name=error.name or told.name))
        printed = tree.body[0].nodes if tree.body and isinstance(tree.body[0], nodes.Output) else []
        if any(isinstance(one, nodes.Tuple) for one in printed) and not reading.code.startswith("("):
            comma = next(one for one in words if one[0] == ",")
            self.told.append(reading.told("T-SYNTAX", *comma.span(), "."))
            reading.can_be_read = False
        target = next((one.target for one in tree.find_all(nodes.For)), None)
        if reading.word == "for" and isinstance(target, nodes.Tuple):
            span = (words[1].start(), words[2 * len(target.items) - 1].end())
            self.told.append(reading.told("T-FOR", *span))
            reading.can_be_read = False


JINJA = jinja2.Environment()
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
    if reading.word == "for" and at == 2 and _FIRST.match(words[2][0]) and words[2][0] != "in":
        return reading.told("T-SYNTAX", *words[2].span(), f"in {words[2][0]}")
    if is_end or not words:
        opened = next((one for one in words if one[0] in "(["), None)
        return reading.told("T-SYNTAX", *(opened.span() if opened else (0, len(reading.code))))
    near = f"|{words[at][0]}" if at > 0 and words[at][0] in filters else None
    return reading.told("T-SYNTAX", *words[at].span(), near)


def span_of(words: list[re.Match[str]], at: int, name: str) -> tuple[int, int]:
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


def offences(tree: nodes.Node, filters: Mapping[str, Filter]) -> Iterator[tuple[nodes.Node, ExpressionError]]:
    """Go through the nodes that the language does not have; what holds one is no fault for that."""
    for child in tree.iter_child_nodes():
        yield from offences(child, filters)
    error = offence(tree, filters)
    if error is not None:
        yield tree, error


def offence(node: nodes.Node, filters: Mapping[str, Filter]) -> ExpressionError | None:
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


def one_script(name: str) -> str | None:
    """Return a name of two scripts in the one that most of it has, if its other letters only look so."""
    latin = sum(sign.isascii() for sign in name if sign.isalpha())
    russian = sum(sign.isalpha() for sign in name) - latin
    if not latin or not russian:
        return None
    meant = name.translate(_TO_RUSSIAN if russian >= latin else _TO_LATIN)
    letters = [sign for sign in meant if sign.isalpha()]
    return meant if all(sign.isascii() == (russian < latin) for sign in letters) else None
