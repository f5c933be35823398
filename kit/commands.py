"""`papka plugin …`: what somebody who makes or answers for a plugin asks of it."""

from __future__ import annotations

from importlib import import_module

import click

from ..core.i18n import tr

_HOMES = {
    "prove": "proving:prove",
}
"""Where each command lives; its room is imported when it is called."""


class _Rooms(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOMES:
            return None
        module, _, name = _HOMES[cmd_name].partition(":")
        command = getattr(import_module(f".{module}", __package__), name)
        assert isinstance(command, click.Command)
        return command


plugin = _Rooms(name="plugin", help=tr("Plugins: make, check, prove, compare, install."))
