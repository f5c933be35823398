"""The end of a form: what was answered, what is still needed, and then it is written into the case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.errors import PapkaError, Refused
from ...core.i18n import tr, trn
from ...core.paths import Loc
from ..completing import Clashed, Filling
from ..plain import follow, within
from ..sheet import Sheet
from ..shown import Asked, shown
from .bookmark import Bookmark
from .moves import Move
from .settling import settle
from .window import Window, say

_WRITE, _SHOW, _LOOK, _LATER, _WITHOUT, _MEND = "write", "show", "look", "later", "without", "mend"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Lack:
    """A question that has to be answered or mended.

    Attributes:
        name: Its label, and whose it is: «Человек 2 — Фамилия».
        words: What is wrong with it.
        whose: Whose question it is: «Человек 2: Ткач Олег».
        beside: The answers that can be taken back instead.
    """

    place: Loc
    name: str
    words: str
    whose: str | None = None
    beside: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """What the person wants at the end of a form.

    Attributes:
        written: It is written into the case.
        goes_to: A question to go back to.
        stop: A stop of the way to go back to: 0 the first, -1 the last.
        again: The end is to be shown once more.
    """

    written: bool = False
    again: bool = False
    goes_to: Loc | None = None
    stop: int | None = None


def missing(sheet: Sheet) -> list[Lack]:
    """Return the questions that have to be answered or mended, each with what is wrong."""
    faults = sheet.faults()
    found: list[Lack] = []
    for whose, one in _named(sheet):
        name = f"{whose} — {one.label}" if whose else one.label
        said = [f for f in faults if within(f.place.path or "", one.path)]
        if said:
            whole = name + _cell(one, said[0].place.path or "")
            beside = tuple(sheet.beside(one.place)) if one.value is None else ()
            found.append(Lack(one.place, whole, f"{said[0].message} {said[0].cure}".strip(), whose, beside))
        elif one.needed and one.value is not None and follow(sheet.data, one.place) is None:
            # What stands there from the beginning counts only once somebody has seen it.
            found.append(Lack(one.place, name, tr("This has to be answered.")))
    return found


def _named(sheet: Sheet) -> Iterator[tuple[str | None, Asked]]:
    for part in sheet.parts():
        for item in part.items:
            for one in item.questions:
                yield item.heading, one


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
    remarks = _tell_remarks(filling.sheet)
    _tell_how_many(found)
    options = [(str(n), f"{one.name}: {one.words}") for n, one in enumerate(found)]
    options += _ways_without(found)
    if not found:
        options.append((_WRITE, tr("Write into the case")))
    mend = tr("Go back to: {what}")
    options += [(f"{_MEND}:{n}", mend.format(what=name)) for n, (name, _) in enumerate(remarks)]
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
            return Ending(written=_written(filling, window, mark))
        elif isinstance(chosen, str) and chosen in dict(options):
            what, _, number = chosen.rpartition(":")
            if what == _MEND:
                return Ending(goes_to=remarks[int(number)][1])
            if what != _WITHOUT:
                return Ending(goes_to=found[int(number)].place)
            for one in found[int(number)].beside:
                filling.sheet.keep(one.place, None)
            filling.keep()
            return Ending(again=True)


def _tell_remarks(sheet: Sheet) -> list[tuple[str, Loc]]:
    """Show what should be looked at in the answers, and return where; it stops nothing."""
    told, found = sheet.remarks(), []
    for whose, one in _named(sheet):
        for remark in told:
            if within(remark.place.path or "", one.path):
                name = f"{whose} — {one.label}" if whose else one.label
                say(f"{name}: {remark.message} {remark.cure}".rstrip(), look="remark", before="! ")
                found.append((name, one.place))
    return list(dict.fromkeys(found))


def _ways_without(found: Sequence[Lack]) -> list[tuple[str, str]]:
    """Offer to take back what asks for more than is known: of a document only the kind."""
    ways: dict[tuple[Loc, ...], tuple[str, str]] = {}
    for number, one in enumerate(found):
        if one.beside:
            names = ", ".join(other.label for other in one.beside)
            what = f"{one.whose} — {names}" if one.whose else names
            places = tuple(other.place for other in one.beside)
            ways.setdefault(places, (f"{_WITHOUT}:{number}", tr("Take back: {what}").format(what=what)))
    return list(ways.values())


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
            if item.heading and answered:
                say(item.heading, look="label")
            for one in answered:
                say(f"{one.label}: {shown(one.value, one)}", before="  ")


def _written(filling: Filling, window: Window, mark: Bookmark) -> bool:
    """Write the form into the case; if that cannot be, say why: the answers are kept."""
    mark.drop()
    try:
        filling.finish()
    except Refused as refused:
        from ...core.report import show_findings

        say(str(refused), look="fault")
        show_findings(refused.findings)
        elsewhere = any(one.place.file for one in refused.findings)
        where = tr("Mend it there") if elsewhere else tr("Mend the case (papka edit)")
        say(tr("Your answers are kept. {where} and fill in the form again.").format(where=where))
        return False
    except Clashed as clashed:
        settle(filling, clashed.places, window)
        return _written(filling, window, mark)
    except PapkaError as error:
        say(str(error), look="fault")
        return False
    return True
