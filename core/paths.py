"""Paths in a case: dotted for scripts, in Russian words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from .vocabulary import RUSSIAN, RecordType, Type, record_type

Step = str | int
Loc = tuple[Step, ...]


def dotted(loc: Loc) -> str:
    """Write a path as ``family.members[0].snils``."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text


def undotted(path: str) -> Loc:
    """Read a path as `dotted` writes it."""
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(number) if number else name for number, name in steps)


def owner_of(root: RecordType, loc: Loc) -> RecordType | None:
    """Return the names that the record at a path answers to, if a record stands there."""
    type_: Type | None = None
    owner: RecordType | None = root
    for step in loc:
        if isinstance(step, int) or (type_ is not None and type_.kind == "map"):
            type_ = type_.item if type_ else None
        else:
            found = owner.find(step) if owner else None
            type_ = found.type if found else None
        owner = record_type(type_.model) if type_ and type_.model and not type_.refers else None
    return owner


def in_words(root: RecordType, loc: Loc, language: str = RUSSIAN) -> str:
    """Say a path in words: «Семья → Члены семьи, 2 → СНИЛС».

    Args:
        language: The language of the case's papers; if it is not Russian: family → members, 2 → snils.
    """
    said: list[str] = []
    for index, step in enumerate(loc):
        if isinstance(step, int):
            said[-1:] = [f"{said[-1]}, {step + 1}"] if said else [str(step + 1)]
            continue
        owner = owner_of(root, loc[:index])
        found = owner.find(step) if owner else None
        said.append(found.called(language) if found else step)
    return " → ".join(said)


def path_of(wanted: BaseModel, root: BaseModel) -> Loc | None:
    """Return where a part of a case stands in it."""
    return next((loc for loc, one in _walk(root, ()) if one is wanted), None)


def paths_in(root: BaseModel) -> Mapping[int, Loc]:
    """Return where each part of a case stands in it, by its identity: for who asks of many."""
    found: dict[int, Loc] = {}
    for loc, one in _walk(root, ()):
        found.setdefault(id(one), loc)
    return found


def _walk(model: BaseModel, loc: Loc) -> Iterator[tuple[Loc, BaseModel]]:
    yield loc, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for index, one in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(one, BaseModel):
                yield from _walk(one, (*loc, name) if index is None else (*loc, name, index))
