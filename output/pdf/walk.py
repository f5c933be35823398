"""Walking through a PDF in the order in which it is drawn: page by page, row by row, cell by cell.

A row that a page break cuts is drawn in pieces: on the first page the beginning of each of its cells, on the
next one the heading rows again, then what is left of each cell. Nobody can tell from the text alone where one
cell ends and the next begins, so each way to share the end of a page among the cells is tried, until one is
found with which the next page agrees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from .blocks import Block
from .labels import BULLET
from .pages import STRUCK, Hit, Page
from .wanted import BULLETS, HOLDERS, LEADER, WILD, Wanted

_MOST_TRIES = 20000
_SURE = 12
"""A text of so many signs that stands once shows where the walk goes on after something unforeseen."""

_PATTERNS = {sign: re.compile(wild.replace(r"\S", f"[^{STRUCK}]")) for sign, wild in WILD.items()}
_ANY = re.compile(f"[^{STRUCK}]")

_Found = tuple[tuple[Wanted | None, Hit], ...]
"""Pieces of paragraphs; those of a heading row that is drawn again belong to none."""


@dataclass(frozen=True, slots=True)
class _Flow:
    """The paragraphs of one cell, or one paragraph outside tables, and how much of them was found.

    Attributes:
        tied: A merged cell, which reaches over several rows and may go on when its first row is at its end.
        index: The paragraph that is next.
        signs: How many of its signs were found.
        end: The place on the page to which the last piece reached.
        found: The pieces found on that page.
    """

    blocks: tuple[Wanted, ...]
    column: int = 0
    tied: bool = False
    index: int = 0
    signs: int = 0
    end: int = 0
    found: _Found = ()

    @property
    def done(self) -> bool:
        return self.index >= len(self.blocks)

    def pieces(self, number: int, page: Page, place: int) -> Iterator[_Flow]:
        """Go through how far it may reach on a page: from as far as the words agree to nothing at all.

        Nearly always all of it stands there; how else it might be cut is worked out only for who asks on.
        """
        whole = self._whole(number, page, place)
        if whole is not None:
            yield whole
        known = reversed(self._pieces(number, page, place))
        yield from known if whole is None else islice(known, 1, None)

    def _whole(self, number: int, page: Page, place: int) -> _Flow | None:
        """Return all of it, if it stands there sign by sign."""
        if self.signs:
            return None
        found: list[tuple[Wanted | None, Hit]] = []
        for wanted in self.blocks[self.index :]:
            text, start = wanted.drawn, _unstruck(page, place)
            body = _after_label(page, start, wanted)
            if not text:
                place = place if body is None else body
                continue
            if wanted.pattern or wanted.tabbed or body is None or not page.text.startswith(text, body):
                return None
            place = body + len(text)
            if not (page.broken(start) and page.broken(place)):
                return None
            found.append((wanted, Hit(number, start, place)))
        return replace(self, index=len(self.blocks), end=place, found=tuple(found))

    def _pieces(self, number: int, page: Page, place: int) -> list[_Flow]:
        """Return how far it may reach on a page, from nothing at all to as far as the words agree."""
        known = [replace(self, end=place, found=())]
        index, signs, found = self.index, self.signs, _Found()
        while index < len(self.blocks):
            wanted = self.blocks[index]
            start = _unstruck(page, place)
            text = wanted.drawn
            body = start if signs else _after_label(page, start, wanted)
            if text and (body is None or not page.broken(start)):
                break
            whole = not text
            if body is not None and whole:
                place = body
            reached = _reach(page, body, text, signs) if text and body is not None else iter(())
            for signs, place in reached:
                piece = (*found, (wanted, Hit(number, start, place)))
                whole = signs == len(text)
                known.append(
                    replace(self, index=index + whole, signs=0 if whole else signs, end=place, found=piece)
                )
            if not whole:
                break
            index, signs, found = index + 1, 0, known[-1].found if text else found
            known[-1] = replace(known[-1], index=index, signs=0, end=place)
        return [*_ending_lines(page, known[:-1]), known[-1]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is drawn before the next begins: a paragraph, or a row of a table."""

    cells: tuple[_Flow, ...]
    table: int | None
    heads: bool
    merged: int | None


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to lay a unit on the pages: where it ends, what was found, which merged cells are to go on."""

    page: int
    place: int
    found: _Found
    waiting: tuple[_Flow, ...]


class Walk:
    """Finds the paragraphs that stand in the PDF exactly in their order."""

    def __init__(self, pages: Sequence[Page], blocks: Sequence[Wanted]) -> None:
        self.pages = pages
        self.units = _units([wanted for wanted in blocks if not wanted.block.loose])
        self.loose = [wanted for wanted in blocks if wanted.block.loose and wanted.text]
        self._texts = Counter(wanted.text for wanted in blocks)
        self._page = self._place = 0
        self._waiting: tuple[_Flow, ...] = ()
        self._heads: list[_Flow] = []
        self._tries = 0
        self._dead: set[tuple[object, ...]] = set()
        self._closing = False

    def go(self) -> None:
        """Walk from the first page to the last; what is found is struck out."""
        number, table = 0, None
        while number < len(self.units):
            unit = self.units[number]
            if unit.table != table:
                table, self._heads = unit.table, []
            after = self.units[number + 1 : number + 2]
            self._closing = unit.merged is None or not after or after[0].merged != unit.merged
            self._tries = _MOST_TRIES
            self._dead.clear()
            way = next(self._lay(unit.cells, self._waiting, self._page, self._place), None)
            if way is None:
                number = self._go_on_after(number)
                table = None
            else:
                self._take(way)
                self._heads += unit.cells if unit.heads else ()
                number += 1
        self._forget_waiting()

    def _take(self, way: _Way) -> None:
        self._page, self._place, self._waiting = way.page, way.place, way.waiting
        for wanted, hit in way.found:
            if wanted is not None:
                wanted.hits.append(hit)
                wanted.labelled = True
            self.pages[hit.page].strike(hit.start, hit.end)

    def _forget_waiting(self) -> None:
        """Give up merged cells whose end was not found: of a paragraph, all is found or nothing."""
        for cell in self._waiting:
            if cell.signs:
                cell.blocks[cell.index].hits.clear()
        self._waiting = ()

    def _go_on_after(self, number: int) -> int:
        """Go to the next paragraph that stands only once: what is between is left to be looked for."""
        self._forget_waiting()
        for later in range(number, len(self.units)):
            wanted = self.units[later].cells[-1].blocks[-1]
            if wanted.hits or len(wanted.text) < _SURE or self._texts[wanted.text] > 1 or wanted.pattern:
                continue
            places = [(n, page.text.find(wanted.text)) for n, page in enumerate(self.pages)]
            there = [(n, place) for n, place in places if place >= 0]
            if len(there) == 1 and there[0] >= (self._page, self._place):
                self._page, self._place = there[0][0], there[0][1] + len(wanted.text)
                return later + 1
        return len(self.units)

    def _lay(
        self, cells: tuple[_Flow, ...], waiting: tuple[_Flow, ...], number: int, place: int
    ) -> Iterator[_Way]:
        """Give the ways to lay cells from a place on; merged cells that wait go on at the top of a page."""
        key = (number, place, *((cell.column, cell.index, cell.signs) for cell in (*cells, *waiting)))
        if key in self._dead:
            return
        self._dead.add(key)
        for laid in self._share(cells, number, place, set()):
            end = laid[-1].end if laid else place
            found = tuple(piece for cell in laid for piece in cell.found)
            rest = tuple(cell for cell in laid if not cell.done)
            tied = (*waiting, *(cell for cell in rest if cell.tied))
            if all(cell.tied for cell in rest) and not (self._closing and tied):
                yield _Way(number, end, found, tied)
            notes = self._only_notes(number, end)
            if notes is None or number + 1 >= len(self.pages):
                continue
            onward = tuple(sorted((*rest, *waiting), key=lambda cell: cell.column))
            for start, again in self._starts(number + 1):
                for way in self._lay(onward, (), number + 1, start):
                    yield replace(way, found=(*found, *notes, *again, *way.found))

    def _share(
        self,
        cells: tuple[_Flow, ...],
        number: int,
        place: int,
        dead: set[tuple[int, int, bool]],
        whole: bool = True,
    ) -> Iterator[tuple[_Flow, ...]]:
        """Share a page from a place on among cells, the most to the first; used up, it may cut them."""
        if not cells:
            if whole or self._only_notes(number, place) is not None:
                yield ()
            return
        key = (len(cells), place, whole)
        self._tries -= 1
        if key in dead or self._tries < 0:
            return
        fruitful = False
        for piece in cells[0].pieces(number, self.pages[number], place):
            fits = whole and (piece.done or piece.tied)
            for rest in self._share(cells[1:], number, piece.end, dead, fits):
                fruitful = True
                yield (piece, *rest)
        if not fruitful:
            dead.add(key)

    def _starts(self, number: int) -> Iterator[tuple[int, _Found]]:
        """Give the places from which a page may go on: after the heading rows drawn again, or at its top."""
        place, again = 0, _Found()
        for cell in self._heads:
            last = next(cell.pieces(number, self.pages[number], place))
            if not last.done:
                break
            place, again = last.end, (*again, *((None, hit) for _, hit in last.found))
        else:
            if place:
                yield place, again
        yield 0, ()

    def _only_notes(self, number: int, place: int) -> _Found | None:
        """Return the notes that stand on a page after a place; None if anything else stands there."""
        page, found = self.pages[number], _Found()
        while (place := _unstruck(page, place)) < len(page.text):
            for wanted in self.loose:
                if wanted.hits or any(wanted is known for known, _ in found):
                    continue
                last = next(_Flow((wanted,)).pieces(number, page, place))
                if last.done and last.found:
                    found, place = (*found, *last.found), last.end
                    break
            else:
                return None
        return found


def _units(blocks: Sequence[Wanted]) -> list[_Unit]:
    """Group paragraphs by the row they stand in, and those of a row by cell."""
    units: list[_Unit] = []
    for (row, _), group in groupby(blocks, lambda wanted: (wanted.block.row, wanted.block.row or id(wanted))):
        inside = list(group)
        first = inside[0].block
        cells = [_cell(tuple(cell)) for _, cell in groupby(inside, lambda wanted: wanted.block.column)]
        if row is not None or inside[0].text or first.label:
            units.append(_Unit(tuple(cells), first.table, row is not None and first.heads, first.merged))
    return units


def _cell(blocks: tuple[Wanted, ...]) -> _Flow:
    first: Block = blocks[0].block
    return _Flow(blocks, first.column, first.tied)


def _ending_lines(page: Page, pieces: Sequence[_Flow]) -> Iterator[_Flow]:
    """Leave out the pieces of several lines that do not end with one: no cell is cut within a line."""
    several = False
    for piece in pieces:
        ends = page.line_ends(piece.end)
        if ends or not several:
            yield piece
        several = several or (ends and piece.end > pieces[0].end)


def _unstruck(page: Page, place: int) -> int:
    while page.text.startswith(STRUCK, place):
        place += 1
    return place


def _after_label(page: Page, place: int, wanted: Wanted) -> int | None:
    """Return the place after a paragraph's label; None if the label is not there."""
    if wanted.block.label == BULLET:
        sign = page.text[place : place + 1]
        if sign and (sign in BULLETS or "\ue000" <= sign <= "\uf8ff"):
            return place + 1
        return place if page.hyphens_in(place, place) else None
    return place + len(wanted.label) if page.text.startswith(wanted.label, place) else None


