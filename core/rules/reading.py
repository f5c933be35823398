"""Every expression of a programme, held against the vocabulary before a family meets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError

from ..contract.assessment import ScoreSheet
from ..expressions import ExpressionError, Language
from ..findings import Finding, Place
from ..i18n import tr
from ..programmes.programme import Check, Deadline, DocumentType, Each, Programme, Repeated, Setting, Term
from ..typecheck import Checker, Fault, Seen, nearest
from ..vocabulary import Type, Vocabulary
from .views import RiskSheetView, vocabulary_of

_COUNTED = ("number", "money", "bool", "list", "record")
"""Kinds of value that a figure may be made of; a record that is there counts as one."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it stands in a programme.

    Attributes:
        gives: What it has to give: ``bool`` anything that is true or false, ``day``, ``list``, ``number`` (or
            what can be counted), or ``cell`` (what a cell of a table can show).
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
    reader = Reader(vocabulary, language)
    for one in _all(programme, shared, reader):
        reader.read(one)
    return reader.found


class Reader:
    """Holds expressions of one file against a vocabulary and gathers what is wrong with them."""

    def __init__(self, vocabulary: Vocabulary, language: Language, file: str = "programme.yaml") -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._file = file
        self.found: list[Finding] = []

    def type_of(self, text: str, local: Mapping[str, Type]) -> tuple[Type | None, list[Fault]]:
        """Return the type of an expression, and its faults."""
        seen = {name: Seen(type_, name) for name, type_ in local.items()}
        checker = Checker(self._vocabulary, self._language.filters, seen)
        try:
            return checker.expression(self._language.tree(text)), checker.faults
        except ExpressionError as error:
            return None, [Fault(error.code, str(error), error.name or text)]

    def read(self, one: Written) -> None:
        """Hold one expression against the vocabulary, and its type against what it has to give."""
        type_, faults = self.type_of(one.text, one.local)
        for fault in faults:
            words = tr("The expression is wrong at «{name}».").format(name=fault.name)
            self._add(one, fault.code, words, fault.suggestion)
        if type_ is None or faults or type_.kind == "any":
            return
        if one.gives == "day" and type_.kind != "date":
            words = tr("The expression has to give a day.")
            self._told(one, "P-DAY", words, tr("Name a field that holds a day, such as решение.дата."))
        if one.gives == "list" and type_.kind != "list":
            words = tr("The expression has to give a list.")
            self._told(one, "P-LIST", words, tr("Name a list of the case, such as дети or встречи."))
        if one.gives == "number" and type_.kind not in _COUNTED:
            words = tr("The expression has to give a number, yes or no, or a list.")
            self._told(
                one,
                "P-NUMBER",
                words,
                tr("Of a list, its members are counted; of anything else, ask what it equals."),
            )
        if one.gives == "cell" and (type_.item or type_).kind == "record":
            words = tr("A whole record does not fit into a cell: name its fields.")
            self._told(one, "P-CELL", words, tr("Write a dot and the field after it: мать.фио."))

    def read_text(self, one: Written) -> None:
        """Hold a text with tags against the vocabulary, as a template is."""
        seen = {name: Seen(type_, name) for name, type_ in one.local.items()}
        try:
            faults = Checker(self._vocabulary, self._language.filters, seen).template(
                self._language.environment().parse(one.text)
            )
        except ExpressionError as error:
            faults = [Fault(error.code, str(error), error.name or one.text)]
        except TemplateSyntaxError as error:
            faults = [Fault("E-SYNTAX", str(error.message), one.text)]
        for fault in faults:
            words = tr("The expression is wrong at «{name}».").format(name=fault.name)
            self._add(one, fault.code, words, fault.suggestion)

    def read_term(self, where: str, term: Term, settings: Mapping[str, Setting]) -> None:
        """Hold the name of a number against the programme's settings."""
        for number in (term.working_days, term.days, term.months):
            if isinstance(number, str) and number not in settings:
                words = tr("There is no setting {name}.").format(name=number)
                cure = tr("Give the number under settings in the programme, or correct its name.")
                self._told(
                    Written(where, number, "number"), "P-SETTING", words, cure, nearest(number, settings)
                )

    def _add(self, one: Written, code: str, message: str, suggestion: str | None) -> None:
        self._told(one, code, message, tr("Compare it with the names of the vocabulary."), suggestion)

    def _told(self, one: Written, code: str, message: str, cure: str, suggestion: str | None = None) -> None:
        place = Place(self._file, path=one.where)
        self.found.append(Finding(code, "error", message, cure, suggestion, place))


