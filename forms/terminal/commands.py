"""`papka new` and `papka form fill`: from a command to an interview, and what is said at its end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ...core.errors import AskedWrongly
from ...core.i18n import tr
from ...core.office import Office
from ...core.plugging.plugins import Plugins
from ..beginning import (
    begun_case,
    begun_cases,
    checked,
    free,
    office_here,
    programme_of_draft,
    programmes,
    proposed,
)
from ..completing import Filling, new_case, not_there_yet, on_case
from .asking import Taken
from .bookmark import Bookmark
from .interview import Interview
from .moves import Move
from .settling import Stopped, settle
from .window import Window, is_simple, say


def fill(case: str, form: str, *, plain: bool) -> int:
    """Fill in a form of a case; exit 3 if it is not done yet."""
    plugins = Plugins()
    begun = begun_case(case, form)
    if begun is not None:
        office, programme = begun
        return _filled(new_case(office, case, programme, form, plugins), plain, _again_new(case))
    again = f"papka form fill {case} {form}"
    return _filled(on_case(case, form, Path.cwd(), plugins), plain, again)


def new(folder: str | None, programme: str | None, *, plain: bool) -> int:
    """Open a case; exit 3 if its form is not done yet."""
    window = _window(plain)
    found = chosen_new(folder, programme, window)
    return 3 if found is None else _filled(found, plain, _again_new(found.file.parent.name), window)


def chosen_new(folder: str | None, programme: str | None, window: Window) -> Filling | None:
    """Ask which case to open, and lay out its form; None if the person does not go on."""
    office = office_here()
    if folder:
        checked(folder)
    plugins = Plugins()
    if folder:
        not_there_yet(office, folder, plugins)
    try:
        folder = folder or _begun_or_new(office, window)
        programme = programme or programme_of_draft(office, folder) or _chosen_programme(plugins, window)
        folder = folder or _folder(office, programme, window)
    except (Stopped, KeyboardInterrupt):
        say(tr("Nothing was begun."))
        return None
    return new_case(office, folder, programme, None, plugins)


def _again_new(folder: str) -> str:
    return f"papka new {folder}"


def _filled(filling: Filling, plain: bool, again: str, window: Window | None = None) -> int:
    window = window or _window(plain)
    mark = Bookmark.beside(filling.draft.path)
    interview = Interview(filling, window, mark)
    try:
        _take(mark, window)
        clashes = filling.draft.resume(filling.sheet) if filling.draft.is_begun else []
        settle(filling, clashes, window)
        with window.attended():
            done = interview.run()
        if done:
            say(tr("✓ Written: {file}").format(file=filling.file), look="good")
            name = filling.file.parent.name
            say(tr("Next: papka check {case}").format(case=name))
            say(
                tr("What was left out: papka form fill {case} {form}").format(
                    case=name, form=filling.sheet.form.id
                )
            )
            return 0
    except Taken:
        say(
            tr("The form was opened in another window: go on there. Nothing more is kept here."), look="fault"
        )
        return 3
    except (Stopped, KeyboardInterrupt):
        click.echo()
    if not interview.is_kept:
        say(tr("The last answers could not be kept."), look="fault")
        return 1
    _tell_how_to_go_on(filling, mark, again)
    return 3


def _take(mark: Bookmark, window: Window) -> None:
    """Take the form into this window; if it is open in another one, the person says which is to go on."""
    if mark.is_elsewhere:
        say(tr("This form is open in another window, perhaps a colleague's."), look="fault")
        options = [("no", tr("Leave it there")), ("yes", tr("Go on here; the other window will stop"))]
        if _one(window, options, "no") == "no":
            raise Stopped
    mark.take()


def _tell_how_to_go_on(filling: Filling, mark: Bookmark, again: str) -> None:
    if mark.is_elsewhere:
        return
    mark.release()
    if not filling.draft.is_begun and mark.text is None:
        mark.drop()
        # Nothing was answered: a case that was not begun leaves no folder.
        for folder in (filling.draft.path.parent, filling.file.parent):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        say(tr("Nothing was answered."))
        return
    say(tr("Stopped. All answers are kept."), look="good")
    say(tr("To go on: {command}").format(command=again))


def _window(plain: bool) -> Window:
    from .plainly import PlainWindow

    if plain or is_simple():
        return PlainWindow()
    try:
        from .screen import ScreenWindow
    except ImportError:
        say(tr("Asking line by line. With moving keys: pip install papka[forms]"), look="faint")
        return PlainWindow()
    return ScreenWindow()


# --- a new case --------------------------------------------------------------------------------------------


def _begun_or_new(office: Office, window: Window) -> str | None:
    """Offer the cases that were begun and not written yet."""
    begun = begun_cases(office)
    if not begun:
        return None
    say(tr("There are cases that were begun."), look="label")
    options = [(name, tr("Go on with {name}").format(name=name)) for name in begun]
    chosen = _one(window, [*options, ("", tr("Open another case"))], begun[-1])
    return chosen or None


def _chosen_programme(plugins: Plugins, window: Window) -> str:
    found = programmes(plugins)
    if len(found) == 1:
        return next(iter(found))
    say(tr("Which programme does the case belong to?"), look="label")
    return _one(window, list(found.items()), None)


def _one(window: Window, options: list[tuple[str, str]], chosen: str | None) -> str:
    while True:
        found = window.pick(options, chosen)
        if found is Move.PAUSE:
            raise Stopped
        if isinstance(found, str) and found in dict(options):
            return found
        if found is Move.HELP:
            window.help()


def _folder(office: Office, programme: str, window: Window) -> str:
    say()
    say(tr("The code of the case; its folder has the same name"), look="label")
    say(tr("Latin letters, digits, - and _. Never the family's name."), indent="  ")
    value = proposed(office, programme, date.today())
    while True:
        typed = window.line(value, lambda _: None)
        if typed is Move.PAUSE:
            raise Stopped
        if isinstance(typed, Move):
            window.help()
            continue
        try:
            return free(office, typed)
        except AskedWrongly as wrong:
            say(str(wrong), look="fault", indent="  ")
