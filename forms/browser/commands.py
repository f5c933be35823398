"""`papka form open` and `papka new --browser`: a form is served until it is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ...core.i18n import tr
from ...core.plugging.plugins import Plugins
from ..beginning import begun_case, checked, office_here, programme_of_draft, programmes
from ..completing import Filling, new_case, not_there_yet, on_case
from .desk import Desk
from .door import Door
from .opening import Opening
from .server import Server, tell


def open_(case: str, form: str, *, window: bool) -> int:
    """Serve a form of a case; exit 3 if it is not done yet."""
    plugins = Plugins()
    begun = begun_case(case, form)
    if begun is not None:
        office, programme = begun
        return served(new_case(office, case, programme, form, plugins), window=window)
    return served(on_case(case, form, Path.cwd(), plugins), window=window)


def new(folder: str | None, programme: str | None, *, window: bool) -> int:
    """Open a case with the form that begins it, as a page; what was not named is asked on the page."""
    office, plugins = office_here(), Plugins()
    if folder is not None:
        not_there_yet(office, checked(folder), plugins)
        known = programme or programme_of_draft(office, folder)
        every = programmes(plugins)
        known = known or (next(iter(every)) if len(every) == 1 else None)
        if known is not None:
            return served(new_case(office, folder, known, None, plugins), window=window)
    return _run(Server(Opening(office, plugins, programme, folder), Door()), window=window)


def served(filling: Filling, *, window: bool) -> int:
    """Serve a form until it is done, or the person stops."""
    door = Door.again(_memory(filling))
    desk = Desk(filling)
    desk.begin()
    server = Server(desk, door)
    door.remember(_memory(filling))
    return _run(server, window=window)


def _run(server: Server, *, window: bool) -> int:
    click.echo(tr("The form is open in the browser. Close it: Ctrl-C. The address works once:"))
    click.echo(f"  {server.door.address}")
    try:
        server.run(window=window and _has_windows())
    except KeyboardInterrupt:
        click.echo()
    desk = server.room
    if isinstance(desk, Opening):
        click.echo(tr("Nothing was begun."))
        return 3
    if desk.written or not desk.filling.draft.is_begun:
        _memory(desk.filling).unlink(missing_ok=True)
        desk.filling.draft.drop()
    click.echo(tell(desk))
    return 0 if desk.written else 3


def _memory(filling: Filling) -> Path:
    """Return where the door of a form is remembered."""
    return filling.draft.path.with_suffix(".door")


def _has_windows() -> bool:
    """Tell whether a browser with windows can be opened: one of letters would take the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
