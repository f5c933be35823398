"""The commands of the core: `papka check`, `papka plugins`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from .i18n import tr


class DayType(click.ParamType[date]):
    """A day on the command line: 18.02.2025 or 2025-02-18."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name it in the help, in the reader's language."""
        return tr("DAY")

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say how it is written."""
        from datetime import datetime

        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(str(value), form).date()
            except ValueError:
                continue
        self.fail(tr("Write the day as 18.02.2025 or 2025-02-18."), param, ctx)


@click.command(help=tr("Check a case: what is missing for its stage, what is late, what to look at."))
@click.argument("case")
@click.option("--as-of", type=DayType(), help=tr("Check as things stood on this day."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def check(case: str, as_of: date | None, as_json: bool) -> int:
    """Show the findings of a case; exit 3 when one of them blocks."""
    from .findings import as_json as findings_json
    from .findings import blocks
    from .opening import open_case
    from .report import show_findings, show_json, summary

    found = open_case(case, Path.cwd()).findings(as_of or date.today())
    said = f'"{case}"' if " " in case else case
    found = [replace(one, cure=one.cure.replace("CASE", said)) for one in found]
    if as_json:
        show_json(findings_json(found))
    else:
        show_findings(found)
        click.echo("")
        click.echo(summary(found))
    return 3 if blocks(found) else 0


@click.command(help=tr("List the installed plugins, their hooks and documents, and what is wrong with them."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def plugins(as_json: bool) -> int:
    """List plugins; a broken one is named with its cure, and the others work."""
    from .plugins import Plugins
    from .report import show_findings, show_json

    infos = Plugins().infos
    if as_json:
        show_json([info.as_json() for info in infos])
        return 0
    for info in infos:
        mark = click.style("✗", fg="red") if info.fault else click.style("✓", fg="green")
        if info.missing and not info.fault:
            mark = click.style("!", fg="yellow")
        click.echo(f"{mark} {info.name} {info.version} ({info.origin})")
        if info.hooks:
            click.echo("    " + tr("hooks: {names}").format(names=", ".join(info.hooks)))
        if info.programme:
            words = tr("programme: {id}, documents: {count}")
            click.echo("    " + words.format(id=info.programme, count=info.documents))
        if info.missing:
            words = tr("templates that are not there: {names}").format(names=", ".join(info.missing))
            click.echo("    " + words)
            cure = tr("Put them into the folder templates of the plugin, or install it anew.")
            click.echo("    " + tr("What to do: {cure}").format(cure=cure))
        if info.fault:
            click.echo("    " + tr("set aside: {fault}").format(fault=info.fault))
            click.echo("    " + tr("What to do: {cure}").format(cure=info.cure))
        if len(info.findings) > 1 or any(one.suggestion for one in info.findings):
            show_findings(info.findings)
            click.echo("")
    return 0
