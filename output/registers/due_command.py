"""`papka due`: what is late and what comes next, over all cases; the report of reminders, on the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr

if TYPE_CHECKING:
    from .words import Front

REPORT = "com_due_report"


@click.command(
    help=tr("Show what is late and what comes next, over all cases of the office or the named ones.")
)
@click.argument("cases", nargs=-1, metavar=tr("[CASE]..."))
@click.option("--as-of", type=DayType(), help=tr("As things stood on this day."))
@click.option("--ics", is_flag=True, help=tr("Write a calendar file, for a phone or a mail program."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def due(cases: tuple[str, ...], as_of: date | None, ics: bool, as_json: bool) -> int:
    """Show the reminders; exit 3 when a case file could not be read."""
    from ...core.plugins import Plugins
    from .reading import Order
    from .work import carry_out, draw, tell_left_out

    if ics or as_json:
        return carry_out(Order(REPORT, cases, as_of=as_of, format="ics" if ics else "json"))
    order, start = Order(REPORT, cases, as_of=as_of), Path.cwd()
    drawn = draw(order, Plugins(), start)
    for _, front in drawn.fronts(order):
        _show(front)
    tell_left_out(drawn, start)
    return 3 if drawn.left_out else 0


def _show(front: Front) -> None:
    """Show each table that has rows: a line for each thing, its day first."""
    from .words import plain, said

    shown = False
    for table in front.tables:
        if not table.rows:
            continue
        shown = True
        click.secho(plain(table.title), bold=True)
        for row in table.rows:
            # The first column only counts the rows.
            day, *rest = (plain(said(value)) for value in row[1:])
            heads = [head.title for head in table.heads[2:]]
            told = [_told(head, one) for head, one in zip(heads, rest, strict=False) if one]
            click.echo(f"  {day}  " + " · ".join(told))
    if not shown:
        click.echo(tr("Nothing is late, and nothing is due soon."))


def _told(head: str, text: str) -> str:
    """Say what a bare number is."""
    return f"{head}: {text}" if text.lstrip("-").isdigit() else text
