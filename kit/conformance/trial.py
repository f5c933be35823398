"""A plugin on trial: what several checks look at is worked out once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import PapkaError, Refused
from ...core.findings import Finding
from ...core.opening import OpenCase, unknown_codes
from ...core.programmes.region import Method
from ...output.rendering import Press, Rendered
from ..folder import Opened
from ..goldens.drawing import Drawn, Family, drawn, families, told_on
from ..goldens.reading import seen

if TYPE_CHECKING:
    from ...output.pdf import PdfResult

ENGINE = "rdocx"
_DERIVED = "derived/"
OF_A_KIND = 2
"""How many papers of one kind of one family become PDF: the first and the last."""


@dataclass(frozen=True)
class Printed:
    """A paper with what a printer would get of it.

    Attributes:
        elsewhere: What LibreOffice made of it, where the other engine failed and LibreOffice is there.
    """

    paper: Rendered
    result: PdfResult
    elsewhere: PdfResult | None = None

    @property
    def pdf(self) -> Path | None:
        """The PDF, whoever made it."""
        return self.result.pdf or (self.elsewhere.pdf if self.elsewhere else None)


@dataclass
class Trial:
    """A plugin, its families and their papers.

    Attributes:
        engine: Which engine makes the PDFs.
    """

    opened: Opened
    engine: str = ENGINE
    _drawn: dict[str, Drawn] = field(default_factory=dict)
    _printed: dict[str, list[Printed]] = field(default_factory=dict)
    _seen: dict[int, str] = field(default_factory=dict)

    @property
    def method(self) -> Method:
        """Its programme at work."""
        return self.opened.at_work()

    @cached_property
    def press(self) -> Press:
        """Draws its papers."""
        return Press(self.method, self.opened.plugins.language_for(self.method))

    @cached_property
    def families(self) -> dict[str, Family]:
        """Its example families by name, the derived ones last; also those whose file has faults."""
        return {one.name: one for one in (*families(self.method.region), *self._inherited())}

    def _inherited(self) -> Iterator[Family]:
        """Go through the families of the base: a variant is tried by them too, if it knows all they name."""
        region, programme = self.method.region, self.method.programme
        for path in region.inherited_examples():
            if not any(unknown_codes(path, region.example(path), programme)):
                yield Family(f"{programme.based_on}/{path.stem}", path)

    @cached_property
    def sound(self) -> dict[str, Family]:
        """The families whose file is accepted."""
        return {name: one for name, one in self.families.items() if self.fault_of(name) is None}

    def fault_of(self, family: str) -> PapkaError | None:
        """Return why a family's file is not accepted."""
        path = self.families[family].path
        try:
            case = self.method.region.example(path)
        except PapkaError as error:
            return error
        unknown = list(unknown_codes(path, case, self.method.programme))
        if unknown:
            return Refused(path.name, unknown)
        return None

    def shown_by(self, family: str, found: Iterable[Finding]) -> bool:
        """Tell whether a derived family was made to show what was found: the checks of the method."""
        own = {check.id for check in self.method.programme.checks}
        return family.startswith(_DERIVED) and all(one.id in own for one in found)

    def case(self, family: str) -> OpenCase:
        """Return a family's case, opened with the plugin's method and no office."""
        known = self._drawn.get(family)
        if known is not None:
            return known.opened
        path = self.families[family].path
        return OpenCase(path, self.method.region.example(path), self.opened.plugins, self.method)

    def drawn(self, family: str) -> Drawn:
        """Draw all papers that a family needs or has the facts for, on the day on which its story is told."""
        if family not in self._drawn:
            made = drawn(self.families[family], self.method, self.opened.plugins)
            for status in made.opened.documents(made.day):
                if status.count and not status.missing and status.id not in {*made.papers, *made.refused}:
                    # It was needed earlier: what prepares a first visit is of no use after it.
                    self._add(made, status.id)
            self._drawn[family] = made
        return self._drawn[family]

    def wanted(self, family: str) -> list[str]:
        """Return the documents that are drawn for a family, without drawing them."""
        opened = self.case(family)
        statuses = opened.documents(self.told_on(family))
        return [one.id for one in statuses if one.count and (not one.missing or one.state == "made")]

    def _add(self, made: Drawn, document: str) -> None:
        try:
            made.papers[document] = list(self.press.render(made.opened.case, document, made.day))
        except PapkaError as error:
            made.refused[document] = error

    def printed(self, family: str) -> list[Printed]:
        """Return papers of a family as PDF: of each kind the first and the last."""
        if family not in self._printed:
            papers = [one for made in self.drawn(family).papers.values() for one in ends(made)]
            self._printed[family] = self.to_pdf(papers, family)
        return self._printed[family]

    def to_pdf(self, papers: Sequence[Rendered], name: str) -> list[Printed]:
        """Make PDFs of papers; a name keeps them apart from others."""
        from ...output.pdf import to_pdf

        room = Path(self._room.name) / name.replace("/", "_")
        room.mkdir(exist_ok=True)
        files = [room / f"{paper.name}.docx" for paper in papers]
        for file, paper in zip(files, papers, strict=True):
            file.write_bytes(paper.content)
        results = to_pdf(files, room / "pdf", self.engine)
        failed = [file for file, result in zip(files, results, strict=True) if result.pdf is None]
        second = {one.source: one for one in self.in_libreoffice(failed)}
        return [
            Printed(paper, result, second.get(file))
            for paper, file, result in zip(papers, files, results, strict=True)
        ]

    def in_libreoffice(self, files: Sequence[Path]) -> Sequence[PdfResult]:
        """Let LibreOffice draw papers that the other engine drew badly; nothing where it is not there."""
        from ...output.pdf import LibreOffice, to_pdf

        if not files or self.engine != ENGINE or not LibreOffice().available():
            return ()
        return to_pdf(files, files[0].parent / "elsewhere", "libreoffice")

    def words(self, paper: Rendered) -> str:
        """Return what a reader sees of a paper."""
        key = id(paper)
        if key not in self._seen:
            self._seen[key] = seen(paper.content)
        return self._seen[key]

    def told_on(self, family: str) -> date:
        """Return the day on which a family's story is told."""
        return told_on(self.case(family).case)

    def file(self, path: Path) -> str:
        """Name a file as one finds it in the plugin's folder."""
        folder = self.opened.folder
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

    @cached_property
    def _room(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="papka-trial-")


def ends(papers: Sequence[Rendered]) -> Sequence[Rendered]:
    """Return the first and the last of several papers of a kind."""
    return papers if len(papers) <= OF_A_KIND else (papers[0], papers[-1])
