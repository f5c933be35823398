"""Loading plugins one by one, and the one typed door to their answers."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType, ModuleType
from typing import Any, TextIO, get_args

import pluggy

from . import examined, hookspecs
from .commandspec import CommandSpec
from .errors import AskedWrongly, PapkaError, PluginProblem, Refused
from .examined import Examined
from .expressions import ExpressionError, Language
from .filters import Filter, LanguagePack
from .findings import Finding, Severity, Source
from .i18n import tr
from .region import FormSet, Method, Paper, Region, fault_of
from .rules.reading import expression_faults
from .rules.reading_questions import FILE as QUESTIONS
from .rules.reading_questions import question_faults
from .rules.reading_tables import FILE, table_faults
from .signatures import SignatureProvider

BUILT_IN = ("papka.forms", "papka.output", "papka.kit")
GROUP = "papka"
ALLOW_LIST = "PAPKA_LOAD_PLUGINS"


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A plugin that a distribution announces."""

    name: str
    value: str
    distribution: str
    version: str


@dataclass
class PluginInfo:
    """What is known of one plugin, usable or not.

    Attributes:
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
    missing: tuple[str, ...] = ()
    fault: str | None = None
    findings: tuple[Finding, ...] = ()
    cure: str | None = None
    module: ModuleType | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("name", "origin", "version", "hooks", "documents", "programme", "missing", "fault", "cure")
        data = {name: getattr(self, name) for name in names}
        return {**data, "findings": [one.as_json() for one in self.findings]}


def announced() -> list[EntryPoint]:
    """Return the plugins that installed distributions announce, sorted by name; nothing is imported."""
    from importlib.metadata import entry_points

    found = [
        EntryPoint(
            one.name, one.value, one.dist.name if one.dist else "?", one.dist.version if one.dist else "?"
        )
        for one in entry_points(group=GROUP)
    ]
    return sorted(set(found), key=lambda one: (one.name, one.value))


def allowed(points: Sequence[EntryPoint]) -> list[EntryPoint]:
    """Keep the plugins that the allow-list names; without a list, all.

    The list holds names of plugins or of distributions, set apart by commas; an empty one allows none.
    """
    names = os.environ.get(ALLOW_LIST)
    if names is None:
        return list(points)
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    return [one for one in points if {one.name, one.distribution} & wanted]


class Plugins:
    """The loaded plugins. Nothing else touches pluggy's hooks."""

    def __init__(self, points: Sequence[EntryPoint] | None = None) -> None:
        self._manager = pluggy.PluginManager("papka")
        self._manager.add_hookspecs(hookspecs)
        self._kept: dict[tuple[str, str], Any] = {}
        self._regions: dict[str, Region] = {}
        self.infos: list[PluginInfo] = []
        version = _own_version()
        for name in BUILT_IN:
            self._load(PluginInfo(name, tr("built in"), version), name)
        points = announced() if points is None else points
        for point in allowed(points):
            self._load(PluginInfo(point.name, point.distribution, point.version), point.value)
        self.infos += _unknown_names(points)
        self._examine()

    # --- loading -----------------------------------------------------------------------------------------

    def _load(self, info: PluginInfo, module: str) -> None:
        """Load one plugin; whatever it does wrong is its own fault and stops no other."""
        self.infos.append(info)
        try:
            with _quiet():
                info.module = importlib.import_module(module)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit and SyntaxError of a plugin are its own
            words = tr("it cannot be imported ({error})").format(error=type(error).__name__)
            self._set_aside(info, words, _reinstall(info))
            return
        try:
            info.hooks = self._hooks_of(info)
            self._manager.register(info.module, info.name)
        except PluginProblem as problem:
            self._set_aside(info, str(problem), tr("Ask who maintains the plugin for a version that fits."))
        except pluggy.PluginValidationError:
            words = tr("a hook takes arguments that papka does not give")
            self._set_aside(info, words, tr("Compare the hook with the list of hooks in the documentation."))
        except ValueError:
            words = tr("a plugin of this name is loaded already")
            self._set_aside(info, words, tr("Uninstall one of the two."))
        except Exception as error:  # noqa: BLE001 - a module can answer to a name in any way it likes
            words = tr("what it brings cannot be read ({error})").format(error=type(error).__name__)
            self._set_aside(info, words, _reinstall(info))

    def _hooks_of(self, info: PluginInfo) -> tuple[str, ...]:
        assert info.module is not None
        hooks = []
        for name in sorted(dir(info.module)):
            options = self._manager.parse_hookimpl_opts(info.module, name)
            if options is None:
                continue
            if not hasattr(hookspecs, name):
                words = tr("papka asks no hook {name}").format(name=name)
                raise PluginProblem(info.name, words)
            if options.get("wrapper") or options.get("hookwrapper"):
                words = tr("{name} wraps the answers of other plugins").format(name=name)
                raise PluginProblem(info.name, words)
            hooks.append(name)
        return tuple(hooks)

    def _set_aside(self, info: PluginInfo, fault: str, cure: str) -> None:
        if info.module is not None and self._manager.is_registered(info.module):
            self._manager.unregister(info.module)
        info.fault, info.cure = fault, cure

    def _examine(self) -> None:
        """Ask each plugin once for all that needs no case: a broken one is named before a family needs it."""
        for look in (
            self._look_at_answers,
            self._look_at_forms,
            self._look_at_filters,
            self._look_at_signers,
            self._look_at_programme,
        ):
            for info in self.infos:
                if info.fault is None:
                    self._examine_one(info, look)

    def _examine_one(self, info: PluginInfo, look: Callable[[PluginInfo], None]) -> None:
        try:
            look(info)
        except PapkaError as error:
            info.findings = tuple(getattr(error, "findings", ()))
            cure = tr("Correct each of them.") if info.findings else _reinstall(info)
            self._set_aside(info, fault_of(error), cure)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's data breaks is the stranger's fault
            words = tr("what it brings cannot be read ({error})").format(error=type(error).__name__)
            self._set_aside(info, words, _reinstall(info))

    def _look_at_answers(self, info: PluginInfo) -> None:
        for hook in info.hooks:
            if hook not in _ASKED_OF_A_CASE:
                self._kept[info.name, hook] = self._ask_one(info, hook)
        for pack in self._kept.get((info.name, "papka_languages"), ()):
            Language.of(pack.filters, pack.printed)

    def _look_at_forms(self, info: PluginInfo) -> None:
        forms = self._kept.get((info.name, "papka_common_forms"))
        if forms is not None:
            info.missing += _missing(Paper(one, forms.template(one)) for one in forms.documents)

    def _look_at_filters(self, info: PluginInfo) -> None:
        others = [i for i in self.infos if i is not info and i.fault is None]
        taken = {name: "ru" for one in self._russian.filters for name in (one.name, one.russian)}
        for other in others[: self.infos.index(info)]:
            for one in self._kept.get((other.name, "papka_filters"), ()):
                taken |= dict.fromkeys((one.name, one.russian), other.name)
        for one in self._kept.get((info.name, "papka_filters"), ()):
            for name in dict.fromkeys((one.name, one.russian)):
                if name in taken:
                    words = tr("its filter {name} is there already ({other})")
                    raise PluginProblem(info.name, words.format(name=name, other=taken[name]))
                taken[name] = info.name

    def _look_at_signers(self, info: PluginInfo) -> None:
        before = [i for i in self.infos[: self.infos.index(info)] if i.fault is None]
        brought = ((i.name, self._kept.get((i.name, "papka_signers"), ())) for i in before)
        taken = {one.name: name for name, signers in brought for one in signers}
        for one in self._kept.get((info.name, "papka_signers"), ()):
            if one.name in taken:
                words = tr("its way to sign {name} is there already ({other})")
                raise PluginProblem(info.name, words.format(name=one.name, other=taken[one.name]))
            taken[one.name] = info.name

    def _look_at_programme(self, info: PluginInfo) -> None:
        region = self._kept.get((info.name, "papka_programme"))
        if region is None:
            return
        key = examined.key_of(region, self.common_forms(), self.language)
        known = examined.recalled(key)
        if known is None:
            known = self._found_right(region)
            known.keep(key)
        other = next((i for i in self.infos if i.programme == known.programme), None)
        if other is not None:
            words = tr("its programme {id} is brought by the plugin {other} already")
            raise PluginProblem(info.name, words.format(id=known.programme, other=other.name))
        info.programme, info.documents = known.programme, known.documents
        info.missing += known.missing
        self._regions[known.programme] = region

    def _found_right(self, region: Region) -> Examined:
        """Hold a programme against the contract and the vocabulary."""
        method = Method.of(region, self.common_forms())
        shared = tuple(method.papers[one.id].type for one in region.programme.includes)
        faults = expression_faults(method.programme, self.language, shared)
        if faults:
            raise Refused(tr("the programme has faults"), region.located(faults))
        faults = table_faults(method.programme, self.language, method.tables.values())
        if faults:
            raise Refused(tr("the registers have faults"), region.located(faults, FILE))
        faults = question_faults(method.programme, self.language, method.questions.values())
        if faults:
            raise Refused(tr("the forms have faults"), region.located(faults, QUESTIONS))
        own = {one.id for one in region.programme.documents}
        missing = _missing(paper for name, paper in method.papers.items() if name in own)
        return Examined(region.programme.id, len(method.papers), missing)

    # --- asking ------------------------------------------------------------------------------------------

    def _ask_one(self, info: PluginInfo, hook: str, **arguments: Any) -> Any:
        """Ask one plugin one question; an exception is told by its name and type, never by its text."""
        kind, several = _ANSWERS[hook]
        try:
            with _quiet():
                answer = getattr(info.module, hook)(**self._wanted(info, hook, arguments))
                answers = list(answer) if several and isinstance(answer, Iterable) else [answer]
            sound = all(isinstance(one, kind) and _is_sound(one) for one in answers)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            words = tr("its hook {hook} failed ({error})").format(hook=hook, error=type(error).__name__)
            raise PluginProblem(info.name, words) from error
        if not sound:
            words = tr("{hook} has to return: {kind}").format(hook=hook, kind=kind.__name__)
            raise PluginProblem(info.name, words)
        return answers if several else answer

    def _wanted(self, info: PluginInfo, hook: str, arguments: dict[str, Any]) -> dict[str, Any]:
        caller = getattr(self._manager.hook, hook)
        for implementation in caller.get_hookimpls():
            if implementation.plugin is info.module:
                return {name: arguments[name] for name in implementation.argnames}
        return {}

    def _answers(self, hook: str) -> Iterator[Any]:
        for info in self.infos:
            if info.fault is None and (info.name, hook) in self._kept:
                yield self._kept[info.name, hook]

    def programmes(self) -> Mapping[str, Region]:
        """Return the regions by the id of their programme."""
        return dict(sorted(self._regions.items()))

    def common_forms(self) -> list[FormSet]:
        """Return the sets of shared document types."""
        return list(self._answers("papka_common_forms"))

    def languages(self) -> dict[str, LanguagePack]:
        """Return the languages of papers by their code."""
        return {pack.code: pack for packs in self._answers("papka_languages") for pack in packs}

    def filters(self) -> list[Filter]:
        """Return the filters that plugins add to those of the language."""
        found = []
        for info in self.infos:
            if info.fault is None:
                found += [_named(info, one) for one in self._kept.get((info.name, "papka_filters"), ())]
        return found

    def findings(self, programme: str, context: Mapping[str, object], on: date) -> list[Finding]:
        """Return what plugins find in a case beyond the programme's own checks.

        A plugin that fails is a finding too: without it nobody would know that it did not look.
        """
        found: list[Finding] = []
        asked = {"programme": programme, "context": MappingProxyType(dict(context)), "on": on}
        for info in self.infos:
            if info.fault is not None or "papka_findings" not in info.hooks:
                continue
            try:
                found += self._ask_one(info, "papka_findings", **asked)
            except PluginProblem as problem:
                self._set_aside(info, str(problem), _reinstall(info))
                words = tr("The plugin {name} could not look at this case: {fault}.")
                message = words.format(name=info.name, fault=problem)
                found.append(Finding("X-PLUGIN", "warning", message, _reinstall(info)))
        return found

    def signers(self) -> dict[str, SignatureProvider]:
        """Return the tools that sign, by name; one that fails names its plugin and no more."""
        found = {}
        for info in self.infos:
            if info.fault is None:
                for one in self._kept.get((info.name, "papka_signers"), ()):
                    found[one.name] = _signing(info, one)
        return found

    def commands(self) -> list[CommandSpec]:
        """Return the commands of all plugins."""
        return [one for answer in self._answers("papka_commands") for one in answer]

    # --- what follows from the answers -------------------------------------------------------------------

    @cached_property
    def language(self) -> Language:
        """The filters of the papers' language and of all plugins, and what prints a value."""
        return Language.of([*self._russian.filters, *self.filters()], self._russian.printed)

    @property
    def _russian(self) -> LanguagePack:
        packs = self.languages()
        if "ru" not in packs:
            raise PapkaError(tr("No plugin brings the Russian language of papers. See: papka plugins."))
        return packs["ru"]

    def method(self, programme: str) -> Method:
        """Return a programme with its papers.

        Raises:
            AskedWrongly: No installed plugin brings the programme.
        """
        regions = self.programmes()
        if programme not in regions:
            known = ", ".join(regions) or "—"
            words = tr(
                "No installed plugin brings the programme {name}. There are: {known}. See: papka plugins."
            )
            raise AskedWrongly(words.format(name=programme, known=known))
        return Method.of(regions[programme], self.common_forms())


