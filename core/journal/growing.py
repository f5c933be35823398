"""The version of a journal, and the steps by which a journal of an earlier papka becomes one of this.

A step only adds: an event that is in the chain is never rewritten, so its hash stays what it was. What a step
has done is an event itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, inspect, select, text

from ..errors import PapkaError, Refused
from ..findings import blocks
from ..i18n import tr
from .chain import UPGRADED, add, chain
from .tables import about, events, marks, metadata, papers

if TYPE_CHECKING:
    from .journal import Journal

VERSION = 3
"""The version of the journal that this papka reads and writes."""
_VERSION = about.c.name == "version"


@dataclass(frozen=True, slots=True)
class Step:
    """One step forward.

    Attributes:
        to: The version that the journal has after it.
        change: Changes the tables; it runs in the one transaction of the whole upgrade.
    """

    to: int
    change: Callable[[Connection], None]


def _pages_and_marks(connection: Connection) -> None:
    """Add how many pages a paper has, and the table of pages that came back and of signatures."""
    _column(connection, papers.name, "pages", "INTEGER")
    marks.create(connection, checkfirst=True)


def _reasons(connection: Connection) -> None:
    """Add why a signature is not needed, and the table in which a journal says its own version."""
    _column(connection, marks.name, "reason", "VARCHAR(600)")
    about.create(connection, checkfirst=True)


STEPS = (Step(2, _pages_and_marks), Step(3, _reasons))


def _column(connection: Connection, table: str, column: str, kind: str) -> None:
    if column not in {one["name"] for one in inspect(connection).get_columns(table)}:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} {kind}"))


def version_of(connection: Connection) -> int:
    """Return the version of a journal; 0 if there is none in this database yet."""
    there = set(inspect(connection).get_table_names())
    if papers.name not in there or events.name not in there:
        return 0
    if about.name in there and (said := told_version(connection)) is not None:
        return said
    # Before its third version a journal did not say which one it was.
    return 2 if marks.name in there else 1


def told_version(connection: Connection) -> int | None:
    """Return the version that the journal says it has."""
    said = connection.execute(select(about.c.value).where(_VERSION)).scalar()
    return int(said) if said is not None and said.isdigit() else None


def hold_against(version: int | None) -> None:
    """Let a journal of this papka's version pass.

    Raises:
        PapkaError: Another papka wrote it, a later or an earlier one.
    """
    if version == VERSION:
        return
    if version is not None and version < VERSION:
        words = tr(
            "The journal was begun by an earlier papka (version {found}; this one writes {known}). "
            "Bring the office up to date, a copy is saved before: papka upgrade."
        )
    else:
        words = tr(
            "The journal was written by a newer papka (version {found}; this one knows {known}), so "
            "nothing was changed. Update papka on this computer as it was done on the others."
        )
    raise PapkaError(words.format(found=version or "?", known=VERSION))


def begin(connection: Connection) -> None:
    """Make the tables of a new journal."""
    metadata.create_all(connection)
    set_version(connection, VERSION)


def set_version(connection: Connection, version: int | None) -> None:
    """Write down the version of the journal; None: it says none, as those before the third did."""
    connection.execute(delete(about).where(_VERSION))
    if version is not None:
        connection.execute(insert(about).values(name="version", value=str(version)))


class _Tried(Exception):
    """The upgrade would do; it is taken back."""


def bring_up(journal: Journal, *, only_try: bool = False) -> int:
    """Bring a journal to the version of this papka, in one act, and return the version that it had.

    Args:
        only_try: Do all of it and take it back.

    Raises:
        PapkaError: A newer papka wrote it.
        Refused: The record was changed from outside, so nothing was done.
    """
    found = 0
    with suppress(_Tried), journal.writing(as_it_is=True) as connection:
        found = version_of(connection)
        if found > VERSION:
            hold_against(found)
        if 0 < found < VERSION:
            _step_by_step(connection, found)
        if only_try:
            raise _Tried
    return found


def _step_by_step(connection: Connection, before: int) -> None:
    from ... import __version__

    for step in STEPS:
        if step.to > before:
            step.change(connection)
    set_version(connection, VERSION)
    told = {"from": before, "to": VERSION, "papka": __version__}
    add(connection, UPGRADED, "", datetime.now(UTC), told)
    faults = list(chain(connection))
    if blocks(faults):
        words = tr("The record of the journal was changed from outside; it was left as it is.")
        raise Refused(words, faults)
