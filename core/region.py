"""Where a plugin keeps its data: the programme, its templates, scales and examples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from .contract.base import Contract, fact
from .errors import PapkaError, PluginProblem, Refused
from .i18n import tr
from .loading import load
from .programme import DocumentType, Programme, Scale


class FormList(Contract):
    """Document types that every region may include."""

    documents: tuple[DocumentType, ...] = fact("документы", "Виды документов")


@dataclass(frozen=True)
class FormSet:
    """A folder of document types that regions share: ``common.yaml`` and ``templates/``."""

    folder: Path

    @classmethod
    def of(cls, package: str) -> FormSet:
        """Return the forms that lie in an installed package."""
        return cls(Path(str(files(package))))

    @cached_property
    def documents(self) -> tuple[DocumentType, ...]:
        """The document types, checked."""
        return load(self.folder / "common.yaml", FormList).documents

    def template(self, one: DocumentType) -> Path:
        """Return where the template of a document type lies."""
        return self.folder / "templates" / one.file


@dataclass(frozen=True)
class Region:
    """A folder that holds a region's method as data.

    ``programme.yaml`` stands in it, beside ``templates/*.docx``, ``scales/*.yaml`` and ``examples/*.yaml``.
    """

    folder: Path

    @classmethod
    def of(cls, package: str) -> Region:
        """Return the region that lies in an installed package; a plugin gives its ``__name__``."""
        return cls(Path(str(files(package))))

    @cached_property
    def programme(self) -> Programme:
        """The programme, checked against its contract.

        Raises:
            Refused: The data has faults; all of them are in its findings.
        """
        scales = tuple(load(path, Scale) for path in sorted(self.folder.glob("scales/*.yaml")))
        more: dict[str, Any] = {"scales": scales} if scales else {}
        return load(self.folder / "programme.yaml", Programme, more=more)

    def examples(self) -> list[Path]:
        """Return the fictional cases that must render."""
        return sorted(p for p in self.folder.glob("examples/*.yaml") if not p.name.startswith("refused"))

    def refused_examples(self) -> list[Path]:
        """Return the cases that must be refused."""
        return sorted(self.folder.glob("examples/refused*.yaml"))


@dataclass(frozen=True)
class Paper:
    """A document type of a programme with the template that draws it."""

    type: DocumentType
    template: Path


@dataclass(frozen=True)
class Method:
    """A programme as it is at work: its own papers and the shared ones that it includes."""

    region: Region
    papers: dict[str, Paper]

    @property
    def programme(self) -> Programme:
        """The programme itself."""
        return self.region.programme

    @classmethod
    def of(cls, region: Region, shared: list[FormSet]) -> Method:
        """Gather the papers of a region; its own win over shared ones of the same name."""
        known = {one.id: Paper(one, forms.template(one)) for forms in shared for one in forms.documents}
        papers: dict[str, Paper] = {}
        for name in region.programme.includes:
            if name not in known:
                words = tr("the programme includes the form {name}, which no plugin brings")
                raise PluginProblem(region.programme.id, words.format(name=name))
            papers[name] = known[name]
        for one in region.programme.documents:
            papers[one.id] = Paper(one, region.folder / "templates" / one.file)
        return cls(region, papers)

    def overridden(self, folder: Path) -> Method:
        """Return the method with a centre's own templates, which win over those of the same name."""
        papers = {
            name: replace(paper, template=folder / paper.type.file)
            if (folder / paper.type.file).is_file()
            else paper
            for name, paper in self.papers.items()
        }
        return replace(self, papers=papers)


def fault_of(error: PapkaError) -> str:
    """Say in one sentence why a region cannot be used."""
    if isinstance(error, Refused) and error.findings:
        first = error.findings[0]
        line = f":{first.place.line}:{first.place.column}" if first.place.line else ""
        place = f"{Path(first.place.file or '').name}{line}"
        more = "" if len(error.findings) == 1 else f" (+{len(error.findings) - 1})"
        path = f"{first.place.path}: " if first.place.path else ""
        return f"{place}: {path}{first.message}{more}"
    return str(error)
