"""The papers of a region's example families, each family on the day on which its whole story is known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from ...core.contract.case import Case
from ...core.errors import PapkaError
from ...core.opening import OpenCase, unknown_codes
from ...core.plugging.plugins import Plugins
from ...core.programmes.region import Method, Region
from ...output.rendering import Press, Rendered

DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Family:
    """An example family.

    Attributes:
        name: Its file below ``examples`` without the suffix: ``ivanovy``, or ``derived/f01``.
    """

    name: str
    path: Path


def families(region: Region) -> list[Family]:
    """Return the example families of a region: those that were written, then those that were derived."""
    derived = sorted(region.folder.glob(f"examples/{DERIVED}/*.yaml"))
    return [
        *(Family(path.stem, path) for path in region.examples()),
        *(Family(f"{DERIVED}/{path.stem}", path) for path in derived),
    ]


def inherited(method: Method) -> list[Family]:
    """Return the families of the region that a variant is based on: it is tried by them too.

    A family that names what the variant does not have is left out.
    """
    region, programme = method.region, method.programme
    return [
        Family(f"{programme.based_on}/{path.stem}", path)
        for path in region.inherited_examples()
        if not any(unknown_codes(path, region.example(path), programme))
    ]


def told_on(case: Case) -> date:
    """Return the first day on which all of a family's story is known: what is drawn on it never changes."""
    days = sorted(set(_days(case)))
    whole = case.as_of(days[-1])
    return days[bisect_left(days, True, key=lambda day: case.as_of(day) == whole)]


def _days(thing: object) -> Iterator[date]:
    if isinstance(thing, date):
        yield thing
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from _days(one)
    elif isinstance(thing, dict):
        yield from _days(list(thing.values()))
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from _days(getattr(thing, name))


@dataclass(frozen=True)
class Drawn:
    """What a family's papers are on a day.

    Attributes:
        papers: The papers by document, in the order of the programme.
        refused: Why a document that the family needs was not drawn up.
    """

    opened: OpenCase
    day: date
    papers: dict[str, list[Rendered]] = field(default_factory=dict)
    refused: dict[str, PapkaError] = field(default_factory=dict)


def drawn(family: Family, method: Method, plugins: Plugins, only: Collection[str] = ()) -> Drawn:
    """Draw up all documents that the facts of a family give: those it needs, and those it needed earlier.

    No office is asked: what stands around the file changes nothing.

    Args:
        only: The documents wanted; all if empty.

    Raises:
        Refused: The family's file has faults.
    """
    case = method.region.example(family.path)
    made = Drawn(OpenCase(family.path, case, plugins, method), told_on(case))
    press = Press(method, plugins.language_for(method))
    for status in made.opened.documents(made.day):
        is_given = status.count and (not status.missing or status.state == "made")
        if not is_given or (only and status.id not in only):
            continue
        try:
            made.papers[status.id] = list(press.render(case, status.id, made.day))
        except PapkaError as error:
            made.refused[status.id] = error
    return made
