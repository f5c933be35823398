"""`papka form open` and `papka new --browser`: a form is served until it is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ...core.i18n import tr
from ...core.plugins import Plugins
from ..completing import Filling, new_case, on_case
from ..terminal.commands import begun_case, chosen_new
from .desk import Desk
from .door import Door
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
    """Open a case with the form that begins it, as a page."""
    found = chosen_new(folder, programme)
    return 3 if found is None else served(found, window=window)


def served(filling: Filling, *, window: bool) -> int:
    """Serve a form until it is done, or the person stops."""
    desk = Desk(filling)
    desk.begin()
    memory = filling.draft.path.with_suffix(".door")
    door = Door.again(memory)
    server = Server(desk, door)
    door.remember(memory)
    click.echo(tr("The form is open in the browser. Close it: Ctrl-C. The address works once:"))
    click.echo(f"  {door.address}")
    try:
        server.run(window=window and _has_windows())
    except KeyboardInterrupt:
        click.echo()
    if desk.written or not filling.draft.is_begun:
        memory.unlink(missing_ok=True)
        filling.draft.drop()
    click.echo(tell(server))
    return 0 if desk.written else 3


def _has_windows() -> bool:
    """Tell whether a browser with windows can be opened: one of letters would take the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
