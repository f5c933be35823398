"""The lexer between Word and Jinja: finds tags in the runs of a part, whatever Word has cut them into.

Word keeps the text of one sentence in many runs. The lexer reads the letters of each paragraph in order,
remembers for every letter the element that holds it, and so knows the place of every tag to the character.
What is no letter of a paragraph (a field's code, a picture's description) is read whole, element by element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from .package import W

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

Kind = Literal["print", "block", "comment"]
Lift = Literal["", "p", "tr", "tc", "r"]
Cell = Literal["", "vm", "hm", "colspan", "cellbg"]

_OPENERS: dict[str, tuple[Kind, str]] = {
    "{{": ("print", "}}"),
    "{%": ("block", "%}"),
    "{#": ("comment", "#}"),
}
_OPENER = re.compile(r"\{[{%#]")
_ESCAPE = re.compile(r"\{_(?=[{%])|[}%]_(?=\})")
_BRACED = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_LIFT = re.compile(r"(tr|tc|p|r)(?=\s+\S)")
_OF_CELLS = re.compile(r"(vm|hm)$|(colspan|cellbg)\s+(\S.*)$", re.DOTALL)
# Word turns straight quotes into these while one types; docxtpl mends the same four.
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_LETTERS = frozenset({f"{W}t", f"{MATH}t"})
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_CHANGES = frozenset({f"{W}ins", f"{W}moveTo"})
_MOST_JOINED = 12
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class TagPlace:
    """Where a tag stands: paragraph counted from 1 within its part, characters within its visible text.

    A tag that no reader sees, such as one in a field's code, has a place and no length.
    """

    part: str
    paragraph: int
    start: int
    end: int
    table: int | None = None
    row: int | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a template.

    Attributes:
        text: The tag as it was typed.
        code: What stands between its braces, without the sign that lifts it and with quotes made straight.
        lift: Which element the tag takes the place of: paragraph, row, cell, run, or none.
        cell: What it does to its table cell; such a tag prints a number or a colour, or nothing.
        is_broken: Whether it is never closed; then it stays in the text as it was typed.
    """

    kind: Kind
    text: str
    code: str
    lift: Lift
    place: TagPlace
    trims_before: bool = False
    trims_after: bool = False
    cell: Cell = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class LexFault:
    """Something that looks like a tag and is none, or a tag in a place where it is easily overlooked."""

    code: str
    place: TagPlace
    text: str


@dataclass(slots=True)
class _Letter:
    sign: str
    holder: etree._Element
    index: int


@dataclass
class Lexed:
    """What the lexer found in a part. Tags have been cut out of the tree; marks stand in their places.

    Attributes:
        holders: The element of each tag's first letter.
        hidden: Numbers of the tags that stand in no paragraph's text: in a field's code or an attribute.
        copies: Numbers of the paragraphs that repeat a text box for old versions of Word.
    """

    root: etree._Element
    tags: list[Tag] = field(default_factory=list)
    holders: list[etree._Element] = field(default_factory=list)
    faults: list[LexFault] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    copies: set[int] = field(default_factory=set)


OPEN_MARK, CLOSE_MARK = "\ufdd0", "\ufdd1"
"""Signs that Unicode keeps free of any meaning; they stand around a tag's number while the part is XML."""


def mark(number: int) -> str:
    """Return what stands in the tree in place of a tag."""
    return f"{OPEN_MARK}{number}{CLOSE_MARK}"


def lex(root: etree._Element, part: str) -> Lexed:
    """Cut the tags out of a part's tree and put numbered marks in their places."""
    found = Lexed(root)
    page = _Page(root, part)
    found.copies = page.copies()
    for paragraph in page.paragraphs:
        line = page.line(paragraph)
        if "{" in line.text or "}" in line.text:
            _Scan(found, page, line).run()
    _Elsewhere(found, page).run()
    return found


def visible_text(paragraph: etree._Element) -> str:
    """Return the text of one paragraph as a reader sees it."""
    return "".join(letter.sign for letter in _letters(paragraph))


# --- places ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """The letters of a paragraph, and of those that a tag joins to it, each with its place."""

    letters: list[_Letter]
    spots: list[tuple[int, int]]
    text: str
    home: etree._Element