def _all(programme: Programme, shared: tuple[DocumentType, ...], reader: Reader) -> Iterator[Written]:
    yield Written("opened_on", programme.opened_on, "day")
    yield Written("closed_on", programme.closed_on, "day")
    for stage in programme.stages:
        yield Written(f"stages[{stage.id}].entered_on", stage.entered_on, "day")
    for row in (row for table in programme.level_tables for row in table.rows):
        yield Written(f"level_table[{row.id}].when", row.when, "bool")
    of_risk = {"sheet": Type("record", model=ScoreSheet), "result": Type("record", model=RiskSheetView)}
    for risk in (row for known in programme.risks for row in known.rows):
        yield Written(f"risk[{risk.id}].when", risk.when, "bool", of_risk)
    for document in programme.documents:
        yield from _of_document(f"documents[{document.id}]", document, reader)
    for document in shared:
        yield from _of_document(f"includes[{document.id}]", document, reader)
    yield from _of_deadlines(programme, reader)
    yield from _of_repeated(programme, reader)
    for check in programme.checks:
        yield from _of_check(check, reader)


def _local(one: DocumentType | Each, reader: Reader) -> dict[str, Type]:
    local = _named(one.each, one.alias, reader, {})
    if isinstance(one, Each):
        local |= _named(one.and_each, one.and_alias, reader, local)
    return local


def _named(
    each: str | None, alias: tuple[str, str] | None, reader: Reader, known: dict[str, Type]
) -> dict[str, Type]:
    if each is None or alias is None:
        return {}
    over, _ = reader.type_of(each, known)
    return {name: over.item for name in alias} if over is not None and over.item is not None else {}


def _of_lists(where: str, one: Each, reader: Reader) -> Iterator[Written]:
    if one.each:
        yield Written(f"{where}.each", one.each, "list")
    if one.and_each:
        yield Written(f"{where}.and_each", one.and_each, "list", _named(one.each, one.alias, reader, {}))


def _of_document(where: str, one: DocumentType, reader: Reader) -> Iterator[Written]:
    local = _local(one, reader)
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


def _of_deadlines(programme: Programme, reader: Reader) -> Iterator[Written]:
    for one in programme.deadlines:
        where, local = f"deadlines[{one.id}]", _local(one, reader)
        yield from _of_lists(where, one, reader)
        yield Written(f"{where}.when", one.when, "bool", local)
        yield Written(f"{where}.since", one.since, "day", local)
        yield Written(f"{where}.done", one.done, "day", local)
        yield from _of_terms(where, one, programme, reader, local)


def _of_repeated(programme: Programme, reader: Reader) -> Iterator[Written]:
    for one in programme.repeated:
        where = f"repeated[{one.id}]"
        yield Written(f"{where}.when", one.when, "bool")
        yield Written(f"{where}.since", one.since, "day")
        yield Written(f"{where}.done", one.done, "list")
        if one.until:
            yield Written(f"{where}.until", one.until, "day")
        yield from _of_terms(where, one, programme, reader, {})


def _of_terms(
    where: str, one: Deadline | Repeated, programme: Programme, reader: Reader, local: dict[str, Type]
) -> Iterator[Written]:
    for number, special in enumerate(one.terms, start=1):
        reader.read_term(f"{where}.terms[{number}].term", special.term, programme.settings)
        yield Written(f"{where}.terms[{number}].when", special.when, "bool", local)
    reader.read_term(f"{where}.term", one.term, programme.settings)


def _of_check(one: Check, reader: Reader) -> Iterator[Written]:
    where, local = f"checks[{one.id}]", _local(one, reader)
    yield from _of_lists(where, one, reader)
    yield Written(f"{where}.when", one.when, "bool", local)
    if one.on:
        yield Written(f"{where}.on", one.on, "day", local)
    if one.at and one.alias:
        yield Written(f"{where}.at", f"{one.alias[0]}.{one.at}", "any", local)
