"""A cell becomes what the contract reads at a field: a day, a list, the code of a specialist or a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...core.i18n import tr
from .cells import as_day, as_text
from .meaning import Meaning
from .people import Unclear

_SEXES = {"м": "male", "муж": "male", "мальчик": "male", "ж": "female", "жен": "female", "девочка": "female"}


@dataclass(frozen=True)
class Known:
    """What an office and a programme know, and a cell only names.

    Attributes:
        specialists: Code and names of the office's specialists.
        levels: Code and title of the programme's levels.
    """

    specialists: Sequence[Mapping[str, str]] = ()
    levels: Mapping[str, str] = field(default_factory=dict)

    def specialist(self, typed: str) -> str:
        """Return the code of a specialist by a full name, a name with initials, a last name or the code.

        Raises:
            Unclear: None of the office is called so, or several are.
        """
        wanted = _letters(typed)
        found = {one["id"] for one in self.specialists if wanted in set(_called(one))}
        if len(found) != 1:
            message = (
                tr("Several specialists of the office are called so.")
                if found
                else tr("The office has no such specialist.")
            )
            raise Unclear(
                "I-SPECIALIST", message, tr("Write the name as it stands in office.yaml, or add it there.")
            )
        return found.pop()

    def level(self, typed: str) -> str:
        """Return the code of a level by its code or its title, or by how the title begins.

        Raises:
            Unclear: The programme has no such level.
        """
        wanted = typed.casefold().replace("уровень", "").strip()
        titles = {
            code: title.casefold().replace("уровень", "").strip() for code, title in self.levels.items()
        }
        found = [code for code, title in titles.items() if wanted in (code.casefold(), title)]
        found = found or [
            code for code, title in titles.items() if len(wanted) > 3 and title.startswith(wanted)
        ]
        if len(found) != 1:
            raise Unclear(
                "I-LEVEL",
                tr("The programme has no such level."),
                tr("Choose one of: {choices}.").format(choices=", ".join(self.levels.values())),
            )
        return found[0]


def _called(one: Mapping[str, str]) -> Iterable[str]:
    last, first, patronymic = (str(one.get(name, "")) for name in ("last_name", "first_name", "patronymic"))
    yield from map(_letters, (one["id"], last, f"{last}{first}", f"{last}{first}{patronymic}"))
    yield from map(_letters, (f"{last}{first[:1]}{patronymic[:1]}", f"{first[:1]}{patronymic[:1]}{last}"))
    yield _letters(f"{last}{first[:1]}")


def _letters(text: str) -> str:
    return re.sub(r"[^\w]", "", text.casefold().replace("ё", "е"))


def as_typed(one: Meaning, value: Any, known: Known, today: date) -> Any:
    """Return the value of a cell as a case file would have it.

    Raises:
        Unclear: It names a specialist or a level that is not there, or is a date where none belongs.
    """
    type_ = one.type
    text = as_text(value)
    if type_ is None:
        return text
    if isinstance(value, date) and type_.kind != "date":
        # 7/2025 typed into a cell becomes July 2025, and what was meant is lost.
        message = tr("The spreadsheet has made a date of what was typed here.")
        raise Unclear("I-DATE", message, tr("Set the format of the cell to text, and type the value anew."))
    if type_.kind == "date":
        return as_day(value, today, birth=one.path[-1] == "birth_date")
    if type_.kind == "list":
        item = type_.item
        sign = r"[,;\n]" if item and item.choices else r"[;\n]"
        return [part.strip() for part in re.split(sign, text) if part.strip()]
    if type_.refers == "specialist" or type_.refers == "person":
        return known.specialist(text)
    if type_.refers == "level":
        return known.level(text)
    if one.path[-1] == "sex":
        return _SEXES.get(text.casefold().strip(" ."), text)
    return text