class _Page:
    """The paragraphs of a part with their numbers and cells, as they stood before any was changed."""

    def __init__(self, root: etree._Element, part: str) -> None:
        self.part = part
        self._root = root
        self.paragraphs = list(root.iter(f"{W}p"))
        self._numbers = {paragraph: number for number, paragraph in enumerate(self.paragraphs, start=1)}
        self._cells = _tables(root)

    def copies(self) -> set[int]:
        return {
            self._numbers[paragraph] for copy in self._root.iter(FALLBACK) for paragraph in copy.iter(f"{W}p")
        }

    def line(self, paragraph: etree._Element) -> _Line:
        letters = list(_letters(paragraph))
        number = self._numbers[paragraph]
        spots = [(number, index) for index in range(len(letters))]
        return _Line(letters, spots, "".join(letter.sign for letter in letters), paragraph)

    def place(self, line: _Line, start: int, end: int) -> TagPlace:
        number, first = line.spots[start] if start < len(line.spots) else (self._numbers[line.home], start)
        same = [index for at, index in line.spots[start:end] if at == number]
        stop = same[-1] + 1 if same else first
        return self._at(self.paragraphs[number - 1], number, first, stop)

    def near(self, element: etree._Element) -> TagPlace:
        """Return the place of what no reader sees: where it would stand in the text around it."""
        home = element if element.tag == f"{W}p" else next(element.iterancestors(f"{W}p"), None)
        if home is None or home not in self._numbers:
            return TagPlace(self.part, 0, 0, 0)
        before = _letters_before(home, element)
        return self._at(home, self._numbers[home], before, before)

    def _at(self, paragraph: etree._Element, number: int, start: int, end: int) -> TagPlace:
        table, row, cell = self._cells.get(paragraph, (None, None, None))
        return TagPlace(self.part, number, start, end, table, row, cell)


_Cell = tuple[int | None, int | None, int | None]


def _tables(root: etree._Element) -> dict[etree._Element, _Cell]:
    """Return table, row and cell of each paragraph that stands in a table; the innermost table counts."""
    found: dict[etree._Element, _Cell] = {}
    for number, table in enumerate(root.iter(f"{W}tbl"), start=1):
        for row_number, row in enumerate(table.findall(f"{W}tr"), start=1):
            for cell_number, cell in enumerate(row.findall(f"{W}tc"), start=1):
                for paragraph in cell.iter(f"{W}p"):
                    found[paragraph] = (number, row_number, cell_number)
    return found


