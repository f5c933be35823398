"""The letters of a part in the order of reading, each with the element that holds it, and their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .package import W

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LETTERS = frozenset({f"{W}t", f"{MATH}t"})
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DELETED = frozenset({f"{W}del", f"{W}moveFrom"})


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


@dataclass(slots=True)
class Letter:
    """One letter, the element that holds it, and its place there: -1 if the element is itself the sign."""

    sign: str
    holder: etree._Element
    index: int


def visible_text(paragraph: etree._Element) -> str:
    """Return the text of one paragraph as a reader sees it."""
    return "".join(letter.sign for letter in letters_of(paragraph))


@dataclass(slots=True)
class Line:
    """The letters of a paragraph, and of those that a tag joins to it, each with its place."""

    letters: list[Letter]
    spots: list[tuple[int, int]]
    text: str
    home: etree._Element


class Page:
    """The paragraphs of a part with their numbers and cells, as they stood before any was changed."""

    def __init__(self, root: etree._Element, part: str) -> None:
        self.part = part
        self._root = root
        self.paragraphs = list(root.iter(f"{W}p"))
        self._numbers = {paragraph: number for number, paragraph in enumerate(self.paragraphs, start=1)}
        self._cells = cells_of(root)

    def copies(self) -> set[int]:
        """Return the numbers of the paragraphs that repeat a text box for old versions of Word."""
        return {
            self._numbers[paragraph] for copy in self._root.iter(FALLBACK) for paragraph in copy.iter(f"{W}p")
        }

    def line(self, paragraph: etree._Element) -> Line:
        """Return the letters of a paragraph with their places."""
        letters = list(letters_of(paragraph))
        number = self._numbers[paragraph]
        spots = [(number, index) for index in range(len(letters))]
        return Line(letters, spots, "".join(letter.sign for letter in letters), paragraph)

    def place(self, line: Line, start: int, end: int) -> TagPlace:
        """Return the place of a span of a line."""
        number, first = line.spots[start] if start < len(line.spots) else (self._numbers[line.home], start)
        same = [index for at, index in line.spots[start:end] if at == number]
        stop = same[-1] + 1 if same else first
        return self._at(self.paragraphs[number - 1], number, first, stop)

    def near(self, element: etree._Element) -> TagPlace:
        """Return the place of what no reader sees: where it would stand in the text around it."""
        home = element if element.tag == f"{W}p" else next(element.iterancestors(f"{W}p"), None)
        if home is None or home not in self._numbers:
            return TagPlace(self.part, 0, 0, 0)
        before = letters_before(home, element)
        return self._at(home, self._numbers[home], before, before)

    def _at(self, paragraph: etree._Element, number: int, start: int, end: int) -> TagPlace:
        table, row, cell = self._cells.get(paragraph, (None, None, None))
        return TagPlace(self.part, number, start, end, table, row, cell)


_Cell = tuple[int | None, int | None, int | None]


def cells_of(root: etree._Element) -> dict[etree._Element, _Cell]:
    """Return table, row and cell of each paragraph that stands in a table; the innermost table counts."""
    found: dict[etree._Element, _Cell] = {}
    for number, table in enumerate(root.iter(f"{W}tbl"), start=1):
        for row_number, row in enumerate(table.findall(f"{W}tr"), start=1):
            for cell_number, cell in enumerate(row.findall(f"{W}tc"), start=1):
                for paragraph in cell.iter(f"{W}p"):
                    found[paragraph] = (number, row_number, cell_number)
    return found


def letters_of(paragraph: etree._Element) -> Iterator[Letter]:
    """Go through the letters of a paragraph; a text box inside it has paragraphs of its own."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag in LETTERS:
            for index, sign in enumerate(element.text or ""):
                yield Letter(sign, element, index)
        elif element.tag in _SIGNS and _in_run(element):
            yield Letter(_SIGNS[element.tag], element, -1)
        elif element.tag != f"{W}p" and element.tag not in DELETED and isinstance(element.tag, str):
            stack.extend(reversed(element))


def _in_run(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == f"{W}r"


def letters_before(home: etree._Element, element: etree._Element) -> int:
    """Count the letters of a paragraph that stand before an element in it."""
    order = {one: place for place, one in enumerate(home.iter())}
    place = order.get(element, 0)
    return sum(order[letter.holder] < place for letter in letters_of(home))
