"""A form as a Word file that looks like a paper form: ruled tables, labels, hints, room to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from xml.sax.saxutils import escape

from ...core.programmes.questions import Form
from ...output.package import Package, parse
from ..fields import Kind
from ..plain import Value
from ..sheet import Sheet
from ..shown import Asked
from .controls import Controls, Surface, by_name
from .laying import WIDE, Block, Group, Section, rows_of, sections_of
from .parts import FOOTER, XML, members
from .passport import Passport, passport_of
from .reading import own_words
from .values import Say, labels, others, shown, ticked

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w14 w15"'
)
WIDTH = 9638
"""Between the margins of ГОСТ Р 7.0.97-2016, 30 and 10 mm, in twentieths of a point."""

_LABEL = 3300
_INSIDE = 170
_LINE = 290
"""The height of a line of text."""

_SIGN = 118
"""The width of a letter, and a little more: a line of words is never full."""

_HIGH: dict[Kind, int] = {"text": 2, "lines": 3}
STAR = "\u00a0*"
_SMALL = "FieldSmall"
_FEW = 7
"""On paper so many choices are shown beside each other; more would take a page."""


def to_word(sheet: Sheet, digest: str | None = None, spare: int | None = None) -> bytes:
    """Make a form as a Word file to be filled in.

    Args:
        digest: SHA-256 of the case file; None for a form that belongs to no case yet.
        spare: How many empty blocks each list gets; without it, as many as seem right.
    """
    sections = sections_of(sheet, spare)
    return written(sheet, sections, digest, Controls(sheet.language.pack.proofing))


def written(sheet: Sheet, sections: list[Section], digest: str | None, surface: Surface) -> bytes:
    """Draw a form that is laid out."""
    lists = tuple(dict.fromkeys(one.one for one in sections if one.one))
    pack = sheet.language.pack
    body = _document(sheet.form, sections, lists, surface, pack.on_paper)
    passport = stamped(sheet, sections, digest, body)
    parts = members(passport, sheet.form.title, lists, pack)
    return Package({**parts, "word/document.xml": body}).write({})


def stamped(sheet: Sheet, sections: list[Section], digest: str | None, body: bytes) -> Passport:
    """Make the passport of a form that is drawn."""
    questions = [one for section in sections for block in section.blocks for one in block.questions()]
    return passport_of(sheet, digest, questions, own_words(parse(body, "word/document.xml")))


def _document(
    form: Form, sections: list[Section], lists: tuple[str, ...], surface: Surface, on_paper: Say
) -> bytes:
    draw = _Drawing(surface, lists, on_paper)
    text = "".join(draw.whole(form, sections))
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{FOOTER}"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="567" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" '
        'w:gutter="0"/></w:sectPr>'
    )
    return f"{XML}<w:document {_NAMESPACES}><w:body>{text}{page}</w:body></w:document>".encode()


def paragraph(content: str, style: str, more: str = "") -> str:
    """Write a paragraph of runs."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{content}</w:p>'


def words(text: str, style: str) -> str:
    """Write a paragraph of words."""
    return paragraph(_run(text), style)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


