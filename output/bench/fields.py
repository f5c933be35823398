"""`papka template fields`: the vocabulary of a programme, as a person who writes templates reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from ...core.contract.case import Case
from ...core.errors import AskedWrongly
from ...core.expressions import LOOP_NAMES, Language
from ...core.filters import Filter, LanguagePack
from ...core.i18n import tr
from ...core.programmes.region import Method
from ...core.rules.views import vocabulary_of
from ...core.typecheck import fits
from ...core.vocabulary import RUSSIAN, Field, Type, record_type
from .desk import Desk, local_names
from .screen import wide_console

_WAYS = 3
_ITEM_OF = {
    "дети": "ребёнок", "члены": "член", "взрослые": "взрослый", "специалисты": "специалист",
    "children": "child", "members": "member", "adults": "adult", "specialists": "specialist",
}  # fmt: skip
"""What one item of a list is called in the loop that is shown; of any other list, a row or an item."""
_CHOICES = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One name of the vocabulary.

    Attributes:
        tag: The name as the templates of the programme write it: by the language of its papers.
    """

    tag: str
    russian: str
    name: str
    label: str
    type: str
    example: str
    filters: tuple[str, ...]
    optional: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("russian", "name", "label", "type", "example", "filters", "optional")
        return {name: getattr(self, name) for name in names}


@dataclass
class Group:
    """The names of one record, with the ways on which a template reaches it.

    Attributes:
        title: What a person calls it: the label of the field that leads to it first.
        record: How the contract calls it.
    """

    title: str
    record: str
    reach: list[str]
    rows: list[Row] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        rows = [row.as_json() for row in self.rows]
        return {"record": self.record, "title": self.title, "reach": self.reach, "fields": rows}


@dataclass(frozen=True)
class Book:
    """All that a template of a programme, or of one document, may name."""

    method: Method
    document: str | None
    groups: list[Group]
    filters: list[Filter]
    russian: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "programme": self.method.programme.id,
            "document": self.document,
            "records": [group.as_json() for group in self.groups],
            "loop": list(LOOP_NAMES),
            "filters": [
                {
                    "russian": one.russian,
                    "name": one.name,
                    "summary": one.summary,
                    "example": one.example,
                    "takes": list(one.takes),
                    "gives": one.gives,
                    "meets_missing": one.meets_missing,
                }
                for one in self.filters
            ],
        }


# --- gathering -------------------------------------------------------------------------------------------


def book_of(method: Method, language: Language, document: str | None = None) -> Book:
    """Gather the vocabulary of a programme; a document's own names stand first."""
    vocabulary = vocabulary_of(method.programme)
    filters = list({id(one): one for one in language.filters.values()}.values())
    roots: list[Field] = []
    if document is not None:
        roots += _own(local_names(method.papers[document], vocabulary, language))
    roots += vocabulary.roots.values()
    gatherer = _Gatherer(filters, language.pack)
    gatherer.walk(roots)
    first = Group(tr("Where a tag begins"), "", [], [gatherer.row(one, Case) for one in roots])
    return Book(method, document, [first, *gatherer.groups], filters, gatherer.russian)


def _own(local: Mapping[str, Type]) -> Iterator[Field]:
    """Return the name of what a document is made for; the English one comes first."""
    if local:
        name, *others = local
        yield Field(name, others[-1] if others else name, tr("what this document is made for"), local[name])


