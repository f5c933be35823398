"""What a field of the contract is for the person who fills it in: a line, a day, a choice, a table.

Every surface reads it from here, so that a field is the same thing on a terminal, in Word and in a browser.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..core.contract import base
from ..core.contract.case import Case
from ..core.filters import LanguagePack
from ..core.paths import Loc
from ..core.vocabulary import RUSSIAN, Field, Type, record_type

Kind = Literal[
    "line", "text", "date", "time", "number", "money", "yes_no", "choice", "choices", "lines", "table"
]
"""``choices``: several of a list; ``lines``: several lines; ``table``: several records."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field as it is filled in.

    Attributes:
        choices: Codes and labels; for a reference they are asked of the case (`refers`).
        refers: What a reference refers to: ``member``, ``specialist``, ``person``, ``task`` …
        required: Whether its record cannot be without it.
        columns: The fields of a table's records.
    """

    name: str
    label: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    refers: str | None = None
    required: bool = False
    example: str = ""
    columns: tuple[Entry, ...] = ()


def entry(
    path: tuple[str, ...],
    root: type[BaseModel] = Case,
    columns: tuple[str, ...] = (),
    pack: LanguagePack | None = None,
) -> Entry | None:
    """Return how a field is filled in; None if the contract has no such field, or it is a group of fields.

    Args:
        path: Names from the root; lists are passed through.
        columns: The fields of a table's records; without them, all simple ones.
        pack: The language in which it is asked; without one, as the contract says it.
    """
    model = _model_at(root, path[:-1])
    owner = record_type(model) if model else None
    found = owner.fields.get(path[-1]) if owner else None
    if model is None or found is None or found.derived:
        return None
    return _entry(model, found, columns, pack)


def label_of(model: type[BaseModel], found: Field, pack: LanguagePack | None) -> str:
    """Return what a field is called in a language; without one, as the contract calls it."""
    return pack.label(model, found.name, found.label) if pack else found.label


def choices_of(one: Type, pack: LanguagePack | None) -> tuple[tuple[str, str], ...]:
    """Return the codes of a fixed list, and what they are called in a language."""
    if pack is None or pack.code == RUSSIAN:
        return one.choices
    return tuple((code, pack.value(one.named, code)) for code, _ in one.choices)


def may_be_without(path: tuple[str, ...], root: type[BaseModel] = Case) -> bool:
    """Tell whether the record in which a field stands may be left out as a whole."""
    owner = _model_at(root, path[:-2]) if len(path) > 1 else None
    group = owner.model_fields.get(path[-2]) if owner else None
    return group is not None and not group.is_required()


def _model_at(root: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = root
    for name in path:
        found = record_type(model).fields.get(name) if model else None
        type_ = (found.type.item or found.type) if found else None
        model = type_.model if type_ and not type_.refers else None
    return model


def takes(loc: Loc, value: object) -> bool:
    """Tell whether a case may hold such an answer at a place; of whether it is right nothing is said."""
    kind: Type | None = Type("record", Case)
    for step in loc:
        if kind is None or isinstance(step, int) or kind.kind == "map":
            kind = kind.item if kind and (kind.kind == "list") == isinstance(step, int) else None
        else:
            found = record_type(kind.model).find(step) if _is_group(kind) and kind.model else None
            kind = found.type if found and not found.derived else None
    if kind is None or _is_group(kind):
        return False
    rows = kind.item is not None and _is_group(kind.item)
    told = value if isinstance(value, tuple) else (value,)
    return value is None or all(isinstance(one, dict) == rows for one in told)


def _is_group(kind: Type) -> bool:
    return kind.kind == "record" and not kind.refers


def _entry(
    model: type[BaseModel], found: Field, columns: tuple[str, ...], pack: LanguagePack | None
) -> Entry | None:
    info, type_ = model.model_fields[found.name], found.type
    many = type_.kind == "list"
    one = (type_.item or type_) if many else type_
    of: tuple[Entry, ...] = ()
    if one.kind == "record" and not one.refers:
        if not many or one.model is None:
            return None
        of = _columns(one.model, columns, pack)
    return Entry(
        found.name,
        label_of(model, found, pack),
        _kind(info, one, many=many, is_table=bool(of)),
        choices_of(one, pack),
        one.refers,
        info.is_required(),
        pack.example(model, found.name, found.example) if pack else found.example,
        of,
    )


def _columns(model: type[BaseModel], wanted: tuple[str, ...], pack: LanguagePack | None) -> tuple[Entry, ...]:
    known = record_type(model).fields
    names = wanted or tuple(name for name, one in known.items() if not one.derived)
    found = (
        _entry(model, known[name], (), pack) for name in names if name in known and not known[name].derived
    )
    return tuple(one for one in found if one is not None and one.kind != "table")


_KINDS: dict[str, Kind] = {
    "date": "date",
    "time": "time",
    "money": "money",
    "number": "number",
    "bool": "yes_no",
}


def _kind(info: FieldInfo, one: Type, *, many: bool, is_table: bool) -> Kind:
    if is_table:
        return "table"
    if one.choices or one.refers:
        return "choices" if many else "choice"
    if many:
        return "lines"
    return _KINDS.get(one.kind) or ("text" if _has_lines(info) else "line")


@cache
def _longest_line() -> int:
    return next(int(one.max_length) for one in _marks(base.Line) if getattr(one, "max_length", None))


def _has_lines(info: FieldInfo) -> bool:
    """Tell whether a text may have several lines: the contract's `Text`, which is far longer than a line."""
    marks = [*info.metadata, *_marks(info.annotation)]
    longest = [one.max_length for one in marks if getattr(one, "max_length", None)]
    return bool(longest) and max(longest) > _longest_line()


def _marks(annotation: Any) -> list[Any]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = [mark for one in args[1:] for mark in (one.metadata if isinstance(one, FieldInfo) else [one])]
        return [*_marks(args[0]), *inner]
    if origin in (Union, types.UnionType):
        return [mark for arg in args for mark in _marks(arg)]
    return []
