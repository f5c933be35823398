"""Writing papers: whole or not at all, and never over what somebody wrote into one by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ..core.errors import PapkaError
from ..core.i18n import tr
from ..core.oserrors import why
from ..core.saving import write_atomically

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
        words = tr("{file} could not be written: {reason}. Close it if it is open, and check the folder.")
        raise PapkaError(words.format(file=path.name, reason=why(error))) from error
    return kept


def _is_untouched(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return b"<Application>papka</Application>" in archive.read("docProps/app.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
