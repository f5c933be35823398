"""Who reads what: which values of a case a paper looks at while it is drawn.

While somebody listens, the plain records of a case tell each field that they are asked for. A value that is
worked out tells besides which typed values it was worked out from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import FunctionType, MethodType
from typing import Any

from pydantic import BaseModel

from ...core.contract.base import At, derived_fields
from ...core.facts import Later, Record, Rows
from ...core.paths import Loc

Listener = Callable[[Record, str], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


class _Telling(Record):
    """A record that tells what it is asked for; it is an ordinary record in all else."""

    __slots__ = ()

    def __getitem__(self, name: str) -> object:
        value = super().__getitem__(name)
        listener = _listener.get()
        if listener is not None:
            listener(self, name if name in self._values else self._aliases.get(name, name))
            # What is made only now tells too.
            let_tell(value)
        return value


@cache
def _telling(kind: type[Record]) -> type[Record]:
    return type(f"Telling{kind.__name__}", (_Telling, kind), {"__slots__": ()})


def let_tell(value: object) -> None:
    """Let a record, or each record of a list, tell what it is asked for, from now on."""
    if isinstance(value, Record):
        if not isinstance(value, _Telling):
            # A new record would not be the one to which others refer.
            value.__class__ = _telling(type(value))
    elif isinstance(value, Rows) and not isinstance(value, Later):
        for one in value:
            let_tell(one)


@contextmanager
def listening(listener: Listener | None) -> Iterator[None]:
    """Listen to all records that tell, while inside."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


# --- what a value is worked out from ---------------------------------------------------------------------


def made_from(model: BaseModel, name: str, at: At, places: Mapping[int, Loc]) -> set[Loc]:
    """Return the places of the typed values that a derived field looks at."""
    seen: set[Loc] = set()
    mark = derived_fields(type(model))[name]
    case = _Seen(at.case, places, seen)
    itself = _Seen(model, places, seen)
    # It answers like the case that it stands for.
    mark.function(itself, At(case, at.on))  # type: ignore[arg-type]
    return seen


class _Seen:
    """Stands for a part of a case, and notes which of its typed values are looked at."""

    __slots__ = ("_model", "_places", "_seen")

    def __init__(self, model: BaseModel, places: Mapping[int, Loc], seen: set[Loc]) -> None:
        self._model, self._places, self._seen = model, places, seen

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        # It says that it is what it stands for.
        return type(self._model)

    def __getattr__(self, name: str) -> Any:
        model = self._model
        if name in type(model).model_fields:
            at = self._places.get(id(model))
            if at is not None:
                self._seen.add((*at, name))
            return self._wrapped(getattr(model, name))
        own = getattr(type(model), name, None)
        if isinstance(own, FunctionType):
            return MethodType(own, self)
        if isinstance(own, property) and own.fget is not None:
            return own.fget(self)
        return getattr(model, name)

    def _wrapped(self, value: Any) -> Any:
        if isinstance(value, BaseModel):
            return _Seen(value, self._places, self._seen)
        if isinstance(value, tuple):
            return tuple(map(self._wrapped, value))
        return value

    def __eq__(self, other: object) -> bool:
        mine = self._model
        return mine == (other._model if type(other) is _Seen else other)

    def __hash__(self) -> int:
        return hash(self._model)
