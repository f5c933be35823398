"""Writing papers: whole or not at all, and never over what somebody wrote into one by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ..core.oserrors import not_written
from ..core.saving import write_atomically
from ..core.zips import BROKEN

__all__ = ["keep_changed", "write_atomically"]


def keep_changed(path: Path) -> Path | None:
    """Move a paper that somebody changed after papka drew it out of the way, and return its new place.

    Word and LibreOffice write their own name into what they save; a paper that bears papka's is untouched.
    """
    if not path.exists() or _is_untouched(path):
        return None
    number = 1
    while (kept := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        raise not_written(path.name, error) from error
    return kept


def _is_untouched(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/app.xml") as part:
            return b"<Application>papka</Application>" in part.read(2**20)
    except BROKEN:
        return False
