"""A case opened for work: the file, what it holds, and the method that it follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .contract.case import Case
from .findings import Finding
from .loading import load_case
from .office import find_case, find_office
from .plugins import Plugins
from .region import Method
from .rules import checking
from .rules.checking import DocumentStatus
from .rules.situation import Situation


@dataclass(frozen=True)
class OpenCase:
    """One case on the desk."""

    path: Path
    case: Case
    plugins: Plugins
    method: Method

    def on(self, day: date) -> Situation:
        """Return the case as it stood on a day: what happened later is not known to it."""
        return Situation(self.case.as_of(day), self.method.programme, self.plugins.language, day)

    def findings(self, day: date) -> list[Finding]:
        """Return what is missing, late or to be looked at on a day, plugins' own findings last."""
        situation = self.on(day)
        found = checking.check(situation, self.method)
        return found + self.plugins.findings(self.case.programme, situation.context, day)

    def documents(self, day: date) -> list[DocumentStatus]:
        """Return how each document of the programme stands on a day."""
        return checking.documents(self.on(day), self.method)


def open_case(asked: str, start: Path, plugins: Plugins | None = None) -> OpenCase:
    """Open a case by its file, its folder, or its code or number in the office.

    Raises:
        AskedWrongly: There is no such case, or no plugin for its programme.
        Refused: The case file has faults.
    """
    path = find_case(asked, start)
    case = load_case(path)
    plugins = plugins or Plugins()
    method = plugins.method(case.programme)
    office = find_office(path.resolve().parent)
    return OpenCase(path, case, plugins, method.overridden(office.templates) if office else method)