def _letters(paragraph: etree._Element) -> Iterator[_Letter]:
    """Go through the letters of a paragraph; a text box inside it has paragraphs of its own."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag in _LETTERS:
            for index, sign in enumerate(element.text or ""):
                yield _Letter(sign, element, index)
        elif element.tag in _SIGNS and _in_run(element):
            yield _Letter(_SIGNS[element.tag], element, -1)
        elif element.tag != f"{W}p" and element.tag not in _DELETED and isinstance(element.tag, str):
            stack.extend(reversed(element))


def _in_run(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{W}r"


def _letters_before(home: etree._Element, element: etree._Element) -> int:
    """Count the letters of a paragraph that stand before an element in it."""
    order = {one: place for place, one in enumerate(home.iter())}
    place = order.get(element, 0)
    return sum(order[letter.holder] < place for letter in _letters(home))


# --- one paragraph ---------------------------------------------------------------------------------------


@dataclass
class _Scan:
    """Reads one paragraph: tags, braces that were meant as tags, and braces that are to be printed."""

    found: Lexed
    page: _Page
    line: _Line
    cuts: list[tuple[int, int, int]] = field(default_factory=list)
    escapes: list[int] = field(default_factory=list)

    def run(self) -> None:
        self._join()
        self.escapes = [match.start() + 1 for match in _ESCAPE.finditer(self.line.text)]
        broken = list(self._tags())
        self._strays(broken)
        self._cut()

    def _join(self) -> None:
        """Take in the paragraphs over which a tag runs on; docxtpl draws such a tag too."""
        for _ in range(_MOST_JOINED):
            opener = _left_open(self.line.text)
            following = self.line.home.getnext()
            if opener is None or following is None or following.tag != f"{W}p" or _ends_section(following):
                return
            more = self.page.line(following)
            if not _goes_on(more.text, opener):
                return
            for child in list(following):
                if child.tag != f"{W}pPr":
                    self.line.home.append(child)
            parent = following.getparent()
            assert parent is not None
            parent.remove(following)
            joined = _Line(
                [*self.line.letters, *more.letters],
                [*self.line.spots, *more.spots],
                self.line.text + more.text,
                self.line.home,
            )
            self.line = joined

    def _tags(self) -> Iterator[tuple[int, int]]:
        """Take in the tags; return where those stand that are never closed."""
        text, position = self.line.text, 0
        while (opener := _OPENER.search(text, position)) is not None:
            start = opener.start()
            kind, closer = _OPENERS[opener[0]]
            end = _end(text, start + 2, closer)
            if end is None:
                position = self._unclosed(kind, start)
                yield start, position
                continue
            self._add(_tag(kind, text[start:end], self.page.place(self.line, start, end)), start, end)
            self._look_around(start, end)
            position = end

    def _add(self, tag: Tag, start: int, end: int) -> None:
        self.found.tags.append(tag)
        self.found.holders.append(self.line.letters[start].holder)
        self.cuts.append((start, end, len(self.found.tags) - 1))

    def _unclosed(self, kind: Kind, start: int) -> int:
        text = self.line.text
        following = _OPENER.search(text, start + 2)
        end = following.start() if following else len(text)
        half = re.compile(r"[^{}]*[%#]?\}").match(text, start + 2)
        end = min(end, half.end()) if half else start + len(text[start:end].rstrip())
        end = max(min(end, start + 60), start + 2)
        words = text[start:end]
        place = self.page.place(self.line, start, end)
        self.found.faults.append(LexFault("T-UNCLOSED", place, words))
        if kind == "block":
            guess = _tag(kind, words.rstrip("%} ") + " %}", place)
            self._add(_broken(guess, words), start, start)
        return end

    def _look_around(self, start: int, end: int) -> None:
        """Tell a tag that crosses a tracked change, stands inside one, or is hidden."""
        letters = self.line.letters[start:end]
        place, text = self.page.place(self.line, start, end), self.line.text[start:end]
        homes = {id(one.holder): one.holder for one in letters}.values()
        changes = {next(_above(holder, _CHANGES), None) for holder in homes}
        if len(changes) > 1 or _deletion_between(letters[0].holder, letters[-1].holder):
            self.found.faults.append(LexFault("T-TRACKED", place, text))
        elif changes != {None}:
            self.found.faults.append(LexFault("W-TRACKED", place, text))
        if any(_is_hidden(holder) for holder in homes):
            self.found.faults.append(LexFault("W-HIDDEN", place, text))
        if any(_is_bound(holder) for holder in homes):
            self.found.faults.append(LexFault("W-BOUND", place, text))

    def _strays(self, broken: Sequence[tuple[int, int]]) -> None:
        """Tell braces that were meant as a tag and are none, outside of the tags that were found."""
        rest = list(self.line.text)
        for start, end in [*broken, *((start, end) for start, end, _ in self.cuts)]:
            rest[start:end] = " " * (end - start)
        for at in self.escapes:
            rest[at - 1 : at + 2] = "   "
        for stray in _STRAY.finditer("".join(rest)):
            words = stray[0].strip()
            start = stray.start() + len(stray[0]) - len(stray[0].lstrip())
            place = self.page.place(self.line, start, start + len(words))
            self.found.faults.append(LexFault("T-STRAY", place, words))
            if block := _STRAY_BLOCK.search(words):
                guess = _tag("block", "{% " + words[block.start() :].strip("{}% ") + " %}", place)
                self._add(_broken(guess, words), start, start)

    def _cut(self) -> None:
        changes = [(start, end, mark(index)) for start, end, index in self.cuts]
        inside = [(start, end) for start, end, _ in self.cuts]
        changes += [(at, at + 1, "") for at in self.escapes if not any(a < at < b for a, b in inside)]
        for start, end, by in sorted(changes, key=lambda one: one[:2], reverse=True):
            _cut(self.line.letters, start, end, by)


def _left_open(text: str) -> str | None:
    """Return the opener of the tag that a paragraph leaves open at its end."""
    position = 0
    while (opener := _OPENER.search(text, position)) is not None:
        end = _end(text, opener.start() + 2, _OPENERS[opener[0]][1])
        if end is None:
            rest = text[opener.start() + 2 :]
            is_last = not _OPENER.search(rest) and "}" not in rest and len(rest) < _LONGEST
            return opener[0] if is_last else None
        position = end
    return None


def _goes_on(text: str, opener: str) -> bool:
    """Tell whether a paragraph ends a tag that was opened before it, or may run on to the next."""
    following = _OPENER.search(text)
    closed = text.find(_OPENERS[opener][1])
    if closed < 0:
        return opener == "{#" and following is None
    return following is None or closed < following.start()


def _ends_section(paragraph: etree._Element) -> bool:
    return paragraph.find(f"{W}pPr/{W}sectPr") is not None


def _end(text: str, position: int, closer: str) -> int | None:
    """Return where a tag ends; a closer inside a quoted word does not end it, another tag's opener does."""
    straight = text.translate(_QUOTES)
    quote = ""
    for index in range(position, len(text) - 1):
        sign = straight[index]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"" and closer != "#}":
            quote = sign
        elif text.startswith(closer, index):
            return index + 2
        elif sign == "{" and closer != "#}" and _OPENER.match(text, index):
            return None
    return _plain_end(text, position, closer)


