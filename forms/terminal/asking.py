"""One question asked until its answer is right, or the person goes elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...core.errors import PapkaError
from ...core.findings import Finding
from ...core.i18n import tr
from ..completing import Filling
from ..plain import Value, stripped
from ..shown import Asked, says
from .bookmark import Bookmark
from .moves import Move, read
from .settling import settle
from .window import Options, Window, say


class Taken(Exception):
    """The form was opened in another window; this one keeps nothing any more."""


Answer = Callable[[Value | None], Sequence[Finding]]
"""Keeps an answer and returns what is wrong with it."""

_LEAVING = (Move.BACK, Move.NEXT, Move.PARTS, Move.MISSING, Move.END)


class Asking:
    """Asks single questions of a form in a window.

    Attributes:
        is_kept: Whether all answers lie on the disk.
    """

    def __init__(self, filling: Filling, window: Window, mark: Bookmark) -> None:
        self.filling = filling
        self.window = window
        self.mark = mark
        self.is_kept = True
        self._half: str | None = None

    def ask(self, asked: Asked, head: str = "", answer: Answer | None = None) -> Move | None:
        """Ask until there is an answer that the contract takes.

        Args:
            head: What stands before the label: «Вопрос 5 из 23».
            answer: Where the answer goes; without it, to the place of the question.

        Returns:
            None when it is answered; otherwise where the person wants to go.
        """
        answer = answer or (lambda value: self.answered(asked, value))
        self._half = self.mark.text if self.mark.place == asked.place else None
        self.mark.put(asked.place, self._half)
        _put_question(asked, head)
        while True:
            reply = self._reply(asked)
            if isinstance(reply, Move):
                if reply is not Move.HELP:
                    return self._leave(reply, asked, answer)
                self._tell_more(asked)
                continue
            self._half = None
            if not _is_readable(reply):
                words = tr("The terminal sent letters that cannot be read. Set it to UTF-8, and type again.")
                say(words, look="fault", indent="  ")
                continue
            found = answer(reply)
            if found:
                show_faults(found)
            elif stripped(reply) is None and asked.needed:
                say(tr("An answer is needed here. If you do not know it: F2 or -"), look="fault", indent="  ")
            else:
                self._tell_remarks(asked)
                return None
            asked = replace(asked, value=stripped(reply))

    def _tell_remarks(self, asked: Asked) -> None:
        """Say what should be looked at in the answer; it stands nevertheless."""
        for one in self.filling.sheet.remarks_at(asked.place):
            say(f"! {one.message} {one.cure}".rstrip(), look="remark", indent="  ")

    def answered(self, asked: Asked, value: Value | None) -> list[Finding]:
        """Put an answer into the sheet and keep it; an empty one is not asked for again by itself."""
        self.keep_watch()
        sheet = self.filling.sheet
        if stripped(value) is None and not asked.needed:
            sheet.skip(asked.place)
            found: list[Finding] = []
        else:
            found = sheet.answer(asked.place, value)
        self.keep()
        return found

    def keep(self) -> None:
        """Keep all answers; if that cannot be, say so and go on: the next answer tries again."""
        try:
            self.filling.keep()
            self.is_kept = True
        except PapkaError as error:
            self.is_kept = False
            say(str(error), look="fault")

    def look_around(self) -> None:
        """Take over what others have written into the case meanwhile; where both have answered, ask at once.

        Raises:
            Stopped: The person stops for today instead.
        """
        before = self.filling.seen
        try:
            clashes = self.filling.look_again()
        except PapkaError as error:
            # Somebody is in the middle of it: the file will be looked at again.
            say(str(error), look="fault")
            return
        if clashes:
            settle(self.filling, clashes, self.window)
        elif self.filling.seen != before:
            self.keep()
            say(tr("Somebody has changed the case meanwhile; it was taken over here."), look="remark")

    def keep_watch(self) -> None:
        """Stop before two windows overwrite each other's answers.

        Raises:
            Taken: Another window has the form now.
        """
        if not self.mark.is_ours:
            raise Taken

    def _leave(self, move: Move, asked: Asked, answer: Answer) -> Move:
        """Take what was typed along before going elsewhere."""
        half = self._half
        if half is not None and isinstance(read(half), Move):
            # What was typed is the wish to go elsewhere itself, and no answer.
            half = None
            self.mark.put(asked.place)
        if half is not None and move in _LEAVING and half != _as_text(asked.value):
            found = answer(_from_text(half, asked))
            if found:
                show_faults(found)
        elif move is Move.NEXT and asked.value is not None:
            answer(asked.value)
        if move is not Move.PAUSE:
            self._half = None
        return move

    def _tell_more(self, asked: Asked) -> None:
        if asked.kind == "date":
            say(tr("A day is written like 18.02.2025."), indent="  ")
        self.window.help()

    # --- the kinds of answer -----------------------------------------------------------------------------

    def _reply(self, asked: Asked) -> Value | Move:
        may_be_empty = not asked.needed and asked.value is None
        if asked.kind == "yes_no":
            is_open = asked.needed and asked.value is None
            code = _yes_no_code(asked)
            return self.window.pick(
                _with_none(yes_or_no(asked), asked), code, empty=may_be_empty, needed=is_open
            )
        if asked.kind in ("choice", "choices"):
            if asked.choices:
                return self._from_list(asked, empty=may_be_empty)
            say(tr("There is nobody and nothing to choose from yet: press Enter."), look="faint", indent="  ")
        typed = self._typed(asked)
        return typed if isinstance(typed, Move) else _from_text(typed, asked)

    def _from_list(self, asked: Asked, *, empty: bool) -> Value | Move:
        if asked.kind == "choice":
            chosen = _code(asked.value, asked) if isinstance(asked.value, str) else None
            is_open = asked.needed and asked.value is None
            return self.window.pick(_with_none(asked.choices, asked), chosen, empty=empty, needed=is_open)
        marked = [_code(one, asked) for one in asked.value or () if isinstance(one, str)]
        return self.window.picks(asked.choices, marked)

    def _typed(self, asked: Asked) -> str | Move:
        value = self._half if self._half is not None else _as_text(asked.value)

        def typing(text: str) -> None:
            self._half = text
            self.mark.put(asked.place, text)

        if asked.kind in ("text", "lines"):
            return self.window.text(value, typing)
        return self.window.line(value, typing)


def yes_or_no(asked: Asked) -> Options:
    """Return the two answers, as the case file gets them, with their words."""
    (yes, _), (no, _) = asked.yes_and_no
    return ((yes, tr("yes")), (no, tr("no")))


def _with_none(options: Options, asked: Asked) -> Options:
    """Return the choices, and the way back from one that was made."""
    if asked.needed or asked.value is None:
        return options
    return (*options, ("", tr("— take the answer back")))


def show_faults(found: Sequence[Finding]) -> None:
    """Show what is wrong with an answer, in the contract's own words."""
    for one in found:
        say(f"✗ {one.message} {one.cure}".rstrip(), look="fault", indent="  ")


