"""What a merge did: each change that was taken, each conflict that waits in Word, and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lxml import etree

from ...core.findings import Place
from ...core.i18n import tr
from ..package import W
from ..revisions import PARAGRAPH, ROW, TABLE

What = Literal["changed", "added", "removed", "moved", "style", "page"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A change of the plugin's that was taken over.

    Attributes:
        text: What it says now; of what was removed, what it said.
    """

    what: What
    text: str
    place: Place

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"what": self.what, "text": self.text, "place": self.place.as_json()}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both changed: the centre's words stand, the plugin's wait as tracked changes.

    Attributes:
        ours: What the centre's template says; empty where the centre took it out.
        theirs: What the plugin's says; empty where the plugin took it out.
        is_tracked: Whether Word shows it as a change to accept or to reject.
    """

    ours: str
    theirs: str
    place: Place
    is_tracked: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        tracked = {"tracked": self.is_tracked}
        return {"ours": self.ours, "theirs": self.theirs, **tracked, "place": self.place.as_json()}


@dataclass(slots=True)
class _Entry:
    part: str
    element: etree._Element | None
    what: What | None
    ours: str
    theirs: str
    is_tracked: bool = True


@dataclass
class Log:
    """Written while a merge goes on; places are counted when all stands where it belongs.

    Attributes:
        dropped: Words of the centre's file that the plugin took out of what the centre had left as it was.
    """

    entries: list[_Entry] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def take(self, part: str, what: What, text: str, element: etree._Element | None = None) -> None:
        """Note a change that is taken over."""
        self.entries.append(_Entry(part, element, what, "", text))

    def conflict(
        self, part: str, element: etree._Element, ours: str, theirs: str, *, is_tracked: bool = True
    ) -> None:
        """Note a conflict."""
        self.entries.append(_Entry(part, element, None, ours, theirs, is_tracked))

    def told(self, file: str, roots: Mapping[str, etree._Element]) -> tuple[list[Taken], list[Conflict]]:
        """Return all that was noted, with its places in the merged file."""
        atlas = {part: _places(part, root, file) for part, root in roots.items()}
        taken, conflicts = [], []
        for entry in self.entries:
            place = _place(atlas.get(entry.part, {}), entry, file)
            if entry.what is None:
                conflicts.append(Conflict(entry.ours, entry.theirs, place, entry.is_tracked))
            else:
                taken.append(Taken(entry.what, entry.theirs, place))
        return taken, conflicts


def _place(found: dict[etree._Element, Place], entry: _Entry, file: str) -> Place:
    if entry.element is not None:
        for element in entry.element.iter(PARAGRAPH):
            if element in found:
                return found[element]
    return Place(file, part=entry.part)


def _places(part: str, root: etree._Element, file: str) -> dict[etree._Element, Place]:
    cells: dict[etree._Element, tuple[int, int, int]] = {}
    for first, table in enumerate(root.iter(TABLE), start=1):
        for second, row in enumerate(table.findall(ROW), start=1):
            for third, cell in enumerate(row.findall(f"{W}tc"), start=1):
                for one in cell.iter(PARAGRAPH):
                    cells[one] = (first, second, third)
    found = {}
    for number, one in enumerate(root.iter(PARAGRAPH), start=1):
        table_number, row_number, cell_number = cells.get(one) or (None, None, None)
        found[one] = Place(
            file, part=part, paragraph=number, table=table_number, row=row_number, cell=cell_number
        )
    return found


def words_of_place(place: Place) -> str:
    """Say where something stands, as a person would look for it."""
    name = (place.part or "").rpartition("/")[2].removesuffix(".xml")
    said = [] if name == "document" else [name]
    if place.table is not None:
        words = tr("table {table}, row {row}, cell {cell}")
        said.append(words.format(table=place.table, row=place.row, cell=place.cell))
    if place.paragraph is not None:
        said.append(tr("paragraph {number}").format(number=place.paragraph))
    return ", ".join(said)
