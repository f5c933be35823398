"""Questions with moving keys, lists and an editable line: over prompt_toolkit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

# A terminal that does not tell where its cursor is would be waited for, and complained of in English.
os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import get_app_session
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyBindingsBase, KeyPressEvent, merge_key_bindings
from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.styles import Style

from ...core.i18n import tr
from . import moves
from .lists import choose
from .moves import Move
from .window import Options, Typing, say, width

KEYS = {
    "pageup": Move.BACK,
    "pagedown": Move.NEXT,
    "f1": Move.HELP,
    "f2": Move.UNKNOWN,
    "f3": Move.PARTS,
    "f4": Move.MISSING,
    "f5": Move.END,
    "f10": Move.PAUSE,
    "c-c": Move.PAUSE,
    "c-d": Move.PAUSE,
}

STYLE = Style.from_dict({"bottom-toolbar": "noreverse fg:ansibrightblack", "prompt": "fg:ansicyan bold"})


class ScreenWindow:
    """Asks with the keys of a terminal; over SSH and in the Windows terminal alike."""

    def __init__(self) -> None:
        # One for all questions: to make it takes longer than to ask.
        self._app: Application[object] = Application(style=STYLE)

    def attended(self) -> AbstractContextManager[object]:
        """Keep the terminal from working on keys by itself while no question is there to take them.

        It would hold back what has no Enter yet, and strike it out at Ctrl+U.
        """
        return get_app_session().input.raw_mode()

    def line(self, value: str, typing: Typing) -> str | Move:
        """Have a line edited."""
        return self._typed(value, typing, several=False)

    def text(self, value: str, typing: Typing) -> str | Move:
        """Have several lines edited; Enter on an empty line ends, as Alt+Enter does anywhere."""
        return self._typed(value, typing, several=True)

    def pick(
        self, options: Options, chosen: str | None, *, empty: bool = False, needed: bool = False
    ) -> str | Move:
        """Have one of a list chosen with the arrows, or by typing a part of its name."""
        if empty or needed:
            # Who only presses Enter has chosen nothing.
            options = [("", tr("— choose") if needed else tr("— leave empty")), *options]
        found = choose(options, () if chosen is None else (chosen,), self._run, several=False)
        if isinstance(found, Move):
            return found
        if found[0] or not needed:
            say(dict(options)[found[0]] if found[0] else tr("(left empty)"), before="> ")
        return found[0]

    def picks(self, options: Options, chosen: Sequence[str]) -> tuple[str, ...] | Move:
        """Have any number of a list marked with the space bar."""
        found = choose(options, chosen, self._run, several=True)
        if isinstance(found, Move):
            return found
        labels = dict(options)
        say("; ".join(labels.get(code, code) for code in found) or tr("nothing is marked"), before="> ")
        return found

    def help(self) -> None:
        """Say which keys there are."""
        say(tr("Enter: next; an empty answer leaves the field empty"), indent="  ")
        say(tr("In a text Enter begins a new line; Enter twice or Alt+Enter ends it"), indent="  ")
        say(tr("F2: I do not know; the field stays empty"), indent="  ")
        say(tr("PgUp: the question before; PgDn: the next one, this one stays as it is"), indent="  ")
        say(tr("F3: go to another part; F4: what is still needed"), indent="  ")
        say(
            tr("F5: to the end of the form, to write it; the rest can come later"),
            indent="  ",
        )
        say(tr("F10 or Ctrl-C: stop for today; all answers are kept"), indent="  ")
        say(tr("In a list: arrows, or letters of a name; the space bar marks several"), indent="  ")
        say(
            tr("Without such keys, type: /back, /next, /unknown, /parts, /missing, /write, /pause"),
            indent="  ",
        )

    def _typed(self, value: str, typing: Typing, *, several: bool) -> str | Move:
        buffer = Buffer(multiline=several)
        buffer.set_document(Document(value, len(value)))
        buffer.on_text_changed += lambda now: typing(now.text)
        found = self._run(_layout(buffer), _keys(several=several), erase=False)
        if isinstance(found, Move):
            return found
        assert isinstance(found, str)
        if several and not found.strip():
            say(tr("(left empty)"), look="faint", indent="  ")
        return moves.read(found.rstrip("\n") if several else found)

    def _run(self, layout: Layout, keys: KeyBindingsBase, *, erase: bool) -> object:
        """Show something until a key ends it; what has no key here leaves the question."""
        self._app.layout = layout
        self._app.key_bindings = merge_key_bindings([keys, leaving()])
        self._app.erase_when_done = erase
        return self._app.run()


def _layout(buffer: Buffer) -> Layout:
    typed = Window(
        BufferControl(buffer, input_processors=[_Prompt()]), wrap_lines=True, dont_extend_height=True
    )
    keys = foot(lambda: _enter(buffer))
    return Layout(HSplit([typed, ConditionalContainer(keys, ~is_done)]), focused_element=typed)


def _enter(buffer: Buffer) -> str:
    """Say what Enter does at this moment."""
    if not buffer.multiline():
        return tr("Enter: next")
    return tr("Enter: new line, twice: next") if buffer.text else tr("Enter: leave empty")


class _Prompt(Processor):
    """Puts a sign before each line that is typed."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        sign = "> " if transformation_input.lineno == 0 else "  "
        fragments = [("class:prompt", sign), *transformation_input.fragments]
        return Transformation(
            fragments,
            source_to_display=lambda at: at + len(sign),
            display_to_source=lambda at: at - len(sign),
        )


def toolbar(enter: str) -> StyleAndTextTuples:
    """Return the keys at the foot of the terminal, in as many lines as they need."""
    said = [
        enter,
        tr("PgUp: back"),
        tr("F2: I do not know"),
        tr("F1: help"),
        tr("F10: stop for today"),
        tr("F5: write"),
        tr("F3: parts"),
    ]
    lines = [""]
    for one in said:
        more = f"{lines[-1]} · {one}" if lines[-1] else f" {one}"
        if len(more) > width():
            lines.append(f" {one}")
        else:
            lines[-1] = more
    return [("", "\n".join(lines))]


def foot(enter: Callable[[], str]) -> Window:
    """Return the window of the keys; what Enter does may change with each letter."""
    return Window(
        FormattedTextControl(lambda: toolbar(enter())), dont_extend_height=True, style="class:bottom-toolbar"
    )


def leaving() -> KeyBindings:
    """Return the keys with which a question is left without an answer."""
    keys = KeyBindings()
    for key, move in KEYS.items():

        @keys.add(key, eager=True)
        def leave(event: KeyPressEvent, move: Move = move) -> None:
            event.app.exit(result=move)

    return keys


def _keys(*, several: bool) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def end(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        document = buffer.document
        if not several or (document.is_cursor_at_the_end and not document.current_line):
            # The empty line that ended the text does not stay on the screen.
            buffer.set_document(Document(buffer.text.rstrip("\n")), bypass_readonly=True)
            event.app.exit(result=buffer.text)
        else:
            buffer.newline(copy_margin=False)

    @keys.add("escape", "enter")
    def end_anywhere(event: KeyPressEvent) -> None:
        event.app.exit(result=event.current_buffer.text)

    return keys