_ANSWERS: Mapping[str, tuple[type, bool]] = {
    "papka_programme": (Region, False),
    "papka_common_forms": (FormSet, False),
    "papka_languages": (LanguagePack, True),
    "papka_filters": (Filter, True),
    "papka_findings": (Finding, True),
    "papka_commands": (CommandSpec, True),
    "papka_signers": (SignatureProvider, True),
}
"""What each hook returns, and whether it returns several."""

_ASKED_OF_A_CASE = ("papka_findings",)


def _quiet() -> redirect_stdout[TextIO]:
    """Keep what a plugin prints off the standard output, which scripts read."""
    return redirect_stdout(sys.stderr)


def _is_sound(one: object) -> bool:
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


def _missing(papers: Iterable[Paper]) -> tuple[str, ...]:
    return tuple(paper.template.name for paper in papers if not paper.template.is_file())


def _named(info: PluginInfo, one: Filter) -> Filter:
    """Let a filter that fails name itself and its plugin, and nothing of the value it failed on."""

    def named(*arguments: object) -> object:
        try:
            return one.function(*arguments)
        except Exception as error:
            words = tr("the filter {name} of the plugin {plugin} failed ({error})")
            said = words.format(name=one.name, plugin=info.name, error=type(error).__name__)
            raise ExpressionError("E-FILTER-FAILED", said, one.name) from error

    return replace(one, function=named)


