"""A plugin as a stranger: what is known of it, what it may answer, and how what it wrote is run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, TextIO, get_args

from ..commandspec import CommandSpec
from ..errors import PapkaError
from ..expressions import ExpressionError
from ..filters import Filter, LanguagePack, guarded
from ..findings import Finding, Severity, Source
from ..i18n import tr
from ..programmes.region import FormSet, Region
from ..signatures import SignatureProvider
from .manners import watched

BUILT_IN = ("papka.forms", "papka.output", "papka.kit")


@dataclass
class PluginInfo:
    """What is known of one plugin, usable or not.

    Attributes:
        based_on: The programme that its own is a variant of.
        missing: Templates that its documents name and that are not there; its other documents work.
        fault: Why it was set aside, in the reader's language; None when it works.
        findings: All that is wrong with its programme, each at its place.
    """

    name: str
    origin: str
    version: str
    hooks: tuple[str, ...] = ()
    documents: int = 0
    programme: str | None = None
    based_on: str | None = None
    missing: tuple[str, ...] = ()
    fault: str | None = None
    findings: tuple[Finding, ...] = ()
    cure: str | None = None
    module: ModuleType | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = ("name", "origin", "version", "hooks", "documents", "programme", "based_on", "missing")
        data = {name: getattr(self, name) for name in (*told, "fault", "cure")}
        return {**data, "findings": [one.as_json() for one in self.findings]}


ANSWERS: Mapping[str, tuple[type, bool]] = {
    "papka_programme": (Region, False),
    "papka_common_forms": (FormSet, False),
    "papka_languages": (LanguagePack, True),
    "papka_filters": (Filter, True),
    "papka_findings": (Finding, True),
    "papka_commands": (CommandSpec, True),
    "papka_signers": (SignatureProvider, True),
}
"""What each hook returns, and whether it returns several."""

ASKED_OF_A_CASE = ("papka_findings",)
"""Hooks that are asked again for each case."""


def quiet() -> redirect_stdout[TextIO]:
    """Keep what a plugin prints off the standard output, which scripts read."""
    return redirect_stdout(sys.stderr)


@contextmanager
def minded(info: PluginInfo) -> Iterator[None]:
    """Run what a stranger wrote: quietly, and telling of it what it did to the process."""
    if info.name in BUILT_IN:
        yield
        return
    told: list[str] = []
    try:
        with quiet(), watched(told.append):
            yield
    finally:
        cure = tr("Tell who maintains the plugin; it works all the same.")
        info.findings += tuple(warning(words, cure) for words in told)


def warning(message: str, cure: str) -> Finding:
    """Return what is told of a plugin that works all the same."""
    return Finding("X-PLUGIN", "warning", message, cure)


def is_sound(one: object) -> bool:
    """Tell whether an answer can be worked with; its class alone does not say so."""
    if isinstance(one, CommandSpec):
        texts = (one.name, one.target, *one.summary, *one.summary.values())
        return all(isinstance(text, str) for text in texts)
    if isinstance(one, SignatureProvider):
        names = isinstance(one.name, str) and isinstance(one.title, str) and bool(one.name)
        return names and callable(one.sign) and (one.verify is None or callable(one.verify))
    if isinstance(one, Finding):
        source = one.source is None or isinstance(one.source, Source)
        return isinstance(one.message, str) and one.severity in get_args(Severity) and source
    return not isinstance(one, Filter) or callable(one.function)


def named_filter(info: PluginInfo, one: Filter) -> Filter:
    """Let a filter that fails name itself and its plugin, and nothing of the value it failed on.

    An empty value and a line of a paper without data pass a stranger's filter by, unless it says that it
    deals with them: who writes a filter of words thinks of words.
    """
    function = one.function
    if info.name not in BUILT_IN and not getattr(function, "is_guarded", False):
        function = guarded(function, gives=one.gives, meets_missing=one.meets_missing)

    def named(*arguments: object, **speaking: object) -> object:
        try:
            return function(*arguments, **speaking)
        except Exception as error:
            if info.name in BUILT_IN and type(error) is TypeError:
                # So papka's own filters say on what they do not work; it holds no value.
                raise
            words = tr("the filter {name} of the plugin {plugin} failed ({error})")
            said = words.format(name=one.name, plugin=info.name, error=type(error).__name__)
            raise ExpressionError("E-FILTER-FAILED", said, one.name) from error

    return replace(one, function=named)


def guarded_signer(info: PluginInfo, one: SignatureProvider) -> SignatureProvider:
    """Let a way to sign that fails name itself and its plugin, and nothing of the paper it failed on."""

    def guard(function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*paths: Any) -> Any:
            try:
                with quiet():
                    return function(*paths)
            except PapkaError:
                raise
            except Exception as error:
                words = tr("The way to sign {name} of the plugin {plugin} failed ({error}).")
                said = words.format(name=one.name, plugin=info.name, error=type(error).__name__)
                raise PapkaError(said) from error

        return guarded

    return replace(one, sign=guard(one.sign), verify=guard(one.verify) if one.verify else None)
