"""Written examples made into other families: other people, fewer facts, another last day."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ...core.contract.base import Labelled
from ...core.contract.case import Case
from ...core.contract.countries import Country
from ...core.contract.people import Address, IdentityDocument, Member
from ...core.loading import examined
from ...core.paths import Loc
from ...core.rules.situation import Situation
from ...core.vocabulary import Field, record_type
from .making import Maker, Setting
from .people import Data, Household
from .stock import begins, names_somebody, stems_of

_KEPT_PARTS = frozenset({"organisation", "specialists", "papka", "programme", "fictional"})
_ROUNDS = 6


# --- plain data ------------------------------------------------------------------------------------------


def plain(model: BaseModel) -> Data:
    """Return what was typed of a record as plain data, as a case file holds it."""
    found: Data = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if value is None or value == () or value == type(model).model_fields[name].default:
            continue
        found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, Labelled):
        return value.value
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def repaired(data: Data, country: Country) -> Case | None:
    """Return the case of plain data after what cannot be was taken out of it; None if it cannot be mended."""
    seen: set[Loc] = set()
    for _ in range(_ROUNDS):
        case, faults = examined(data, country)
        if case is not None:
            return case
        places = {_loc(one.place.path) for one in faults if one.place.path}
        # What is still wrong without a fact is wrong in what the fact belongs to.
        worse = {loc[:-1] if loc in seen and len(loc) > 1 else loc for loc in places}
        seen |= places
        if not worse:
            return None
        for loc in sorted(worse, key=_last_first, reverse=True):
            remove(data, loc)
    return None


def _loc(path: str) -> Loc:
    steps: list[str | int] = []
    for part in path.replace("]", "").split("."):
        name, *numbers = part.split("[")
        steps += [name, *(int(one) for one in numbers)]
    return tuple(steps)


def _last_first(loc: Loc) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in loc)


def remove(data: Data, loc: Loc) -> None:
    """Take out what stands at a place; where it has to be there, the thing that needs it."""
    owner, known = _owner(data, loc)
    if owner is None:
        return
    step = loc[-1]
    if isinstance(step, int):
        if isinstance(owner, list) and step < len(owner):
            del owner[step]
            if not owner:
                remove(data, loc[:-1])
        return
    if known is not None and known.model_fields[step].is_required() and len(loc) > 1:
        remove(data, loc[:-1])
    elif isinstance(owner, dict):
        owner.pop(step, None)


def _owner(data: Data, loc: Loc) -> tuple[Any, type[BaseModel] | None]:
    node: Any = data
    model: type[BaseModel] | None = Case
    for step in loc[:-1]:
        if isinstance(step, str):
            field = record_type(model).find(step) if model else None
            type_ = (field.type.item or field.type) if field else None
            model = type_.model if type_ is not None and not type_.refers else None
            node = node.get(step) if isinstance(node, dict) else None
        else:
            node = node[step] if isinstance(node, list) and step < len(node) else None
    return node, model


def records(
    data: Any, model: type[BaseModel] = Case, loc: Loc = ()
) -> Iterator[tuple[Loc, type[BaseModel], Data]]:
    """Go through all records of plain data, the outer ones first."""
    if not isinstance(data, dict):
        return
    yield loc, model, data
    for name, known in record_type(model).fields.items():
        type_ = known.type.item or known.type
        if known.derived or type_.refers or type_.model is None or name not in data:
            continue
        if isinstance(data[name], list):
            for index, one in enumerate(data[name]):
                yield from records(one, type_.model, (*loc, name, index))
        else:
            yield from records(data[name], type_.model, (*loc, name))


# --- other people ----------------------------------------------------------------------------------------


class Recast:
    """Makes another family of a written example: its course of events, with other people."""

    def __init__(self, maker: Maker, household: Household, chance: random.Random) -> None:
        self._maker, self._household, self._chance = maker, household, chance

    def of(self, case: Case, number: int) -> Setting:
        """Return the family as plain data, with what makes more facts for it."""
        stems = stems_of(case)
        data = plain(case)
        data |= {"fictional": "да", "id": f"DERIVED-{number:02}", "number": f"У-{number}"}
        codes = self._codes(data)
        setting = Setting(data, self._household, self._chance)
        for loc, model, record in list(records(data)):
            if loc and loc[0] in _KEPT_PARTS:
                continue
            self._rename(record, model, codes)
            self._words(record, model, setting, stems, inside=loc)
        members = data["family"].get("members", [])
        for one in members:
            one.update(self._household.named(one))
        data["family"]["display_name"] = self._household.title(members)
        return setting

    def _codes(self, data: Data) -> dict[str, str]:
        members = data.get("family", {}).get("members", [])
        return {str(one["id"]): f"m{number}" for number, one in enumerate(members, start=1)}

    def _rename(self, record: Data, model: type[BaseModel], codes: Mapping[str, str]) -> None:
        """Give the members other codes, wherever they are named."""
        for name, known in record_type(model).fields.items():
            if name not in record or known.derived:
                continue
            type_ = known.type.item or known.type
            if type_.refers in ("member", "person"):
                value = record[name]
                named = [codes.get(str(one), one) for one in value] if isinstance(value, list) else None
                record[name] = named if named is not None else codes.get(str(value), value)
        if model is Member and record.get("id") in codes:
            record["id"] = codes[str(record["id"])]

    def _words(
        self, record: Data, model: type[BaseModel], setting: Setting, stems: frozenset[str], *, inside: Loc
    ) -> None:
        """Put other words in place of those that speak of the people of the example."""
        if model is Member:
            record.pop("name_forms", None)
        if model is Address and inside:
            record.update(self._household.address(record))
            record.pop("flat", None)
        if model is IdentityDocument:
            record.update(self._household.paper(record, self._chance))
        for name, known in record_type(model).fields.items():
            if name in record and not known.derived and model not in (Address, IdentityDocument):
                record[name] = self._said_anew(record[name], model, known, setting, stems)

    def _said_anew(
        self, value: Any, model: type[BaseModel], known: Field, setting: Setting, stems: frozenset[str]
    ) -> Any:
        type_ = known.type.item or known.type
        if isinstance(value, list) and type_.kind in ("text", "phrase") and not type_.refers:
            return [self._said_anew(one, model, known, setting, stems) for one in value]
        if known.name in ("phone", "snils"):
            return getattr(self._household, known.name)(value)
        if known.name == "email":
            return "semya@example.org"
        plain_words = type_.kind in ("text", "phrase") and not type_.refers and known.name not in _OWN
        if plain_words and isinstance(value, str) and names_somebody(value, stems):
            # Only words of this field will do in it.
            return self._maker.words(model, known, setting)
        return value


_OWN = frozenset({"id", "code", "number", "last_name", "first_name", "patronymic", "display_name", "scale"})


# --- fewer facts -----------------------------------------------------------------------------------------


def trimmed(data: Data, most: int) -> None:
    """Leave of each list of things no more than some: the first ones, and the last one."""
    for loc, model, record in list(records(data)):
        for name, known in record_type(model).fields.items():
            value = record.get(name)
            item = known.type.item
            of_things = item is not None and item.model is not None
            if not of_things or not isinstance(value, list) or len(value) <= most or name in _WHOLE:
                continue
            record[name] = [*value[: most - 1], value[-1]]
        del loc


_WHOLE = frozenset({"members", "specialists", "signs", "items"})


def bare(data: Data, *, keep: Callable[[str, Field], bool]) -> None:
    """Leave out all that may be absent, except what is asked to be kept."""
    for loc, model, record in list(records(data)):
        for name, known in record_type(model).fields.items():
            if (loc == () and name in _KEPT_PARTS) or model is IdentityDocument:
                continue
            if name in record and not model.model_fields[name].is_required() and not keep(name, known):
                del record[name]


def completed(setting: Setting, maker: Maker, within: str | None = None) -> None:
    """Add to each thing the facts that may be absent and are; within one part of the case, if it is named."""
    for loc, model, record in list(records(setting.data)):
        if not loc or loc[0] == "specialists" or within not in (None, loc[0]):
            continue
        since = _since(record, setting)
        wish = {name: record[name] for name in record}
        full = maker.thing(model, setting, since, full=True, wish=wish)
        record.update({name: value for name, value in full.items() if name not in record})


def _since(record: Data, setting: Setting) -> date:
    name = begins(record)
    try:
        return date.fromisoformat(str(record[name])) if name else setting.opened_on
    except ValueError:
        return setting.opened_on


def stops(now: Situation) -> list[date]:
    """Return the days on which a case entered its stages, and the last one before each."""
    days = {now.day(stage.entered_on) for stage in now.programme.stages}
    return sorted(day for day in days if day is not None)


def stopped(case: Case, day: date) -> Case:
    """Return a case as it was known on a day, without what was planned for later."""
    known = case.as_of(day)
    return known.model_copy(
        update={"services": tuple(s for s in known.services if not s.since or s.since <= day)}
    )


__all__ = [
    "Recast", "bare", "completed", "plain", "records", "remove", "repaired", "stopped", "stops", "trimmed",
]  # fmt: skip
