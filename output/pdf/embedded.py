"""rdocx, the engine that comes with papka."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.i18n import tr
from .model import Converted
from .running import Recipe, convert_watched


@dataclass(frozen=True)
class Rdocx:
    """The embedded engine: comes with papka, for papers whose features it is proven to draw."""

    stall: float = 60.0
    chunk: int = 40
    python: str = sys.executable
    archive: bool = False

    @property
    def name(self) -> str:
        """Return ``rdocx``."""
        return "rdocx"

    @property
    def draws_all(self) -> bool:
        """No: its makers are young, and Word is old."""
        return False

    @property
    def takes_one(self) -> bool:
        """No: each start costs."""
        return False

    def version(self) -> str:
        """Return the version of the installed package."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("rdocx")
        except PackageNotFoundError:
            return ""

    def available(self) -> bool:
        """Tell whether the package is installed."""
        return self.why_not() is None

    def why_not(self) -> str | None:
        """Say what is lacking."""
        if not self.version():
            return tr("the package rdocx is not installed")
        return None if self.python else tr("this Python cannot start another")

    def convert(self, documents: Sequence[Path], into: Path) -> list[Converted]:
        """Draw papers in another process, so that a crash in the engine is not papka's."""
        return convert_watched(
            documents, into, Recipe(self._command, lambda room: {}, self.stall, self.chunk)
        )

    def _command(self, papers: Sequence[Path], out: Path, room: Path) -> Sequence[str]:
        worker = Path(__file__).with_name("rdocx_worker.py")
        kind = ["--archive"] if self.archive else []
        return [self.python, "-P", str(worker), *kind, str(out), *map(str, papers)]
