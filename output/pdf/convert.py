"""From Word files to PDF: an engine draws, each PDF is held against its Word file, and only then kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import PapkaError
from ...core.i18n import tr
from .engines import built_in_engines, choose_engine
from .model import Converted, PdfEngine
from .running import failure, private_room, result_names

if TYPE_CHECKING:
    from .features import Feature
    from .gate import GateReport

_PLACES_TOLD = 5
Finish = Callable[[Path, bytes], bytes]
"""Takes a Word file's path and its PDF, and returns the PDF as it is to be kept."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no PDF of a paper.

    Attributes:
        code: Stable: a code of `EngineFailure`, or ``features``, ``incomplete``, ``cannot_write``.
        features: The codes of the features that the engine is not proven to draw.
        report: What the PDF lacked.
    """

    code: str
    text: str
    features: tuple[str, ...] = ()
    report: GateReport | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class PdfResult:
    """What became of one Word file: a PDF that passed the gate, or the reason why there is none."""

    source: Path
    pdf: Path | None
    engine: str
    engine_version: str
    pages: int = 0
    refusal: Refusal | None = None
    fonts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is known of an engine on this machine."""

    name: str
    available: bool
    version: str
    why_not: str | None


def describe_engines(engines: Sequence[PdfEngine] | None = None) -> list[EngineInfo]:
    """Say of each engine whether it can work here."""
    known = built_in_engines() if engines is None else engines
    return [EngineInfo(one.name, one.available(), one.version(), one.why_not()) for one in known]


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What a PDF says of itself."""

    pages: int
    fonts: tuple[str, ...]


def pdf_info(pdf: Path) -> PdfInfo:
    """Look into a PDF; one that cannot be opened has no pages."""
    from .normal import font_names
    from .pages import page_count

    return PdfInfo(page_count(pdf), font_names(pdf.read_bytes()))


def to_pdf(
    documents: Sequence[Path],
    into: Path,
    engine: str | None = None,
    engines: Sequence[PdfEngine] | None = None,
    finish: Finish | None = None,
) -> list[PdfResult]:
    """Draw Word files as PDF into a folder: one result for each, in their order.

    A PDF that lacks a word, a list label or a check mark of its Word file is not kept, and neither is one of
    the same name from an earlier drawing.

    Args:
        documents: Word files; each gives a PDF of its name.
        engine: The name of an engine; by default LibreOffice where it stands, else the embedded one.
        engines: The engines to choose from; by default those that papka knows.
        finish: Marks the pages of a PDF that is whole, before it is kept.

    Raises:
        PdfError: The engine is not known or cannot work here.
    """
    chosen = choose_engine(engine, engines)
    with private_room() as room:
        return _Press(chosen, into, finish).press(documents, room)


class _Press:
    """Draws papers with one engine and keeps those that pass."""

    def __init__(self, engine: PdfEngine, into: Path, finish: Finish | None) -> None:
        self.engine = engine
        self.finish = finish
        self.version = engine.version()
        self.into = into

    def press(self, documents: Sequence[Path], room: Path) -> list[PdfResult]:
        """Draw copies of the papers: what is checked at the end is what was drawn, even if a file changes."""
        names = result_names(documents)
        results: dict[int, PdfResult] = {}
        copies: dict[int, Path] = {}
        for number, source in enumerate(documents):
            copy = room / "in" / f"{number:05}.docx"
            refusal = _copied(source, copy) or self._scan(copy)
            if refusal is None:
                copies[number] = copy
            else:
                results[number] = self._refused(source, names[number], refusal)
        drawn = self.engine.convert(list(copies.values()), room / "out")
        for number, converted in zip(copies, drawn, strict=True):
            results[number] = self._checked(documents[number], converted, names[number])
        return [results[number] for number in range(len(documents))]

    def _scan(self, copy: Path) -> Refusal | None:
        """Refuse what is no Word file, and what the engine is not proven to draw."""
        from ..package import PackageFault
        from .features import DRAWN_BY_NONE, unproven

        try:
            found = unproven(copy)
        except PackageFault as fault:
            return Refusal("bad_file", str(fault))
        if self.engine.draws_all:
            found = [feature for feature in found if feature.code in DRAWN_BY_NONE]
        return _refusal_for(found, self.engine.name) if found else None

    def _refused(self, source: Path, name: str, refusal: Refusal) -> PdfResult:
        with suppress(OSError):
            self.into.joinpath(name).unlink(missing_ok=True)
        return PdfResult(source, None, self.engine.name, self.version, refusal=refusal)

    def _checked(self, source: Path, converted: Converted, name: str) -> PdfResult:
        from .gate import compare

        if converted.pdf is None:
            failed = converted.failure or failure("no_pdf")
            return self._refused(source, name, Refusal(failed.code, failed.text))
        report = compare(converted.source, converted.pdf)
        if not report.ok:
            return self._refused(source, name, _incomplete(report))
        if report.split_merges and not self.engine.draws_all:
            return self._refused(source, name, _split(report, self.engine.name))
        return self._kept(source, converted.pdf, name, report)

    def _kept(self, source: Path, pdf: Path, name: str, report: GateReport) -> PdfResult:
        from ..saving import write_atomically
        from .normal import font_names, normalised

        content = normalised(pdf.read_bytes())
        if self.finish is not None:
            content = self.finish(source, content)
        target = self.into / name
        try:
            write_atomically(target, content)
        except PapkaError as error:
            refusal = Refusal("cannot_write", str(error))
            return PdfResult(source, None, self.engine.name, self.version, refusal=refusal)
        fonts = font_names(content)
        return PdfResult(source, target, self.engine.name, self.version, report.pages, fonts=fonts)


def _copied(source: Path, copy: Path) -> Refusal | None:
    try:
        shutil.copyfile(source, copy)
    except OSError:
        failed = failure("missing")
        return Refusal(failed.code, failed.text)
    return None


def _refusal_for(found: Sequence[Feature], engine: str, report: GateReport | None = None) -> Refusal:
    codes = tuple(feature.code for feature in found)
    names = ", ".join(feature.text for feature in found)
    if codes == ("tracked_changes",):
        text = tr("The Word file holds changes that nobody accepted or rejected. Accept or reject them.")
        return Refusal("features", text, codes, report)
    words = tr("{engine} is not proven to draw: {features}. Install LibreOffice, or change the template.")
    return Refusal("features", words.format(engine=engine, features=names), codes, report)


def _split(report: GateReport, engine: str) -> Refusal:
    from .features import Feature

    return _refusal_for([Feature("split_merge", report.split_merges)], engine, report)


def _incomplete(report: GateReport) -> Refusal:
    """Say how much is missing and where; never what, for it may be a family's data."""
    counts = (
        (report.missing_words, tr("words")),
        (report.missing_labels, tr("list labels")),
        (report.missing_marks, tr("check marks")),
        (report.off_paper, tr("lines off the page")),
    )
    missing = ", ".join(f"{name}: {count}" for count, name in counts if count)
    places = [str(place) for place in report.places if place][:_PLACES_TOLD]
    text = tr("The PDF is not whole and was not kept; it lacks {missing}.").format(missing=missing)
    if places:
        text += " " + tr("Paragraphs: {places}.").format(places=", ".join(places))
    return Refusal("incomplete", text, (), report)
