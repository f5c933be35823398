"""`papka template override` and `papka template upgrade`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.commands import DayType
from ...core.i18n import tr

if TYPE_CHECKING:
    from .override import Shelf

_programme = click.option("--programme", metavar="ID", help=tr("The programme whose document is meant."))
_json = click.option("--json", "as_json", is_flag=True, help=tr("Print JSON for scripts."))


def _shelf(programme: str | None) -> Shelf:
    from ...core.plugging.plugins import Plugins
    from .override import Shelf

    return Shelf.here(Plugins(), programme, Path.cwd())


@click.command(help=tr("Put a copy of a DOCUMENT's template into the office: the centre's own, which wins."))
@click.argument("document", required=False)
@click.option("--list", "listed", is_flag=True, help=tr("Show the centre's own templates instead."))
@_programme
@_json
def override(document: str | None, listed: bool, programme: str | None, as_json: bool) -> int:
    """Begin a template of the centre's own, never over one that is there."""
    from . import upgrade as bench

    if listed:
        return bench.show_list(_shelf(programme), as_json=as_json)
    return bench.override(_shelf(programme), document, as_json=as_json)


@click.command(help=tr("Merge what is new in the plugin's template into the centre's own of DOCUMENT."))
@click.argument("document", required=False)
@click.option("--all", "every", is_flag=True, help=tr("Upgrade all of the centre's own templates."))
@click.option("--on", "day", type=DayType(), help=tr("The day that the changes bear; today if not given."))
@_programme
@_json
def upgrade(document: str | None, every: bool, day: date | None, programme: str | None, as_json: bool) -> int:
    """Merge three ways; what both changed waits in Word as tracked changes; exit 3 when something waits."""
    from . import upgrade as bench

    shelf = _shelf(programme)
    return bench.upgrade(shelf, document, every=every, day=day or date.today(), as_json=as_json)
