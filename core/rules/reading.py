"""Every expression of a programme, held against the vocabulary before a family meets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..contract.assessment import ScoreSheet
from ..expressions import ExpressionError, Language
from ..findings import Finding, Place
from ..i18n import tr
from ..programme import Check, DocumentType, Programme
from ..typecheck import Checker, Fault, Seen
from ..vocabulary import Type, Vocabulary
from .views import RiskSheetView, vocabulary_of


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in a programme.

    Attributes:
        gives: What it has to give: ``bool`` anything that is true or false, ``day`` or ``list``.
    """

    where: str
    text: str
    gives: str
    local: Mapping[str, Type] = field(default_factory=dict)


def expression_faults(
    programme: Programme, language: Language, shared: tuple[DocumentType, ...] = ()
) -> list[Finding]:
    """Return what is wrong with the expressions of a programme and of the shared forms it includes."""
    vocabulary = vocabulary_of(programme)
    reader = _Reader(vocabulary, language)
    for one in _all(programme, shared, reader):
        reader.read(one)
    return reader.found


class _Reader:
    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self.found: list[Finding] = []

    def type_of(self, text: str, local: Mapping[str, Type]) -> tuple[Type | None, list[Fault]]:
        seen = {name: Seen(type_, name) for name, type_ in local.items()}
        checker = Checker(self._vocabulary, self._language.filters, seen)
        try:
            return checker.expression(self._language.tree(text)), checker.faults
        except ExpressionError as error:
            return None, [Fault(error.code, str(error), error.name or text)]

    def read(self, one: Written) -> None:
        type_, faults = self.type_of(one.text, one.local)
        for fault in faults:
            words = tr("The expression is wrong at «{name}».").format(name=fault.name)
            self._add(one, fault.code, words, fault.suggestion)
        if type_ is None or faults or type_.kind == "any":
            return
        if one.gives == "day" and type_.kind != "date":
            self._add(one, "P-DAY", tr("The expression has to give a day."), None)
        if one.gives == "list" and type_.kind != "list":
            self._add(one, "P-LIST", tr("The expression has to give a list."), None)

    def _add(self, one: Written, code: str, message: str, suggestion: str | None) -> None:
        place = Place("programme.yaml", path=one.where)
        cure = tr("Compare it with the names of the vocabulary.")
        self.found.append(Finding(code, "error", message, cure, suggestion, place))


def _all(programme: Programme, shared: tuple[DocumentType, ...], reader: _Reader) -> Iterator[Written]:
    yield Written("opened_on", programme.opened_on, "day")
    yield Written("closed_on", programme.closed_on, "day")
    for stage in programme.stages:
        yield Written(f"stages[{stage.id}].entered_on", stage.entered_on, "day")
    for row in programme.level_table.rows if programme.level_table else ():
        yield Written(f"level_table[{row.id}].when", row.when, "bool")
    of_risk = {"sheet": Type("record", model=ScoreSheet), "result": Type("record", model=RiskSheetView)}
    for risk in programme.risk.rows if programme.risk else ():
        yield Written(f"risk[{risk.id}].when", risk.when, "bool", of_risk)
    for document in (*programme.documents, *shared):
        yield from _of_document(document, reader)
    yield from _of_deadlines(programme)
    yield from _of_repeated(programme)
    for check in programme.checks:
        yield from _of_check(check, reader)


def _local(one: DocumentType | Check, reader: _Reader) -> dict[str, Type]:
    if one.each is None or one.alias is None:
        return {}
    over, _ = reader.type_of(one.each, {})
    return {name: over.item for name in one.alias} if over is not None and over.item is not None else {}


def _of_document(one: DocumentType, reader: _Reader) -> Iterator[Written]:
    where, local = f"documents[{one.id}]", _local(one, reader)
    yield Written(f"{where}.required", one.required, "bool")
    if one.each:
        yield Written(f"{where}.each", one.each, "list")
    if one.given:
        yield Written(f"{where}.given", one.given, "bool")
    if one.done:
        yield Written(f"{where}.done", one.done, "bool", local)
    if one.dated:
        yield Written(f"{where}.dated", one.dated, "day", local)
    if one.numbered:
        yield Written(f"{where}.numbered", one.numbered, "bool", local)


def _of_deadlines(programme: Programme) -> Iterator[Written]:
    for one in programme.deadlines:
        where = f"deadlines[{one.id}]"
        yield Written(f"{where}.when", one.when, "bool")
        yield Written(f"{where}.since", one.since, "day")
        yield Written(f"{where}.done", one.done, "day")
        for number, special in enumerate(one.terms, start=1):
            yield Written(f"{where}.terms[{number}].when", special.when, "bool")


def _of_repeated(programme: Programme) -> Iterator[Written]:
    for one in programme.repeated:
        where = f"repeated[{one.id}]"
        yield Written(f"{where}.when", one.when, "bool")
        yield Written(f"{where}.since", one.since, "day")
        yield Written(f"{where}.done", one.done, "list")
        if one.until:
            yield Written(f"{where}.until", one.until, "day")
        for number, special in enumerate(one.terms, start=1):
            yield Written(f"{where}.terms[{number}].when", special.when, "bool")


def _of_check(one: Check, reader: _Reader) -> Iterator[Written]:
    where, local = f"checks[{one.id}]", _local(one, reader)
    if one.each:
        yield Written(f"{where}.each", one.each, "list")
    yield Written(f"{where}.when", one.when, "bool", local)
    if one.on:
        yield Written(f"{where}.on", one.on, "day", local)