class _Drawing:
    def __init__(self, surface: Surface, lists: tuple[str, ...], on_paper: Say) -> None:
        self.surface = surface
        self.lists = lists
        self.on_paper = on_paper

    def whole(self, form: Form, sections: Iterable[Section]) -> Iterator[str]:
        yield words(form.title, "FormTitle")
        told = [self.on_paper("Fields marked * must be completed.")]
        if self.surface.writes:
            told.append(self.on_paper("Mark your choice with a cross; write dates like this: 05.03.2024."))
        yield words(" ".join(told), "FormNote")
        for section in sections:
            yield words(section.title, "Part")
            if section.note:
                yield words(section.note, "PartNote")
            if section.base is None:
                yield from (self.block(one) for one in section.blocks)
                continue
            items = (self.title(section) + self.block(one) for one in section.blocks)
            yield self.surface.repeated(f"list:{'.'.join(map(str, section.base))}", section.one or "", items)
        closing = self.on_paper("Completed by: ______________________  Date: ____ ______________ 20___")
        yield words(closing, "Closing")

    def title(self, section: Section) -> str:
        """Word counts the items itself, so that one that is added gets the next number."""
        number = self.lists.index(section.one or "") + 1
        return paragraph(
            "", "ItemTitle", f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        )

    def block(self, block: Block) -> str:
        return "".join(piece for group in block.groups for piece in self.group(group))

    def group(self, group: Group) -> Iterator[str]:
        if group.title:
            yield words("", "Gap")
        first = f"{group.title}. {group.note}" if group.title and group.note else group.title
        for is_table, run in groupby(group.questions, key=lambda one: one.kind == "table"):
            if is_table:
                for one in run:
                    yield from self.records(one)
                continue
            rows = [self.heading(first)] if first else []
            first = None
            rows += [self.row(one) for one in run]
            yield _table([_LABEL, WIDTH - _LABEL], rows) + words("", "Gap")

    def heading(self, text: str) -> str:
        return _row([_cell(words(text, "GroupTitle"), WIDTH, span=2)])

    # --- fields --------------------------------------------------------------------------------------------

    def row(self, asked: Asked) -> str:
        label = _label(asked)
        if asked.kind in WIDE:
            height = _height(asked, asked.value, WIDTH - _INSIDE)
            field = self.scalar(asked, asked.value, (WIDTH - _INSIDE, height), "Field")
            return _row([_cell(label + field, WIDTH, span=2)], height + _above(asked))
        width = WIDTH - _LABEL - _INSIDE
        room = (width, max(_LINE + 40, _height(asked, asked.value, width)))
        field = self.choices(asked, asked.value, room, "Field") if self.spread(asked) else ""
        field = field or self.scalar(asked, asked.value, room, "Field")
        return _row([_cell(label, _LABEL), _cell(field, WIDTH - _LABEL)], room[1] + 40)

    def spread(self, asked: Asked) -> bool:
        """Tell whether all choices are shown as boxes; by hand one of a few is chosen so, too."""
        few = asked.kind == "choice" and len(asked.choices) <= _FEW and not by_name(asked)
        return asked.kind == "choices" or (self.surface.writes and (few or asked.kind == "yes_no"))

    def scalar(self, asked: Asked, value: Value | None, size: tuple[int, int], style: str) -> str:
        drawn = self.surface.field(asked, shown(asked, value), size, small=style == _SMALL)
        return paragraph(drawn, style)

    def choices(self, asked: Asked, value: Value | None, size: tuple[int, int], style: str) -> str:
        named = labels(asked)
        if asked.kind == "yes_no" and not asked.choices:
            named = {one: one for _, one in asked.yes_and_no}
        checked = ticked(asked, value) or {shown(asked, value)}
        boxes = [
            self.surface.box(asked, code, checked=code in checked) + _run(f"\u00a0{label}")
            for code, label in named.items()
        ]
        if asked.kind == "yes_no":
            return paragraph(_run("      ").join(boxes), style)
        drawn = "".join(paragraph(one, style) for one in boxes)
        more = others(asked, value) if asked.kind == "choices" else ""
        if asked.kind == "choices" and (more or by_name(asked)):
            drawn += paragraph(self.surface.others(asked, more, size), style)
        return drawn

    # --- tables --------------------------------------------------------------------------------------------

    def records(self, asked: Asked) -> Iterator[str]:
        yield words(f"{asked.label}{STAR if asked.needed else ''}", "TableTitle")
        if asked.hint:
            yield words(asked.hint, "PartNote")
        widths = _widths(asked)
        heads = [one.label for one in asked.columns]
        if asked.rows:
            heads[0] = self.on_paper("Item")
        head = _row(
            [_cell(words(one, "Head"), width) for one, width in zip(heads, widths, strict=True)], 0, head=True
        )
        rows = [self.record(asked, n, widths) for n in range(rows_of(asked))]
        if asked.rows:
            yield _table(widths, [head, *rows])
        else:
            yield _table(widths, [head, self.surface.repeated(f"rows:{asked.path}", asked.label, rows)])
        yield words("", "Gap")

    def record(self, asked: Asked, number: int, widths: list[int]) -> str:
        given, filled = record_at(asked, number)
        texts = [filled.get(str(one.place[-1])) for one in asked.columns]
        heights = [
            max(2 * _LINE, _height(cell_of(asked, number, one), text, width - _INSIDE))
            for one, text, width in zip(asked.columns, texts, widths, strict=True)
        ]
        cells = []
        for at, (column, width) in enumerate(zip(asked.columns, widths, strict=True)):
            cell = cell_of(asked, number, column)
            if at == 0 and given is not None:
                cells.append(_cell(words(given[1], _SMALL), width))
                continue
            value = filled.get(str(column.place[-1]))
            spread = self.surface.writes and column.kind == "yes_no"
            size = (width - _INSIDE, heights[at])
            drawn = self.choices(cell, value, size, _SMALL) if spread else ""
            cells.append(_cell(drawn or self.scalar(cell, value, size, _SMALL), width))
        return _row(cells, max(heights))


