"""What a PDF engine is, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ...core.errors import PapkaError


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Why an engine made no PDF of a paper; ``code`` is stable, ``text`` is for people."""

    code: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one paper: a PDF, or a failure."""

    source: Path
    pdf: Path | None
    failure: EngineFailure | None = None


class PdfEngine(Protocol):
    """A program that draws Word files as PDF."""

    @property
    def name(self) -> str:
        """A short name that does not change."""
        ...

    @property
    def draws_all(self) -> bool:
        """Whether it draws whatever Word does; if not, only papers of proven features are given to it."""
        ...

    @property
    def archive(self) -> bool:
        """Whether it draws PDF/A-2b, tagged."""
        ...

    @property
    def takes_one(self) -> bool:
        """Whether it takes papers one by one, from several threads at once; if not, many with one start."""
        ...

    def version(self) -> str:
        """Return the engine's version, as the journal records it."""
        ...

    def available(self) -> bool:
        """Tell whether it can work on this machine."""
        ...

    def why_not(self) -> str | None:
        """Say what is lacking; None if it is available."""
        ...

    def convert(self, documents: Sequence[Path], into: Path) -> list[Converted]:
        """Draw papers as PDF into a folder: a result for each, in order; no bad paper raises."""
        ...


class PdfError(PapkaError):
    """No PDF could be made at all; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