def _plain_end(text: str, position: int, closer: str) -> int | None:
    """Return where a tag ends whose quotes do not pair."""
    end, following = text.find(closer, position), _OPENER.search(text, position)
    if end < 0 or (following and following.start() < end):
        return None
    return end + 2


def _tag(kind: Kind, text: str, place: TagPlace) -> Tag:
    inner = re.sub(r"[\t\n]", " ", text[2:-2]).translate(_QUOTES)
    before, after = inner.startswith("-"), inner.endswith("-") and len(inner) > 1
    inner = inner[1 if before else 0 : -1 if after else None]
    lifted = _LIFT.match(inner)
    lift: Lift = lifted[1] if lifted else ""  # type: ignore[assignment]
    code = (inner[lifted.end() :] if lifted else inner).strip()
    of_cell = _OF_CELLS.match(code) if kind == "block" else None
    if of_cell is None:
        return Tag(kind, text, code, lift, place, before, after)
    cell: Cell = of_cell[1] or of_cell[2]  # type: ignore[assignment]
    return Tag("comment" if of_cell[1] else "print", text, of_cell[3] or "", "", place, cell=cell)


def _broken(guess: Tag, words: str) -> Tag:
    return Tag("block", words, guess.code, guess.lift, guess.place, is_broken=True)


_STRAY_WORD = r"(?:if|elif|else|endif|for|endfor)\b"
_STRAY_BLOCK = re.compile(_STRAY_WORD)
# Possessive where white space may run long: thousands of spaces beside a brace must not cost seconds.
_STRAY = re.compile(
    rf"(?:(?<![{{%])[{{%]+\s*+|(?<!\s)\s*+)(?:(?:p|tr|tc|r)\s*+)?{_STRAY_WORD}[^{{}}%]*(?:%\s*+\}}|\}})"
    rf"|\{{\s*+%\s*+(?:(?:p|tr|tc|r)\s*+)?{_STRAY_WORD}[^{{}}]*\}}?"
    r"|\{\s*+\{?[\w.|]+\s*+\}+|\}\}|%\}|#\}|\{\s++\{|\{\s++%|%\s++\}|\}\s++\}"
)


# --- what stands around ----------------------------------------------------------------------------------


def _above(element: etree._Element, tags: frozenset[str]) -> Iterator[etree._Element]:
    return (one for one in element.iterancestors() if one.tag in tags)


def _deletion_between(first: etree._Element, last: etree._Element) -> bool:
    """Tell whether text was struck out, with changes tracked, between two letters of one paragraph."""
    if first is last:
        return False
    home = next(first.iterancestors(f"{W}p"), None)
    if home is None or not any(True for _ in home.iter(*_DELETED)):
        return False
    order = {one: place for place, one in enumerate(home.iter())}
    begin, end = order.get(first, 0), order.get(last, 0)
    return any(begin < order[one] < end for one in home.iter(*_DELETED))


def _is_hidden(holder: etree._Element) -> bool:
    run = holder.getparent()
    vanish = run.find(f"{W}rPr/{W}vanish") if run is not None else None
    return vanish is not None and vanish.get(f"{W}val", "true") not in ("0", "false", "off")


