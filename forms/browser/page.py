"""What the browser is given: a page without a family's words, its look, its script, and papka's sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from ...core.i18n import current_language, tr


@cache
def _file(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


STATIC: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "form.css": ("text/css", lambda: _file("form.css")),
    "fields.js": ("text/javascript", lambda: _file("fields.js")),
    "sending.js": ("text/javascript", lambda: _file("sending.js")),
    "form.js": ("text/javascript", lambda: _file("form.js")),
    "icon.svg": ("image/svg+xml", lambda: _file("icon.svg")),
}


def page(title: str) -> str:
    """Return the page; the script asks for what it shows."""
    return Template(_file("page.html").decode("utf-8")).substitute(
        language=current_language(),
        title=escape(title),
        skip=escape(tr("To the first question without an answer")),
        contents=escape(tr("Parts of the form")),
        script=escape(
            tr("This page needs JavaScript. The same form in the terminal: papka form fill CASE FORM.")
        ),
    )


def closed_door() -> str:
    """Return the page for those who come without the key."""
    words = tr("This address is not valid, or it was opened already. Run papka form open again.")
    return (
        f'<!doctype html><html lang="{current_language()}"><title>papka</title><p>{escape(words)}</p></html>'
    )


def words() -> dict[str, str]:
    """Return the sentences that the script says."""
    return {
        "add_row": tr("Add a row"),
        "all_saved": tr("All is saved"),
        "begun": tr("There are cases that were begun."),
        "code": tr("The code of the case; its folder has the same name"),
        "code_hint": tr("Latin letters, digits, - and _. Never the family's name."),
        "go_on_with": tr("Go on with {name}"),
        "new_case": tr("Open a case"),
        "programme": tr("Which programme does the case belong to?"),
        "answered": tr("Answered: {answered} of {asked}"),
        "both": tr("Somebody else has answered this meanwhile. Which is right?"),
        "choose": tr("choose"),
        "date": tr("DD.MM.YYYY"),
        "done": tr("complete"),
        "end": tr("The end of the form"),
        "example": tr("For example: {example}"),
        "keep_mine": tr("In this form: {value}"),
        "keep_theirs": tr("In the case now: {value}"),
        "keys": tr("Tab, Enter: next question. Shift+Tab: back. F2: don't know."),
        "later": tr("Stop for today"),
        "lines": tr("Each on a line of its own"),
        "locked": tr(
            "This page is no longer connected. Run papka form open again; what is not saved, copy from here."
        ),
        "look_at": tr("Worth a look; it stops nothing"),
        "lost": tr(
            "papka does not answer. What you typed stays on this page and is saved as soon as it answers."
        ),
        "missing": tr("Still to be answered or mended"),
        "needed": tr("needed"),
        "needed_left": tr("Required ones left: {count}"),
        "nobody": tr("There is nobody and nothing to choose from yet."),
        "none_missing": tr("Nothing that is needed is missing."),
        "part_left": tr("left: {count}"),
        "refused": tr("This was not accepted and is not saved. Load the page again."),
        "remove": tr("Take out: {what}"),
        "remove_row": tr("Take out row {number}"),
        "remove_sure": tr("Take it out with its answers?"),
        "row": tr("Row {number}"),
        "saving": tr("Saving…"),
        "stopped": tr("Stopped for today. All answers are kept."),
        "stopped_next": tr("To go on: papka form open. This page may be closed."),
        "taken": tr("The form was opened in another window: go on there. Nothing more is kept here."),
        "unknown": tr("Don't know"),
        "write": tr("Write into the case"),
        "written": tr("The form is written into the case."),
        "written_next": tr("Next: papka check {case}. This page may be closed."),
    }
