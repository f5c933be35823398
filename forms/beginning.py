"""A case that is to be opened: its programme, its code, and the cases that were begun and not written yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ..core.errors import AskedWrongly
from ..core.i18n import tr
from ..core.office import CASE_FILE, Office, find_office
from ..core.outside import json_of
from ..core.plugging.plugins import Plugins
from .drafts import FOLDER

_FOLDER = r"[A-Za-z][A-Za-z0-9_.\-]{0,39}"
_COUNTED = re.compile(r"(?P<letters>[A-Za-z][A-Za-z0-9_]*)-(?P<year>\d{4})-(?P<number>\d+)")


def office_here() -> Office:
    """Return the office in which the worker stands.

    Raises:
        AskedWrongly: It is none.
    """
    office = find_office(Path.cwd())
    if office is None:
        words = tr("This folder belongs to no office (office.yaml).")
        raise AskedWrongly(words + " " + tr("Go to the office's folder, or make one: papka init FOLDER."))
    return office


def begun_case(case: str, form: str) -> tuple[Office, str] | None:
    """Return the office and the programme of a case that was begun and has no file yet."""
    office = find_office(Path.cwd())
    if (
        office is None
        or not re.fullmatch(_FOLDER, case)
        or (office.folder / "cases" / case / CASE_FILE).exists()
    ):
        return None
    programme = programme_of_draft(office, case, form)
    return (office, programme) if programme else None


def begun_cases(office: Office) -> list[str]:
    """Return the cases that were begun and not written yet."""
    return [
        folder.name
        for folder in sorted((office.folder / "cases").glob("*"))
        if not (folder / CASE_FILE).exists() and programme_of_draft(office, folder.name)
    ]


def programme_of_draft(office: Office, folder: str | None, form: str = "*") -> str | None:
    """Return the programme with which a case was begun."""
    if not folder:
        return None
    for draft in sorted((office.folder / "cases" / folder / FOLDER).glob(f"{form}.json")):
        try:
            found = json_of(draft).get("programme")
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(found, str):
            return found
    return None


def programmes(plugins: Plugins) -> Mapping[str, str]:
    """Return the programmes with which a case can be opened, with their titles.

    Raises:
        AskedWrongly: None is installed.
    """
    methods = {name: plugins.method(name) for name in plugins.programmes()}
    found = {
        name: method.programme.title
        for name, method in methods.items()
        if any(one.begins for one in method.questions.values())
    }
    if not found:
        words = tr("No programme is installed that has a form to begin a case with. See: papka plugins.")
        raise AskedWrongly(words)
    return found


def proposed(office: Office, programme: str, today: date) -> str:
    """Propose the code of a new case: the letters that the office uses, the year, the next number."""
    names = [folder.name for folder in sorted((office.folder / "cases").glob("*"))]
    counted = [match for name in names if (match := _COUNTED.fullmatch(name))]
    letters = (
        counted[-1]["letters"] if counted else re.sub(r"[^a-z]", "", programme.lower())[:3].upper() or "D"
    )
    used = [int(one["number"]) for one in counted if one["year"] == str(today.year)]
    return f"{letters}-{today.year}-{max(used, default=0) + 1:04d}"


def checked(folder: str) -> str:
    """Return the code of a case, if a case may be called so.

    Raises:
        AskedWrongly: It may not.
    """
    if not re.fullmatch(_FOLDER, folder):
        words = tr(
            "{name} cannot be the code of a case: Latin letters, digits, dot, - and _, a letter first."
        )
        raise AskedWrongly(words.format(name=folder))
    return folder


def free(office: Office, folder: str) -> str:
    """Return the code of a new case, if it may be called so and nothing has that name.

    Raises:
        AskedWrongly: It may not, or there is a folder of that name.
    """
    name = checked(folder.strip())
    if (office.folder / "cases" / name).exists():
        raise AskedWrongly(tr("There is such a folder already."))
    return name
