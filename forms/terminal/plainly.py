"""Questions line by line: for a pipe, a screen reader, a terminal without moving keys."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager

from ...core.i18n import tr
from . import moves
from .moves import Move
from .window import Options, Typing, say


class PlainWindow:
    """Asks with numbered lists and whole lines only."""

    def __init__(self) -> None:
        if hasattr(sys.stdin, "reconfigure"):
            # Letters of another encoding are told at the question.
            sys.stdin.reconfigure(errors="surrogateescape")
        if sys.stdin.isatty() and "readline" not in sys.modules:
            _edit_lines()

    def attended(self) -> AbstractContextManager[object]:
        """Hold nothing: lines wait by themselves."""
        return contextlib.nullcontext()

    def line(self, value: str, typing: Typing) -> str | Move:
        """Read a line; an empty one keeps what there is."""
        if value:
            say(tr("Now: {value}").format(value=value), look="faint", indent="  ")
        typed = self._read()
        return typed if isinstance(typed, Move) or typed.strip() else value

    def text(self, value: str, typing: Typing) -> str | Move:
        """Read lines until an empty one."""
        if value:
            say(tr("Now:"), look="faint", indent="  ")
            say(value, indent="    ")
            say(tr("Enter keeps it; what you type stands instead."), look="faint", indent="  ")
        words = tr("Several lines, an empty one at the end; \\ is an empty line inside.")
        say(words, look="faint", indent="  ")
        first = self._read()
        if isinstance(first, Move):
            return first
        if first == "":
            return value
        lines = [_inner(first)]
        while (more := self._raw()) != "":
            lines.append(_inner(more))
            typing("\n".join(lines))
        return "\n".join(lines)

    def pick(
        self, options: Options, chosen: str | None, *, empty: bool = False, needed: bool = False
    ) -> str | Move:
        """Have a number typed; a label or its beginning does as well."""
        for number, (code, label) in enumerate(options, 1):
            mark = "*" if code == chosen else " "
            say(f"{mark}{number:>3}. {label}")
        asked = tr("Number")
        if chosen is not None:
            numbers = {code: str(number) for number, (code, _) in enumerate(options, 1)}
            asked += " " + tr("(Enter: {value})").format(value=numbers.get(chosen, chosen))
        elif empty:
            asked += " " + tr("(Enter: leave empty)")
        typed = self._read(asked)
        if isinstance(typed, Move):
            return typed
        if not typed.strip():
            return chosen or ""
        return _chosen(typed, options)

    def picks(self, options: Options, chosen: Sequence[str]) -> tuple[str, ...] | Move:
        """Have several numbers typed; 0 stands for none."""
        for number, (code, label) in enumerate(options, 1):
            mark = "[x]" if code in chosen else "[ ]"
            say(f"{number:>3}. {mark} {label}")
        typed = self._read(tr("Numbers, with spaces between; 0: none; Enter: as marked"))
        if isinstance(typed, Move):
            return typed
        if not typed.strip():
            return tuple(chosen)
        if typed.strip() == "0":
            return ()
        whole = _chosen(typed, options)
        if whole in dict(options):
            return (whole,)
        return tuple(_chosen(one, options) for one in re.split(r"[\s,;]+", typed.strip()))

    def help(self) -> None:
        """Say what may be typed instead of an answer."""
        say(tr("Enter: keep the answer that stands there, or leave the field empty"), indent="  ")
        say(tr("-  or /unknown: I do not know; the field stays empty"), indent="  ")
        say(tr("<  or /back: the question before"), indent="  ")
        say(tr(">  or /next: the next question, this one stays as it is"), indent="  ")
        say(tr("/parts: go to another part"), indent="  ")
        say(tr("/missing: what is still needed"), indent="  ")
        say(tr("/write: to the end of the form, to write it"), indent="  ")
        say(tr("/pause or Ctrl-C: stop for today; all answers are kept"), indent="  ")
        say(tr("The first letters do: /b. To answer with such a sign, type \\ before it: \\-"), indent="  ")

    def _read(self, asked: str = "") -> str | Move:
        typed = self._raw(asked)
        return moves.read(typed)

    def _raw(self, asked: str = "") -> str:
        prompt = f"{asked}> " if asked else "> "
        try:
            return input(prompt)
        except EOFError:
            raise KeyboardInterrupt from None


def _edit_lines() -> None:
    """Read lines through readline where it is: a terminal by itself cuts a line after some 2,000 letters."""
    with contextlib.suppress(ImportError):
        import readline

        readline.set_auto_history(False)


def _inner(line: str) -> str:
    """Take off the backslash with which an empty line, or such a backslash, is typed."""
    return line[1:] if line and not line.strip("\\") else line


def _chosen(typed: str, options: Options) -> str:
    """Return the code that was meant, or what was typed."""
    wanted = typed.strip().casefold()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(options):
        return options[int(wanted) - 1][0]
    exact = [code for code, label in options if wanted in (code.casefold(), label.casefold())]
    begins = [code for code, label in options if label.casefold().startswith(wanted)]
    found = exact or begins
    return found[0] if len(found) == 1 else typed
