"""Cases whose personal data was destroyed: the act in the journal is what stays of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.findings import Finding
from ...core.i18n import tr

if TYPE_CHECKING:
    from ...core.journal.entries import Entry
    from ...core.journal.journal import Journal
    from ...core.office import Office

ACT = "destruction_act"
"""The kind of paper under which the journal knows an act of destruction."""
LEAVING = ".destroying-"
"""How the name begins of a case's folder that is being deleted."""


def act_of(journal: Journal, case: str) -> Entry | None:
    """Return the act by which the data of a case was destroyed, if it was."""
    return next(iter(journal.entries(case=case, document=ACT, states=("issued",))), None)


def destroyed_cases(journal: Journal) -> dict[str, Entry]:
    """Return the acts of destruction by the code of their case."""
    return {act.case: act for act in journal.entries(document=ACT, states=("issued",))}


def unfinished(office: Office, journal: Journal) -> Iterator[Finding]:
    """Go through the cases whose act stands and whose files are still there: somebody was stopped."""
    for case, act in destroyed_cases(journal).items():
        if (office.folder / "cases" / f"{LEAVING}{act.id}").exists() or office.case_file(case) is not None:
            message = tr("The data of case {case} is destroyed by act {act}, and its files are still there.")
            cure = tr("Run papka destroy {case} again: it ends what was begun.").format(case=case)
            yield Finding("J-DESTROY", "error", message.format(case=case, act=act.id), cure)
