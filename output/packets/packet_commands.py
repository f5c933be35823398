"""`papka packet`: the command."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr
from ..commands import ENGINES

if TYPE_CHECKING:
    from .packet import Packet


@click.command(help=tr("Bind issued papers into one PDF in print order: cover, copies, page numbers."))
@click.argument("case")
@click.argument("documents", nargs=-1)
@click.option("--all", "everything", is_flag=True, help=tr("All issued papers in force."))
@click.option("--day", "issued_on", type=DayType(), help=tr("Only papers of this day."))
@click.option("--one-sided", is_flag=True, help=tr("For one-sided print: no blank pages."))
@click.option("--copies/--no-copies", default=True, help=tr("As many copies as are signed, or one of each."))
@click.option("--password", is_flag=True, help=tr("A PDF that opens with a password (AES-256), for sending."))
@click.option("--engine", type=click.Choice(ENGINES), help=tr("Which engine draws the cover."))
@click.option("--out", type=click.Path(path_type=Path), help=tr("Where the packet is written."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def packet(
    case: str,
    documents: tuple[str, ...],
    everything: bool,
    issued_on: date | None,
    one_sided: bool,
    copies: bool,
    password: bool,
    engine: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Bind a packet and say what is in it, and what is due and not in it."""
    from ...core.errors import AskedWrongly
    from .packet import packet as make_packet
    from .packet_choice import PacketOrder

    if everything and documents:
        raise AskedWrongly(tr("Name documents, or ask for --all: not both."))
    secret = _password() if password else None
    order = PacketOrder(
        case, documents, everything, issued_on, not one_sided, copies, secret, engine, out, date.today()
    )
    made = make_packet(order)
    if as_json:
        from ...core.report import show_json

        show_json(made.as_json())
    else:
        _report(made, case, locked=password)
    return 0


def _password() -> str:
    """Return the password from the environment, or typed twice unseen."""
    import os

    from ..keeping.sealing import PASSPHRASE

    again = tr("Once more")
    return os.environ.get(PASSPHRASE) or str(
        click.prompt(tr("Password"), hide_input=True, confirmation_prompt=again, err=True)
    )


def _report(made: Packet, case: str, *, locked: bool) -> None:
    from ...core.i18n import trn

    for one in made.papers:
        number = f" № {one.entry.number}" if one.entry.number else ""
        copies = f" × {one.copies}" if one.copies > 1 else ""
        click.echo(f"{one.first:>5}  {one.title}{number} · {one.entry.day:%d.%m.%Y}{copies}")
    mark = "=" if made.unchanged else "✓"
    click.echo(f"{mark} {made.file}")
    count = len(made.papers)
    words = trn("{n} paper, pages: {pages}.", "{n} papers, pages: {pages}.", count)
    click.echo("    " + words.format(n=count, pages=made.pages))
    if made.unchanged:
        click.echo("    " + tr("The same packet was made before: nothing has changed."))
    if locked:
        click.echo(
            tr("Tell the password by telephone or in person, never in the letter that brings the file.")
        )
    for lacking in made.not_issued:
        for line in lacking.lines(case):
            click.echo(line)
