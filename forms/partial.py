"""What is known of a case that is not whole yet, as an expression sees it.

A rule or a template sees a case that has passed its contract. A form asks before that: what is right so far
counts, what is wrong or missing counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..core.contract.base import At
from ..core.contract.case import Case
from ..core.contract.countries import Country, in_country
from ..core.facts import Missing
from ..core.filters import LanguagePack
from ..core.vocabulary import Freezer, RecordType, Type, Vocabulary, record_type

_VOCABULARY = Vocabulary()
_ADAPTERS: dict[tuple[type[BaseModel], str], TypeAdapter[Any]] = {}


def known_so_far(
    data: Mapping[str, Any], on: date, pack: LanguagePack, country: Country = Country.RUSSIA
) -> Mapping[str, object]:
    """Return the names that an expression may use, with all that is known."""
    case = lenient(Case, data, country)
    whole = _Freezer(At(case, on), pack=pack).record(case)
    named: dict[str, object] = {name: whole[name] for name in _VOCABULARY.roots if name != "case"}
    return _VOCABULARY.with_russian_names({"case": whole, **named})


class _Freezer(Freezer):
    """Shows as missing what cannot be worked out yet: a field made of others counts on all of them."""

    def _field(self, model: BaseModel, known: RecordType, name: str) -> object:
        try:
            return super()._field(model, known, name)
        except (TypeError, AttributeError, LookupError, ValueError):
            if not known.fields[name].derived:
                raise
            return Missing(self._called(known.fields[name]))


def lenient(model: type[BaseModel], data: Any, country: Country = Country.RUSSIA) -> Any:
    """Make a model of what is right in plain data; the rest is missing from it."""
    values: dict[str, Any] = {}
    known = record_type(model).fields
    for name, info in model.model_fields.items():
        raw = data.get(name) if isinstance(data, Mapping) else None
        values[name] = _value(model, name, known[name].type, raw, country)
        if values[name] is None and not info.is_required():
            values[name] = info.get_default(call_default_factory=True)
    return model.model_construct(**values)


def _value(model: type[BaseModel], name: str, type_: Type, raw: Any, country: Country) -> Any:
    if type_.kind == "list":
        items = raw if isinstance(raw, list) else []
        item = type_.item
        if item is not None and item.model is not None and not item.refers:
            return tuple(lenient(item.model, one, country) for one in items)
        return _checked(model, name, items, country) or ()
    if type_.model is not None and not type_.refers:
        # A group that the contract asks for is there, however little of it is known.
        required = model.model_fields[name].is_required()
        return lenient(type_.model, raw, country) if isinstance(raw, Mapping) or required else None
    return _checked(model, name, raw, country)


def _checked(model: type[BaseModel], name: str, raw: Any, country: Country) -> Any:
    if raw is None:
        return None
    key = (model, name)
    if key not in _ADAPTERS:
        info = model.model_fields[name]
        hint: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
        _ADAPTERS[key] = TypeAdapter(hint)
    try:
        return _ADAPTERS[key].validate_python(raw, context=in_country(country))
    except ValidationError:
        return None
