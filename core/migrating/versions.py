"""Which papka wrote this: asked whenever an office or a file is opened, before all else is read of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from ..contract.version import CONTRACT_VERSION
from ..errors import PapkaError
from ..findings import Finding, Place
from ..folders import SETTINGS
from ..i18n import tr

if TYPE_CHECKING:
    from ..contract.base import Contract
    from ..yamltext import Read

KNOWN = int(CONTRACT_VERSION)
"""The version of the files that this papka reads and writes."""
UNDER_WAY = ".upgrade"
"""The folder in an office that is being brought up; while it is there, the office is closed."""
_SAID = re.compile(rb"^(?:\xef\xbb\xbf)?papka:[ \t]*(['\"]?)(\d{1,9})\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def version_in(raw: bytes) -> int:
    """Return the version that a file says it is of; without a word of it, the first."""
    said = _SAID.search(raw)
    return int(said[2]) if said else 1


def said(value: object) -> int | None:
    """Return the version that a value of the line ``papka:`` means; None if it means none."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def hold_office_against(folder: Path) -> None:
    """Let an office pass whose files are of this papka's version.

    Raises:
        PapkaError: A later or an earlier papka wrote it, or its upgrade was stopped in the middle.
    """
    if (folder / UNDER_WAY).is_dir():
        words = tr(
            "The office is being brought up to a newer papka, or that was stopped in the middle. "
            "If nobody is at it any more, end it: papka upgrade."
        )
        raise PapkaError(words)
    try:
        found = version_in((folder / SETTINGS).read_bytes())
    except OSError:
        return  # which is told when the settings are read
    if found > KNOWN:
        raise newer_office(found)
    if found < KNOWN:
        words = tr(
            "The office was made by an earlier papka (version {found}; this one writes {known}). "
            "Bring it up to date, a copy is saved before: papka upgrade."
        )
        raise PapkaError(words.format(found=found, known=KNOWN))


def newer_office(found: int) -> PapkaError:
    """Say that a newer papka works in an office."""
    words = tr(
        "A newer papka works in this office (version {found}; this one knows {known}), so nothing was opened "
        "or changed. Update papka on this computer as it was done on the others."
    )
    return PapkaError(words.format(found=found, known=KNOWN))


def of_another_version(path: Path, text: Read, model: type[Contract]) -> Finding | None:
    """Return what speaks against a file that another version of papka wrote; all else in it is no fault."""
    found = said(text.data.get("papka")) if isinstance(text.data, dict) else None
    if found is None or "papka" not in model.model_fields:
        return None
    own = get_args(model.model_fields["papka"].annotation)
    known = int(own[0]) if own else KNOWN
    spot = text.spot(("papka",))
    place = Place(str(path), spot.line, spot.column, "papka", excerpt=text.excerpt(spot))
    if found > known:
        words = tr("A newer papka wrote this file (version {found}; this one knows {known}).")
        message = words.format(found=found, known=known)
        cure = tr("Update papka on this computer as it was done on the others; the file is right as it is.")
        return Finding("F-NEWER", "error", message, cure, place=place)
    if 0 < found < known:
        words = tr("An earlier papka wrote this file (version {found}; this one reads {known}).")
        message = words.format(found=found, known=known)
        cure = tr("Bring it up to date: papka upgrade, in the folder of its office.")
        return Finding("F-EARLIER", "error", message, cure, place=place)
    return None
