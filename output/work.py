"""`papka render`: from a worker's order to the files on the disk, told as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.errors import AskedWrongly, PapkaError
from ..core.i18n import tr
from ..core.opening import OpenCase, open_case
from ..core.plugging.plugins import Plugins
from .rendering import Press, Rendered, wanted
from .saving import write_atomically

if TYPE_CHECKING:
    from ..core.findings import Finding
    from .pdf import PdfResult, Pool
    from .pdf.convert import Finish

    Draw = Callable[[Sequence[Path], Path, Finish], list[PdfResult]]

Asked = TypeVar("Asked")
PAPERS = "papers"
BLANKS = "blanks"


@dataclass(frozen=True)
class Order:
    """What a worker asked for."""

    case: str
    documents: tuple[str, ...] = ()
    pdf: bool = False
    engine: str | None = None
    archive: bool | None = None
    into: Path | None = None
    day: date = field(default_factory=date.today)
    blank: bool = False


@dataclass(frozen=True)
class Made:
    """What came of one paper.

    Attributes:
        refusal: Why there is no paper, or no PDF of it, in the reader's language.
        kept: Where a paper was put that somebody had changed by hand.
    """

    paper: Rendered
    docx: Path
    pdf: Path | None = None
    refusal: str | None = None
    engine: str | None = None
    kept: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "document": self.paper.document,
            "docx": str(self.docx),
            "pdf": str(self.pdf) if self.pdf else None,
            "refusal": self.refusal,
            "engine": self.engine,
            "template_sha256": self.paper.template_digest,
        }


@dataclass(frozen=True)
class Drawn:
    """What could be drawn up of an order, and what was refused: one bad paper stops no other.

    Attributes:
        notes: What a person should look at on the papers.
    """

    folder: Path
    papers: list[Rendered]
    refused: list[PapkaError]
    notes: tuple[Finding, ...] = ()


def carry_out(order: Order, *, as_json: bool) -> int:
    """Draw up what was ordered and report it; exit 3 if a paper was refused, 1 if a PDF was."""
    drawn = _drawn(order)
    made = press_all(drawn.papers, drawn.folder, pdf=order.pdf, engine=order.engine, archive=order.archive)
    if as_json:
        from ..core.report import show_json

        refused = [finding.as_json() for one in drawn.refused for finding in getattr(one, "findings", ())]
        found = [*refused, *(one.as_json() for one in drawn.notes)]
        show_json({"papers": [one.as_json() for one in made], "findings": found})
    else:
        _report(made, drawn, order)
    if drawn.refused:
        return max(one.exit_code for one in drawn.refused)
    return 1 if any(one.refusal for one in made) else 0


def _drawn(order: Order) -> Drawn:
    if order.blank:
        press = _press_for_blanks(order.case)
        names = [name for name, _ in wanted(press, order.documents)] or list(press.method.papers)
        return _gathered(order.into or Path(BLANKS), names, lambda name: [press.blank(name)])
    from .issued.hindsight import later_on_draft

    opened = _opened(order.case)
    press = Press(opened.method, opened.language)
    asked = wanted(press, order.documents) or [(name, None) for name in ready(opened, order.day)]
    folder = order.into or opened.path.parent / PAPERS
    drawn = _gathered(folder, asked, lambda one: press.render(opened.case, one[0], order.day, one[1]))
    notes = (note for one in drawn.papers for note in later_on_draft(press, opened, one, order.day))
    return replace(drawn, notes=tuple(dict.fromkeys(notes)))


def _gathered(folder: Path, asked: Iterable[Asked], draw: Callable[[Asked], Iterable[Rendered]]) -> Drawn:
    papers: list[Rendered] = []
    refused: list[PapkaError] = []
    for one in asked:
        try:
            papers += draw(one)
        except AskedWrongly:
            raise
        except PapkaError as error:
            refused.append(error)
    return Drawn(folder, papers, refused)


def _opened(asked: str) -> OpenCase:
    plugins = Plugins()
    try:
        return open_case(asked, Path.cwd(), plugins)
    except AskedWrongly:
        if asked not in plugins.programmes():
            raise
        words = tr("{asked} is a programme, not a case. Name a case, or ask for empty forms: --blank.")
        raise AskedWrongly(words.format(asked=asked)) from None


def _press_for_blanks(asked: str) -> Press:
    plugins = Plugins()
    if asked in plugins.programmes():
        method = plugins.method(asked)
        return Press(method, plugins.language_for(method))
    try:
        opened = open_case(asked, Path.cwd(), plugins)
    except AskedWrongly:
        known = ", ".join(plugins.programmes())
        words = tr("{asked} is neither a case nor a programme. Programmes: {known}.")
        raise AskedWrongly(words.format(asked=asked, known=known)) from None
    return Press(opened.method, opened.language)


def ready(opened: OpenCase, day: date) -> list[str]:
    """Return the documents that the case has the facts for, in the order of the stages."""
    return [one.id for one in opened.documents(day) if one.count and not one.missing]


def press_all(
    papers: Sequence[Rendered],
    folder: Path,
    *,
    pdf: bool,
    engine: str | None = None,
    archive: bool | None = None,
    pool: Pool | None = None,
) -> list[Made]:
    """Write papers as Word files, and all of them to PDF in one go; each page of a draft says what it is.

    Args:
        archive: Whether to make PDF/A-2b; by default as the office says.
        pool: Engines that are at work already; they win over ``engine`` and ``archive``.
    """
    made = [_written(paper, folder) for paper in papers]
    good = [one for one in made if one.refusal is None]
    if not pdf or not good:
        return made
    draw: Draw = pool.to_pdf if pool else partial(_with, engine, archive)
    results = _pdfs([one.paper for one in good], folder, draw)
    return [_with_pdf(one, results[one.docx.name]) if one.docx.name in results else one for one in made]


def _with(
    engine: str | None, archive: bool | None, papers: Sequence[Path], folder: Path, finish: Finish
) -> list[PdfResult]:
    from .pdf import to_pdf

    return to_pdf(papers, folder, engine, finish=finish, archive=archive)


def _pdfs(papers: Sequence[Rendered], folder: Path, draw: Draw) -> dict[str, PdfResult]:
    """Draw papers as PDF from what they are without the mark of a draft; the PDF has a mark of its own."""
    from .marking import draft_pages
    from .pdf.running import private_room

    drafts = {paper.path(folder).name: paper.draft for paper in papers if not paper.is_blank}

    def finish(docx: Path, pdf: bytes) -> bytes:
        return draft_pages(pdf, drafts[docx.name]) if docx.name in drafts else pdf

    with private_room() as room:
        plain = [paper.path(room) for paper in papers]
        for path, paper in zip(plain, papers, strict=True):
            write_atomically(path, paper.content)
        results = draw(plain, folder, finish)
    return {one.source.name: one for one in results}


def _written(paper: Rendered, folder: Path) -> Made:
    """Write one paper; one that cannot be written stops no other."""
    try:
        return Made(paper, paper.path(folder), kept=paper.write(folder))
    except PapkaError as error:
        return Made(paper, paper.path(folder), refusal=str(error))


def _with_pdf(made: Made, result: PdfResult) -> Made:
    engine = f"{result.engine} {result.engine_version}"
    return replace(made, pdf=result.pdf, refusal=_refusal(result), engine=engine)


def _refusal(result: PdfResult) -> str | None:
    return None if result.pdf else tr("no PDF: {reason}").format(reason=result.refusal)


def _report(made: Sequence[Made], drawn: Drawn, order: Order) -> None:
    for one in made:
        mark = "✗" if one.refusal and one.pdf is None and not order.pdf else "✓"
        click.echo(f"{mark} {one.docx}" + (f"  {one.pdf.name}" if one.pdf else ""))
        if one.kept:
            click.echo("  " + tr("your changed copy was kept: {file}").format(file=one.kept.name))
        if one.refusal:
            click.echo(f"  ! {one.refusal}")
    for error in drawn.refused:
        tell(error)
    if drawn.notes:
        from ..core.report import show_findings

        show_findings(drawn.notes)
    click.echo(tr("Papers: {count}, in {folder}").format(count=len(made), folder=drawn.folder))
    if order.pdf:
        for line in closing_lines(made):
            click.echo(line)


def tell(error: PapkaError) -> None:
    """Say why a paper was refused, with every finding."""
    from ..core.report import show_findings

    click.echo(f"✗ {error}", err=True)
    show_findings(getattr(error, "findings", ()), err=True)


def closing_lines(made: Sequence[Made]) -> Iterator[str]:
    """Say which engine and which fonts made the PDF, and what would be better."""
    from .doctor import advice, engine_line

    engines = sorted({one.engine for one in made if one.engine})
    for engine in engines:
        yield engine_line(engine)
    yield from advice()
