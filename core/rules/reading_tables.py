"""Every expression of the registers and reports of a programme, held against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..expressions import Language
from ..findings import Finding
from ..programmes.programme import Programme
from ..programmes.registers import Column, Measure, Over, Register, Report, Section, is_text
from ..vocabulary import Type
from .asking import NAMES
from .reading import Reader, Written
from .views import vocabulary_of

FILE = "registers.yaml"

_Local = Mapping[str, Type]


def table_faults(
    programme: Programme, language: Language, definitions: Iterable[Register | Report]
) -> list[Finding]:
    """Return what is wrong with the expressions of registers and reports."""
    reader = Reader(vocabulary_of(programme), language, FILE)
    given = {name: type_ for english, (russian, type_) in NAMES.items() for name in (english, russian)}
    for one in definitions:
        for written in _Walk(reader, given).of(one):
            if is_text(written.text):
                reader.read_text(written)
            else:
                reader.read(written)
    return reader.found


class _Walk:
    """Goes through the expressions of one register or report, each with the names that it may use."""

    def __init__(self, reader: Reader, given: _Local) -> None:
        self._reader = reader
        self._given = given

    def of(self, one: Register | Report) -> Iterator[Written]:
        if isinstance(one, Register):
            yield from self._register(one)
            return
        where = f"reports[{one.id}]"
        if one.among:
            yield Written(f"{where}.among", one.among, "bool", self._given)
        if one.signed_within:
            yield Written(f"{where}.signed_within", one.signed_within, "number", self._given)
        for number, section in enumerate(one.sections, start=1):
            yield from self._section(f"{where}.sections[{number}]", section)

    def _register(self, one: Register) -> Iterator[Written]:
        where = f"registers[{one.id}]"
        yield from self._over(where, one, self._given)
        local = self._local(one, self._given)
        if one.dated:
            yield Written(f"{where}.dated", one.dated, "day", local)
        yield from self._columns(where, one.columns, local)
        for number, more in enumerate(one.also, start=1):
            here = f"{where}.also[{number}]"
            yield from self._over(here, more, self._given)
            local = self._local(more, self._given)
            if more.dated:
                yield Written(f"{here}.dated", more.dated, "day", local)
            for index, value in enumerate(more.values, start=1):
                yield Written(f"{here}.values[{index}]", value, "cell", local)

    def _section(self, where: str, one: Section) -> Iterator[Written]:
        yield from self._over(where, one, self._given)
        local = self._local(one, self._given)
        if one.dated:
            yield Written(f"{where}.dated", one.dated, "day", local)
        for name in ("whose", "known_by"):
            if text := getattr(one, name):
                yield Written(f"{where}.{name}", text, "cell", local)
        if one.by:
            yield Written(f"{where}.by", one.by, "cell", local)
        yield from self._columns(where, one.columns, local)
        for number, measure in enumerate(one.rows, start=1):
            yield from self._measure(f"{where}.rows[{number}]", measure, local)

    def _measure(self, where: str, one: Measure, local: _Local) -> Iterator[Written]:
        yield from self._over(where, one, local)
        here = self._local(one, local)
        if one.value:
            yield Written(f"{where}.value", one.value, "number", here)
        if one.of:
            yield Written(f"{where}.of", one.of, "number", here)
        if one.of_title and is_text(one.of_title):
            yield Written(f"{where}.of_title", one.of_title, "cell", self._given)

    def _columns(self, where: str, columns: tuple[Column, ...], local: _Local) -> Iterator[Written]:
        for number, column in enumerate(columns, start=1):
            if column.value:
                yield Written(f"{where}.columns[{number}].value", column.value, "cell", local)

    def _over(self, where: str, one: Over, local: _Local) -> Iterator[Written]:
        if one.each:
            yield Written(f"{where}.each", one.each, "list", local)
        if one.when:
            yield Written(f"{where}.when", one.when, "bool", self._local(one, local))

    def _local(self, one: Over, local: _Local) -> dict[str, Type]:
        """Return the names that an expression may use once a list is gone through."""
        if one.each is None or one.alias is None:
            return dict(local)
        over, _ = self._reader.type_of(one.each, local)
        item = over.item if over is not None and over.item is not None else None
        return {**local, **dict.fromkeys(one.alias, item)} if item else dict(local)
