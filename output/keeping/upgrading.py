"""`papka upgrade`: an office of an earlier papka becomes one of this, whole, after a copy was saved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...core import yamltext
from ...core.folders import SETTINGS
from ...core.migrating.applying import carry_out, is_under_way, lay_ready, put_settings
from ...core.migrating.planning import Change, planned
from ...core.migrating.versions import KNOWN
from ...core.office import JOURNAL, Office
from .backing import back_up
from .sealing import Seal

_OPEN = Seal()


@dataclass(frozen=True)
class Upgraded:
    """What was brought up, or would be.

    Attributes:
        files: Each file with the version that it had.
        journal: The version that the journal had; None if it is of this papka's, or not begun yet.
        journal_to: The version that this papka writes.
        saved: The copy that was saved before.
        finished: Whether an earlier run was stopped and this one has ended it.
        done: Whether it was done; if not, it was only looked at.
    """

    files: tuple[tuple[str, int], ...]
    journal: int | None
    journal_to: int
    saved: Path | None = None
    finished: bool = False
    done: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether anything has to be brought up."""
        return bool(self.files) or self.journal is not None or self.finished

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "needed": self.is_needed,
            "done": self.done,
            "finished_earlier_run": self.finished,
            "files": [{"file": name, "from": version, "to": KNOWN} for name, version in self.files],
            "journal": {"from": self.journal, "to": self.journal_to} if self.journal is not None else None,
            "saved": str(self.saved) if self.saved else None,
        }


def upgrade(
    office: Office, *, dry_run: bool = False, out: Path | None = None, seal: Seal = _OPEN
) -> Upgraded:
    """Bring an office up to this papka: its settings, cases, drafts, cards, templates, and its journal.

    What was stopped in the middle goes on where it was stopped.

    Args:
        dry_run: Only say what would be done.
        out: The file for the copy; by default beside the office's folder.

    Raises:
        AskedWrongly: The copy would lie inside the office, or its file is there.
        Refused: Files cannot be read, or the journal was changed from outside; nothing was changed.
        PapkaError: A newer papka wrote the office, or it cannot be written to.
    """
    from ...core.journal.growing import VERSION

    if is_under_way(office.folder):
        if not dry_run:
            _end(office)
        return Upgraded((), None, VERSION, finished=True, done=not dry_run)
    changes = planned(office.folder)
    place = _journal_place(office, changes)
    journal = _tried(place)
    told = Upgraded(tuple((one.name, one.version) for one in changes), journal, VERSION)
    if dry_run or not told.is_needed:
        return told
    saved = back_up(office, out, seal, journal=place).file
    lay_ready(office.folder, changes)
    _end(office)
    return replace(told, saved=saved, done=True)


def _end(office: Office) -> None:
    """Carry out what is laid ready: the settings first, at which an earlier papka stops from now on."""
    put_settings(office.folder)
    place = office.journal_place
    if not isinstance(place, Path) or place.exists():
        _bring_up(place)
    carry_out(office.folder)


def _journal_place(office: Office, changes: Sequence[Change]) -> Path | str:
    """Return where the journal is, as the settings are going to say."""
    told = next((one.after for one in changes if one.name == SETTINGS), None)
    if told is None:
        return office.journal_place
    data = yamltext.read(told).data
    said = data.get("journal") if isinstance(data, dict) else None
    return os.environ.get("PAPKA_JOURNAL") or (str(said) if said else office.folder / JOURNAL)


def _tried(place: Path | str) -> int | None:
    """Try to bring the journal up, take it back, and return the version that it has; None: it need not be."""
    from ...core.journal.growing import VERSION

    if isinstance(place, Path) and not place.exists():
        return None
    before = _bring_up(place, only_try=True)
    return before if 0 < before < VERSION else None


def _bring_up(place: Path | str, *, only_try: bool = False) -> int:
    from ...core.journal.growing import bring_up
    from ...core.journal.journal import Journal

    book = Journal.at(place)
    try:
        return bring_up(book, only_try=only_try)
    finally:
        book.close()
