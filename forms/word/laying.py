"""What stands on a paper form: all that the form may ask, and room for what is not there yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from ...core.paths import Loc
from ..fields import Kind
from ..plain import follow, items_at
from ..sheet import Sheet
from ..shown import Asked, Shown

SPARE = 3
_LONG = 10
"""An event with so many questions fills a page: one empty block is enough."""

_ROWS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading, or under none."""

    title: str | None
    note: str | None
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The questions about the case, or about one item of a list.

    Attributes:
        number: Its place in the list; None if the section goes through no list.
        spare: Whether it is room for an item that is not there yet.
    """

    number: int | None
    spare: bool
    groups: tuple[Group, ...]

    def questions(self) -> Iterator[Asked]:
        """Go through the questions."""
        for group in self.groups:
            yield from group.questions


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper form; parts of the form that go through one list stand together.

    Attributes:
        part: Which part of the form it is, for adding items.
        base: The list that it goes through.
        one: How an item is called.
    """

    part: int
    title: str
    note: str | None
    base: Loc | None
    one: str | None
    blocks: tuple[Block, ...]


def sections_of(sheet: Sheet, spare: Mapping[Loc, int] | int | None = None) -> list[Section]:
    """Lay out a form.

    Args:
        spare: How many empty blocks each list gets, or each of them; without it, as many as seem right.
    """
    wide = replace(sheet, data=deepcopy(sheet.data), unknown=set(sheet.unknown))
    held = _with_room(sheet, wide, spare)
    strangers = _added_codes(sheet, wide, held)
    now = {(part.index, item.number) for part in sheet.parts() for item in part.items}
    sections: list[Section] = []
    for part in wide.parts(every=True):
        base = _base(sheet, part.index)
        blocks = tuple(_blocks(sheet, part, held.get(base or ()), strangers, now))
        same = next((n for n, one in enumerate(sections) if base and one.base == base), None)
        if same is None:
            sections.append(Section(part.index, part.title, part.note, base, part.adds, blocks))
        else:
            sections[same] = _joined(sections[same], part, blocks)
    return [_each_once(one) for one in sections]


def rows_of(asked: Asked) -> int:
    """Return how many rows a table gets on paper."""
    filled = len(asked.value) if isinstance(asked.value, tuple) else 0
    if not asked.rows:
        return filled + (_ROWS if not filled else 1)
    given = {code for code, _ in asked.rows}
    name = str(asked.columns[0].place[-1])
    more = [one for one in asked.value or () if isinstance(one, dict) and one.get(name) not in given]
    return len(given) + len(more)


def _with_room(sheet: Sheet, wide: Sheet, spare: Mapping[Loc, int] | int | None) -> dict[Loc, int]:
    """Add empty items to each list, and return how many it held before."""
    held: dict[Loc, int] = {}
    for index in range(len(sheet.form.parts)):
        base = _base(sheet, index)
        if base is None or base in held:
            continue
        held[base] = len(items_at(sheet.data, base))
        count = spare if isinstance(spare, int) else _spare(sheet, index, held[base])
        if isinstance(spare, Mapping):
            count = spare.get(base, 0)
        for _ in range(count):
            wide.add(index)
    return held


def _spare(sheet: Sheet, index: int, held: int) -> int:
    part = sheet.form.parts[index]
    is_long = len(part.ask) > _LONG or any(one.rows for one in part.ask)
    return 1 if held or (part.code is None and is_long) else SPARE


def _base(sheet: Sheet, index: int) -> Loc | None:
    each = sheet.form.parts[index].each
    return tuple(each.split(".")) if each else None


def _added_codes(sheet: Sheet, wide: Sheet, held: Mapping[Loc, int]) -> frozenset[str]:
    """Return the codes of the empty items: nobody can choose who is not there yet."""
    return frozenset(
        str(one["id"])
        for base, count in held.items()
        for one in items_at(wide.data, base)[count:]
        if isinstance(one, dict) and "id" in one
    )


def _blocks(
    sheet: Sheet, part: Shown, held: int | None, strangers: frozenset[str], now: set[tuple[int, int | None]]
) -> Iterator[Block]:
    asked_now = any(index == part.index for index, _ in now)
    picks = sheet.form.parts[part.index].among is not None
    for item in part.items:
        spare = held is not None and item.number is not None and item.number >= held
        if picks and not spare and asked_now and (part.index, item.number) not in now:
            continue
        questions = tuple(_on_paper(sheet, one, strangers, spare=spare) for one in item.questions)
        yield Block(item.number, spare, (Group(None, None, questions),))


def _on_paper(sheet: Sheet, asked: Asked, strangers: frozenset[str], *, spare: bool) -> Asked:
    value = asked.value
    # The day of printing is not the day on which somebody fills the paper in; and a form that comes back
    # untouched says nothing new of whom the case knew before.
    if follow(sheet.data, asked.place) is None and (asked.kind == "date" or not spare):
        value = None
    choices = tuple(one for one in asked.choices if one[0] not in strangers)
    columns = tuple(
        _on_paper(sheet, replace(one, value=None), strangers, spare=spare) for one in asked.columns
    )
    return replace(asked, value=value, choices=choices, columns=columns)


def _joined(section: Section, part: Shown, blocks: tuple[Block, ...]) -> Section:
    more = {one.number: one for one in blocks}
    joined = []
    for one in section.blocks:
        if one.number in more:
            group = Group(part.title, part.note, tuple(more[one.number].questions()))
            one = replace(one, groups=(*one.groups, group))
        joined.append(one)
    return replace(section, blocks=tuple(joined))


def _each_once(section: Section) -> Section:
    """Keep each field once: what a screen asks in several ways is one field on paper, with all examples."""
    blocks = []
    for block in section.blocks:
        ways: dict[Loc, list[Asked]] = {}
        for one in block.questions():
            ways.setdefault(one.place, []).append(one)
        groups = []
        for group in block.groups:
            own = dict.fromkeys(one.place for one in group.questions if one.place in ways)
            fresh = tuple(_in_one(ways.pop(place)) for place in own)
            if fresh:
                groups.append(replace(group, questions=fresh))
        blocks.append(replace(block, groups=tuple(groups)))
    return replace(section, blocks=tuple(blocks))


def _in_one(ways: list[Asked]) -> Asked:
    first = ways[0]
    if len(ways) == 1:
        return first
    examples = " · ".join(dict.fromkeys(one.example for one in ways if one.example))
    return replace(first, example=examples, filled_in=None)


WIDE: frozenset[Kind] = frozenset({"text", "lines"})
"""Kinds that need the whole width of a page."""
