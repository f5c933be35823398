"""What is tried on the written examples, because no type says it: what is always there in a derived list.

Who stands among the children of a family has a day of birth, though the contract asks nobody for one: without
it nobody is known to be a child.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from pydantic import BaseModel

from ...core.contract.base import At, derived_fields
from ...core.contract.case import Case
from ...core.paths import Loc, path_of
from ..goldens.drawing import told_on
from .wishes import things_of

MOST = 3
"""How many things of one list are tried without one of their facts."""


class Trials:
    """Takes single facts out of the written examples and looks at what follows."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._days = [told_on(case) for case in cases]
        self._known: dict[tuple[type[BaseModel], str, str], bool] = {}

    def always(self, model: type[BaseModel], given: str, name: str) -> bool:
        """Tell whether what a derived field gives always has a fact: without the fact it is not given.

        Args:
            given: The derived field: it gives records, or one.
            name: The fact of these records.
        """
        key = model, given, name
        if key not in self._known:
            tries = list(self._tries(model, given, name))
            self._known[key] = bool(tries) and not any(tries)
        return self._known[key]

    def _tries(self, model: type[BaseModel], given: str, name: str) -> Iterator[bool]:
        """Go through tries: whether something was given that lacks the fact."""
        for case, on in zip(self._cases, self._days, strict=True):
            for owner in [one for one in things_of(case) if isinstance(one, model)][:MOST]:
                for item in _given(owner, given, At(case, on))[:MOST]:
                    at, where = path_of(item, case), path_of(owner, case)
                    if at is None or where is None or name not in type(item).model_fields:
                        continue
                    if not getattr(item, name):
                        yield True
                        continue
                    other = _replaced(case, at, _without(item, name))
                    found = _given(_at(other, where), given, At(other, on))
                    yield any(not getattr(one, name) for one in found)

    def implies(self, model: type[BaseModel], told: str, name: str) -> bool:
        """Tell whether what is worked out of a record never holds without one of its facts."""
        key = model, told, name
        if key not in self._known:
            tries = list(self._holds_without(model, told, name))
            self._known[key] = bool(tries) and not any(tries)
        return self._known[key]

    def _holds_without(self, model: type[BaseModel], told: str, name: str) -> Iterator[bool]:
        for case, on in zip(self._cases, self._days, strict=True):
            for one in things_of(case):
                if isinstance(one, model) and name in model.model_fields and _said(one, told, At(case, on)):
                    yield _said(_without(one, name), told, At(case, on))


def _without(item: BaseModel, name: str) -> BaseModel:
    value = getattr(item, name)
    return item.model_copy(
        update={name: False if value is True else () if isinstance(value, tuple) else None}
    )


def _said(owner: BaseModel, name: str, at: At) -> bool:
    with suppress(Exception):  # a field that cannot be worked out says nothing
        return bool(derived_fields(type(owner))[name].function(owner, at))
    return False


def _given(owner: BaseModel, name: str, at: At) -> list[BaseModel]:
    found: Any = None
    with suppress(Exception):  # a field that cannot be worked out gives nothing
        found = derived_fields(type(owner))[name].function(owner, at)
    return [one for one in (found if isinstance(found, tuple) else (found,)) if isinstance(one, BaseModel)]


def _at(model: Any, loc: Loc) -> Any:
    for step in loc:
        model = model[step] if isinstance(step, int) else getattr(model, step)
    return model


def _replaced(model: Any, loc: Loc, new: BaseModel) -> Any:
    if not loc:
        return new
    step, *rest = loc
    if isinstance(step, int):
        return tuple(
            _replaced(one, tuple(rest), new) if index == step else one for index, one in enumerate(model)
        )
    return model.model_copy(update={step: _replaced(getattr(model, step), tuple(rest), new)})
