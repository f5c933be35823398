"""The vocabulary: which names a template or a rule may use, and of what kind each value is.

It is made from the contract and from nothing else. The same vocabulary freezes a case into the plain data
that an expression sees, and makes the blank data of a paper that is rendered without a case.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from .contract.base import At, Contract, Kind, Labelled, RefersTo, derived_fields
from .contract.case import Case
from .contract.engagement import Conflict
from .contract.letters import Letter
from .contract.people import Member, Person, Specialist
from .contract.planning import Decision, Task
from .dayspan import Watched
from .facts import Blank, Choice, Missing, PersonName, Phrase, PhraseKind, Record, Rows
from .filters import LanguagePack
from .programmes.programme import Level

RUSSIAN = "ru"
BLANK_ROWS = 3
"""How many empty rows a list has in a paper that is rendered without data."""

_REFERRED: Mapping[str, type[Contract]] = {
    "member": Member,
    "specialist": Specialist,
    "person": Person,
    "task": Task,
    "decision": Decision,
    "letter": Letter,
    "conflict": Conflict,
    "level": Level,
}
_PLAIN = {
    str: "text",
    bool: "bool",
    int: "number",
    Decimal: "number",
    date: "date",
    time: "time",
    PersonName: "name",
    Phrase: "phrase",
}
_WIDTHS = {"text": 30, "name": 44, "phrase": 22, "number": 6, "money": 12, "time": 8, "choice": 20, "bool": 6}


@dataclass(frozen=True, slots=True)
class Type:
    """What kind of value a name stands for.

    Attributes:
        kind: ``text number money date time bool choice name phrase record list map`` or ``any``.
        model: The contract of a record.
        item: The type of the items of a list or a map.
        choices: Codes and labels of a choice.
        optional: Whether the value may be missing.
        refers: What an id in the case file refers to, if the value is a reference.
        phrase: What kind of words a phrase is; grammar asks for it.
        named: How the contract calls the list of a choice: ``Custody``.
    """

    kind: str
    model: type[BaseModel] | None = None
    item: Type | None = None
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    refers: str | None = None
    phrase: PhraseKind = "text"
    named: str = ""

    def __str__(self) -> str:
        if self.kind == "list" and self.item:
            return f"list of {self.item}"
        return self.model.__name__ if self.model else self.kind

    def maybe(self, optional: bool = True) -> Type:
        """Return the same type, optional or not."""
        return self if self.optional == optional else replace(self, optional=optional)


ANY = Type("any")
TEXT, NUMBER, BOOL, DATE = Type("text"), Type("number"), Type("bool"), Type("date")


@dataclass(frozen=True, slots=True)
class Field:
    """One name of the vocabulary, in both languages."""

    name: str
    russian: str
    label: str
    type: Type
    example: str = ""
    derived: bool = False

    def called(self, language: str) -> str:
        """What it is called where papers are of a language: by its Russian label, or its English name."""
        return self.label if language == RUSSIAN else self.name.replace("_", " ")


@dataclass(frozen=True)
class RecordType:
    """The names that one record of the contract answers to."""

    name: str
    fields: Mapping[str, Field]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Field | None:
        """Return the field of an English or Russian name."""
        return self.fields.get(name) or self.fields.get(self.aliases.get(name, ""))

    def names(self) -> Iterator[str]:
        """Go through all names, English and Russian."""
        yield from self.fields
        yield from self.aliases


@cache
def record_type(model: type[BaseModel]) -> RecordType:
    """Return the names of a contract model, typed-in fields first, then derived ones."""
    fields: dict[str, Field] = {}
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        hint: Any = info.annotation
        # What is said of a whole field pydantic keeps beside its type.
        type_ = resolve(Annotated[(hint, *info.metadata)] if info.metadata else hint)
        if info.default is None:
            type_ = type_.maybe()
        russian, example = str(extra.get("russian", name)), str(extra.get("example", ""))
        fields[name] = Field(name, russian, info.title or name, type_, example)
    marks = derived_fields(model)
    space = _namespace(model) if marks else {}
    for name, mark in marks.items():
        returned = typing.get_type_hints(mark.function, space, include_extras=True)["return"]
        fields[name] = Field(name, mark.russian, mark.label, resolve(returned), mark.example, derived=True)
    aliases = {known.russian: known.name for known in fields.values() if known.russian not in fields}
    return RecordType(model.__name__, fields, aliases)


def _namespace(model: type[BaseModel]) -> dict[str, Any]:
    spaces: dict[str, Any] = {}
    for cls in reversed(model.__mro__):
        spaces.update(vars(sys.modules[cls.__module__]))
    return spaces


def resolve(annotation: Any) -> Type:
    """Return the type that an annotation of the contract stands for."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(resolve(args[0]), args[1:])
    if origin in (Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        return resolve(inner[0]).maybe(len(inner) < len(args))
    if origin is tuple:
        return Type("list", item=resolve(args[0]))
    if origin is dict:
        return Type("map", item=resolve(args[1]))
    if origin is Literal:
        return TEXT
    if isinstance(annotation, type) and issubclass(annotation, Labelled):
        labels = tuple((member.value, member.label) for member in annotation)
        return Type("choice", choices=labels, named=annotation.__name__)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Type("record", model=annotation)
    return Type(_PLAIN[annotation])


def _annotated(inner: Type, marks: tuple[Any, ...]) -> Type:
    for mark in marks:
        if isinstance(mark, RefersTo):
            return Type("record", model=_REFERRED[mark.what], refers=mark.what, optional=inner.optional)
        if isinstance(mark, Kind):
            if mark.name == "money":
                return replace(inner, kind="money")
            return replace(inner, kind="phrase", phrase=mark.name)
    return inner


@dataclass(frozen=True, slots=True)
class Root:
    """A name that an expression may begin with, beside the case's own parts.

    Attributes:
        many: Whether the name stands for a list of such records.
    """

    name: str
    russian: str
    label: str
    model: type[Contract]
    many: bool = False

    @property
    def type(self) -> Type:
        """What kind of value the name stands for."""
        one = Type("record", model=self.model)
        return Type("list", item=one) if self.many else one


class Vocabulary:
    """All names that templates and rules of one programme may use."""

    def __init__(self, roots: tuple[Root, ...] = ()) -> None:
        fields = {"case": Field("case", "дело", "Дело целиком", Type("record", model=Case))}
        for name, known in record_type(Case).fields.items():
            if known.type.kind in ("record", "list"):
                fields[name] = known
        for root in roots:
            fields[root.name] = Field(root.name, root.russian, root.label, root.type)
        self.roots: Mapping[str, Field] = fields
        self.aliases = {known.russian: name for name, known in fields.items()}

    @cached_property
    def names(self) -> str:
        """All names, as one text; of records that are papka's own code the name of the class says enough."""
        return repr([(*_plain_field(one), *_made_fields(one.type)) for one in self.roots.values()])

    def find(self, name: str) -> Field | None:
        """Return the root of an English or Russian name."""
        return self.roots.get(name) or self.roots.get(self.aliases.get(name, ""))

    def context(
        self,
        at: At,
        more: Mapping[str, Contract | Rows],
        levels: Sequence[Level] = (),
        pack: LanguagePack | None = None,
    ) -> tuple[dict[str, object], Freezer]:
        """Freeze a case, and the facts worked out from it, into what an expression sees."""
        freezer = Freezer(at, levels, pack)
        whole = freezer.record(at.case)
        named: dict[str, object] = {"case": whole}
        for name in self.roots:
            if name in more:
                one = more[name]
                named[name] = one if isinstance(one, Rows) else freezer.record(one)
            elif name != "case":
                named[name] = whole[name]
        return self.with_russian_names(named), freezer

    def blank_context(self) -> dict[str, object]:
        """Return the data of a paper that is rendered without a case: every value a line."""
        return self.with_russian_names({name: blank(known.type) for name, known in self.roots.items()})

    def with_russian_names(self, named: Mapping[str, object]) -> dict[str, object]:
        """Add the Russian name beside each English one."""
        both = dict(named)
        both.update({alias: named[name] for alias, name in self.aliases.items() if name in named})
        return both


def _made_fields(type_: Type) -> Iterator[tuple[str, ...]]:
    """Go through the fields of a record that was made of a programme's data, and stands in no code."""
    model = (type_.item or type_).model
    if model is not None and getattr(sys.modules.get(model.__module__), model.__name__, None) is not model:
        yield from map(_plain_field, record_type(model).fields.values())


def _plain_field(one: Field) -> tuple[str, ...]:
    return one.name, one.russian, one.label, repr(one.type)


_UNCHANGED = frozenset({bool, int, Decimal, date, Watched, time, PersonName, Phrase})


class Freezer:
    """Turns models into plain records, each once, so that people who refer to each other still end.

    Values of fixed lists, and texts that the contract words, are worded by a language pack; without one as
    the contract itself words them.
    """

    def __init__(self, at: At, levels: Sequence[Level] = (), pack: LanguagePack | None = None) -> None:
        self._at = at
        self._language = pack.code if pack else RUSSIAN
        self._pack = pack
        self._texts = pack.texts if pack else {}
        self._made: dict[int, Record] = {}
        self._sources: dict[int, BaseModel] = {}
        people = (*at.case.specialists, *at.case.family.members)
        self._people: Mapping[str, BaseModel] = {person.id: person for person in people}
        self._others: Mapping[str, Mapping[str, BaseModel]] = {
            "task": {task.id: task for task in at.case.tasks},
            "decision": {decision.id: decision for decision in at.case.decisions},
            "letter": {letter.id: letter for letter in at.case.letters},
            "conflict": {conflict.id: conflict for conflict in at.case.conflicts},
            "level": {level.id: level for level in levels},
        }

    def record(self, model: BaseModel) -> Record:
        """Return the plain record of a model, with its derived fields."""
        if id(model) in self._made:
            return self._made[id(model)]
        known = record_type(type(model))
        made = Record(known.name, {}, known.aliases, known.fields, partial(self._field, model, known))
        self._made[id(model)] = made
        self._sources[id(made)] = model
        return made

    def _field(self, model: BaseModel, known: RecordType, name: str) -> object:
        one = known.fields[name]
        if not one.derived:
            return self._value(model, one, getattr(model, name))
        worded = self._texts.get(f"{known.name}.{name}")
        if worded is not None:
            return worded(self.record(model))
        return self._value(model, one, derived_fields(type(model))[name].function(model, self._at))

    def source(self, record: Record) -> BaseModel | None:
        """Return the model that a record was made of."""
        return self._sources.get(id(record))

    def records(self) -> Iterator[tuple[BaseModel, Record]]:
        """Go through the records that were made so far, each with the model that it was made of."""
        yield from ((self._sources[id(record)], record) for record in list(self._made.values()))

    def _called(self, one: Field) -> str:
        return one.called(self._language)

    def _value(self, model: BaseModel, one: Field, raw: Any) -> object:
        if raw is None:
            return Missing(self._called(one))
        if one.type.kind == "list":
            assert one.type.item is not None
            refers = one.type.item.refers
            # What came about later is not known yet on the day of a paper.
            known = [item for item in raw if not refers or self._referred(refers, item) is not None]
            return Rows(self._plain(one.type.item, item, self._called(one)) for item in known)
        if one.type.kind == "phrase" and isinstance(raw, str):
            forms = model.__dict__.get(f"{one.name}_forms")
            return Phrase(raw, one.type.phrase, forms.stored() if forms else {})
        return self._plain(one.type, raw, self._called(one))

    def _plain(self, type_: Type, raw: Any, label: str) -> object:
        if raw is None:
            return Missing(label)
        if type(raw) in _UNCHANGED:
            return raw
        if type_.refers:
            found = self._referred(type_.refers, raw)
            return self.record(found) if found is not None else Missing(label)
        if isinstance(raw, BaseModel):
            return self.record(raw)
        if isinstance(raw, Labelled):
            return Choice(raw.value, self._pack.called(raw) if self._pack else raw.label)
        if type_.kind == "phrase" and isinstance(raw, str):
            return Phrase(raw, type_.phrase)
        if type(raw) is str:
            return raw
        raise TypeError(f"a value of type {type(raw).__name__} may not reach a template")

    def _referred(self, what: str, id_: str) -> BaseModel | None:
        return self._others.get(what, self._people).get(id_)


def plain_record(model: BaseModel, absent: Callable[[Field], object]) -> Record:
    """Turn a view that refers to nothing and derives nothing into a record.

    Args:
        absent: What stands for a value that is not there.
    """
    known = record_type(type(model))
    values = {name: _plain_value(getattr(model, name), one, absent) for name, one in known.fields.items()}
    return Record(known.name, values, known.aliases)


def _plain_value(raw: Any, known: Field, absent: Callable[[Field], object]) -> object:
    if raw is None:
        return absent(known)
    if isinstance(raw, tuple):
        return Rows(_plain_value(item, known, absent) for item in raw)
    return plain_record(raw, absent) if isinstance(raw, BaseModel) else raw


class BlankRecord(Record):
    """A record of a paper without data; its fields are made when they are asked for."""

    def __init__(self, known: RecordType) -> None:
        super().__init__(known.name, {}, known.aliases)
        self._known = known

    def __getitem__(self, name: str) -> object:
        found = self._known.find(name)
        if found is None:
            raise KeyError(name)
        return blank(found.type)

    def is_blank(self) -> bool:
        """Tell that it is one of a paper without data."""
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._known.fields)

    def __len__(self) -> int:
        return len(self._known.fields)


def blank(type_: Type) -> object:
    """Return the value of a paper without data: a line, an empty record, a few empty rows."""
    if type_.model is not None:
        return BlankRecord(record_type(type_.model))
    if type_.kind == "list":
        assert type_.item is not None
        return Rows(blank(type_.item) for _ in range(BLANK_ROWS))
    return Blank(type_.kind, _WIDTHS.get(type_.kind, 24))
