"""Where each tag stands in the document: no block may open in one row, cell or link and close in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from .balance import WANTED, Balance, Step
from .draft import Draft
from .package import W
from .tags import Tag

HOMES = {"p": f"{W}p", "tr": f"{W}tr", "tc": f"{W}tc", "r": f"{W}r"}
LOOSE = frozenset(f"{W}{name}" for name in ("p", "r", "t", "ins", "moveTo", "smartTag", "bdo", "dir"))
"""A block may open in one such element and close in another: what is cut out between them is whole."""

_Path = tuple[object, ...]


def word_of(tag: Tag) -> str:
    """Return the word that a block begins with."""
    return tag.code.split(None, 1)[0] if tag.kind == "block" and tag.code else ""


def home_of(holder: etree._Element, lift: str) -> etree._Element | None:
    """Return the element that a tag wants to take the place of."""
    element: etree._Element | None = holder
    while element is not None and element.tag != HOMES[lift]:
        element = element.getparent()
    return element if element is not None and element.getparent() is not None else None


def levels_of(draft: Draft) -> dict[int, tuple[int, int]]:
    """Return, for each tag, numbers that stand for its level of the document and for the fields around it."""
    fields = _fields(draft.root)
    levels: dict[_Path, int] = {}
    insides: dict[_Path, int] = {(): 0}
    found: dict[int, tuple[int, int]] = {}
    loops = 0
    for number, element, attribute in draft.marks():
        tag = draft.lexed.tags[number]
        inside, path = _path(draft, number, element, attribute, fields)
        found[number] = levels.setdefault(path, len(levels)), insides.setdefault(inside, len(insides))
        loops += {"for": 1, "endfor": -1}.get(word_of(tag), 0)
        if tag.cell in ("vm", "hm") and loops <= 0 and _is_in_cell(element):
            draft.tell("T-LOOP", tag)
    return found


def is_even(draft: Draft, levels: Mapping[int, tuple[int, int]]) -> bool:
    """Tell whether all blocks of a part open and close as they should."""
    return not Balance.of(list(_steps(draft, levels))).faults


def _steps(draft: Draft, levels: Mapping[int, tuple[int, int]]) -> Iterator[Step]:
    for number, (level, inside) in levels.items():
        word = word_of(draft.lexed.tags[number])
        if word in WANTED or word in ("if", "for"):
            yield Step(number, word, level, inside)


def _is_in_cell(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{W}tc"), None) is not None


def _path(
    draft: Draft,
    number: int,
    element: etree._Element,
    attribute: str,
    fields: Mapping[etree._Element, _Path],
) -> tuple[_Path, _Path]:
    """Return the fields around a mark, and the elements that its block may not leave."""
    tag = draft.lexed.tags[number]
    if attribute:
        return (), (attribute, element)
    if tag.kind == "block" and tag.lift and element.tag == f"{W}t":
        # It could not be lifted, which is told; its block is the one that it was meant for.
        home = home_of(draft.lexed.holders[number], tag.lift)
        if home is None:
            return (), ("nowhere", tag.lift)
        parent = home.getparent()
        element = parent if parent is not None else element
    around = [element, *element.iterancestors()]
    inside = next((fields[one] for one in around if one in fields), ())
    return inside, tuple(str(one.tag) if one.tag in LOOSE else one for one in around)


def _fields(root: etree._Element) -> dict[etree._Element, _Path]:
    """Return, for each run that stands in a field, the beginnings of all fields around it."""
    found: dict[etree._Element, _Path] = {}
    stack: list[etree._Element] = []
    for element in root.iter(f"{W}r", f"{W}fldChar"):
        if element.tag == f"{W}r":
            found[element] = tuple(stack)
        elif element.get(f"{W}fldCharType") == "begin":
            stack.append(element)
        elif element.get(f"{W}fldCharType") == "end" and stack:
            stack.pop()
    return {run: fields for run, fields in found.items() if fields}
