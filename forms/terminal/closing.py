"""The end of a form: what was answered, what is still needed, and then it is written into the case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.errors import PapkaError, Refused
from ...core.i18n import tr, trn
from ...core.paths import Loc
from ..completing import Filling
from ..plain import Value, follow, within
from ..sheet import Asked, Sheet
from .bookmark import Bookmark
from .moves import Move
from .window import Window, say

_WRITE, _SHOW, _LOOK, _LATER = "write", "show", "look", "later"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Lack:
    """A question that has to be answered or mended.

    Attributes:
        name: Its label, and whose it is: «Человек 2 — Фамилия».
        words: What is wrong with it.
    """

    place: Loc
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What the person wants at the end of a form.

    Attributes:
        written: It is written into the case.
        goes_to: A question to go back to.
        stop: A stop of the way to go back to: 0 the first, -1 the last.
    """

    written: bool = False
    goes_to: Loc | None = None
    stop: int | None = None


def missing(sheet: Sheet) -> list[Lack]:
    """Return the questions that have to be answered or mended, each with what is wrong."""
    faults = sheet.faults()
    found: list[Lack] = []
    for name, one in _named(sheet):
        said = [f for f in faults if within(f.place.path or "", one.path)]
        if said:
            whole = name + _cell(one, said[0].place.path or "")
            found.append(Lack(one.place, whole, f"{said[0].message} {said[0].cure}".strip()))
        elif one.needed and one.value is not None and follow(sheet.data, one.place) is None:
            # What stands there from the beginning counts only once somebody has seen it.
            found.append(Lack(one.place, name, tr("This has to be answered.")))
    return found


def _named(sheet: Sheet) -> Iterator[tuple[str, Asked]]:
    for part in sheet.parts():
        for item in part.items:
            for one in item.questions:
                yield f"{item.title} — {one.label}" if item.title else one.label, one


def _cell(asked: Asked, path: str) -> str:
    """Name the cell of a table in which something is wrong: its row and its column."""
    inside = re.match(r"\[(\d+)\]\.(\w+)", path.removeprefix(asked.path))
    if asked.kind != "table" or not inside:
        return ""
    number, name = int(inside[1]), inside[2]
    rows = [one for one in asked.value or () if isinstance(one, dict)]
    code = rows[number].get(str(asked.columns[0].place[-1]), "") if number < len(rows) else ""
    column = next((one.label for one in asked.columns if one.place[-1] == name), name)
    return f" — {dict(asked.rows).get(code) or tr('Row {number}').format(number=number + 1)} — {column}"


def tell_missing(found: Sequence[Lack]) -> None:
    """Show what is still needed."""
    _tell_how_many(found)
    for one in found[:_MOST]:
        say(f"{one.name}: {one.words}", before="  · ")
    if len(found) > _MOST:
        say(tr("… and {count} more").format(count=len(found) - _MOST), indent="  ")


def _tell_how_many(found: Sequence[Lack]) -> None:
    say()
    if not found:
        say(tr("Nothing that is needed is missing."), look="good")
        return
    words = trn("Still needed: {n} answer", "Still needed: {n} answers", len(found))
    say(words.format(n=len(found)), look="label")


def close(filling: Filling, window: Window, mark: Bookmark) -> Ending:
    """Show what came of the form, and write it if the person says so."""
    found = missing(filling.sheet)
    _count(filling.sheet)
    _tell_how_many(found)
    options = [(str(n), f"{one.name}: {one.words}") for n, one in enumerate(found)]
    if not found:
        options.append((_WRITE, tr("Write into the case")))
    options.append((_SHOW, tr("Show all answers")))
    options.append((_LOOK, tr("Go through from the beginning")))
    options.append((_LATER, tr("Stop for today")))
    while True:
        say()
        chosen = window.pick(options, options[0][0])
        if chosen is Move.HELP:
            window.help()
        elif chosen == _SHOW:
            _show_answers(filling.sheet)
        elif chosen is Move.PAUSE or chosen == _LATER:
            return Ending()
        elif chosen is Move.BACK:
            return Ending(stop=-1)
        elif chosen == _LOOK or chosen is Move.PARTS:
            return Ending(stop=0)
        elif chosen == _WRITE:
            return Ending(written=_written(filling, mark))
        elif isinstance(chosen, str) and chosen in dict(options):
            return Ending(goes_to=found[int(chosen)].place)


def _count(sheet: Sheet) -> None:
    asked = list(sheet.questions())
    answered = sum(1 for one in asked if follow(sheet.data, one.place) is not None)
    say()
    say(tr("The form is gone through."), look="title")
    words = tr("Answered: {answered}. Left empty: {empty}.")
    say(words.format(answered=answered, empty=len(asked) - answered))


def _show_answers(sheet: Sheet) -> None:
    """Print all answers, part by part."""
    for part in sheet.parts():
        say()
        say(part.title, look="title")
        for item in part.items:
            answered = [one for one in item.questions if follow(sheet.data, one.place) is not None]
            if item.title and answered:
                say(item.title, look="label")
            for one in answered:
                say(f"{one.label}: {shown(one.value, one)}", before="  ")


def shown(value: Value | None, asked: Asked | None) -> str:
    """Return an answer in words: labels in place of codes."""
    labels = dict(asked.choices) if asked else {}
    if value is None:
        return tr("(empty)")
    if isinstance(value, str):
        return labels.get(value, value)
    columns = {str(column.place[-1]): column for column in asked.columns} if asked else {}
    said = [
        labels.get(one, one)
        if isinstance(one, str)
        else ", ".join(shown(cell, columns.get(name)) for name, cell in one.items())
        for one in value
    ]
    return "; ".join(said)


def _written(filling: Filling, mark: Bookmark) -> bool:
    """Write the form into the case; if that cannot be, say why: the answers are kept."""
    mark.drop()
    try:
        filling.finish()
    except Refused as refused:
        from ...core.report import show_findings

        say(str(refused), look="fault")
        show_findings(refused.findings)
        say(tr("Your answers are kept. Mend the case (papka edit) and fill in the form again."))
        return False
    except PapkaError as error:
        say(str(error), look="fault")
        return False
    return True
