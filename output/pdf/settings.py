"""What the office and the environment wish for the drawing of PDF."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import PapkaError
from ...core.folders import office_folder

VARIABLE = "PAPKA_GOTENBERG"


@dataclass(frozen=True, slots=True)
class PdfWishes:
    """What is wished for.

    Attributes:
        service: The address of a conversion service, "" for none.
        outside: Whether that service may lie outside of the centre's own network.
        archive: Whether to draw PDF/A-2b.
    """

    service: str = ""
    outside: bool = False
    archive: bool = False


def wishes(near: Path | None = None) -> PdfWishes:
    """Return what the office of a folder, else of the current folder, wishes.

    The environment wins over office.yaml for the address, which may hold a password that no file should; that
    a service lies outside only the office says. Settings that cannot be read wish for nothing: they are told
    of wherever they are needed.
    """
    named = os.environ.get(VARIABLE, "").strip()
    folder = (office_folder(near.absolute()) if near else None) or office_folder(Path.cwd())
    if folder is None:
        return PdfWishes(named)
    from ...core.office import Office

    with suppress(PapkaError):
        said = Office(folder).settings.pdf
        return PdfWishes(named or said.service or "", said.outside, said.archive)
    return PdfWishes(named)
