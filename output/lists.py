"""Lists that begin at 1 again.

A list that stands wholly in one turn of a loop begins anew in each turn: more than one numbered paragraph, or
a loop of them, after a line of the same turn that has no number. One numbered paragraph alone is an item of
a list that goes on. Elsewhere the author says so with a comment, alone in its paragraph before the list:
``{# список заново #}`` or ``{# restart list #}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from .draft import Draft, all_text, replace_by
from .levels import word_of
from .package import W, parse
from .tags import mark

AGAIN = re.compile(r"(список заново|restart list)$", re.IGNORECASE)
MEMBER = "word/numbering.xml"
_Styles = Mapping[str, tuple[str, str]]


def lists_of_styles(styles: etree._Element) -> dict[str, tuple[str, str]]:
    """Return list and level that each paragraph style gives its paragraphs, its own or its parent's."""
    known = {one.get(f"{W}styleId") or "": one for one in styles.iter(f"{W}style")}
    found: dict[str, tuple[str, str]] = {}
    for name in known:
        style, passed = known.get(name), 0
        while style is not None and passed < 12:
            listed = _listed(style)
            if listed is not None:
                found[name] = listed
                break
            parent = style.find(f"{W}basedOn")
            style, passed = (
                (known.get(parent.get(f"{W}val") or "") if parent is not None else None),
                passed + 1,
            )
    return found


def _listed(element: etree._Element) -> tuple[str, str] | None:
    number = element.find(f"{W}pPr/{W}numPr/{W}numId")
    level = element.find(f"{W}pPr/{W}numPr/{W}ilvl")
    if number is None:
        return None
    return number.get(f"{W}val") or "0", (level.get(f"{W}val") if level is not None else None) or "0"


def list_of(paragraph: etree._Element, styles: _Styles) -> tuple[str, str] | None:
    """Return the list and the level of a paragraph."""
    found = _listed(paragraph)
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    if found is None and style is not None:
        found = styles.get(style.get(f"{W}val") or "")
    return found if found and found[0] != "0" else None


# --- before rendering ------------------------------------------------------------------------------------


@dataclass
class _Turn:
    """What stands between a `for` and its `endfor`, at the depth of paragraphs."""

    opener: int
    holder: etree._Element
    has_heading: bool = False
    items: dict[str, int] = field(default_factory=dict)
    early: set[str] = field(default_factory=set)
    paragraphs: set[etree._Element] = field(default_factory=set)

    def note(self, paragraph: etree._Element, listed: tuple[str, str] | None, *, inner: bool) -> None:
        """Take a paragraph of the turn into account; one of an inner loop stands for many."""
        self.paragraphs.add(paragraph)
        if listed is None:
            self.has_heading |= not inner and bool(all_text(paragraph).strip())
        elif self.has_heading:
            self.items[listed[0]] = self.items.get(listed[0], 0) + (2 if inner else 1)
        else:
            self.early.add(listed[0])

    def lists(self) -> list[str]:
        """Return the lists that begin and may end within the turn."""
        return [number for number, count in self.items.items() if count > 1 and number not in self.early]


def mark_restarts(draft: Draft, styles: _Styles) -> None:
    """Put an instruction where a turn of a loop begins whose list begins anew."""
    users: dict[str, set[etree._Element]] = {}
    for paragraph in draft.root.iter(f"{W}p"):
        if listed := list_of(paragraph, styles):
            users.setdefault(listed[0], set()).add(paragraph)
    if not users:
        return
    for turn in list(_turns(draft, styles)):
        for number in turn.lists():
            if users[number] <= turn.paragraphs:
                _after_mark(draft, turn, f"<?papka {number}?>")


def _after_mark(draft: Draft, turn: _Turn, code: str) -> None:
    sign = mark(turn.opener)
    put = sign + draft.code(code)
    for one in (turn.holder, *turn.holder):
        for name in ("text", "tail"):
            held = getattr(one, name)
            if held and sign in held and not (one is turn.holder and name == "tail"):
                setattr(one, name, held.replace(sign, put))


def _turns(draft: Draft, styles: _Styles) -> Iterator[_Turn]:
    """Go through the loops that stand between paragraphs, the outer ones last."""
    holders = {
        element: None for _, element, attribute in draft.marks() if not attribute and element.tag != f"{W}t"
    }
    for holder in holders:
        yield from _turns_in(draft, holder, styles)


def _turns_in(draft: Draft, holder: etree._Element, styles: _Styles) -> Iterator[_Turn]:
    stack: list[_Turn] = []
    for item in _items(draft, holder):
        if isinstance(item, int):
            word = word_of(draft.lexed.tags[item])
            if word == "for":
                stack.append(_Turn(item, holder))
            elif word == "endfor" and stack:
                yield stack.pop()
        else:
            for paragraph, inner in _paragraphs(draft, item):
                for depth, turn in enumerate(reversed(stack)):
                    turn.note(paragraph, list_of(paragraph, styles), inner=inner or depth > 0)


