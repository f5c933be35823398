"""`papka template …`: the methodologist's bench on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.i18n import tr
from .own_commands import override, upgrade

if TYPE_CHECKING:
    from .desk import Desk

ENGINES = ("libreoffice", "rdocx")

_programme = click.option("--programme", metavar="ID", help=tr("The programme whose names are known."))
_json = click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
_document = click.option(
    "--document",
    metavar="ID",
    help=tr("The document that FILE is a template of, if its name does not say so."),
)


def _desk(programme: str | None) -> Desk:
    from ...core.plugging.plugins import Plugins
    from .desk import Desk

    return Desk(Plugins(), programme)


@click.group(help=tr("Templates: list, check, mend, explain, try and compare them."))
def template() -> None:
    """Hold the commands of the bench."""


template.add_command(override)
template.add_command(upgrade)


@template.command("list", help=tr("List the documents of all programmes with their templates."))
@_programme
@_json
def list_(programme: str | None, as_json: bool) -> int:
    """Show each document, its template, and whether the template is without faults."""
    from .checking import listing, show_listing

    desk = _desk(programme)
    rows = listing(desk)
    if as_json:
        from ...core.report import show_json

        show_json(rows)
    else:
        show_listing(desk, rows)
    return 0


@template.command(help=tr("Find all faults of a template, a Word FILE or a DOCUMENT, without any data."))
@click.argument("file", required=False)
@click.option("--all", "every", is_flag=True, help=tr("Check the templates of all documents."))
@_programme
@_document
@click.option(
    "--word",
    is_flag=False,
    flag_value="",
    metavar=tr("[FILE]"),
    help=tr("Write a copy of the file with a Word comment at each fault."),
)
@_json
def check(
    file: str | None,
    every: bool,
    programme: str | None,
    document: str | None,
    word: str | None,
    as_json: bool,
) -> int:
    """Show every fault at its exact place; exit 3 when there is one."""
    from .checking import Order, carry_out

    return carry_out(_desk(programme), Order(file, every, document, word), as_json_=as_json)


@template.command(
    help=tr("Repair in a copy of FILE what can be repaired without asking, and tell each change.")
)
@click.argument("file")
@click.argument("out", required=False, type=click.Path(path_type=Path))
@_programme
@_document
@_json
def fix(file: str, out: Path | None, programme: str | None, document: str | None, as_json: bool) -> int:
    """Repair a template; exit 3 when something is left for a person."""
    from .fixing import carry_out

    return carry_out(_desk(programme).find(file, document), out, as_json=as_json)


@template.command(help=tr("Show the names that a template may use, and the filters."))
@click.argument("document", required=False)
@_programme
@click.option(
    "--word", type=click.Path(path_type=Path), metavar=tr("FILE"), help=tr("Write them as a Word file.")
)
@click.option(
    "--find", metavar=tr("WORD"), help=tr("Only names and filters that have this word, as tags to copy.")
)
@_json
def fields(
    document: str | None, programme: str | None, word: Path | None, find: str | None, as_json: bool
) -> int:
    """Show the vocabulary: each name with its meaning, its type and the filters that fit."""
    from .fields import carry_out

    return carry_out(_desk(programme), document, word, find, as_json=as_json)


@template.command(help=tr("Draw FILE up with an example case: Word, PDF and pictures of the pages."))
@click.argument("file")
@click.option(
    "--case",
    metavar=tr("CASE"),
    help=tr("The case to draw it up with; the programme's example if not given."),
)
@click.option("--out", type=click.Path(path_type=Path), help=tr("Folder for the results."))
@click.option("--watch", is_flag=True, help=tr("Draw it up again each time the file is saved."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine makes the PDF."))
@_programme
@_document
def preview(
    file: str,
    case: str | None,
    out: Path | None,
    watch: bool,
    engine: str | None,
    programme: str | None,
    document: str | None,
) -> int:
    """Show what a template becomes, once or at each save."""
    from .preview import Order, carry_out

    return carry_out(_desk(programme), Order(file, case, out, watch, engine, document))


@template.command(help=tr("Show what differs between two templates, and in what they become."))
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@_programme
@_document
@_json
def diff(first: str, second: str, programme: str | None, document: str | None, as_json: bool) -> int:
    """Compare words and tags, paragraph by paragraph, and the results for the example cases."""
    from .diffing import carry_out

    return carry_out(_desk(programme), first, second, document, as_json=as_json)
