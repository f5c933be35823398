"""What the commands of the bench show on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 200


def wide_console() -> Console:
    """Return a console for tables; in a pipe nothing is cut to the width of a terminal."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def visible(text: str) -> str:
    """Replace each sign that cannot be seen: it could move the others, or rule the terminal."""
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\u2423" for sign in text)
