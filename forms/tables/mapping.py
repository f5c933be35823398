"""The map of a table: what its columns mean, kept as a file that a person can read and change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from ...core.contract.base import Contract, Line, fact
from ...core.errors import Refused
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ...core.loading import load
from ...core.saving import write_atomically
from .headers import Column, Table
from .meaning import Meaning, meaning, meaning_of

FOLDER = "import"
ENDING = ".map.yaml"
BY_NUMBER, BY_COUNTER = "{number}", "{year}-{seq}"

_HEAD = """\
# Что значат столбцы таблицы. Прочерк: столбец не берётся. Два значения одного столбца: через « + ».
# always: что одинаково во всех строках. rows: family (строка — семья) или person (строка — человек).
# code: как называются дела: {number} номер дела, {year} год, {seq} порядковый номер.
# representatives: кто законный представитель детей: mother, father, guardian.
"""


class TableMap(Contract):
    """What the columns of a table mean."""

    papka: Literal["1"] = fact("версия", "Версия правил заполнения", "1")
    sheet: Line | None = fact("лист", "Лист таблицы", None)
    rows: Literal["family", "person"] = fact("строки", "Что такое строка: family или person", "family")
    code: Line = fact("код", "Как называются дела", BY_COUNTER)
    columns: dict[str, Line] = fact("столбцы", "Что значит столбец")
    always: dict[str, Line] = fact("всегда", "Что одинаково во всех строках", {})
    representatives: tuple[Literal["mother", "father", "guardian"], ...] = fact(
        "представители", "Кто законный представитель детей", ("mother", "guardian")
    )


@dataclass(frozen=True)
class Laid:
    """A map laid on a table.

    Attributes:
        columns: Each column that is taken, with what it means.
        always: What is the same in all rows.
    """

    table: Table
    map: TableMap
    columns: tuple[tuple[Column, tuple[Meaning, ...]], ...]
    always: tuple[tuple[Meaning, str], ...]

    @property
    def number(self) -> Column | None:
        """The column of the case number."""
        return next((c for c, means in self.columns if any(str(m) == "number" for m in means)), None)


def meanings(written: str) -> tuple[Meaning, ...] | None:
    """Read what a map says of a column; None if one of its names is not there."""
    found = [meaning(one) for one in written.split("+")]
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else None


def proposal(table: Table, programme: str | None) -> TableMap:
    """Propose what the columns of a table mean, by their headers and by what stands beside them."""
    columns: dict[str, str] = {}
    taken: set[str] = set()
    whom: str | None = None
    named = [(one.header, meaning_of(one.header)) for one in table.columns]
    by_person = _is_by_person(table, named)
    for header, found in named:
        if found is not None and found.who == "person" and not by_person:
            found = replace(found, who=(whom if found.path != ("name",) else None) or "guardian")
        if found is not None and found.who not in (None, "-"):
            whom = found.who if found.who != "children" else whom
        written = str(found) if found is not None and str(found) not in taken else "-"
        if written != "-":
            taken.add(written)
        columns[header] = written
    _with_curator(columns)
    number = "number" in taken
    return TableMap(
        sheet=table.grid.name,
        rows="person" if by_person else "family",
        code=BY_NUMBER if number else BY_COUNTER,
        columns=columns,
        always={"programme": programme} if programme else {},
    )


def _with_curator(columns: dict[str, str]) -> None:
    """Take the day of the request for the day since which the curator leads the case; it is shown."""
    said = {one: header for header, one in columns.items()}
    if "curators.1.specialist" in said and "referral.received_on" in said:
        columns[said["referral.received_on"]] += " + curators.1.since"


def _is_by_person(table: Table, named: list[tuple[str, Meaning | None]]) -> bool:
    """Tell whether a row is a person: it says who he is to whom, and a number stands in several rows."""
    kinds = {str(found) for _, found in named if found is not None}
    whose = bool(kinds & {"person.name", "person.last_name"}) and "children" not in kinds
    if not whose or any(kind.startswith(("mother.", "father.")) for kind in kinds):
        return False
    return "person.relation" in kinds or _number_repeats(table, named)


def _number_repeats(table: Table, named: list[tuple[str, Meaning | None]]) -> bool:
    header = next((header for header, found in named if found is not None and str(found) == "number"), None)
    index = next((one.index for one in table.columns if one.header == header), None)
    if index is None:
        return False
    numbers = [n for row in range(table.first, len(table.grid.rows)) if (n := table.grid.cell(row, index))]
    return len(set(map(str, numbers))) < len(numbers) * 0.8


def laid_on(map_: TableMap, table: Table, file: str) -> Laid:
    """Lay a map on a table.

    Raises:
        Refused: The map names columns that are not there, or fields that are not.
    """
    found = list(_faults(map_, table, file))
    if found:
        raise Refused(tr("The map does not fit the table."), found)
    columns = tuple((one, _taken(map_, one)) for one in table.columns if _taken(map_, one))
    always = tuple((meaning(name), value) for name, value in map_.always.items())
    return Laid(table, map_, columns, tuple((m, value) for m, value in always if m is not None))


def _taken(map_: TableMap, column: Column) -> tuple[Meaning, ...]:
    return tuple(m for m in meanings(map_.columns.get(column.header, "-")) or () if not m.is_skipped)


def _faults(map_: TableMap, table: Table, file: str) -> Iterator[Finding]:
    for header, written in map_.columns.items():
        if header not in table.headers and written.strip() not in ("-", "—"):
            cure = tr("Write the header as it stands in the table, or take the line out of the map.")
            message = tr("The table has no column with this header.")
            yield Finding("I-COLUMN", "error", message, cure, place=Place(file, path=f"columns.{header}"))
        if meanings(written) is None:
            yield _no_such_field(file, f"columns.{header}")
    for name in map_.always:
        found = meaning(name)
        if found is None or found.who in ("-", "children") or found.path == ("name",):
            yield _no_such_field(file, f"always.{name}")
    if BY_NUMBER in map_.code and not any(
        str(m) == "number" for written in map_.columns.values() for m in meanings(written) or ()
    ):
        message = tr("Cases are called by their number, and no column is the number of the case.")
        cure = tr("Write code: '{year}-{seq}', or say which column is the number.")
        yield Finding("I-MAP", "error", message, cure, place=Place(file, path="code"))
    if not {"{number}", "{seq}"} & set(re.findall(r"\{\w+\}", map_.code)):
        message = tr("All cases would be called the same.")
        yield Finding(
            "I-MAP",
            "error",
            message,
            tr("Write {number} or {seq} into code."),
            place=Place(file, path="code"),
        )


def _no_such_field(file: str, path: str) -> Finding:
    message = tr("There is no such field.")
    cure = tr("See docs/import.md; names of fields: papka template fields.")
    return Finding("I-FIELD", "error", message, cure, place=Place(file, path=path))


# --- kept ------------------------------------------------------------------------------------------------


def read_map(file: Path) -> TableMap:
    """Read a map.

    Raises:
        Refused: It has faults.
    """
    return load(file, TableMap)


def kept_for(office: Path, table: Table, name: str) -> tuple[Path, TableMap] | None:
    """Return the map that was kept for a table with these headers, the latest first.

    Raises:
        Refused: The map of this very table has faults; a person has changed it, and it is not to be lost.
    """
    files = sorted((office / FOLDER).glob(f"*{ENDING}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for file in files:
        try:
            found = read_map(file)
        except Refused:
            if file.name == f"{_stem(name)}{ENDING}":
                raise
            continue
        if set(found.columns) == set(table.headers):
            return file, found
    return None


def keep(office: Path, name: str, map_: TableMap, file: Path | None = None) -> Path:
    """Keep a map in the office, and return where; one for other headers is not written over."""
    numbers = ("", *(f"-{n}" for n in range(2, 1000)))
    names = (office / FOLDER / f"{_stem(name)}{more}{ENDING}" for more in numbers)
    file = file or next(one for one in names if not one.exists())
    write_atomically(file, as_yaml(map_).encode("utf-8"))
    return file


def _stem(name: str) -> str:
    return re.sub(r"[^\w.\-]+", "_", name).strip("._") or "table"


def as_yaml(map_: TableMap) -> str:
    """Write a map as a person reads it."""
    plain: Mapping[str, Any] = {k: v for k, v in map_.model_dump(mode="json").items() if v not in (None, {})}
    return _HEAD + yaml.safe_dump(dict(plain), allow_unicode=True, sort_keys=False, width=10_000)
