"""The commands of the output: `papka render`, `papka demo`, `papka doctor`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..core.commands import DayType
from ..core.i18n import tr

ENGINES = ("libreoffice", "rdocx", "gotenberg")


@click.command(help=tr("Draw up documents of a case as Word files, and as PDF if asked."))
@click.argument("case")
@click.argument("documents", nargs=-1)
@click.option("--pdf", is_flag=True, help=tr("Make PDF files too."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@click.option("--archive", is_flag=True, help=tr("Make the PDF for long keeping: PDF/A-2b."))
@click.option("--into", type=click.Path(path_type=Path), help=tr("Folder for the papers."))
@click.option("--on", "day", type=DayType(), help=tr("The day of the papers; today if not given."))
@click.option("--blank", is_flag=True, help=tr("Empty forms to fill by hand; CASE may be a programme."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def render(
    case: str,
    documents: tuple[str, ...],
    pdf: bool,
    engine: str | None,
    archive: bool,
    into: Path | None,
    day: date | None,
    blank: bool,
    as_json: bool,
) -> int:
    """Draw up documents; without names, all that the case has the facts for."""
    from .work import Order, carry_out

    wants_pdf = pdf or archive or engine is not None
    order = Order(case, documents, wants_pdf, engine, archive or None, into, day or date.today(), blank)
    return carry_out(order, as_json=as_json)


@click.command(help=tr("Write an office with fictional families, check them, draw up all their papers."))
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
def demo(folder: Path, engine: str | None) -> int:
    """Show what papka does, from a case file to PDF."""
    from .demo import show

    return show(folder, engine)


@click.command(help=tr("Show names whose grammatical forms are not certain, and how to confirm them."))
@click.argument("case")
def names(case: str) -> int:
    """Show each doubtful form beside the other possible one."""
    from ..core.opening import open_case
    from .naming import doubtful_names

    found = doubtful_names(open_case(case, Path.cwd()).on(date.today()).context)
    for one in found:
        click.secho(f"{one.name}  ({one.path})", bold=True)
        for form in one.forms:
            other = tr(", or: {form}").format(form=form.other) if form.other else ""
            click.echo(f"    {form.case}: {form.proposed}{other}")
        click.echo("    " + tr("To confirm, put this below the person in the case file:"))
        for line in one.as_yaml():
            click.echo(f"      {line}")
    if not found:
        click.echo(tr("All forms of names are certain."))
    return 0


@click.command(help=tr("Say what papka works with here: engines, fonts, plugins, and what would be better."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def doctor(as_json: bool) -> int:
    """Report on the surroundings."""
    from .doctor import examine, show

    report = examine()
    if as_json:
        from ..core.report import show_json

        show_json(report.as_json())
    else:
        show(report)
    return 0