def _is_bound(holder: etree._Element) -> bool:
    """Tell whether Word fills the content control around a letter from elsewhere when it opens the file."""
    return any(one.find(f"{W}sdtPr/{W}dataBinding") is not None for one in holder.iterancestors(f"{W}sdt"))


# --- tags that no reader sees ----------------------------------------------------------------------------


@dataclass
class _Elsewhere:
    """Reads what is no paragraph's text: codes of fields, attributes, text in other kinds of element."""

    found: Lexed
    page: _Page

    def run(self) -> None:
        for element in list(self.found.root.iter()):
            if not isinstance(element.tag, str):
                continue
            for name, value in element.attrib.items():
                if "{" in value:
                    text = self._marked(element, str(value), "W-ATTRIBUTE")
                    element.set(name, text)
            if element.tag == f"{W}instrText":
                self._field(element)
            elif "{" in (element.text or "") and element.tag not in _LETTERS:
                self._other(element)
            elif element.tag in _LETTERS and "{" in (element.text or "") and _is_deleted(element):
                self._deleted(element)

    def _field(self, element: etree._Element) -> None:
        """Read the code of a field, whatever pieces Word has cut it into."""
        pieces = list(_pieces_of_field(element))
        text = "".join(piece.text or "" for piece in pieces)
        if "{" not in text or pieces[0] is not element:
            return
        if _is_deleted(element):
            self._deleted(element)
            return
        for piece in pieces[1:]:
            piece.text = ""
        element.text = self._marked(element, text, "W-FIELD")

    def _other(self, element: etree._Element) -> None:
        if element.tag in (f"{W}delText", f"{W}delInstrText") or _is_deleted(element):
            self._deleted(element)
            return
        element.text = self._marked(element, element.text or "", "W-DRAWING")

    def _deleted(self, element: etree._Element) -> None:
        for tag in _BRACED.findall(element.text or ""):
            self.found.faults.append(LexFault("W-DELETED", self.page.near(element), tag))

    def _marked(self, element: etree._Element, text: str, code: str) -> str:
        """Put marks in place of the tags in a text that stands in one piece."""
        pieces: list[str] = []
        position = 0
        while (opener := _OPENER.search(text, position)) is not None:
            kind, closer = _OPENERS[opener[0]]
            end = _end(text, opener.start() + 2, closer)
            if end is None:
                break
            place = self.page.near(element)
            tag = _tag(kind, text[opener.start() : end], place)
            self.found.faults.append(LexFault(code, place, tag.text))
            self.found.tags.append(tag)
            self.found.holders.append(element)
            self.found.hidden.add(len(self.found.tags) - 1)
            pieces += [text[position : opener.start()], mark(len(self.found.tags) - 1)]
            position = end
        return "".join([*pieces, text[position:]])


def _is_deleted(element: etree._Element) -> bool:
    return next(_above(element, _DELETED), None) is not None


def _pieces_of_field(element: etree._Element) -> Iterator[etree._Element]:
    """Return the pieces of the field's code to which a piece belongs, in order."""
    home = next(element.iterancestors(f"{W}p"), None)
    pieces: list[etree._Element] = []
    for one in home.iter(f"{W}instrText", f"{W}fldChar") if home is not None else [element]:
        if one.tag == f"{W}instrText":
            pieces.append(one)
        elif element in pieces:
            break
        else:
            pieces = []
    yield from pieces or [element]


# --- cutting ---------------------------------------------------------------------------------------------


def _cut(letters: Sequence[_Letter], start: int, end: int, by: str) -> None:
    """Take letters out of the tree and put a mark where the first of them stood."""
    first = letters[start] if start < len(letters) else letters[-1]
    for letter in reversed(letters[start:end]):
        _take_out(letter)
    if by:
        at = first.index if start < len(letters) else first.index + 1
        text = first.holder.text or ""
        first.holder.text = f"{text[:at]}{by}{text[at:]}"
        first.holder.set(XML_SPACE, "preserve")


def _take_out(letter: _Letter) -> None:
    if letter.index < 0:
        parent = letter.holder.getparent()
        if parent is not None:
            parent.remove(letter.holder)
        return
    text = letter.holder.text or ""
    letter.holder.text = text[: letter.index] + text[letter.index + 1 :]
