"""The contract as a JSON Schema, so that an editor completes a case file and marks what cannot be right.

It is made from the contract each time and written down nowhere else. An editor reads `7` as a number and
`true` as a truth value, papka reads both as text: the schema takes either. A label is taken as it is listed.
Check sums, references and dates that contradict each other are beyond a schema: `papka check` knows them.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .contract import values
from .contract.base import Contract, Id, Labelled, YesNo
from .contract.case import Case
from .filters import LanguagePack
from .messages import expected
from .vocabulary import RUSSIAN, record_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FROM_OFFICE = ("organisation", "specialists")
"""What an office may say for all of its cases (`Office.facts`), so that a case file can go without it."""

Schema = dict[str, Any]
_WORDS = ("да", "нет", "yes", "no")
_TYPED_WORDS = r"^\s*([Дд][Аа]?|[Нн]([Ее][Тт])?|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Tt]rue|[Ff]alse|[01+-])\s*$"
_EXTENSION = r"([,;]?\s*([Дд]об|[Дд]оп|[Вв]н|[Ee]xt|[Xx]).*)?"
_ID = next(mark.metadata[0].pattern for mark in get_args(Id)[1:])


def _key(alias: Any) -> Any:
    """Return the function that makes a value of an alias of the contract: by it the alias is known again."""
    return next(mark.func for mark in get_args(alias)[1:] if hasattr(mark, "func"))


_TEXT_OR_NUMBER = ["string", "number"]
_KNOWN: Mapping[Any, tuple[Schema, str | None]] = {
    _key(alias): (schema, code)
    for alias, schema, code in (
        (
            values.Day,
            {"type": "string", "pattern": r"^\s*(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})\s*$"},
            "papka_date",
        ),
        (values.Hour, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*\d{1,2}[:.][0-5]\d\s*$"}, "papka_time"),
        (
            values.Money,
            {"type": _TEXT_OR_NUMBER, "minimum": 0, "pattern": r"^[\d\s]+([.,]\s*\d\s*\d?)?\s*\D{0,9}$"},
            "papka_money",
        ),
        (values.Snils, {"type": _TEXT_OR_NUMBER, "pattern": r"^[\s-]*(\d[\s-]*){11}$"}, "papka_snils_form"),
        (values.Inn, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*(\d\s*){10}((\d\s*){2})?$"}, "papka_inn"),
        (values.Unp, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*([\dA-ZА-Я]\s*){9}$"}, "papka_unp"),
        (
            values.PersonalNo,
            {"type": "string", "pattern": r"^\s*([\dA-Za-zА-Яа-я]\s*){14}$"},
            "papka_personal_no",
        ),
        (values.Ogrn, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*(\d\s*){13}((\d\s*){2})?$"}, "papka_ogrn"),
        (values.Kpp, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*\d{4}[0-9A-Z]{2}\d{3}\s*$"}, "papka_kpp"),
        (
            values.Phone,
            {"type": _TEXT_OR_NUMBER, "pattern": rf"^[0-9+\s().\-–]*\d[0-9+\s().\-–]*{_EXTENSION}$"},
            "papka_phone",
        ),
        (values.Postcode, {"type": _TEXT_OR_NUMBER, "pattern": r"^\s*\d{6}\s*$"}, "papka_postcode"),
        (values.Email, {"type": "string", "pattern": r"^\s*[^@\s]+@[^@\s]+\.[^@\s.]+\s*$"}, "papka_email"),
        (values.NameText, {"type": "string", "pattern": r"^[^\d_@;:!?\"«»/\\]*$"}, "papka_name"),
        (YesNo, {}, None),
    )
}


def case_schema(pack: LanguagePack | None = None) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a case file.

    Titles and descriptions are the contract's own Russian labels; a choice takes its code or its label.

    Args:
        pack: The language in which an editor shows labels; a choice then takes its code.
    """
    whole: Schema = {}
    _Definitions(whole, pack).define(Case)
    case = dict(whole.pop("Case"))
    case["required"] = [name for name in case["required"] if name not in FROM_OFFICE]
    return {"$schema": DIALECT, **case, "$defs": dict(sorted(whole.items()))}