def record_at(asked: Asked, number: int) -> tuple[tuple[str, str] | None, dict[str, str]]:
    """Return the given code and label of a table's row on paper, if it has one, and what stands in it."""
    filled = [one for one in asked.value or () if isinstance(one, dict)]
    if not asked.rows:
        return None, filled[number] if number < len(filled) else {}
    name = str(asked.columns[0].place[-1])
    if number < len(asked.rows):
        given = asked.rows[number]
        return given, next((one for one in filled if one.get(name) == given[0]), {})
    codes = {code for code, _ in asked.rows}
    more = [one for one in filled if one.get(name) not in codes]
    at = number - len(asked.rows)
    return None, more[at] if at < len(more) else {}


def cell_of(asked: Asked, number: int, column: Asked) -> Asked:
    """Return a cell of a table as a question of its own; its own label is that of its column."""
    kind: Kind = "line" if column.kind == "choices" else column.kind
    return replace(column, place=(*asked.place, number, column.place[-1]), kind=kind)


def _label(asked: Asked) -> str:
    said = words(f"{asked.label}{STAR if asked.needed else ''}", "Label")
    return said + (words(hint, "Hint") if (hint := _hint(asked)) else "")


def _hint(asked: Asked) -> str:
    """Return what stands small under a label: when the field is filled in, and how."""
    example = None
    if asked.example and asked.kind == "line":
        example = asked.on_paper("For example: {example}").format(example=asked.example)
    return ". ".join(one.rstrip(".") for one in (asked.filled_in, asked.hint or example) if one)


def _height(asked: Asked, value: Value | None, width: int) -> int:
    """Return how high a field is: a line more than what stands in it, where more may come."""
    lines = sum(1 + len(one) * _SIGN // width for one in shown(asked, value).split("\n"))
    least = _HIGH.get(asked.kind, 1)
    return max(least, lines + (least > 1)) * _LINE


def _above(asked: Asked) -> int:
    """Return how high the label and the hint above a field are."""
    hint = len(_hint(asked)) if asked.kind in WIDE else 0
    return _LINE + (-(-hint * 90 // WIDTH)) * 230


_SHARE: dict[Kind, int] = {
    "date": 5,
    "time": 4,
    "number": 4,
    "money": 5,
    "yes_no": 4,
    "text": 10,
    "lines": 10,
}


def _widths(asked: Asked) -> list[int]:
    shares = [_SHARE.get(one.kind, 7) for one in asked.columns]
    if asked.rows:
        shares[0] = 10
    found = [WIDTH * one // sum(shares) for one in shares]
    found[-1] += WIDTH - sum(found)
    return found


def _table(widths: list[int], rows: list[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: list[str], height: int = 0, *, head: bool = False) -> str:
    least = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{least}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(content: str, width: int, span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}</w:tcPr>{content}</w:tc>'
