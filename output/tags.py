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

from ..core.i18n import tr
from .around import AUTHOR, CHANGES, above, deletion_between, holds_things, is_bound, is_hidden, is_ours
from .letters import DELETED, FALLBACK, LETTERS, MATH, Letter, Line, Page, TagPlace, visible_text
from .package import PackageFault, W
from .strays import (
    APART,
    BLOCK_WORDS,
    HALF_CLOSED,
    QUOTES,
    STRAY,
    STRAY_BLOCK,
    SUSPECT,
    natural_end,
    near_stray,
)

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


__all__ = [
    "AUTHOR",
    "BLOCK_WORDS",
    "FALLBACK",
    "MATH",
    "LexFault",
    "Lexed",
    "Tag",
    "TagPlace",
    "lex",
    "mark",
    "visible_text",
]

Kind = Literal["print", "block", "comment"]
Lift = Literal["", "p", "tr", "tc", "r"]
Cell = Literal["", "vm", "hm", "colspan", "cellbg"]

_OPENERS: dict[str, tuple[Kind, str]] = {
    "{{": ("print", "}}"),
    "{%": ("block", "%}"),
    "{#": ("comment", "#}"),
}
_OPENER = re.compile(r"\{[{%#]")
_BRACE = re.compile(r"[{}｛❴]|\[\[|<<|«\s*+\w++\.\w")
_ESCAPE = re.compile(r"\{_(?=[{%])|[}%]_(?=\})")
_BRACED = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_BRACE_BEFORE, _BRACE_AFTER = re.compile(r"(?<!\{)(\{) ?$"), re.compile(r" ?(\})(?!\})")
_LIFT = re.compile(r"(tr|tc|p|r)(?=\s+\S)")
_OF_CELLS = re.compile(r"(vm|hm)$|(colspan|cellbg)\s+(\S.*)$", re.DOTALL)
_ESCAPING = re.compile(r"(?<=[\w)\]'\"])\s*\|\s*(?:e|escape)$")  # all that is printed is escaped anyway
_MOST_JOINED = 12
_LONGEST = 2_000
MOST_BRACES = 2_000
MOST_WORK = 40_000_000


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
    """What looks like a tag and is none, or a tag that is easily overlooked; ``near`` is what was meant."""

    code: str
    place: TagPlace
    text: str
    near: str | None = None


@dataclass
class Lexed:
    """What the lexer found in a part. Tags have been cut out of the tree; marks stand in their places.

    Attributes:
        holders: The element of each tag's first letter.
        hidden: Numbers of the tags that stand in no paragraph's text: in a field's code or an attribute.
        work: How much has been looked through for the ends of tags.
        suspects: Words in braces of other kinds; if they begin with a field's name, a tag was meant.
        copies: Numbers of the paragraphs that repeat a text box for old versions of Word.
    """

    root: etree._Element
    tags: list[Tag] = field(default_factory=list)
    holders: list[etree._Element] = field(default_factory=list)
    faults: list[LexFault] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    work: int = 0
    suspects: list[LexFault] = field(default_factory=list)
    copies: set[int] = field(default_factory=set)


OPEN_MARK, CLOSE_MARK = "\ufdd0", "\ufdd1"
"""Signs that Unicode keeps free of any meaning; they stand around a tag's number while the part is XML."""


def mark(number: int) -> str:
    """Return what stands in the tree in place of a tag."""
    return f"{OPEN_MARK}{number}{CLOSE_MARK}"


def lex(root: etree._Element, part: str) -> Lexed:
    """Cut the tags out of a part's tree and put numbered marks in their places."""
    found = Lexed(root)
    page = Page(root, part)
    found.copies = page.copies()
    for paragraph in page.paragraphs:
        if is_ours(paragraph):
            continue
        line = page.line(paragraph)
        if _BRACE.search(line.text):
            _look_through(found, line.text, part)
            _Scan(found, page, line).run()
    _Elsewhere(found, page).run()
    return found


def _look_through(found: Lexed, text: str, part: str) -> None:
    """Refuse a part in which the ends of its tags could be looked for without end.

    Each brace may have the rest of its text looked through. What people write stays a thousand times below.
    """
    braces = max(text.count("{"), text.count("}"))
    found.work += braces * len(text)
    if braces > MOST_BRACES or found.work > MOST_WORK:
        raise PackageFault("D-BRACES", tr("The part {part} holds too many braces.").format(part=part))


# --- one paragraph ---------------------------------------------------------------------------------------


