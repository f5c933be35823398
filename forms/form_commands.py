"""The commands of forms: `papka new` and `papka form …`.

A subcommand is declared here; what it does is in the package of its surface, imported when it is called.
"""

from __future__ import annotations

from pathlib import Path

import click

from ..core.i18n import tr

_PLAIN = tr("Line by line, without moving keys: for a screen reader, a pipe, a plain terminal.")
_NO_WINDOW = tr("Print the address only; open no browser.")


@click.command(help=tr("Open a case: papka asks, one thing at a time."))
@click.argument("folder", required=False)
@click.option("--programme", metavar=tr("PROGRAMME"), help=tr("Which programme the case belongs to."))
@click.option("--plain", is_flag=True, help=_PLAIN)
@click.option("--browser", is_flag=True, help=tr("Fill in the form as a page in the browser."))
@click.option("--no-window", is_flag=True, help=_NO_WINDOW)
def new(folder: str | None, programme: str | None, plain: bool, browser: bool, no_window: bool) -> int:
    """Begin a case with the form that opens it; exit 3 if it is not done yet."""
    if browser:
        from .browser.commands import new as serve

        return serve(folder, programme, window=not no_window)
    from .terminal.commands import new as begin

    return begin(folder, programme, plain=plain)


@click.group(help=tr("Forms: facts of a family, asked for and checked at once."))
def form() -> None:
    """Hold the commands about forms."""


@form.command("list", help=tr("Show the forms of a programme, or how far each form of a case is."))
@click.argument("of", required=False, metavar=tr("[CASE or PROGRAMME]"))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def list_(of: str | None, as_json: bool) -> int:
    """Print a line a form."""
    from .terminal.listing import show

    return show(of, as_json=as_json)


@form.command(help=tr("Fill in a form here in the terminal, one question at a time."))
@click.argument("case")
@click.argument("name", metavar=tr("FORM"))
@click.option("--plain", is_flag=True, help=_PLAIN)
def fill(case: str, name: str, plain: bool) -> int:
    """Ask what the form asks; exit 3 if it is not done yet."""
    from .terminal.commands import fill as ask

    return ask(case, name, plain=plain)


@form.command("open", help=tr("Fill in a form as a page in the browser; it works without the internet."))
@click.argument("case")
@click.argument("name", metavar=tr("FORM"))
@click.option("--no-window", is_flag=True, help=_NO_WINDOW)
def open_(case: str, name: str, no_window: bool) -> int:
    """Serve the form to this computer's browser; exit 3 if it is not done yet."""
    from .browser.commands import open_ as serve

    return serve(case, name, window=not no_window)


MOST_SPARE = 30
_A_PATH = click.Path(path_type=Path, dir_okay=False)


@form.command(help=tr("Make a form as a file: Word, PDF, or paper to be filled in by pen."))
@click.argument("name", metavar=tr("FORM"))
@click.option("--case", help=tr("On this case: what is known stands in the form."))
@click.option("--programme", metavar=tr("PROGRAMME"), help=tr("Which programme the case will belong to."))
@click.option("--pdf", is_flag=True, help=tr("As a PDF to be filled in on a screen."))
@click.option("--pen", is_flag=True, help=tr("As a PDF to be printed and filled in by pen."))
@click.option("--spare", type=int, help=tr("How many empty blocks each list gets."))
@click.option("--out", type=_A_PATH, help=tr("The file to write."))
def blank(
    name: str,
    case: str | None,
    programme: str | None,
    pdf: bool,
    pen: bool,
    spare: int | None,
    out: Path | None,
) -> int:
    """Write one file, and never over another."""
    from .word.commands import blank as make

    blocks = None if spare is None else min(max(spare, 0), MOST_SPARE)
    return make(name, case, programme, out, blocks, pdf=pdf, pen=pen)


@form.command(help=tr("Read a form that came back, and write its answers into the case."))
@click.argument("file", type=_A_PATH)
@click.option("--case", help=tr("The case, for a form that was made without one."))
@click.option(
    "--take",
    multiple=True,
    metavar="form|case|PATH=form|PATH=case",
    help=tr("Which answer is right where both were changed."),
)
@click.option(
    "--only-known", is_flag=True, help=tr("Take over from a form of another version what is still asked.")
)
@click.option("--dry-run", "dry", is_flag=True, help=tr("Show what would be taken over; write nothing."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def read(
    file: Path, case: str | None, take: tuple[str, ...], only_known: bool, dry: bool, as_json: bool
) -> int:
    """Take the answers over, or write nothing and say what has to be mended; exit 3 then."""
    from .word.commands import read as take_over

    return take_over(file, case, take, only_known=only_known, dry=dry, as_json_=as_json)


@form.command(help=tr("Print the JSON Schema of a case file: an editor completes and checks by it."))
@click.option("--out", type=_A_PATH, help=tr("The file to write."))
def schema(out: Path | None) -> int:
    """Print the schema, or write it over an older one."""
    from .tables.commands import print_schema as print_it

    return print_it(out)


@click.command("import", help=tr("Bring in many cases from the spreadsheet of the centre."))
@click.argument("file", type=_A_PATH)
@click.option("--map", "map_", type=_A_PATH, help=tr("What each column means: a file; else it is proposed."))
@click.option("--sheet", metavar=tr("SHEET"), help=tr("Which sheet; else the one with most of the headers."))
@click.option("--programme", metavar=tr("PROGRAMME"), help=tr("Which programme the cases belong to."))
@click.option("--yes", is_flag=True, help=tr("Take the proposed meaning of the columns as it is."))
@click.option("--dry-run", "dry", is_flag=True, help=tr("Show what would come in; write nothing."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def import_(
    file: Path,
    map_: Path | None,
    sheet: str | None,
    programme: str | None,
    yes: bool,
    dry: bool,
    as_json: bool,
) -> int:
    """Bring in the rows that are right, and tell the others by cell; exit 3 then."""
    from .tables.commands import bring_in

    return bring_in(file, map_, sheet, programme, yes=yes, dry=dry, as_json=as_json)
