"""A list to choose from: arrows, letters that narrow it, the space bar for several."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Protocol

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyBindingsBase, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.dimension import Dimension

from ...core.i18n import tr
from .moves import SIGNS, Move
from .window import Options, folded

Chosen = tuple[str, ...]
_BESIDES = 9
"""Lines of the terminal that the question and the keys need."""


class Run(Protocol):
    """Shows a layout until one of its keys, or of those that leave a question, ends it."""

    def __call__(self, layout: Layout, keys: KeyBindingsBase, *, erase: bool) -> object:
        """Return what the key gave."""


def choose(options: Options, chosen: Sequence[str], run: Run, *, several: bool) -> Chosen | Move:
    """Show the list until something is chosen; what was chosen before is marked."""
    from .screen import foot

    shown = _List(options, chosen, several=several)
    tall = max(4, shutil.get_terminal_size((80, 24)).lines - _BESIDES)
    asked = Window(FormattedTextControl(shown.asked), height=1)
    lines = Window(
        FormattedTextControl(shown.lines, focusable=True, show_cursor=False),
        wrap_lines=True,
        height=Dimension(min=2, max=tall),
        dont_extend_height=True,
    )
    found = run(Layout(HSplit([asked, lines, foot(shown.enter)])), shown.keys(), erase=True)
    assert isinstance(found, Move | tuple)
    return found


_NOT = 3


def _rank(name: str, wanted: str) -> int:
    if name.startswith(wanted):
        return 0
    return 1 if f" {wanted}" in name else 2 if wanted in name else _NOT


class _List:
    def __init__(self, options: Options, chosen: Sequence[str], *, several: bool) -> None:
        self._options = list(options)
        self._marked = [code for code, _ in options if code in chosen]
        self._several = several
        self._typed = ""
        self._warned = False
        codes = [code for code, _ in options]
        self._at = codes.index(self._marked[0]) if self._marked else 0

    # --- what is shown -----------------------------------------------------------------------------------

    def asked(self) -> StyleAndTextTuples:
        if self._warned:
            return [
                ("fg:ansired", tr("Nothing is marked. Space marks the line; Enter once more: leave empty"))
            ]
        how = tr("space: mark") + " · " if self._several else ""
        typed = self._typed or f"({how}{tr('type to search')})"
        return [("class:prompt", "> "), ("" if self._typed else "fg:ansibrightblack", typed)]

    def enter(self) -> str:
        """Say what Enter does at this moment."""
        if self._several and self._typed:
            return tr("Enter: mark")
        return tr("Enter: leave empty") if self._several and not self._marked else tr("Enter: next")

    def lines(self) -> StyleAndTextTuples:
        found: StyleAndTextTuples = []
        visible = self._visible()
        for number, (code, label) in enumerate(visible):
            here = number == self._at
            mark = ("[x] " if code in self._marked else "[ ] ") if self._several else ""
            if here:
                found.append(("[SetCursorPosition]", ""))
            look = "bold fg:ansicyan" if here else ""
            first = f"{'›' if here else ' '} {mark}"
            found += [(look, f"{line}\n") for line in folded(label, first, " " * len(first))]
        return found or [("fg:ansibrightblack", tr("Nothing has such a name.") + "\n")]

    def _visible(self) -> list[tuple[str, str]]:
        """Return what has the typed letters: first the names that begin with them, or have such a word."""
        wanted = self._typed.casefold()
        ranked = [(_rank(one[1].casefold(), wanted), one) for one in self._options]
        return [one for rank, one in sorted(ranked, key=lambda pair: pair[0]) if rank < _NOT]

    # --- what keys do ------------------------------------------------------------------------------------

    def keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("up")
        def up(_: KeyPressEvent) -> None:
            self._step(-1)

        @keys.add("down")
        @keys.add("tab")
        def down(_: KeyPressEvent) -> None:
            self._step(1)

        @keys.add("backspace")
        def shorter(_: KeyPressEvent) -> None:
            self._search(self._typed[:-1])

        # What is typed ahead of the list arrives with the other end of line.
        @keys.add("enter")
        @keys.add("c-j")
        def done(event: KeyPressEvent) -> None:
            found = self._result()
            if found is not None and not self._holds_back():
                event.app.exit(result=found)

        @keys.add(Keys.BracketedPaste)
        def paste(event: KeyPressEvent) -> None:
            self._search(self._typed + event.data.strip())

        @keys.add(Keys.Any)
        def letter(event: KeyPressEvent) -> None:
            self._letter(event)

        return keys

    def _letter(self, event: KeyPressEvent) -> None:
        typed = event.data
        if typed == " " and self._several:
            self._mark()
        elif not self._typed and typed in SIGNS:
            event.app.exit(result=SIGNS[typed])
        elif typed.isprintable() and (self._typed or typed != " "):
            self._search(self._typed + typed)

    def _holds_back(self) -> bool:
        """Tell whether Enter was meant for a line: one that was searched for is marked, else it is told."""
        if self._several and self._typed:
            self._mark()
            return True
        told, self._warned = self._warned, self._several and not self._marked
        return self._warned and not told

    def _step(self, by: int) -> None:
        self._warned = False
        count = len(self._visible())
        self._at = (self._at + by) % count if count else 0

    def _search(self, typed: str) -> None:
        self._warned = False
        self._typed, self._at = typed, 0

    def _mark(self) -> None:
        visible = self._visible()
        self._warned = False
        if not visible:
            return
        code = visible[self._at][0]
        left = [one for one in self._marked if one != code]
        marked = {*left} if code in self._marked else {*left, code}
        self._marked = [one for one, _ in self._options if one in marked]
        self._typed, self._at = "", [one for one, _ in self._options].index(code)

    def _result(self) -> Chosen | None:
        if self._several:
            return tuple(self._marked)
        visible = self._visible()
        return (visible[self._at][0],) if visible else None
