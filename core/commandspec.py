"""How a command is named without being imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command of the command line, named without being imported.

    Attributes:
        target: ``package.module:function`` of the click command.
        summary: One line for the list of commands, by language code; English is the fallback.
    """

    name: str
    target: str
    summary: Mapping[str, str] = field(default_factory=dict)

    def line(self, language: str) -> str:
        """Return the summary in a language."""
        return self.summary.get(language) or self.summary.get("en", "")