def _paragraphs(draft: Draft, element: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Go through the paragraphs of an element, and tell of each whether an inner loop repeats it."""
    if element.tag == f"{W}p":
        yield element, False
        return
    loops = _loops(draft, element.text)
    for child in element:
        for paragraph, inner in _paragraphs(draft, child):
            yield paragraph, inner or loops > 0
        loops += _loops(draft, child.tail)


def _loops(draft: Draft, text: str | None) -> int:
    """Count the loops that a text opens, less those that it closes."""
    return sum({"for": 1, "endfor": -1}.get(word_of(one), 0) for one in draft.tags(text))


def _items(draft: Draft, holder: etree._Element) -> Iterator[int | etree._Element]:
    yield from draft.numbers(holder.text)
    for child in holder:
        yield child
        yield from draft.numbers(child.tail)


# --- after rendering -------------------------------------------------------------------------------------


@dataclass
class Numbering:
    """The lists of a paper: those of its template, and those that begin again."""

    styles: _Styles
    root: etree._Element

    @classmethod
    def of(cls, members: Mapping[str, bytes]) -> Numbering | None:
        """Read the lists of a Word file, if it has any."""
        if MEMBER not in members:
            return None
        styles = members.get("word/styles.xml")
        known = lists_of_styles(parse(styles, "word/styles.xml")) if styles else {}
        return cls(known, parse(members[MEMBER], MEMBER))

    def renumber(self, root: etree._Element) -> None:
        """Follow the instructions in a rendered part."""
        again: dict[str, str] = {}
        seen: set[str] = set()
        following = False
        for one in list(root.iter(f"{W}p", etree.ProcessingInstruction)):
            if not isinstance(one.tag, str):
                told = (one.text or "").strip() if one.target == "papka" else ""
                following = following or told == "next"
                if told.isdecimal() and told in seen:
                    again[told] = self._fresh(told)
                continue
            listed = list_of(one, self.styles)
            if listed is None:
                continue
            if following and listed[0] in seen:
                again[listed[0]] = self._fresh(listed[0])
            following = False
            seen.add(listed[0])
            if listed[0] in again:
                _number(one, again[listed[0]], listed[1])

    def _fresh(self, number: str) -> str:
        """Return the number of a new list that looks like another one and begins at its first number."""
        numbers = self.root.findall(f"{W}num")
        old = next((one for one in numbers if one.get(f"{W}numId") == number), None)
        if old is None:
            return number
        made = deepcopy(old)
        name = str(max(int(one.get(f"{W}numId") or 0) for one in numbers) + 1)
        made.set(f"{W}numId", name)
        abstract = old.find(f"{W}abstractNumId")
        for level, start in self._starts(abstract.get(f"{W}val") if abstract is not None else None).items():
            _override(made, level, start)
        numbers[-1].addnext(made)
        return name

    def _starts(self, abstract: str | None) -> dict[str, str]:
        found = {str(level): "1" for level in range(9)}
        for one in self.root.findall(f"{W}abstractNum"):
            if one.get(f"{W}abstractNumId") == abstract:
                for level in one.findall(f"{W}lvl"):
                    start = level.find(f"{W}start")
                    first = start.get(f"{W}val") if start is not None else None
                    found[level.get(f"{W}ilvl") or "0"] = first or "1"
        return found


def _override(number: etree._Element, level: str, start: str) -> None:
    levels = number.findall(f"{W}lvlOverride")
    one = next((one for one in levels if one.get(f"{W}ilvl") == level), None)
    if one is None:
        one = etree.SubElement(number, f"{W}lvlOverride")
        one.set(f"{W}ilvl", level)
    first = one.find(f"{W}startOverride")
    if first is None:
        first = etree.Element(f"{W}startOverride")
        first.set(f"{W}val", start)
        one.insert(0, first)


def _number(paragraph: etree._Element, number: str, level: str) -> None:
    """Make a paragraph an item of another list."""
    look = paragraph.find(f"{W}pPr")
    if look is None:
        look = etree.Element(f"{W}pPr")
        paragraph.insert(0, look)
    listed = look.find(f"{W}numPr")
    if listed is None:
        listed = etree.Element(f"{W}numPr")
        before = {f"{W}{name}" for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr")}
        look.insert(sum(child.tag in before | {f"{W}widowControl"} for child in look), listed)
    for name, value in (("ilvl", level), ("numId", number)):
        part = listed.find(f"{W}{name}")
        if part is None:
            part = etree.Element(f"{W}{name}")
            listed.insert(0 if name == "ilvl" else len(listed), part)
        part.set(f"{W}val", value)


def forget(root: etree._Element) -> None:
    """Take the instructions out of a rendered part."""
    for one in list(root.iter(etree.ProcessingInstruction)):
        if one.target == "papka":  # type: ignore[attr-defined]
            replace_by(one, "")