class _Gatherer:
    """Goes through the records from the names that a tag begins with, the nearest ones first."""

    def __init__(self, filters: Sequence[Filter], pack: LanguagePack) -> None:
        self.filters, self.pack = filters, pack
        self.russian = pack.code == RUSSIAN
        self.groups: list[Group] = []
        self._known: dict[type, Group] = {}

    def walk(self, roots: Sequence[Field]) -> None:
        """Gather each record once; it may be reached on several ways, and the first are told."""
        pending = [(self.tag(one), self.label(Case, one), one.type) for one in roots if one.name != "case"]
        while pending:
            way, label, kind = pending.pop(0)
            reached = self._record(way, kind)
            if reached is None:
                continue
            model, way, said = reached
            group = self._known.get(model)
            if group is not None:
                if len(group.reach) < _WAYS and said not in group.reach:
                    group.reach.append(said)
                continue
            known = record_type(model)
            group = self._known[model] = Group(self._title(label, way), model.__name__, [said])
            self.groups.append(group)
            pending += [
                (f"{way}.{self.tag(one)}", self.label(model, one), one.type) for one in known.fields.values()
            ]
        for model, group in self._known.items():
            group.rows = [self.row(one, model) for one in record_type(model).fields.values()]

    def tag(self, one: Field | Filter) -> str:
        """Return the name that templates write."""
        return one.russian if self.russian else one.name

    def label(self, record: type, one: Field) -> str:
        """Return what a field is called in the language of the papers."""
        return self.pack.label(record, one.name, one.label)

    def _title(self, label: str, way: str) -> str:
        """Call a record by the label of its field, and by the way to it where two labels are the same."""
        taken = {group.title for group in self.groups}
        return f"{label} ({way})" if label in taken else label

    def type_words(self, kind: Type) -> str:
        """Say of what kind a value is, in the reader's language; a record by its title."""
        if kind.kind == "list" and kind.item is not None:
            return tr("list: {item}").format(item=self.type_words(kind.item))
        group = self._known.get(kind.model) if kind.model is not None else None
        return tr("record «{name}»").format(name=group.title) if group else type_words(kind)

    def _record(self, way: str, kind: Type) -> tuple[type, str, str] | None:
        """Return the model, the name to go on from, and how a template reaches it."""
        if kind.model is not None:
            return kind.model, way, "{{ " + way + ".… }}"
        if kind.kind == "list" and kind.item is not None and kind.item.model is not None:
            one = _ITEM_OF.get(way.rpartition(".")[2], "строка" if self.russian else "item")
            said = f"{{% for {one} in {way} %}} {{{{ {one}.… }}}} {{% endfor %}}"
            return kind.item.model, one, said
        return None

    def row(self, one: Field, record: type) -> Row:
        """Say all that is known of one name."""
        kind = one.type
        names = tuple(self.tag(known) for known in self.filters if _fits(known, kind))
        label, example = self.label(record, one), self._example(one, record)
        words = self.type_words(kind)
        return Row(self.tag(one), one.russian, one.name, label, words, example, names, kind.optional)

    def _example(self, one: Field, record: type) -> str:
        kind = one.type
        if example := self.pack.example(record, one.name, one.example):
            return example
        if kind.choices:
            labels = [
                label if self.russian else self.pack.value(kind.named or "", code)
                for code, label in kind.choices
            ]
            return " | ".join(labels[:_CHOICES]) + (" | …" if len(labels) > _CHOICES else "")
        if kind.kind == "date":
            return self.pack.short(date(2025, 2, 18))
        return {"number": "3", "money": "7 900,00", "bool": tr("yes")}.get(kind.kind, "")


def _fits(known: Filter, kind: Type) -> bool:
    if kind.kind in ("any", "record", "map"):
        return False
    takes_any = "any" in known.takes and kind.kind != "list" and (kind.optional or not known.meets_missing)
    return fits(known, kind) or takes_any


def type_words(kind: Type) -> str:
    """Say of what kind a value is, in the reader's language."""
    words = {
        "text": tr("text"),
        "number": tr("number"),
        "money": tr("money"),
        "date": tr("date"),
        "time": tr("time"),
        "bool": tr("yes or no"),
        "choice": tr("one of a list"),
        "name": tr("a person's name"),
        "phrase": tr("words that decline"),
        "map": tr("named values"),
        "any": tr("any value"),
        "rich": tr("words with a look"),
        "picture": tr("a picture"),
    }
    if kind.model is not None:
        return tr("the whole case")
    return words.get(kind.kind, kind.kind)


# --- the command -----------------------------------------------------------------------------------------


