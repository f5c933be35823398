"""The lexer between Word and Jinja: finds tags in the runs of a part, whatever Word has cut them into.

Word keeps the text of one sentence in many runs. The lexer reads the letters of each paragraph in order,
remembers for every letter the element that holds it, and so knows the place of every tag to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from .package import W

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Kind = Literal["print", "block", "comment"]
Lift = Literal["", "p", "tr", "tc", "r"]

_OPENERS = {"{{": ("print", "}}"), "{%": ("block", "%}"), "{#": ("comment", "#}")}
_LIFT = re.compile(r"(tr|tc|p|r)(?=\s|$)")
# Word turns straight quotes into these while one types; docxtpl mends the same four.
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class TagPlace:
    """Where a tag stands: paragraph counted from 1 within its part, characters within its visible text."""

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
    """

    kind: Kind
    text: str
    code: str
    lift: Lift
    place: TagPlace
    trims_before: bool = False
    trims_after: bool = False


@dataclass(frozen=True, slots=True)
class LexFault:
    """Something that looks like a tag and is none."""

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
    """What the lexer found in a part. Tags have been cut out of the tree; marks stand in their places."""

    root: etree._Element
    tags: list[Tag] = field(default_factory=list)
    holders: list[etree._Element] = field(default_factory=list)
    faults: list[LexFault] = field(default_factory=list)


OPEN_MARK, CLOSE_MARK = "\ue000", "\ue001"
"""Private-use signs that stand around a tag's number while the part is XML."""


def mark(number: int) -> str:
    """Return what stands in the tree in place of a tag."""
    return f"{OPEN_MARK}{number}{CLOSE_MARK}"


def lex(root: etree._Element, part: str) -> Lexed:
    """Cut the tags out of a part's tree and put numbered marks in their places."""
    found = Lexed(root)
    numbers = _tables(root)
    for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
        letters = list(_letters(paragraph))
        text = "".join(letter.sign for letter in letters)
        if "{" in text or "}" in text:
            _paragraph(found, part, number, letters, text, numbers.get(paragraph, (None, None, None)))
    return found


def visible_text(paragraph: etree._Element) -> str:
    """Return the text of one paragraph as a reader sees it."""
    return "".join(letter.sign for letter in _letters(paragraph))


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
        if element.tag == f"{W}t":
            for index, sign in enumerate(element.text or ""):
                yield _Letter(sign, element, index)
        elif element.tag in _SIGNS and element.getparent() is not None and _in_run(element):
            yield _Letter(_SIGNS[element.tag], element, -1)
        elif element.tag != f"{W}p" and isinstance(element.tag, str):
            stack.extend(reversed(element))


def _in_run(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{W}r"


def _paragraph(found: Lexed, part: str, number: int, letters: list[_Letter], text: str, cell: _Cell) -> None:
    cuts: list[tuple[int, int, int]] = []
    position = 0
    while True:
        start = _next_opener(text, position)
        if start is None:
            break
        kind, closer = _OPENERS[text[start : start + 2]]
        end = _end(text, start + 2, closer)
        if end is None:
            place = TagPlace(part, number, start, len(text), *cell)
            found.faults.append(LexFault("T-UNCLOSED", place, text[start : start + 60]))
            position = start + 2
            continue
        place = TagPlace(part, number, start, end, *cell)
        found.tags.append(_tag(kind, text[start:end], place))  # type: ignore[arg-type]
        found.holders.append(letters[start].holder)
        cuts.append((start, end, len(found.tags) - 1))
        position = end
    _strays(found, part, number, text, cuts, cell)
    for start, end, index in reversed(cuts):
        _cut(letters[start:end], mark(index))


def _next_opener(text: str, position: int) -> int | None:
    found = [at for at in (text.find(opener, position) for opener in _OPENERS) if at >= 0]
    return min(found) if found else None


def _end(text: str, position: int, closer: str) -> int | None:
    """Return where a tag ends; a closer inside a quoted word does not end it."""
    quote = ""
    straight = text.translate(_QUOTES)
    for index in range(position, len(text) - 1):
        sign = straight[index]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"" and closer != "#}":
            quote = sign
        elif text.startswith(closer, index):
            return index + 2
    plain = text.find(closer, position)
    return plain + 2 if plain >= 0 else None


def _tag(kind: Kind, text: str, place: TagPlace) -> Tag:
    inner = re.sub(r"[\t\n]", " ", text[2:-2]).translate(_QUOTES)
    before, after = inner.startswith("-"), inner.endswith("-") and len(inner) > 1
    inner = inner[1 if before else 0 : -1 if after else None]
    lifted = _LIFT.match(inner)
    lift: Lift = lifted[1] if lifted else ""  # type: ignore[assignment]
    code = inner[lifted.end() :] if lifted else inner
    return Tag(kind, text, code.strip(), lift, place, before, after)


_STRAY = re.compile(r"\}\}|%\}|#\}|\{\s?[\w.|]+\s?\}|\{\s+\{|\{\s+%|%\s+\}|\}\s+\}")


def _strays(
    found: Lexed, part: str, number: int, text: str, cuts: list[tuple[int, int, int]], cell: _Cell
) -> None:
    """Tell braces that were meant as a tag and are none, outside of the tags that were found."""
    rest = list(text)
    for start, end, _ in cuts:
        rest[start:end] = " " * (end - start)
    known = {fault.place.start for fault in found.faults if fault.place.paragraph == number}
    for stray in _STRAY.finditer("".join(rest)):
        if not any(start <= stray.start() for start in known):
            place = TagPlace(part, number, stray.start(), stray.end(), *cell)
            found.faults.append(LexFault("T-STRAY", place, stray[0]))


def _cut(letters: list[_Letter], by: str) -> None:
    """Take the letters of a tag out of the tree and put its mark where it began."""
    for letter in reversed(letters[1:]):
        _take_out(letter)
    first = letters[0]
    text = first.holder.text or ""
    first.holder.text = f"{text[: first.index]}{by}{text[first.index + 1 :]}"
    first.holder.set(XML_SPACE, "preserve")


def _take_out(letter: _Letter) -> None:
    if letter.index < 0:
        parent = letter.holder.getparent()
        if parent is not None:
            parent.remove(letter.holder)
        return
    text = letter.holder.text or ""
    letter.holder.text = text[: letter.index] + text[letter.index + 1 :]