def _put_question(asked: Asked, head: str) -> None:
    say()
    mark = " *" if asked.needed else ""
    say(f"{head}. {asked.label}{mark}" if head else f"{asked.label}{mark}", look="label")
    if asked.hint:
        say(asked.hint, indent="  ")
    example = asked.example or ("17.06.2014" if asked.kind == "date" and asked.value is None else "")
    if example:
        say(tr("For example: {example}").format(example=example), look="faint", indent="  ")


def _yes_no_code(asked: Asked) -> str | None:
    if not isinstance(asked.value, str):
        return None
    (yes, _), (no, _) = asked.yes_and_no
    return yes if says(asked.value) else no


def _code(value: str, asked: Asked) -> str:
    """Return the code of an answer: a case file may hold the label in its place."""
    return next((code for code, label in asked.choices if value in (code, label)), value)


def _is_readable(value: Value) -> bool:
    """Tell whether all that was typed came as letters, in the encoding that papka reads."""
    lines = (value,) if isinstance(value, str) else (one for one in value if isinstance(one, str))
    return not any(re.search("[\ud800-\udfff]", line) for line in lines)


def _as_text(value: Value | None) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(one for one in value or () if isinstance(one, str))


def _from_text(typed: str, asked: Asked) -> Value:
    if asked.kind in ("lines", "choices"):
        return tuple(line for line in typed.split("\n") if line.strip())
    return typed
