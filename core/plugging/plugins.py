"""Loading plugins one by one, and the one typed door to their answers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pluggy

from ..commandspec import CommandSpec
from ..contract.countries import Country
from ..errors import AskedWrongly, PapkaError, PluginProblem, Refused
from ..expressions import Language
from ..filenames import id_faults
from ..filters import Filter, LanguagePack
from ..findings import Finding
from ..i18n import tr
from ..programmes import examined, variants
from ..programmes.examined import Examined
from ..programmes.region import FormSet, Method, Paper, Region, fault_of
from ..signatures import SignatureProvider
from ..vocabulary import RUSSIAN
from . import hookspecs
from .announced import EntryPoint, admitted, announced
from .setaside import not_imported, reinstall
from .strangers import (
    ANSWERS,
    ASKED_OF_A_CASE,
    guarded_signer,
    is_sound,
    minded,
    named_filter,
    quiet,
    warning,
)
from .strangers import BUILT_IN as BUILT_IN
from .strangers import PluginInfo as PluginInfo


class Plugins:
    """The loaded plugins. Nothing else touches pluggy's hooks."""

    def __init__(self, points: Sequence[EntryPoint] | None = None, start: Path | None = None) -> None:
        """Load the built-in plugins and those that may be loaded.

        Args:
            points: Which there are; without it, those that installed distributions announce.
            start: The folder worked in, whose office may narrow them; without it, the current one.
        """
        self._manager = pluggy.PluginManager("papka")
        self._manager.add_hookspecs(hookspecs)
        self._kept: dict[tuple[str, str], Any] = {}
        self._regions: dict[str, Region] = {}
        self._bases: dict[str, str | None] = {}
        self._spoken: dict[tuple[str, Country], Language] = {}
        self.infos: list[PluginInfo] = []
        version = _own_version()
        for name in BUILT_IN:
            self._load(PluginInfo(name, tr("built in"), version), name)
        points = announced() if points is None else points
        for point, refusal in admitted(points, start or Path.cwd()):
            info = PluginInfo(point.name, point.distribution, point.version)
            if refusal is None:
                self._load(info, point.value)
                self._tell_of_others(info, point)
            else:
                info.fault, info.cure = refusal.fault, refusal.cure
                self.infos.append(info)
        self._examine()

    # --- loading -----------------------------------------------------------------------------------------

    def _load(self, info: PluginInfo, module: str) -> None:
        """Load one plugin; whatever it does wrong is its own fault and stops no other."""
        self.infos.append(info)
        try:
            with minded(info):
                info.module = importlib.import_module(module)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit and SyntaxError of a plugin are its own
            why = not_imported(error, module, info.origin)
            self._set_aside(info, why.fault, why.cure)
            return
        try:
            info.hooks = self._hooks_of(info)
            self._manager.register(info.module, info.name)
            if not info.hooks:
                words = tr("It brings nothing: none of its functions is marked with @hookimpl.")
                info.findings += (warning(words, reinstall(info.origin)),)
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
            self._set_aside(info, words, reinstall(info.origin))

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

    def _tell_of_others(self, info: PluginInfo, point: EntryPoint) -> None:
        if point.twice:
            words = tr("It is installed more than once; beside this version there is: {versions}.")
            cure = tr("Uninstall it until none is left, then install it once: papka plugin uninstall {name}.")
            said = words.format(versions=", ".join(point.twice))
            info.findings += (warning(said, cure.format(name=info.origin)),)

    def _examine(self) -> None:
        """Ask each plugin once for all that needs no case: a broken one is named before a family needs it."""
        for look in (
            self._look_at_answers,
            self._look_at_forms,
            self._look_at_filters,
            self._look_at_signers,
            self._look_at_base,
        ):
            for info in self.infos:
                if info.fault is None:
                    self._examine_one(info, look)
        self._examine_programmes()

    def _examine_programmes(self) -> None:
        """Examine the programmes; a variant comes after its base, in whatever order the plugins are named."""
        waiting = [info for info in self.infos if info.fault is None and info.name in self._bases]
        while ready := [one for one in waiting if self._bases[one.name] in (None, *self._regions)]:
            for info in ready:
                self._examine_one(info, self._look_at_programme)
            waiting = [info for info in waiting if info not in ready]
        regions = ((name, one) for (name, hook), one in self._kept.items() if hook == "papka_programme")
        folders = {name: region.folder for name, region in regions}
        for info in waiting:
            self._set_aside(info, *variants.without_base(info, self.infos, folders))

    def _examine_one(self, info: PluginInfo, look: Callable[[PluginInfo], None]) -> None:
        try:
            look(info)
        except PapkaError as error:
            faults = tuple(getattr(error, "findings", ()))
            info.findings += faults
            cure = tr("Correct each of them.") if faults else reinstall(info.origin)
            region = self._kept.get((info.name, "papka_programme"))
            self._set_aside(info, fault_of(error, region.folder if region else None), cure)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's data breaks is the stranger's fault
            words = tr("what it brings cannot be read ({error})").format(error=type(error).__name__)
            self._set_aside(info, words, reinstall(info.origin))

    def _look_at_answers(self, info: PluginInfo) -> None:
        with minded(info):
            for hook in info.hooks:
                if hook not in ASKED_OF_A_CASE:
                    self._kept[info.name, hook] = self._ask_one(info, hook)
        for pack in self._kept.get((info.name, "papka_languages"), ()):
            Language.of(pack)

    def _look_at_forms(self, info: PluginInfo) -> None:
        forms = self._kept.get((info.name, "papka_common_forms"))
        if forms is not None:
            info.missing += _missing(Paper(one, forms.template(one)) for one in forms.documents)

    def _look_at_filters(self, info: PluginInfo) -> None:
        if info.name in BUILT_IN:
            # A language may put its own in the place of a filter that belongs to none.
            return
        others = [i for i in self.infos if i is not info and i.fault is None]
        packs = self.languages().values()
        taken = {
            name: pack.code for pack in packs for one in pack.filters for name in (one.name, one.russian)
        }
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

    def _look_at_base(self, info: PluginInfo) -> None:
        region = self._kept.get((info.name, "papka_programme"))
        if region is not None:
            self._bases[info.name] = info.based_on = region.based_on

    def _look_at_programme(self, info: PluginInfo) -> None:
        region = self._kept[info.name, "papka_programme"]
        if info.based_on is not None:
            region = replace(region, base=self._regions[info.based_on])
        # Which language it speaks would be known only when it is loaded.
        names = {code: self.language_of(code).names for code in sorted(self.languages())}
        key = examined.key_of(region, self.common_forms(), names)
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
        from ..rules.reading import expression_faults
        from ..rules.reading_questions import FILE as QUESTIONS
        from ..rules.reading_questions import question_faults
        from ..rules.reading_tables import FILE, table_faults

        # Where its language is lacking, so are the shared forms of that language: that is told first.
        language = self.language_of(region.programme.language)
        method = Method.of(region, self.common_forms())
        faults = id_faults(region.programme)
        if faults:
            raise Refused(tr("the programme has faults"), region.located(faults))
        shared = tuple(method.papers[one.id].type for one in region.programme.includes)
        faults = expression_faults(method.programme, language, shared)
        if faults:
            raise Refused(tr("the programme has faults"), region.located(faults))
        faults = table_faults(method.programme, language, method.tables.values())
        if faults:
            raise Refused(tr("the registers have faults"), region.located(faults, FILE))
        faults = question_faults(method.programme, language, method.questions.values())
        if faults:
            raise Refused(tr("the forms have faults"), region.located(faults, QUESTIONS))
        own = {one.id for one in region.programme.documents}
        missing = _missing(paper for name, paper in method.papers.items() if name in own)
        return Examined(region.programme.id, len(method.papers), missing)

    # --- asking ------------------------------------------------------------------------------------------

    def _ask_one(self, info: PluginInfo, hook: str, **arguments: Any) -> Any:
        """Ask one plugin one question; an exception is told by its name and type, never by its text."""
        kind, several = ANSWERS[hook]
        try:
            with quiet():
                answer = getattr(info.module, hook)(**self._wanted(info, hook, arguments))
                answers = list(answer) if several and isinstance(answer, Iterable) else [answer]
            sound = all(isinstance(one, kind) and is_sound(one) for one in answers)
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
                found += [named_filter(info, one) for one in self._kept.get((info.name, "papka_filters"), ())]
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
                self._set_aside(info, str(problem), reinstall(info.origin))
                words = tr("The plugin {name} could not look at this case: {fault}.")
                message = words.format(name=info.name, fault=problem)
                found.append(Finding("X-PLUGIN", "warning", message, reinstall(info.origin)))
        return found

    def signers(self) -> dict[str, SignatureProvider]:
        """Return the tools that sign, by name; one that fails names its plugin and no more."""
        found = {}
        for info in self.infos:
            if info.fault is None:
                for one in self._kept.get((info.name, "papka_signers"), ()):
                    found[one.name] = guarded_signer(info, one)
        return found

    def commands(self) -> list[CommandSpec]:
        """Return the commands of all plugins."""
        return [one for answer in self._answers("papka_commands") for one in answer]

    # --- what follows from the answers -------------------------------------------------------------------

    @property
    def language(self) -> Language:
        """The language of papers where no programme says another: Russian."""
        return self.language_of(RUSSIAN)

    def language_for(self, method: Method) -> Language:
        """Return the language of a programme's papers, as `language_of` does."""
        return self.language_of(method.programme.language, method.programme.country)

    def language_of(self, code: str, country: Country = Country.RUSSIA) -> Language:
        """Return a language with the filters of all plugins, as it is written in a country.

        Raises:
            PapkaError: No plugin that works brings the language.
        """
        if (code, country) not in self._spoken:
            packs = self.languages()
            if code not in packs:
                known = ", ".join(sorted(packs)) or "—"
                words = tr("No plugin brings the language of papers {code}. There are: {known}.")
                cure = tr("Install the package that brings it, or correct language in programme.yaml.")
                raise PapkaError(f"{words.format(code=code, known=known)} {cure}")
            pack = replace(packs[code], country=country)
            self._spoken[code, country] = Language.of(pack, self.filters())
        return self._spoken[code, country]

    def country_of(self, programme: str) -> Country:
        """Return in which country a programme works; of one that nobody brings nothing is known: Russia."""
        region = self.programmes().get(programme)
        return region.programme.country if region else Country.RUSSIA

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


def _missing(papers: Iterable[Paper]) -> tuple[str, ...]:
    return tuple(paper.template.name for paper in papers if not paper.template.is_file())


def _own_version() -> str:
    from ... import __version__

    return __version__