@dataclass
class _Scan:
    """Reads one paragraph: tags, braces that were meant as tags, and braces that are to be printed."""

    found: Lexed
    page: Page
    line: Line
    cuts: list[tuple[int, int, int]] = field(default_factory=list)
    escapes: list[int] = field(default_factory=list)

    def run(self) -> None:
        self._join()
        self.escapes = [match.start() + 1 for match in _ESCAPE.finditer(self.line.text)]
        broken = list(self._tags())
        self._strays(broken)
        for apart in APART.finditer(self.line.text):
            place = self.page.place(self.line, *apart.span(1 if apart[1] else 2))
            self.found.faults.append(LexFault("T-UNSEEN", place, apart[0]))
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
            joined = Line(
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
        limit = following.start() if following else len(text)
        half = HALF_CLOSED[kind].match(text, start + 2, limit)
        end = half.end() if half else natural_end(text, start + 2, limit)
        words = text[start:end]
        code = words[2:].rstrip("%} ")
        near = f"{words[:2]}{code} {_OPENERS[words[:2]][1]}" if code else None
        place = self.page.place(self.line, start, end)
        self.found.faults.append(LexFault("T-UNCLOSED", place, words, near))
        if kind == "block":
            guess = _tag(kind, words[:2] + code + " %}", place)
            self._add(_broken(guess, words), start, start)
        return end

    def _look_around(self, start: int, end: int) -> None:
        """Tell a tag that crosses a tracked change, stands inside one, or is hidden."""
        letters = self.line.letters[start:end]
        place, text = self.page.place(self.line, start, end), self.line.text[start:end]
        homes = {id(one.holder): one.holder for one in letters}.values()
        changes = {next(above(holder, CHANGES), None) for holder in homes}
        if len(changes) > 1 or deletion_between(letters[0].holder, letters[-1].holder):
            self.found.faults.append(LexFault("T-TRACKED", place, text))
        elif changes != {None}:
            self.found.faults.append(LexFault("W-TRACKED", place, text))
        if letters[0].holder is not letters[-1].holder and holds_things(letters):
            self.found.faults.append(LexFault("T-INSIDE", place, text))
        if any(is_hidden(holder) for holder in homes):
            self.found.faults.append(LexFault("W-HIDDEN", place, text))
        if any(is_bound(holder) for holder in homes):
            self.found.faults.append(LexFault("W-BOUND", place, text))

    def _strays(self, broken: Sequence[tuple[int, int]]) -> None:
        """Tell braces that were meant as a tag and are none, outside of the tags that were found."""
        rest = list(self.line.text)
        for start, end in [*broken, *((start, end) for start, end, _ in self.cuts)]:
            rest[start:end] = " " * (end - start)
        for at in self.escapes:
            rest[at - 1 : at + 2] = "   "
        for start, end, _ in self.cuts:
            self._odd_brace(start, end, rest)
        for suspect in SUSPECT.finditer("".join(rest)):
            place = self.page.place(self.line, *suspect.span())
            near = None if suspect[1] == "{" and suspect[2] in BLOCK_WORDS else f"{{{{ {suspect[3]} }}}}"
            self.found.suspects.append(LexFault(suspect[2], place, suspect[0], near))
        for stray in STRAY.finditer("".join(rest)):
            words = stray[0].strip()
            start = stray.start() + len(stray[0]) - len(stray[0].lstrip())
            place = self.page.place(self.line, start, start + len(words))
            self.found.faults.append(LexFault("T-STRAY", place, words, near_stray(words)))
            if block := STRAY_BLOCK.search(words):
                guess = _tag("block", "{% " + words[block.start() :].strip("{}% ") + " %}", place)
                self._add(_broken(guess, words), start, start)

    def _odd_brace(self, start: int, end: int, rest: list[str]) -> None:
        """Tell a third brace on one side of a tag, which would be printed; on both sides it is meant."""
        text = "".join(rest)
        before, after = _BRACE_BEFORE.search(text, 0, start), _BRACE_AFTER.match(text, end)
        if bool(before) == bool(after):
            return
        found = before or after
        assert found is not None
        place = self.page.place(self.line, *found.span(1))
        self.found.faults.append(LexFault("T-STRAY", place, found[1]))
        rest[found.start(1) : found.end(1)] = " "

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
    straight = text.translate(QUOTES)
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
    inner = re.sub(r"[\t\n]", " ", text[2:-2]).translate(QUOTES)
    if kind == "block":
        inner = inner.removeprefix("+").removesuffix("+")  # Jinja's sign for "trim nothing"
    before, after = inner.startswith("-"), inner.endswith("-") and len(inner) > 1
    inner = inner[1 if before else 0 : -1 if after else None]
    lifted = _LIFT.match(inner)
    lift: Lift = lifted[1] if lifted else ""  # type: ignore[assignment]
    code = (inner[lifted.end() :] if lifted else inner).strip()
    if kind == "print":
        code = _ESCAPING.sub("", code)
    of_cell = _OF_CELLS.match(code) if kind == "block" else None
    if of_cell is None:
        return Tag(kind, text, code, lift, place, before, after)
    cell: Cell = of_cell[1] or of_cell[2]  # type: ignore[assignment]
    return Tag("comment" if of_cell[1] else "print", text, of_cell[3] or "", "", place, cell=cell)


def _broken(guess: Tag, words: str) -> Tag:
    return Tag("block", words, guess.code, guess.lift, guess.place, is_broken=True)


# --- tags that no reader sees ----------------------------------------------------------------------------


@dataclass
class _Elsewhere:
    """Reads what is no paragraph's text: codes of fields, attributes, text in other kinds of element."""

    found: Lexed
    page: Page

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
            elif "{" in (element.text or "") and element.tag not in LETTERS:
                self._other(element)
            elif element.tag in LETTERS and "{" in (element.text or "") and _is_deleted(element):
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
        _look_through(self.found, text, self.page.part)
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
    return next(above(element, DELETED), None) is not None


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


def _cut(letters: Sequence[Letter], start: int, end: int, by: str) -> None:
    """Take letters out of the tree and put a mark where the first of them stood."""
    first = letters[start] if start < len(letters) else letters[-1]
    for letter in reversed(letters[start:end]):
        _take_out(letter)
    if by:
        at = first.index if start < len(letters) else first.index + 1
        text = first.holder.text or ""
        first.holder.text = f"{text[:at]}{by}{text[at:]}"
        first.holder.set(XML_SPACE, "preserve")


def _take_out(letter: Letter) -> None:
    if letter.index < 0:
        parent = letter.holder.getparent()
        if parent is not None:
            parent.remove(letter.holder)
        return
    text = letter.holder.text or ""
    letter.holder.text = text[: letter.index] + text[letter.index + 1 :]
    letter.holder.set(XML_SPACE, "preserve")  # a space that stood inside may stand at an edge now
