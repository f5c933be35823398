"""The papers of a case: those that its facts show as drawn up, for a list of the family's file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from ..facts import PersonName, Record
from ..programmes.programme import DocumentType
from .views import PaperView

if TYPE_CHECKING:
    from .situation import Situation


def made(situation: Situation) -> list[PaperView]:
    """Return the papers that a case shows as made on a day, the oldest first, those without a day last.

    A paper is shown as made where its document type's `done` holds for the thing that it is made for, and
    where the day is known by which the type dates it. Who has drawn up a paper by hand types it into the
    case's own list (`file_papers`), which a paper prints in place of this one.
    """
    types = situation.programme.documents if situation.forms is None else situation.forms
    found = [paper for one in types for paper in _of(situation, one)]
    return sorted(found, key=lambda paper: paper.on or date.max)


def _of(situation: Situation, one: DocumentType) -> Iterator[PaperView]:
    if one.done is None:
        return
    for item in situation.items(one):
        day = situation.day(one.dated, **item) if one.dated else None
        if (one.dated and (day is None or day > situation.on)) or not situation.holds(one.done, **item):
            continue
        number = situation.ask(one.numbered, **item) if one.numbered else None
        yield PaperView(
            kind=one.id,
            title=one.title,
            about=whom(item),
            number=number if isinstance(number, str) else None,
            on=day,
            copies=one.copies,
        )


_ABOUT = ("child", "about", "subject", "recipient", "customer")
"""The fields by which a thing of the case says whom it is about."""


def whom(item: dict[str, object]) -> str | None:
    """Name the person a paper is made for, or is about, if it is one person."""
    things = [thing for thing in item.values() if isinstance(thing, Record)]
    for one in (*things, *(thing.get(name) for thing in things for name in _ABOUT)):
        name = one.get("name") if isinstance(one, Record) else None
        if isinstance(name, PersonName):
            return str(name.styled("short"))
    return None
