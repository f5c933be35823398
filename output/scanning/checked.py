"""Whether the scans of an office are those that the journal knows: no page is gone, none is another now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.errors import PapkaError
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ..issued.cards import beside
from .awaiting import runs
from .filing import SCAN, sheets

if TYPE_CHECKING:
    from ...core.journal.entries import Entry, Mark
    from ...core.journal.journal import Journal
    from ...core.office import Office


def scans_changed(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the pages that came back, and that are gone or are others now."""
    from ..keeping.tombs import destroyed_cases

    destroyed, marks = destroyed_cases(journal), journal.marks()
    for entry in journal.entries(states=("issued", "replaced")):
        pages = {int(one.name): one for one in marks.get(entry.id, ()) if one.kind == "page" and one.sha256}
        if pages and entry.case not in destroyed:
            yield from _of_paper(office, entry, pages)


def _of_paper(office: Office, entry: Entry, pages: dict[int, Mark]) -> Iterator[Finding]:
    place = beside(office.folder, entry, SCAN)
    if place is None:
        return
    spot = Place(place.name)
    cure = tr("Take the file of the scans from a backup, or attach the scans anew: papka scan attach FILE.")
    try:
        lying = {one.page: one.digest for one in sheets(place)}
    except PapkaError as error:
        yield Finding("J-SCAN", "error", str(error), cure, place=spot)
        return
    gone = sorted(number for number in pages if number not in lying)
    others = sorted(number for number, one in pages.items() if lying.get(number, one.sha256) != one.sha256)
    for numbers, words in (
        (gone, tr("Pages that came back are gone: {id}, pages {pages}.")),
        (others, tr("Pages are not those that were filed: {id}, pages {pages}.")),
    ):
        if numbers:
            yield Finding("J-SCAN", "error", words.format(id=entry.id, pages=runs(numbers)), cure, place=spot)
