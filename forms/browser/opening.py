"""The page before the form: which case is to be opened, and by which programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import RLock
from typing import Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.office import Office
from ...core.plugging.plugins import Plugins
from ..beginning import begun_cases, free, programme_of_draft, programmes, proposed
from ..completing import Filling, new_case
from .page import words


@dataclass
class Opening:
    """A case that has no code yet.

    Attributes:
        programme: The one that was named on the command line; likewise the folder.
        filling: The form of the case, as soon as it is known which.
    """

    office: Office
    plugins: Plugins
    programme: str | None = None
    folder: str | None = None
    filling: Filling | None = None
    version: int = -1

    def __post_init__(self) -> None:
        self._lock = RLock()
        every = programmes(self.plugins)
        self._programmes = {name: title for name, title in every.items() if self.programme in (None, name)}

    @property
    def title(self) -> str:
        """What stands above the page."""
        return tr("A new case")

    def whole(self) -> dict[str, Any]:
        """Return all that the page shows."""
        return {"opening": self._told(""), "words": words()}

    def do(self, deeds: Sequence[Any]) -> dict[str, Any]:
        """Open the case that the person names, or go on with one that was begun; else say what is wrong."""
        with self._lock:
            deed = deeds[0] if deeds and isinstance(deeds[0], Mapping) else {}
            try:
                self.filling = self.filling or self._opened(
                    str(deed.get("folder")), str(deed.get("programme"))
                )
            except PapkaError as error:
                return {"opening": self._told(str(error))}
            return {"opening": None}

    def _opened(self, folder: str, programme: str) -> Filling:
        if folder in begun_cases(self.office):
            begun = programme_of_draft(self.office, folder)
            return new_case(self.office, folder, begun or programme, None, self.plugins)
        if programme not in self._programmes:
            raise PapkaError(tr("Choose the programme."))
        return new_case(self.office, free(self.office, folder), programme, None, self.plugins)

    def _told(self, fault: str) -> dict[str, Any]:
        today = date.today()
        return {
            "begun": begun_cases(self.office),
            "programmes": [
                {"code": name, "title": title, "folder": self.folder or proposed(self.office, name, today)}
                for name, title in self._programmes.items()
            ],
            "fault": fault,
        }
