"""What a plugin may lean on; each name is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commandspec import CommandSpec
    from .errors import PapkaError
    from .facts import Blank, Choice, Missing, PersonName, Phrase, Picture, Record, Rows
    from .filters import Filter, LanguagePack, StandIns, Unprintable, guarded
    from .findings import Finding, Place, Source
    from .loading import load_case
    from .opening import OpenCase, open_case
    from .plugging.hookspecs import hookimpl
    from .plugging.plugins import Plugins
    from .programmes.region import FormSet, Region
    from .signatures import SignatureProvider

_HOMES = {
    "Blank": "facts",
    "Choice": "facts",
    "CommandSpec": "commandspec",
    "Filter": "filters",
    "Finding": "findings",
    "FormSet": "programmes.region",
    "LanguagePack": "filters",
    "Missing": "facts",
    "OpenCase": "opening",
    "PapkaError": "errors",
    "PersonName": "facts",
    "Phrase": "facts",
    "Picture": "facts",
    "Place": "findings",
    "Plugins": "plugging.plugins",
    "Record": "facts",
    "Region": "programmes.region",
    "Rows": "facts",
    "SignatureProvider": "signatures",
    "Source": "findings",
    "StandIns": "filters",
    "Unprintable": "filters",
    "guarded": "filters",
    "hookimpl": "plugging.hookspecs",
    "load_case": "loading",
    "open_case": "opening",
}

__all__ = [
    "Blank",
    "Choice",
    "CommandSpec",
    "Filter",
    "Finding",
    "FormSet",
    "LanguagePack",
    "Missing",
    "OpenCase",
    "PapkaError",
    "PersonName",
    "Phrase",
    "Picture",
    "Place",
    "Plugins",
    "Record",
    "Region",
    "Rows",
    "SignatureProvider",
    "Source",
    "StandIns",
    "Unprintable",
    "guarded",
    "hookimpl",
    "load_case",
    "open_case",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
