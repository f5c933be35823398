"""Example families derived from a programme's rules, so that each branch of its papers is seen once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .deriving import Derived, derive
    from .measuring import Coverage, coverage

__all__ = ["Coverage", "Derived", "coverage", "derive"]

_HOMES = {"Derived": "deriving", "derive": "deriving", "Coverage": "measuring", "coverage": "measuring"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
