"""`papka scan`: scans of signed papers find their papers, and what is missing is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.office import Office
    from .attaching import Attached, Page
    from .awaiting import Awaited


@click.group(help=tr("File scans of signed papers, and say what is still missing."))
def scan() -> None:
    """Hold the commands of scans."""


@scan.command(help=tr("File scans with their papers: PDF or pictures, in any order, upside down too."))
@click.argument("files", nargs=-1, required=True, metavar=tr("FILE..."))
@click.option("--into", "folder", metavar=tr("OFFICE"), help=tr("The office's folder, if you are not in it."))
@click.option(
    "--paper", metavar=tr("CODE"), help=tr("By hand, for a page without a readable code: its paper.")
)
@click.option("--page", type=int, metavar="N", help=tr("By hand: which page of the paper it is."))
@click.option("--move", is_flag=True, help=tr("Take away a file when all of its pages are filed."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def attach(
    files: tuple[str, ...], folder: str | None, paper: str | None, page: int | None, move: bool, as_json: bool
) -> int:
    """File scans; exit 3 if a page found no place."""
    from ...core.errors import AskedWrongly
    from ...core.journal.journal import Journal
    from .attaching import attach as attach_scans

    if (paper is None) != (page is None):
        raise AskedWrongly(tr("A page is filed by hand with both: --paper CODE --page N."))
    office = _office(folder)
    by_hand = (paper, page) if paper is not None and page is not None else None
    book = Journal.open(office.journal_place)
    try:
        done = attach_scans(_files(files), office, book, move=move, by_hand=by_hand)
    finally:
        book.close()
    if as_json:
        from ...core.report import show_json

        show_json(done.as_json())
    else:
        _report(done)
    return 0 if done.whole else 3


@scan.command(help=tr("Say which issued papers have not come back whole: pages and signatures."))
@click.argument("case", required=False)
@click.option("--into", "folder", metavar=tr("OFFICE"), help=tr("The office's folder, if you are not in it."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def status(case: str | None, folder: str | None, as_json: bool) -> int:
    """Show what is waited for, the oldest first."""
    from ...core.journal.journal import Journal
    from .attaching import aside
    from .awaiting import all_awaited

    office = _office(folder)
    code = _code_of(case, office) if case else None
    book = Journal.open(office.journal_place)
    try:
        papers = all_awaited(office, book, code)
    finally:
        book.close()
    if as_json:
        from ...core.report import show_json

        show_json([one.as_json() for one in papers])
        return 0
    titles = _titles() if papers else {}
    for one in papers:
        since = tr("waited for since {day}").format(day=f"{one.since:%d.%m.%Y}")
        click.echo(f"{one.name(titles)} · {since}")
        _lines(one)
    words = tr("Papers that are not back whole: {count}.") if papers else tr("Nothing is waited for.")
    click.echo(words.format(count=len(papers)))
    _hint(papers)
    if case is None and (lying := aside(office)):
        words = tr("Pages without a code lie in {folder}: {count}. File them by hand: {command}")
        said = words.format(
            folder=lying[0].parent.relative_to(office.folder).as_posix(),
            count=len(lying),
            command=_by_hand(tr("FILE")),
        )
        click.echo(said)
    return 0


def _by_hand(file: str) -> str:
    return tr("papka scan attach {file} --paper CODE --page N").format(file=file)


def _office(folder: str | None) -> Office:
    from ...core.errors import AskedWrongly
    from ...core.office import find_office

    office = find_office(Path(folder) if folder else Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or name it: --into OFFICE."))
    return office


def _code_of(asked: str, office: Office) -> str:
    """Return the code of a case; a case that is gone is asked for by its code."""
    from ...core.opening import open_case

    return open_case(asked, office.folder).case.id if office.case_file(asked) else asked


def _files(asked: Sequence[str]) -> list[Path]:
    """Return the files that were named, each once, and all scans of a folder that was.

    Raises:
        AskedWrongly: A folder holds nothing that may be a scan.
    """
    from ...core.errors import AskedWrongly
    from .sources import KINDS

    found: dict[Path, None] = {}
    for one in asked:
        path = Path(one)
        named = [path]
        if path.is_dir():
            named = sorted(
                file for file in path.rglob("*") if file.suffix.lower() in KINDS and file.is_file()
            )
            if not named:
                words = tr("The folder {folder} holds no scan: no PDF and no picture (JPG, PNG, TIFF).")
                raise AskedWrongly(words.format(folder=one))
        elif not path.exists() and any(sign in one for sign in "*?["):
            # What the shell left as *.pdf is looked up.
            named = sorted(path.parent.glob(path.name)) or named
        found.update(dict.fromkeys(named))
    return list(found)


def _titles() -> Mapping[str, str]:
    from ...core.plugging.plugins import Plugins
    from ..issued.overview import titles_of

    return titles_of(Plugins())


def _report(done: Attached) -> None:
    for page in done.pages:
        if page.reason is not None:
            _trouble(page)
    titles = _titles() if done.papers else {}
    for one in done.papers:
        mark = "✓" if one.complete else "…"
        click.echo(f"{mark} {one.name(titles)}")
        if one.entry.state == "replaced":
            words = tr(
                "! a newer paper stands in place of this one, and has to be signed: papka journal {id}"
            )
            click.echo("    " + words.format(id=one.entry.id))
        _lines(one)
    counted = {
        "filed": done.count("filed", "replaced"),
        "already": done.count("already", "former"),
        "blank": done.count("blank"),
        "rest": done.count("unread", "foreign", "failed"),
    }
    words = tr("Pages filed: {filed}, filed before: {already}, empty: {blank}, not filed: {rest}.")
    click.echo(words.format(**counted))
    if covers := done.count("cover"):
        click.echo(tr("Covers of packets, which are not filed: {count}.").format(count=covers))
    if later := done.count("replaced"):
        words = tr("Pages that took the place of an earlier scan: {count}; the earlier ones are kept beside.")
        click.echo(words.format(count=later))
    _hint(done.papers)
    if done.moved:
        click.echo(tr("Files taken away: {count}.").format(count=len(done.moved)))


def _lines(one: Awaited) -> None:
    for line in one.lines():
        click.echo(f"    {line}")


def _trouble(page: Page) -> None:
    where = (
        f"{page.file.name}, " + tr("p. {page}").format(page=page.number) if page.number else page.file.name
    )
    click.echo(f"✗ {where}: {page.reason}", err=True)
    if page.became == "unread":
        words = tr("A copy lies in {file}. File it by hand: {command}")
        said = words.format(file=page.kept, command=_by_hand(page.kept or ""))
        click.echo("    " + said, err=True)


def _hint(papers: Sequence[Awaited]) -> None:
    """Say how a signature is ticked that papka does not see."""
    # A paper that a newer one has taken the place of is not signed any more.
    live = (one for one in papers if one.entry.state == "issued")
    unseen = next((one for one in live if one.back and one.unsigned), None)
    if unseen is not None:
        words = tr("Signed, and papka does not see it? Look at the paper, then: {command}")
        command = f"papka sign {unseen.entry.id} --by {unseen.unsigned[0].number} --hand"
        click.echo(words.format(command=command))
