"""`papka status`: how a case stands, and in an office how its papers stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.commands import DayType
from ..core.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.opening import OpenCase
    from .standing import Standing


@click.command(help=tr("Show how far a case has come: its stage, its level, its documents."))
@click.argument("case")
@click.option("--as-of", type=DayType(), help=tr("Show it as it stood on this day."))
@click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))
def status(case: str, as_of: date | None, as_json: bool) -> int:
    """Show stage, level with its reasons, documents, and what was issued of them."""
    from ..core.opening import open_case
    from ..core.statuses import as_data, show

    day = as_of or date.today()
    opened = open_case(case, Path.cwd())
    papers = _standings(opened, day)
    if as_json:
        from ..core.report import show_json

        data = as_data(opened, day)
        for one in data["documents"]:
            one["papers"] = [paper.as_json() for paper in papers.get(one["id"], ())]
        show_json(data)
    else:
        show(opened, day, _lines(papers))
    return 0


def _lines(papers: Mapping[str, list[Standing]]) -> dict[str, list[str]]:
    """Say how the papers stand of which at least one was issued; of the others there is nothing to say."""
    told = {name: found for name, found in papers.items() if any(one.word != "draft" for one in found)}
    return {name: [one.line() for one in found] for name, found in told.items()}


def _standings(opened: OpenCase, day: date) -> Mapping[str, list[Standing]]:
    """Ask the journal, if the case lies in an office that has issued anything."""
    from ..core.office import find_office

    office = find_office(opened.path.resolve().parent)
    if office is None:
        return {}
    place = office.journal_place
    if isinstance(place, Path) and not place.exists():
        return {}
    from ..core.journal.journal import Journal
    from .standing import standings

    book = Journal.open(place)
    try:
        return standings(opened, book, day)
    finally:
        book.close()
