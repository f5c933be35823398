"""From Word files to PDF: an engine draws, each PDF is held against its Word file, and only then kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import PapkaError
from ...core.i18n import tr
from .engines import built_in_engines, engine_chain, keeps_running
from .model import Converted, PdfEngine
from .running import failure, failure_of, private_room, result_names

if TYPE_CHECKING:
    from ..package import Package
    from .features import Feature
    from .gate import GateReport

_PLACES_TOLD = 5
MANY = 12
"""For so many papers one more LibreOffice is kept running: its start costs as much as ten papers."""
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


def describe_engines(
    engines: Sequence[PdfEngine] | None = None, near: Path | None = None
) -> list[EngineInfo]:
    """Say of each engine whether it can work here; a folder tells by whose office."""
    known = built_in_engines(near) if engines is None else engines
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
    archive: bool | None = None,
) -> list[PdfResult]:
    """Draw Word files as PDF into a folder: one result for each, in their order.

    A PDF that lacks a word, a list label or a check mark of its Word file is not kept, and neither is one of
    the same name from an earlier drawing. A paper that one engine could not draw is given to the next, where
    no engine was named. Many papers are drawn by LibreOffice kept running, a few by one that is started for
    them: the bytes are the same.

    Args:
        documents: Word files; each gives a PDF of its name.
        engine: The name of an engine; by default the best that can work here.
        engines: The engines to choose from; by default those that papka knows.
        finish: Marks the pages of a PDF that is whole, before it is kept.
        archive: Whether to draw PDF/A-2b; by default as the office says.

    Raises:
        PdfError: The engine is not known or cannot work here, or nothing can be written to temporary files.
    """
    chain = engine_chain(engine, engines, near=into, archive=archive)
    if engines is None and len(documents) >= MANY and keeps_running(chain[0]):
        from .pooling import Pool

        with Pool(chain) as pool:
            return pool.to_pdf(documents, into, finish)
    targets = [into / name for name in result_names(documents)]
    results: dict[int, PdfResult] = {}
    waiting = list(range(len(documents)))
    for one in chain:
        with private_room() as room:
            made = Press(one, finish).press([(documents[n], targets[n]) for n in waiting], room)
        for number, result in zip(waiting, made, strict=True):
            results[number] = better(results.get(number), result)
        waiting = [number for number in waiting if may_be_drawn_by_another(results[number])]
        if not waiting:
            break
    return [results[number] for number in range(len(documents))]


_OF_THE_ENGINE = frozenset(
    {"timeout", "crashed", "no_pdf", "hung", "incomplete", "no_start", "not_shut_in", "not_archival"}
    | {"full_disk", "no_room"}
)


def may_be_drawn_by_another(result: PdfResult) -> bool:
    """Tell whether another engine may draw what this one did not: it, and not the paper, may be to blame."""
    code = result.refusal.code if result.refusal else ""
    return code in _OF_THE_ENGINE or code.startswith("service_")


def better(first: PdfResult | None, second: PdfResult) -> PdfResult:
    """Return the result that counts: a PDF, else what the first engine said, which draws more."""
    return second if first is None or second.pdf is not None else first


class Press:
    """Draws papers with one engine and keeps those that pass; ``one``: it is made for a single paper."""

    def __init__(self, engine: PdfEngine, finish: Finish | None, *, one: bool = False) -> None:
        self.engine = engine
        self.finish = finish
        self.one = one
        self._opened: tuple[Path, Package] | tuple[None, None] = (None, None)
        self.version = engine.version()

    def press(self, papers: Sequence[tuple[Path, Path]], room: Path) -> list[PdfResult]:
        """Draw copies of papers, each to its PDF: what is checked at the end is what was drawn.

        So it is even if a file changes in the meantime.
        """
        results: dict[int, PdfResult] = {}
        copies: dict[int, Path] = {}
        for number, (source, target) in enumerate(papers):
            copy = room / "in" / f"{number:05}.docx"
            refusal = self.taken(source, copy)
            if refusal is None:
                copies[number] = copy
            else:
                results[number] = self.refused(source, target, refusal)
        drawn = self.engine.convert(list(copies.values()), room / "out")
        for number, converted in zip(copies, drawn, strict=True):
            results[number] = self.checked(converted, *papers[number])
        return [results[number] for number in range(len(papers))]

    def taken(self, source: Path, copy: Path) -> Refusal | None:
        """Copy a paper; refuse what is no Word file, and what the engine is not proven to draw."""
        return _copied(source, copy) or self._scan(copy)

    def _scan(self, copy: Path) -> Refusal | None:
        from ..package import PackageFault, open_package
        from .features import drawn_by_none, unproven_in

        try:
            package = open_package(copy.read_bytes())
            found = drawn_by_none(package) if self.engine.draws_all else unproven_in(package)
        except PackageFault as fault:
            return Refusal("bad_file", str(fault))
        if self.one:
            self._opened = copy, package
        return _refusal_for(found, self.engine.name) if found else None

    def refused(self, source: Path, target: Path, refusal: Refusal) -> PdfResult:
        """Refuse a paper; a PDF of it from an earlier drawing goes."""
        with suppress(OSError):
            target.unlink(missing_ok=True)
        return PdfResult(source, None, self.engine.name, self.version, refusal=refusal)

    def checked(self, converted: Converted, source: Path, target: Path) -> PdfResult:
        """Hold what was drawn against the paper; keep it if nothing is absent."""
        from .gate import compare

        if converted.pdf is None:
            failed = converted.failure or failure("no_pdf")
            return self.refused(source, target, Refusal(failed.code, failed.text))
        opened, package = self._opened
        report = compare(converted.source, converted.pdf, package if opened == converted.source else None)
        if not report.ok:
            return self.refused(source, target, _incomplete(report))
        if report.split_merges and not self.engine.draws_all:
            return self.refused(source, target, _split(report, self.engine.name))
        return self._kept(source, converted.pdf, target, report)

    def _kept(self, source: Path, pdf: Path, target: Path, report: GateReport) -> PdfResult:
        from ..saving import write_atomically
        from .archive import lacking_for_archive, settled
        from .normal import font_names, normalised
        from .pages import ONE_AT_A_TIME

        content = normalised(pdf.read_bytes(), dated=self.engine.archive)
        if self.finish is not None:
            # It may look into the PDF with the same reader.
            with ONE_AT_A_TIME:
                content = self.finish(source, content)
        if self.engine.archive:
            content = settled(content)
            if lacking := lacking_for_archive(content):
                return self.refused(source, target, _not_archival(lacking))
        try:
            write_atomically(target, content)
        except PapkaError as error:
            return self.refused(source, target, Refusal("cannot_write", str(error)))
        fonts = font_names(content)
        return PdfResult(source, target, self.engine.name, self.version, report.pages, fonts=fonts)


def _copied(source: Path, copy: Path) -> Refusal | None:
    try:
        content = source.read_bytes()
    except OSError as error:
        failed = failure_of(error, reading=True)
        return Refusal(failed.code, failed.text)
    try:
        copy.write_bytes(content)
    except OSError as error:
        failed = failure_of(error)
        return Refusal(failed.code, failed.text)
    return None


def _not_archival(lacking: Sequence[str]) -> Refusal:
    words = tr("The PDF is not fit for the archive (PDF/A-2b) and was not kept: {lacking}.")
    return Refusal("not_archival", words.format(lacking=", ".join(lacking)))


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