def _reach(page: Page, place: int, text: str, signs: int) -> Iterator[tuple[int, int]]:
    """Give each end of a word to which a text reaches: how many of its signs, and the place on the page."""
    while signs < len(text):
        if HOLDERS.match(text, signs):
            sign, signs = text[signs], signs + 1
            ahead = HOLDERS.split(text[signs : signs + 4])[0]
            if sign != LEADER or not ahead or not page.text.startswith(ahead, place):
                match = _PATTERNS.get(sign, _ANY).match(page.text, place)
                if match is None:
                    return
                place = match.end()
            if page.broken(place):
                yield signs, place
            continue
        holder = HOLDERS.search(text, signs)
        literal = text[signs : holder.start() if holder else len(text)]
        shared = common(page.text, place, literal)
        last = place + shared
        ends = page.breaks[bisect_right(page.breaks, place) : bisect_right(page.breaks, last)]
        for end in ends:
            yield signs + end - place, end
        if shared and (not ends or ends[-1] != last) and page.text.startswith(STRUCK, last):
            yield signs + shared, last
        if shared < len(literal):
            return
        signs, place = signs + shared, place + shared


def common(text: str, start: int, other: str) -> int:
    """Count the signs that a text, from a place on, has in common with the beginning of another."""
    low, high = 0, len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(other[:middle], start):
            low = middle
        else:
            high = middle - 1
    return low
