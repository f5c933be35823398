"""`papka batch`: papers of many cases, on the command line."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr
from ..commands import ENGINES

if TYPE_CHECKING:
    from .order import BatchOrder
    from .running import BatchReport


@click.command(
    help=tr(
        "Draw up, or issue, papers of many cases: all of the office, or the named files, folders, numbers. "
        "Stopped or killed, the same command goes on where it was."
    )
)
@click.argument("cases", nargs=-1, metavar=tr("[CASE]..."))
@click.option(
    "--list", "listed", type=click.Path(path_type=Path), help=tr("A file that names cases, one a line.")
)
@click.option(
    "--where", metavar=tr("QUERY"), help=tr("Only cases for which this is true, in the words of rules.")
)
@click.option(
    "--document",
    "-d",
    "documents",
    multiple=True,
    metavar=tr("DOCUMENT"),
    help=tr("This document; may be repeated."),
)
@click.option("--stage", is_flag=True, help=tr("All papers of the stage that a case has reached."))
@click.option("--due", is_flag=True, help=tr("All papers that are due by a day."))
@click.option("--by", type=DayType(), help=tr("With --due: only what is due by this day."))
@click.option("--issue", is_flag=True, help=tr("Give numbers and record; without it, drafts are drawn up."))
@click.option(
    "--pdf/--no-pdf", default=None, help=tr("PDF files too; issued papers have them unless you say no.")
)
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@click.option("--into", type=click.Path(path_type=Path), help=tr("Folder for the drafts."))
@click.option("--on", "day", type=DayType(), help=tr("The day of the papers; today if not given."))
@click.option("--processes", type=int, help=tr("How many processes of this computer work."))
@click.option("--dask", metavar=tr("ADDRESS"), help=tr("Work on the Dask cluster of this address (tcp://…)."))
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path),
    help=tr("Write what was refused to a file: .csv or .json."),
)
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def batch(
    cases: tuple[str, ...],
    listed: Path | None,
    where: str | None,
    documents: tuple[str, ...],
    stage: bool,
    due: bool,
    by: date | None,
    issue: bool,
    pdf: bool | None,
    engine: str | None,
    into: Path | None,
    day: date | None,
    processes: int | None,
    dask: str | None,
    report_file: Path | None,
    as_json: bool,
) -> int:
    """Do the batch; exit 3 if something was refused, 1 if it was stopped."""
    from .order import BatchOrder
    from .telling import checked, tell, write

    start = Path.cwd()
    wants_pdf = pdf if pdf is not None else issue or engine is not None
    order = BatchOrder(
        cases, listed, documents, stage, due, by, where, issue, wants_pdf, engine, into, day or date.today()
    )
    file = checked(report_file) if report_file is not None else None
    report = _done(order, processes, dask)
    if file is not None:
        write(report, file)
    if as_json:
        from ...core.report import show_json

        show_json(report.as_json())
    else:
        tell(report, start, (*report.again, *(("--dask", dask) if dask else ())))
    if report.stopped:
        return 1
    return 3 if report.progress.refused else 0


def _done(order: BatchOrder, processes: int | None, dask: str | None) -> BatchReport:
    from .running import batch as do
    from .telling import watching

    with ExitStack() as held:
        executor = None
        if dask is not None:
            from .cluster import cluster_at

            cluster = held.enter_context(cluster_at(dask))
            executor, processes = cluster.executor, processes or cluster.hands
        watch = held.enter_context(watching())
        return do(order, executor=executor, processes=processes, watch=watch)
