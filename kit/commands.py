"""`papka plugin …`: what somebody who makes or answers for a plugin asks of it."""

from __future__ import annotations

from importlib import import_module

import click

from ..core.i18n import tr

_HOMES = {
    "accept": "goldens.accepting:accept",
    "check": "conformance.commands:check",
    "diff": "goldens.comparing:diff",
    "examples": "families.commands:examples",
    "bundle": "installing.commands:bundle",
    "install": "installing.commands:install",
    "new": "scaffold.commands:new",
    "prove": "proving:prove",
    "update": "scaffold.commands:update",
    "uninstall": "installing.commands:uninstall",
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
        command.options_metavar = tr("[OPTIONS]")
        return command


plugin = _Rooms(name="plugin", help=tr("Plugins: make, check, prove, compare, install."))