def _signing(info: PluginInfo, one: SignatureProvider) -> SignatureProvider:
    """Let a way to sign that fails name itself and its plugin, and nothing of the paper it failed on."""

    def guard(function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*paths: Any) -> Any:
            try:
                with _quiet():
                    return function(*paths)
            except PapkaError:
                raise
            except Exception as error:
                words = tr("The way to sign {name} of the plugin {plugin} failed ({error}).")
                said = words.format(name=one.name, plugin=info.name, error=type(error).__name__)
                raise PapkaError(said) from error

        return guarded

    return replace(one, sign=guard(one.sign), verify=guard(one.verify) if one.verify else None)


def _unknown_names(points: Sequence[EntryPoint]) -> list[PluginInfo]:
    """Tell which names of the allow-list no installed plugin has."""
    known = {name for one in points for name in (one.name, one.distribution)}
    wanted = [name.strip() for name in os.environ.get(ALLOW_LIST, "").split(",") if name.strip()]
    fault = tr("no installed plugin has this name")
    cure = tr("Correct it in {variable}.").format(variable=ALLOW_LIST)
    return [PluginInfo(name, ALLOW_LIST, "—", fault=fault, cure=cure) for name in wanted if name not in known]


def _reinstall(info: PluginInfo) -> str:
    return tr("Install it anew, or uninstall it: pip uninstall {name}.").format(name=info.origin)


def _own_version() -> str:
    from .. import __version__

    return __version__
