"""The commands of the core: `papka check`, `papka plugins`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .i18n import tr

if TYPE_CHECKING:
    from .opening import OpenCase


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
@click.option("--as-of", "--on", "as_of", type=DayType(), help=tr("Check as things stood on this day."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def check(case: str, as_of: date | None, as_json: bool) -> int:
    """Show the findings of a case; exit 3 when one of them blocks."""
    from .findings import as_json as findings_json
    from .findings import blocks
    from .opening import open_case
    from .report import show_findings, show_json, summary

    day = as_of or date.today()
    opened = open_case(case, Path.cwd())
    issued = _issued(opened, day)
    found = [one for one in opened.findings(day) if one.id not in issued]
    said = f'"{case}"' if " " in case else case
    found = [replace(one, cure=one.cure.replace("CASE", said)) for one in found]
    if as_json:
        show_json(findings_json(found))
    else:
        show_findings(found)
        click.echo("")
        click.echo(summary(found))
    return 3 if blocks(found) else 0


def _issued(opened: OpenCase, day: date) -> set[str]:
    """Return the findings that the journal answers: that a paper is missing which was issued by that day."""
    from .office import find_office

    office = find_office(opened.path.resolve().parent)
    place = office.journal_place if office else None
    if place is None or (isinstance(place, Path) and not place.exists()):
        return set()
    from .journal.journal import Journal
    from .journal.past import entries_by

    book = Journal.open(place)
    try:
        known = entries_by(book, day, case=opened.case.id, states=("issued",))
    finally:
        book.close()
    return {f"DOC-{one.document}" for one in known}


@click.command(help=tr("List the installed plugins, their hooks and documents, and what is wrong with them."))
@click.option("--outdated", is_flag=True, help=tr("Say which newer versions there are."))
@click.option(
    "--from",
    "place",
    type=click.Path(path_type=Path),
    help=tr("With --outdated: look in this folder or bundle and not in the internet."),
)
@click.option("--pins", is_flag=True, help=tr("Print the list by which this installation can be copied."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def plugins(outdated: bool, place: Path | None, pins: bool, as_json: bool) -> int:
    """List plugins; a broken one is named with its cure, and the others work."""
    from .errors import AskedWrongly
    from .plugging import listing

    if (place and not outdated) or (pins and (outdated or as_json)):
        raise AskedWrongly(tr("These options do not go together. See: papka plugins --help."))
    if pins:
        return listing.show_pins()
    if outdated:
        return listing.show_newer(place, as_json=as_json)
    return listing.show_plugins(as_json=as_json)
