"""Every question of the forms of a programme, held against the contract and the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from ..contract.case import Case
from ..expressions import Language
from ..findings import Finding, Place
from ..i18n import tr
from ..programmes.programme import Programme
from ..programmes.questions import CHOICE, Form, Part, Question
from ..typecheck import nearest
from ..vocabulary import Type, Vocabulary, record_type
from .reading import Reader, Written

FILE = "forms.yaml"


def question_faults(programme: Programme, language: Language, forms: Iterable[Form]) -> list[Finding]:
    """Return what is wrong with forms: paths that the contract does not have, and expressions."""
    walk = _Walk(programme, Reader(Vocabulary(), language, FILE))
    for form in forms:
        for number, part in enumerate(form.parts, start=1):
            walk.part(f"forms[{form.id}].parts[{number}]", part)
    return walk.found


class _Walk:
    """Goes through the parts of forms."""

    def __init__(self, programme: Programme, reader: Reader) -> None:
        self._programme = programme
        self._reader = reader
        self._own: list[Finding] = []

    @property
    def found(self) -> list[Finding]:
        """All that is wrong so far."""
        return [*self._own, *self._reader.found]

    def part(self, where: str, part: Part) -> None:
        """Look at one part of a form."""
        model: type[BaseModel] = Case
        local: dict[str, Type] = {}
        if part.each:
            type_ = self._type(Case, part.each)
            item = type_.item if type_ is not None and type_.kind == "list" else None
            if item is None or item.model is None or item.refers:
                self._tell(
                    f"{where}.each", tr("The contract has no list of records «{name}»."), part.each, Case
                )
                return
            model = item.model
            local = dict.fromkeys(part.alias or (), item)
            for name in (*part.preset, *(("id",) if part.code else ())):
                if name not in model.model_fields:
                    self._tell(f"{where}.each", tr("The contract has no field «{name}»."), name, model)
        for name, text in (("when", part.when), ("among", part.among)):
            if text:
                self._reader.read(Written(f"{where}.{name}", text, "bool", local if name == "among" else {}))
        for number, question in enumerate(part.ask, start=1):
            self._question(f"{where}.ask[{number}]", question, model, local)

    def _question(
        self, where: str, question: Question, model: type[BaseModel], local: dict[str, Type]
    ) -> None:
        if question.when:
            self._reader.read(Written(f"{where}.when", question.when, "bool", local))
        type_ = self._type(model, question.field)
        if type_ is None:
            self._tell(f"{where}.field", tr("The contract has no field «{name}»."), question.field, model)
            return
        many = type_.kind == "list"
        one = (type_.item or type_) if many else type_
        if one.kind == "record" and not one.refers and not many:
            words = tr("«{name}» is a group of fields: name one of them.")
            self._own.append(_finding(f"{where}.field", words.format(name=question.field), None))
        if question.among and one.model is not None:
            chosen = dict.fromkeys(CHOICE, Type("record", one.model))
            self._reader.read(Written(f"{where}.among", question.among, "bool", {**local, **chosen}))
        for column in question.columns:
            if one.model is None or column not in one.model.model_fields:
                self._tell(
                    f"{where}.columns", tr("The contract has no field «{name}»."), column, one.model or Case
                )
        known = {"signs", *(f"scale:{scale.id}" for scale in self._programme.scales)}
        if question.rows and question.rows not in known:
            words = tr("The programme has no signs and no scale «{name}».")
            self._own.append(_finding(f"{where}.rows", words.format(name=question.rows), None))

    @staticmethod
    def _type(model: type[BaseModel], path: str) -> Type | None:
        found: Type | None = None
        at: type[BaseModel] | None = model
        for name in path.split("."):
            field = record_type(at).fields.get(name) if at is not None else None
            if field is None or field.derived:
                return None
            found = field.type
            at = found.model if not found.refers else None
        return found

    def _tell(self, where: str, words: str, name: str, model: type[BaseModel]) -> None:
        owner = next(self._owners(model, name), model)
        near = nearest(name.rsplit(".", 1)[-1], list(owner.model_fields))
        self._own.append(_finding(where, words.format(name=name), near))

    def _owners(self, model: type[BaseModel], path: str) -> Iterator[type[BaseModel]]:
        if "." in path:
            type_ = self._type(model, path.rsplit(".", 1)[0])
            if type_ is not None and type_.model is not None:
                yield type_.model


def _finding(where: str, message: str, near: str | None) -> Finding:
    cure = tr("Compare it with the names of the contract: docs/vocabulary.md.")
    return Finding("P-QUESTION", "error", message, cure, near, Place(FILE, path=where))
