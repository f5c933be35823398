"""Where a plugin keeps its data: the programme, its templates, scales and examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from . import yamltext
from .contract.base import Contract, fact
from .errors import PapkaError, PluginProblem, Refused
from .findings import Finding
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

    def located(self, findings: list[Finding]) -> list[Finding]:
        """Add line and column to findings about the programme's expressions."""
        text = yamltext.read((self.folder / "programme.yaml").read_bytes())
        return [_located(one, text) for one in findings]

    def examples(self) -> list[Path]:
        """Return the fictional cases that must render."""
        return sorted(p for p in self.folder.glob("examples/*.yaml") if not p.name.startswith("refused"))

    def refused_examples(self) -> list[Path]:
        """Return the cases that must be refused."""
        return sorted(self.folder.glob("examples/refused*.yaml"))


def _located(finding: Finding, text: yamltext.Read) -> Finding:
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
    spot = text.spot(path)
    return replace(finding, place=replace(finding.place, line=spot.line, column=spot.column))


def _step(node: Any, name: str) -> Any:
    return node.get(name) if isinstance(node, dict) else None


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
