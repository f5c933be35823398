"""The kit for regions: it makes a plugin, proves it, compares its versions and brings it to a centre."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import CommandSpec, hookimpl


@hookimpl
def papka_commands() -> Sequence[CommandSpec]:
    """Bring the commands for who makes a plugin or answers for one."""
    return [
        CommandSpec(
            "plugin",
            "papka.kit.commands:plugin",
            {
                "en": "Make, check, compare and install plugins.",
                "ru": "Создать, проверить, сравнить и установить плагин.",
            },
        ),
    ]
