"""Where questions are asked: what a window shows and what it gives back.

Two windows do the same: `plainly.PlainWindow` line by line, `screen.ScreenWindow` with keys and lists.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import click

from ...core.report import visible
from .moves import Move

Typing = Callable[[str], None]
"""Told of each letter typed, so that half an answer is kept too."""

Options = Sequence[tuple[str, str]]
"""Codes and labels."""


class Window(Protocol):
    """A place to ask in."""

    def attended(self) -> AbstractContextManager[object]:
        """Hold the window for a whole form: what is typed between two questions waits for the next one."""

    def line(self, value: str, typing: Typing) -> str | Move:
        """Have a line typed; `value` stands in it from the beginning."""

    def text(self, value: str, typing: Typing) -> str | Move:
        """Have several lines typed."""

    def pick(
        self, options: Options, chosen: str | None, *, empty: bool = False, needed: bool = False
    ) -> str | Move:
        """Have one of a list chosen, or nothing if that may be: then the answer is empty.

        Where an answer is needed and there is none yet, the list begins with no choice of its own.

        What was typed and is not in the list comes back as it was typed.
        """

    def picks(self, options: Options, chosen: Sequence[str]) -> tuple[str, ...] | Move:
        """Have any number of a list chosen."""

    def help(self) -> None:
        """Say which keys there are."""


def width() -> int:
    """Return how many signs a line may hold."""
    return max(40, min(100, shutil.get_terminal_size((80, 24)).columns - 1))


def folded(text: str, first: str = "", others: str = "") -> list[str]:
    """Break a line at the terminal's width, between words."""
    wrapped = textwrap.wrap(
        visible(text), width(), initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
    return wrapped or [first.rstrip()]


def say(text: str = "", *, look: str = "", indent: str = "", before: str = "") -> None:
    """Print a paragraph, wrapped to the terminal; what cannot be seen is replaced.

    Args:
        before: What stands before its first line; the others are indented as far.
    """
    looks: dict[str, dict[str, object]] = {
        "title": {"fg": "cyan", "bold": True},
        "label": {"bold": True},
        "faint": {"dim": True},
        "fault": {"fg": "red"},
        "good": {"fg": "green"},
        "remark": {"fg": "yellow"},
    }
    for line in text.split("\n") or [""]:
        for one in folded(line, before or indent, indent or " " * len(before)):
            click.echo(click.style(one, **looks.get(look, {})))  # type: ignore[arg-type]


def is_simple() -> bool:
    """Tell whether this terminal can only take lines: a pipe, or one without moving keys."""
    piped = not (sys.stdin.isatty() and sys.stdout.isatty())
    return piped or os.environ.get("TERM", "") in ("dumb", "unknown")