def carry_out(
    desk: Desk, document: str | None, word: Path | None, sought: str | None = None, *, as_json: bool
) -> int:
    """Show the vocabulary on the screen, as JSON or as a Word file; all of it, or what holds a word."""
    books = list(_books(desk, document))
    if sought is not None:
        books = [_holding(sought, book) for book in books]
        if not any(book.groups or book.filters for book in books):
            raise AskedWrongly(tr("No name and no filter has these letters. Try a part of the word."))
    if word is not None:
        from ..saving import write_atomically
        from .fields_in_word import as_word

        write_atomically(word, as_word(books))
    if as_json:
        from ...core.report import show_json

        show_json([book.as_json() for book in books])
    elif word is None:
        for book in books:
            _show(book) if sought is None else _show_found(book)
    else:
        click.echo(tr("The names for Word: {file}").format(file=word))
    return 0


def _books(desk: Desk, document: str | None) -> Iterator[Book]:
    methods: Sequence[Method] = list(desk.methods.values())
    if document is not None:
        sheet = desk.find(document)
        methods, document = sheet.methods[:1], sheet.document
    for method in methods:
        yield book_of(method, desk.plugins.language_for(method), document)


def _holding(sought: str, book: Book) -> Book:
    """Return what of a vocabulary has the words in its names or in its meaning, or in what it belongs to."""
    words = sought.casefold().split() or [""]

    def has(*texts: str, home: str = "") -> bool:
        own, around = " ".join(texts).casefold(), home.casefold()
        return any(word in own for word in words) and all(word in own or word in around for word in words)

    groups = []
    for group in book.groups:
        home = " ".join([group.title, *group.reach])
        rows = [row for row in group.rows if has(row.russian, row.name, row.label, home=home)]
        if rows:
            groups.append(replace(group, rows=rows))
    filters = [one for one in book.filters if has(one.russian, one.name, one.summary)]
    return replace(book, groups=groups, filters=filters)


def _show_found(book: Book) -> None:
    """Show each name as a tag that can be copied, with its meaning below."""
    click.echo(title(book))
    for group in book.groups:
        for row in group.rows:
            tags = [way.replace("…", row.tag) for way in group.reach[:1]] or [f"{{{{ {row.tag} }}}}"]
            empty = tr(", may be empty") if row.optional else ""
            click.echo(f"  {tags[0]}\n      {row.label} ({row.type}{empty})")
    for one in book.filters:
        name = one.russian if book.russian else one.name
        click.echo(f"  {one.example}\n      |{name}: {one.summary}")


def _show(book: Book) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = wide_console()
    console.print(f"[bold]{escape(title(book))}[/]")
    for group in book.groups:
        table = Table(title=escape(group.title), title_justify="left", caption_justify="left")
        table.caption = escape("\n".join(group.reach))
        for heading in headings(book):
            table.add_column(heading, overflow="fold")
        for row in group.rows:
            table.add_row(*(escape(cell) for cell in cells(row)))
        console.print(table)
    table = Table(title=tr("Filters"), title_justify="left")
    for heading in filter_headings(book):
        table.add_column(heading, overflow="fold")
    for one in book.filters:
        table.add_row(*(escape(cell) for cell in filter_cells(book, one)))
    console.print(table)


def title(book: Book) -> str:
    """Return the heading of a vocabulary."""
    document = f": {book.method.papers[book.document].type.title}" if book.document else ""
    return f"{book.method.programme.short_title}{document}"


def headings(book: Book) -> tuple[str, ...]:
    """Return the headings of a record's table; the names that templates write stand first."""
    return (
        tr("Name"),
        _other(book),
        tr("Meaning"),
        tr("Kind"),
        tr("Example"),
        tr("Filters that fit"),
        tr("May be empty"),
    )


def cells(row: Row) -> tuple[str, ...]:
    """Return one name as the cells of a table."""
    empty = tr("yes") if row.optional else ""
    other = row.name if row.tag == row.russian else row.russian
    return (row.tag, other, row.label, row.type, row.example, ", ".join(row.filters), empty)


def filter_headings(book: Book) -> tuple[str, ...]:
    """Return the headings of the table of filters."""
    return (tr("Filter"), _other(book), tr("What it does"), tr("Example"))


def filter_cells(book: Book, one: Filter) -> tuple[str, ...]:
    """Return one filter as the cells of a table."""
    names = (one.russian, one.name) if book.russian else (one.name, one.russian)
    return (*names, one.summary, one.example)


def _other(book: Book) -> str:
    return tr("In English") if book.russian else tr("In Russian")