class _Definitions:
    """Defines records one after another, and what they are made of."""

    def __init__(self, found: Schema, pack: LanguagePack | None) -> None:
        self.found = found
        self.pack = pack

    def define(self, model: type[BaseModel]) -> None:
        """Define a record, unless it is defined already."""
        if model.__name__ in self.found:
            return
        self.found[model.__name__] = {}  # a record may hold records of its own kind
        hints = typing.get_type_hints(model, include_extras=True)
        properties, required = {}, []
        for name, info in model.model_fields.items():
            properties[name] = self.field(model, name, info, hints[name])
            if info.is_required():
                required.append(name)
        self.found[model.__name__] = {
            "type": "object",
            "additionalProperties": False,
            "properties": properties,
            "required": required,
        }

    def field(self, model: type[BaseModel], name: str, info: FieldInfo, hint: Any) -> Schema:
        known, pack = record_type(model).fields[name], self.pack
        label = pack.label(model, name, known.label) if pack else known.label
        example = pack.example(model, name, known.example) if pack else known.example
        schema, code = self.of(hint)
        schema = _limited(schema, info.metadata)
        if not info.is_required():
            schema = _or_nothing(schema)
        said = [label]
        if code:
            said.append(expected(code, {}, None)[1])
        if example:
            schema = schema | {"examples": [example]}
        head = {"title": label, "description": ". ".join(one.rstrip(".") for one in said) + "."}
        # What stands beside a reference is read by editors since draft 2019-09.
        return head | schema

    def of(self, hint: Any) -> tuple[Schema, str | None]:
        """Return the schema of an annotation, and the kind of fault whose cure says how it is written."""
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            for mark in args[1:]:
                if getattr(mark, "func", None) in _KNOWN:
                    schema, code = _KNOWN[mark.func]
                    return dict(self.yes_or_no if mark.func is _key(YesNo) else schema), code
            schema, code = self.of(args[0])
            marks = [one for mark in args[1:] for one in _spread(mark)]
            return _limited(schema, marks), code
        if origin in (Union, types.UnionType):
            inner = [arg for arg in args if arg is not type(None)]
            return self.of(inner[0])
        if origin is tuple:
            item, code = self.of(args[0])
            return {"type": "array", "items": item}, code
        if origin is dict:
            item, code = self.of(args[1])
            return {"type": "object", "additionalProperties": item}, code
        if origin is Literal:
            return {"enum": [*args, *(int(one) for one in args if str(one).isdigit())]}, None
        return self.plain(hint), None

    @property
    def yes_or_no(self) -> Schema:
        """What may be yes or no; an editor proposes the words of its language, and takes all."""
        words = _WORDS if self.pack is None or self.pack.code == RUSSIAN else _WORDS[2:]
        typed = {"type": "string", "pattern": _TYPED_WORDS}
        return {"anyOf": [{"enum": [*words, True, False, 0, 1]}, typed]}

    def plain(self, hint: Any) -> Schema:
        """Return the schema of a fixed list, of a record, or of a plain value."""
        if issubclass(hint, Labelled):
            return self.choices(list(hint))
        if issubclass(hint, Contract):
            self.define(hint)
            return {"$ref": f"#/$defs/{hint.__name__}"}
        if hint is int:
            return {"type": ["integer", "string"], "pattern": r"^\s*[+-]?\d+\s*$"}
        if hint is Decimal:
            return {"type": ["number", "string"], "pattern": r"^\s*[+-]?\d+([.,]\d+)?\s*$"}
        return {"type": ["string", "number", "boolean"], "pattern": r"\S"}

    def choices(self, members: list[Labelled]) -> Schema:
        """Return the schema of a fixed list: its codes, and its labels where a case file may hold them."""
        labels = [self.pack.called(one) if self.pack else one.label for one in members]
        if self.pack is not None and self.pack.code != RUSSIAN:
            return {"enum": [one.value for one in members], "enumDescriptions": labels}
        unlike = list(dict.fromkeys(labels))
        return {
            "enum": [*(one.value for one in members), *unlike],
            "enumDescriptions": [*labels, *unlike],
        }


def _spread(mark: Any) -> list[Any]:
    return list(mark.metadata) if isinstance(mark, FieldInfo) else [mark]


def _limited(schema: Schema, marks: list[Any]) -> Schema:
    """Add the limits that pydantic knows by name."""
    many = schema.get("type") == "array"
    names = {
        "ge": "minimum",
        "gt": "exclusiveMinimum",
        "le": "maximum",
        "lt": "exclusiveMaximum",
        "max_length": "maxItems" if many else "maxLength",
        "min_length": "minItems" if many else "minLength",
        "pattern": "pattern",
    }
    more: Schema = {}
    for mark in marks:
        for name, ours in names.items():
            if getattr(mark, name, None) is not None:
                more[ours] = _number(getattr(mark, name))
    if more.get("pattern") == _ID:
        schema = {"type": "string"}
    return schema | more


def _number(limit: Any) -> Any:
    return float(limit) if isinstance(limit, Decimal) else limit


def _or_nothing(schema: Schema) -> Schema:
    """Take a field that was named and left empty as absent, as the contract does."""
    if isinstance(schema.get("enum"), list):
        more = {"enum": [*schema["enum"], None]}
        if "enumDescriptions" in schema:
            more["enumDescriptions"] = [*schema["enumDescriptions"], ""]
        return schema | more
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return schema | {"type": [*kinds, "null"]}
    return {"anyOf": [*schema["anyOf"], {"type": "null"}]} if "anyOf" in schema else _either(schema)


def _either(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
