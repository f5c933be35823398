"""Where a plugin keeps its data: the programme, its templates, scales and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from .. import yamltext
from ..contract.base import Contract, Id, fact
from ..contract.case import Case
from ..errors import PapkaError, PluginProblem, Refused
from ..findings import Finding
from ..i18n import tr
from ..kept import remembered
from ..loading import load, load_case, made_of
from . import variants
from .programme import RULES, DocumentType, Include, Programme, RuleList, Scale, Setting
from .questions import Form, FormFile
from .registers import Register, Registry, Report

Table = TypeVar("Table", Registry, FormFile)


class FormList(Contract):
    """Document types that every region may include, and the language in which their templates are written."""

    language: Id = fact("язык", "Код языка этих документов", "ru")
    documents: tuple[DocumentType, ...] = fact("документы", "Виды документов")


@dataclass(frozen=True)
class FormSet:
    """A folder of what regions share: ``common.yaml`` with ``templates/``, rules, registers and reports."""

    folder: Path

    @classmethod
    def of(cls, package: str) -> FormSet:
        """Return the forms that lie in an installed package."""
        return cls(Path(str(files(package))))

    @cached_property
    def _list(self) -> FormList:
        path = self.folder / "common.yaml"
        return remembered(FormList, [path], lambda: load(path, FormList))

    @property
    def documents(self) -> tuple[DocumentType, ...]:
        """The document types, checked."""
        return self._list.documents

    @property
    def language(self) -> str:
        """The code of the language of these papers; only programmes of the same language use them."""
        return self._list.language

    @cached_property
    def rules(self) -> RuleList:
        """The shared deadlines and checks, checked; a set of forms may have none."""
        path = self.folder / "rules.yaml"
        return remembered(RuleList, [path], lambda: load(path, RuleList)) if path.is_file() else RuleList()

    @cached_property
    def registry(self) -> Registry:
        """The shared registers and reports, checked; a set of forms may have none."""
        return _laid(_there(self.folder / "registers.yaml"), Registry)

    @cached_property
    def questions(self) -> FormFile:
        """The shared forms to be filled in, checked; a set of forms may have none."""
        return _laid(_there(self.folder / "forms.yaml"), FormFile)

    def template(self, one: DocumentType) -> Path:
        """Return where the template of a document type lies."""
        return self.folder / "templates" / one.file


@dataclass(frozen=True)
class Region:
    """A folder that holds a region's method as data.

    ``programme.yaml`` stands in it, beside ``registers.yaml``, ``templates/*.docx``, ``scales/*.yaml`` and
    ``examples/*.yaml``.

    Attributes:
        base: The region that this one is a variant of. A plugin names it in its data (`based_on`) and papka
            finds it among the others.
    """

    folder: Path
    base: Region | None = None

    @classmethod
    def of(cls, package: str) -> Region:
        """Return the region that lies in an installed package; a plugin gives its ``__name__``."""
        return cls(Path(str(files(package))))

    @cached_property
    def programme(self) -> Programme:
        """The programme, checked against its contract.

        Raises:
            Refused: The data has faults; all of them are in its findings.
            PapkaError: It is a variant, and its base is not at hand.
        """
        if self.based_on and self.base is None:
            words = tr(
                "The programme in {folder} is based on {name}, which is not at hand. See: papka plugins."
            )
            raise PapkaError(words.format(folder=self.folder.name, name=self.based_on))
        scales = [file for folder in self.folders for file in variants.scale_files(folder)]
        return remembered(Programme, [*self._files(variants.PROGRAMME), *scales], lambda: _programme(self))

    @cached_property
    def based_on(self) -> str | None:
        """The id of the programme that this one is a variant of, as its data names it."""
        return variants.base_of(self.folder)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Its own folder, that of its base, that of the base's base …"""
        return (self.folder, *(self.base.folders if self.base else ()))

    @cached_property
    def registry(self) -> Registry:
        """The region's own registers and reports, checked."""
        return _laid(self._files("registers.yaml"), Registry)

    @cached_property
    def questions(self) -> FormFile:
        """The region's own forms to be filled in, checked."""
        return _laid(self._files("forms.yaml"), FormFile)

    def template(self, one: DocumentType) -> Path:
        """Return where the template of a document type lies, its own or its base's, if any."""
        places = [folder / "templates" / one.file for folder in self.folders]
        return next((place for place in places if place.is_file()), places[0])

    def _files(self, name: str) -> list[Path]:
        """Return the files of one name, each to be laid over the next."""
        every = [folder / name for folder in self.folders]
        there = [file for file in every if file.is_file()]
        return there if there or name != variants.PROGRAMME else every[:1]

    def located(self, findings: list[Finding], file: str = variants.PROGRAMME) -> list[Finding]:
        """Add line and column to findings about the expressions of a file; in a variant, its file too."""
        files = self._files(file)
        if not files or not files[0].is_file():
            # What is wrong stands in a file that regions share.
            return findings
        text = variants.laid_over(files, variants.OWN)
        return [_located(one, text, name_file=self.base is not None) for one in findings]

    def examples(self) -> list[Path]:
        """Return the fictional cases that must render."""
        return sorted(p for p in self.folder.glob("examples/*.yaml") if not p.name.startswith("refused"))

    def inherited_examples(self) -> list[Path]:
        """Return the examples of its base, by which a variant is tried as well; others have none."""
        return [*self.base.examples(), *self.base.inherited_examples()] if self.base else []

    def example(self, path: Path) -> Case:
        """Read an example family; one of the base's is read as if it followed this programme.

        Raises:
            Refused: The file has faults.
        """
        case = load_case(path, country_of=lambda _: self.programme.country)
        is_own = self.base is None or path.is_relative_to(self.folder)
        return case if is_own else case.model_copy(update={"programme": self.programme.id})

    def refused_examples(self) -> list[Path]:
        """Return the cases that must be refused."""
        return sorted(self.folder.glob("examples/refused*.yaml"))


def _programme(region: Region) -> Programme:
    scales = variants.scales(region.folders)
    loaded = tuple(made_of(Path(text.home(())[0].file or ""), text, Scale) for text in scales)
    more: dict[str, Any] = {"scales": loaded} if loaded else {}
    file = region.folder / variants.PROGRAMME
    files = [folder / variants.PROGRAMME for folder in region.folders]
    return made_of(file, variants.laid_over(files, variants.OWN), Programme, more=more)


def _there(file: Path) -> list[Path]:
    return [file] if file.is_file() else []


def _laid(files: Sequence[Path], kind: type[Table]) -> Table:
    """Return what files of which each is laid over the next one say; nothing if there is none."""
    if not files:
        return kind()
    return remembered(kind, files, lambda: made_of(files[0], variants.laid_over(files), kind))


def _located(finding: Finding, text: yamltext.Read, *, name_file: bool = False) -> Finding:
    """Follow a path like ``checks[C-1].when`` to where it stands."""
    path: yamltext.Path = ()
    node: Any = text.data
    for name, item in re.findall(r"(\w+)(?:\[([^\]]+)\])?", finding.place.path or ""):
        node, path = _step(node, name), (*path, name)
        if not item:
            continue
        if isinstance(node, dict):
            node, path = _step(node, "rows"), (*path, "rows")
        index = next((n for n, one in enumerate(node or ()) if _step(one, "id") == item), None)
        index = int(item) - 1 if index is None and item.isdigit() else index
        if index is None:
            return finding
        node, path = node[index], (*path, index)
    text, path = text.home(path)
    spot = text.spot(path)
    file = text.file if name_file else finding.place.file
    return replace(finding, place=replace(finding.place, file=file, line=spot.line, column=spot.column))


def _step(node: Any, name: str) -> Any:
    return node.get(name) if isinstance(node, dict) else None


@dataclass(frozen=True)
class Paper:
    """A document type of a programme with the template that draws it."""

    type: DocumentType
    template: Path


@dataclass(frozen=True)
class Method:
    """A programme as it is at work: its own papers and rules and the shared ones that it includes."""

    region: Region
    papers: dict[str, Paper]
    programme: Programme
    tables: dict[str, Register | Report] = field(default_factory=dict)
    questions: dict[str, Form] = field(default_factory=dict)

    @classmethod
    def of(cls, region: Region, shared: list[FormSet]) -> Method:
        """Gather the papers of a region; its own win over shared ones of the same name.

        A template that the region names and does not have in its own folder is looked for among the shared
        ones: so a region's document may be drawn by a form that regions share.
        """
        shared = [forms for forms in shared if forms.language == region.programme.language]
        known = {one.id: Paper(one, forms.template(one)) for forms in shared for one in forms.documents}
        papers: dict[str, Paper] = {}
        for named in region.programme.includes:
            if named.id not in known:
                words = tr("the programme includes the form {name}, which no plugin brings")
                raise PluginProblem(region.programme.id, words.format(name=named.id))
            paper = known[named.id]
            papers[named.id] = replace(paper, type=named.applied(paper.type))
        for one in region.programme.documents:
            own = region.template(one)
            places = (own, *(forms.template(one) for forms in shared))
            papers[one.id] = Paper(one, next((place for place in places if place.is_file()), own))
        programme = _with_rules(region.programme, [forms.rules for forms in shared])
        registries = [*(forms.registry for forms in shared), region.registry]
        questions = _asked(region, shared)
        return cls(
            region, papers, _with_numbers(programme, registries), _tables(region, registries), questions
        )

    @property
    def forms(self) -> tuple[DocumentType, ...]:
        """All document types at work, in the order of the stages, those without a stage last."""
        stages = [stage.id for stage in self.programme.stages]
        types = (paper.type for paper in self.papers.values())
        return tuple(sorted(types, key=lambda one: _place_of(one.stage, stages)))

    def with_numbers(self, numbers: Mapping[str, int]) -> Method:
        """Return the method with a centre's own numbers in place of the programme's."""
        settings = {
            name: one.model_copy(update={"value": numbers[name], "former": ()}) if name in numbers else one
            for name, one in self.programme.settings.items()
        }
        return replace(self, programme=self.programme.model_copy(update={"settings": settings}))

    def overridden(self, folder: Path) -> Method:
        """Return the method with a centre's own templates, which win over those of the same name."""
        papers = {
            name: replace(paper, template=folder / paper.type.file)
            if (folder / paper.type.file).is_file()
            else paper
            for name, paper in self.papers.items()
        }
        return replace(self, papers=papers)


def _with_rules(programme: Programme, shared: Sequence[RuleList]) -> Programme:
    """Return a programme with the shared rules that it puts in force; its own of the same code win."""
    missing = set(programme.rules) - {id_ for one in shared for id_ in one.ids()}
    if missing:
        words = tr("the programme puts the rule {name} in force, which no plugin brings")
        raise PluginProblem(programme.id, words.format(name=min(missing)))
    update: dict[str, object] = {}
    for name in RULES:
        own = getattr(programme, name)
        taken = {one.id for one in own}
        named = [rule for one in shared for rule in getattr(one, name) if rule.id in programme.rules]
        update[name] = (*own, *(rule for rule in named if rule.id not in taken))
    no_deadlines = set(programme.rules) - {rule.id for one in shared for rule in one.deadlines}
    papers: tuple[DocumentType | Include, ...] = (*programme.documents, *programme.includes)
    for document in papers:
        if document.deadline in no_deadlines - {one.id for one in programme.deadlines}:
            words = tr("a document names the shared rule {name} as its deadline, and it is none")
            raise PluginProblem(programme.id, words.format(name=document.deadline))
    numbers = {name: number for one in shared for name, number in one.settings.items()}
    update["settings"] = {**numbers, **programme.settings}
    own_series = {one.id for one in programme.series}
    more = (series for one in shared for series in one.series if series.id not in own_series)
    update["series"] = (*programme.series, *more)
    return programme.model_copy(update=update)


def _with_numbers(programme: Programme, registries: Sequence[Registry]) -> Programme:
    """Return a programme with the numbers by which its registers and reports count."""
    numbers: dict[str, Setting] = {}
    for registry in registries:
        numbers |= registry.settings
    return programme.model_copy(update={"settings": {**numbers, **programme.settings}})


def _tables(region: Region, registries: Sequence[Registry]) -> dict[str, Register | Report]:
    """Gather the registers and reports of a region; its own win over shared ones of the same name."""
    known = {name: one for registry in registries for name, one in registry.named().items()}
    missing = set(region.registry.includes) - set(known)
    if missing:
        words = tr("the programme includes the register or report {name}, which no plugin brings")
        raise PluginProblem(region.programme.id, words.format(name=min(missing)))
    named = dict.fromkeys((*region.registry.includes, *region.registry.named()))
    return {name: known[name] for name in named}


def _asked(region: Region, shared: Sequence[FormSet]) -> dict[str, Form]:
    """Gather the forms of a region: the shared ones that it takes, all if it names none, and its own."""
    known = {one.id: one for forms in shared for one in forms.questions.forms}
    wanted = region.questions.includes or tuple(known)
    missing = set(wanted) - set(known)
    if missing:
        words = tr("the programme includes the form {name}, which no plugin brings")
        raise PluginProblem(region.programme.id, words.format(name=min(missing)))
    return {name: known[name] for name in wanted} | {one.id: one for one in region.questions.forms}


def _place_of(stage: str | None, stages: Sequence[str]) -> int:
    return stages.index(stage) if stage in stages else len(stages)


def fault_of(error: PapkaError, folder: Path | None = None) -> str:
    """Say in one sentence why a region cannot be used.

    Args:
        folder: Its own folder: a file that lies in another one, that of its base, is named with its folder.
    """
    if isinstance(error, Refused) and error.findings:
        first = error.findings[0]
        line = f":{first.place.line}:{first.place.column}" if first.place.line else ""
        place = f"{_name(Path(first.place.file or ''), folder)}{line}"
        more = "" if len(error.findings) == 1 else f" (+{len(error.findings) - 1})"
        path = f"{first.place.path}: " if first.place.path else ""
        return f"{place}: {path}{first.message}{more}"
    return str(error)


def _name(file: Path, folder: Path | None) -> str:
    is_strange = folder is not None and file.is_absolute() and folder not in file.parents
    return f"{file.parent.name}/{file.name}" if is_strange else file.name
