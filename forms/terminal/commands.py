"""`papka new` and `papka form fill`: from a command to an interview, and what is said at its end."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from ...core.errors import AskedWrongly
from ...core.i18n import tr
from ...core.office import CASE_FILE, Office, find_office
from ...core.paths import Loc, in_words
from ...core.plugins import Plugins
from ...core.vocabulary import record_type
from ..completing import Filling, new_case, on_case
from ..drafts import FOLDER
from ..plain import as_answer, follow
from .asking import Taken
from .bookmark import Bookmark
from .closing import shown
from .interview import Interview
from .moves import Move
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


def chosen_new(folder: str | None, programme: str | None, window: Window | None = None) -> Filling | None:
    """Ask which case to open, and lay out its form; None if the person does not go on."""
    office = find_office(Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or make one: papka init FOLDER."))
    if folder:
        _checked(folder)
    plugins, window = Plugins(), window or _window(plain=False)
    try:
        folder = folder or _begun_or_new(office, window)
        programme = programme or _programme_of_draft(office, folder) or _chosen_programme(plugins, window)
        folder = folder or _folder(office, programme, window)
    except (_Stopped, KeyboardInterrupt):
        say(tr("Nothing was begun."))
        return None
    return new_case(office, folder, programme, None, plugins)


class _Stopped(Exception):
    """The person does not go on."""


def _again_new(folder: str) -> str:
    return f"papka new {folder}"


def _filled(filling: Filling, plain: bool, again: str, window: Window | None = None) -> int:
    window = window or _window(plain)
    mark = Bookmark.beside(filling.draft.path)
    interview = Interview(filling, window, mark)
    try:
        _take(mark, window)
        clashes = filling.draft.resume(filling.sheet) if filling.draft.is_begun else []
        _settle(filling, clashes, window)
        if interview.run():
            say(tr("✓ Written: {file}").format(file=filling.file), look="good")
            say(tr("Next: papka check {case}").format(case=filling.file.parent.name))
            return 0
    except Taken:
        say(
            tr("The form was opened in another window: go on there. Nothing more is kept here."), look="fault"
        )
        return 3
    except (_Stopped, KeyboardInterrupt):
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
            raise _Stopped
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


# --- two answers to one question ---------------------------------------------------------------------------


def _settle(filling: Filling, clashes: list[Loc], window: Window) -> None:
    """Show what somebody else has written meanwhile beside what was typed here, and let one be chosen."""
    from ...core.contract.case import Case

    sheet = filling.sheet
    for place in clashes:
        theirs, mine = as_answer(follow(sheet.before, place)), as_answer(follow(sheet.data, place))
        say()
        say(tr("Somebody has changed the case meanwhile."), look="fault")
        say(in_words(record_type(Case), place), look="label")
        asked = sheet.question(place)
        options = [
            ("mine", tr("In this form: {value}").format(value=shown(mine, asked))),
            ("theirs", tr("In the case now: {value}").format(value=shown(theirs, asked))),
        ]
        chosen = window.pick(options, None)
        while chosen not in ("mine", "theirs"):
            if chosen is Move.PAUSE:
                raise _Stopped
            chosen = window.pick(options, None)
        if chosen == "theirs":
            sheet.answer(place, theirs)
    if clashes:
        filling.keep()


# --- a new case --------------------------------------------------------------------------------------------


def begun_case(case: str, form: str) -> tuple[Office, str] | None:
    """Return the office and the programme of a case that was begun and has no file yet."""
    office = find_office(Path.cwd())
    if (
        office is None
        or not re.fullmatch(_FOLDER, case)
        or (office.folder / "cases" / case / CASE_FILE).exists()
    ):
        return None
    programme = _programme_of_draft(office, case, form)
    return (office, programme) if programme else None


def _programme_of_draft(office: Office, folder: str | None, form: str = "*") -> str | None:
    import json

    if not folder:
        return None
    for draft in sorted((office.folder / "cases" / folder / FOLDER).glob(f"{form}.json")):
        try:
            found = json.loads(draft.read_bytes()).get("programme")
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(found, str):
            return found
    return None


def _begun_or_new(office: Office, window: Window) -> str | None:
    """Offer the cases that were begun and not written yet."""
    begun = [
        folder.name
        for folder in sorted((office.folder / "cases").glob("*"))
        if not (folder / CASE_FILE).exists() and _programme_of_draft(office, folder.name)
    ]
    if not begun:
        return None
    say(tr("There are cases that were begun."), look="label")
    options = [(name, tr("Go on with {name}").format(name=name)) for name in begun]
    chosen = _one(window, [*options, ("", tr("Open another case"))], begun[-1])
    return chosen or None


def _chosen_programme(plugins: Plugins, window: Window) -> str:
    methods = {name: plugins.method(name) for name in plugins.programmes()}
    names = [name for name, method in methods.items() if any(one.begins for one in method.questions.values())]
    if not names:
        words = tr("No programme is installed that has a form to begin a case with. See: papka plugins.")
        raise AskedWrongly(words)
    if len(names) == 1:
        return names[0]
    say(tr("Which programme does the case belong to?"), look="label")
    return _one(window, [(name, methods[name].programme.title) for name in names], None)


def _one(window: Window, options: list[tuple[str, str]], chosen: str | None) -> str:
    while True:
        found = window.pick(options, chosen)
        if found is Move.PAUSE:
            raise _Stopped
        if isinstance(found, str) and found in dict(options):
            return found
        if found is Move.HELP:
            window.help()


_FOLDER = r"[A-Za-z][A-Za-z0-9_.\-]{0,39}"
_COUNTED = re.compile(r"(?P<letters>[A-Za-z][A-Za-z0-9_]*)-(?P<year>\d{4})-(?P<number>\d+)")


def proposed(office: Office, programme: str, today: date) -> str:
    """Propose the code of a new case: the letters that the office uses, the year, the next number."""
    names = [folder.name for folder in sorted((office.folder / "cases").glob("*"))]
    counted = [match for name in names if (match := _COUNTED.fullmatch(name))]
    letters = (
        counted[-1]["letters"] if counted else re.sub(r"[^a-z]", "", programme.lower())[:3].upper() or "D"
    )
    used = [int(one["number"]) for one in counted if one["year"] == str(today.year)]
    return f"{letters}-{today.year}-{max(used, default=0) + 1:04d}"


def _folder(office: Office, programme: str, window: Window) -> str:
    say()
    say(tr("The code of the case; its folder has the same name"), look="label")
    say(tr("Latin letters, digits, - and _. Never the family's name."), indent="  ")
    value = proposed(office, programme, date.today())
    while True:
        typed = window.line(value, lambda _: None)
        if typed is Move.PAUSE:
            raise _Stopped
        if isinstance(typed, Move):
            window.help()
            continue
        try:
            name = _checked(typed.strip())
        except AskedWrongly as wrong:
            say(str(wrong), look="fault", indent="  ")
            continue
        if (office.folder / "cases" / name).exists():
            say(tr("There is such a folder already."), look="fault", indent="  ")
            continue
        return name


def _checked(folder: str) -> str:
    if not re.fullmatch(_FOLDER, folder):
        words = tr(
            "{name} cannot be the code of a case: Latin letters, digits, dot, - and _, a letter first."
        )
        raise AskedWrongly(words.format(name=folder))
    return folder
