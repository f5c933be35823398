"""Families of a table become cases of an office: the right ones, each once, each whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ...core.contract.countries import Country
from ...core.contract.version import CONTRACT_VERSION
from ...core.findings import Finding
from ...core.i18n import tr
from ...core.loading import examined, with_office
from ...core.office import CASE_FILE, Office
from ...core.outside import bytes_of
from ...core.paths import Loc
from ...core.saving import locked, make_private, write_atomically
from .families import Cell, CellFault, Family, digest_of_people, families
from .ledger import Entry, Ledger, digest_of_number
from .mapping import BY_COUNTER, Laid
from .values import Known

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
_LONGEST = 32


@dataclass
class Outcome:
    """What the rows of a table are.

    Attributes:
        good: Families that can come in.
        bad: Families with faults.
        there: Families that the office has already.
        faults: The faults, each at its cell, in the order of the table.
        everywhere: What no row says and every case needs.
        alike: Families under another number that the office seems to have already.
    """

    good: list[Family] = field(default_factory=list)
    bad: list[Family] = field(default_factory=list)
    there: list[Family] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    everywhere: list[Finding] = field(default_factory=list)
    alike: list[tuple[CellFault, str]] = field(default_factory=list)


def looked_at(
    laid: Laid, office: Office, known: Known, today: date, country_of: Callable[[str], Country]
) -> Outcome:
    """Hold every family of a table against the contract, and against what the office has."""
    outcome, facts = Outcome(), office.facts
    there = _There.of(office)
    found = list(families(laid, known, today))
    lacking: dict[str, Finding] = {}
    seen: dict[str, int] = {}
    for one in found:
        _examine(one, facts, lacking, country_of)
        _told_twice(one, seen)
        if one.faults:
            outcome.bad.append(one)
            continue
        case, is_same = there.case_of(one)
        if case is None:
            outcome.good.append(one)
        elif is_same:
            outcome.there.append(one)
        else:
            outcome.there.append(one)
            outcome.alike.append((_alike(one), case))
    outcome.faults = sorted(_one_a_cell(outcome.bad), key=lambda fault: fault.cell)
    outcome.everywhere = list(lacking.values())
    return outcome


def _examine(
    one: Family,
    facts: Mapping[str, Any],
    lacking: dict[str, Finding],
    country_of: Callable[[str], Country],
) -> None:
    data = with_office({"id": "D-1"} | one.data, facts)
    _, found = examined(data, country_of(str(data.get("programme"))))
    for finding in found:
        path = finding.place.path or ""
        cell = one.cell_of(_loc(path))
        if cell is None and finding.id == "F-MISSING":
            lacking.setdefault(re.sub(r"\[\d+\]", "", path), finding)
        elif cell is None:
            cell = (one.rows[0], -1)
        if cell is not None and not any(fault.cell == cell for fault in one.faults):
            fault = CellFault(cell, finding.id, finding.message, finding.cure, path, finding.suggestion)
            one.faults.append(fault)


def _loc(path: str) -> Loc:
    return tuple(int(number) if number else name for name, number in _STEP.findall(path))


def _told_twice(one: Family, seen: dict[str, int]) -> None:
    """Tell a family that stands in the table twice, at its second place."""
    keys = [key for key in (digest_of_number(one.number), one.people) if key]
    if any(key in seen for key in keys):
        row = next(seen[key] for key in keys if key in seen) + 1
        message = tr("This family stands in the table already, in row {row}.").format(row=row)
        cell = one.cell_of(("number",)) if keys[0] in seen and one.number else None
        cell = cell or one.cell_of(("family", "members", 0)) or (one.rows[0], -1)
        if not one.faults:
            cure = tr("Delete one of the rows, or mend the number of the case.")
            one.faults.append(CellFault(cell, "I-TWICE", message, cure))
    for key in keys:
        seen.setdefault(key, one.rows[0])


def _alike(one: Family) -> CellFault:
    cell = one.cell_of(("number",)) or (one.rows[0], -1)
    message = tr("The same people are in a case of the office already, under another number.")
    cure = tr("Mend the number in one of the two. A second case of the same family: papka new.")
    return CellFault(cell, "I-ALIKE", message, cure)


def _one_a_cell(bad: list[Family]) -> Iterator[CellFault]:
    seen: set[Cell] = set()
    for one in bad:
        for fault in one.faults:
            if fault.cell not in seen:
                seen.add(fault.cell)
                yield fault


# --- what is there already -------------------------------------------------------------------------------


@dataclass
class _There:
    """Which families an office has: by the numbers of its cases, by their people, by what was brought in."""

    numbers: dict[str, str]
    people: dict[str, str]
    ledger: Ledger

    @classmethod
    def of(cls, office: Office) -> _There:
        numbers: dict[str, str] = {}
        people: dict[str, str] = {}
        for file in office.case_files():
            data = _quickly(file)
            if digest := digest_of_number(data.get("number")):
                numbers[digest] = file.parent.name
            if digest := digest_of_people(data):
                people[digest] = file.parent.name
        return cls(numbers, people, Ledger(office.folder))

    def case_of(self, one: Family) -> tuple[str | None, bool]:
        """Return the case that a family has already, and whether it is this case for sure."""
        number = digest_of_number(one.number)
        if number and number in self.numbers:
            return self.numbers[number], True
        if one.people and one.people in self.people:
            return self.people[one.people], number is None
        noted = self.ledger.find(one.number, one.people)
        return (noted.case, True) if noted is not None and noted.done else (None, True)


def _quickly(file: Path) -> dict[str, Any]:
    """Read a case file without its places; of one that cannot be read nothing is known."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        data = yaml.load(bytes_of(file).decode("utf-8-sig"), Loader=loader)
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    data = data if isinstance(data, dict) else {}
    for one in _list(data.get("family"), "members"):
        if isinstance(one, dict) and (born := _turned(str(one.get("birth_date", "")))):
            one["birth_date"] = born
    number = data.get("number")
    return data | {"number": number if isinstance(number, str) else None}


def _list(owner: Any, name: str) -> list[Any]:
    found = owner.get(name) if isinstance(owner, dict) else None
    return found if isinstance(found, list) else []


def _turned(typed: str) -> str | None:
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", typed.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else None


# --- written ---------------------------------------------------------------------------------------------


def brought_in(good: list[Family], laid: Laid, office: Office, today: date) -> Iterator[str]:
    """Write the cases, one after another, and say the folder of each as it stands.

    Each is written whole or not at all. What was written before a kill is found by the next run.
    """
    ledger = Ledger(office.folder)
    with ledger.locked():
        ledger.read()
        coded = _codes(good, laid, office, ledger, today)
        begun = [
            Entry(digest_of_number(one.number), one.people, code, done=False)
            for one, code in coded
            if (noted := ledger.find(one.number, one.people)) is None or noted.case != code
        ]
        ledger.add(begun)
    for one, code in coded:
        if _written(office.folder / "cases" / code / CASE_FILE, as_case(one, code).encode("utf-8")):
            ledger.add([Entry(digest_of_number(one.number), one.people, code, done=True)], lasting=False)
            yield code


def _written(file: Path, content: bytes) -> bool:
    """Write a new case; tell whether this program did it, and not another that brings in the same."""
    make_private(file.parent)
    with locked(file):
        if file.exists():
            return False
        write_atomically(file, content)
    return True


def _codes(
    good: list[Family], laid: Laid, office: Office, ledger: Ledger, today: date
) -> list[tuple[Family, str]]:
    """Give each family its code, but for those that somebody else has brought in meanwhile.

    Others may be writing cases at this moment, so each file is looked at once: what was not there when it was
    looked at keeps the code that is noted for it, whoever writes it first.
    """
    cases = office.folder / "cases"
    taken = {one.name.casefold() for one in cases.iterdir()} if cases.is_dir() else set()
    meant = {one.case.casefold() for one in ledger.entries if not one.done}
    coded = []
    for one in good:
        noted = ledger.find(one.number, one.people)
        there = _read(cases / noted.case / CASE_FILE) if noted is not None else None
        if there is not None and _is_of(one, there):
            continue
        code = (
            noted.case
            if noted is not None and there is None and not noted.done
            else _code(laid.map.code, one, today, taken | meant)
        )
        taken.add(code.casefold())
        coded.append((one, code))
    return coded


def _read(file: Path) -> dict[str, Any] | None:
    return _quickly(file) if file.exists() else None


def _is_of(one: Family, there: Mapping[str, Any]) -> bool:
    """Tell whether a case that is there is a family's: by its people, or by its number."""
    number = digest_of_number(one.number)
    same_people = one.people is not None and digest_of_people(there) == one.people
    return same_people or (number is not None and digest_of_number(there.get("number")) == number)


def _code(pattern: str, one: Family, today: date, taken: set[str]) -> str:
    """Return a free code by the pattern of the map; a counter goes on where it stopped."""
    year = (_followed(one.data, "referral", "received_on") or f"{today:%Y}")[:4]
    known = {"{number}": _slug(one.number or ""), "{year}": year if year.isdigit() else f"{today:%Y}"}
    text = pattern
    for name, value in known.items():
        text = text.replace(name, value)
    if "{seq}" not in text:
        codes = (f"{text[:_LONGEST]}{more}" for more in ("", *(f"-{n}" for n in range(2, 100_000))))
    else:
        codes = (text.replace("{seq}", f"{n:03}") for n in range(1, 1_000_000))
    clean = (re.sub(r"^[^A-Za-z0-9]+", "", code) or "D" for code in codes)
    return next(code for code in clean if code.casefold() not in taken)


def _followed(data: Mapping[str, Any], *path: str) -> str | None:
    at: Any = data
    for step in path:
        at = at.get(step) if isinstance(at, dict) else None
    return at if isinstance(at, str) else None


def _slug(number: str) -> str:
    """Write a case number as a folder is called: 7/2025-К as 7-2025-K."""
    letters = (
        _LATIN[sign]
        if sign in _LATIN
        else _LATIN[sign.lower()].capitalize()
        if sign.lower() in _LATIN
        else sign
        for sign in number.strip()
    )
    return re.sub(r"[^A-Za-z0-9_.]+", "-", "".join(letters)).strip("-.") or BY_COUNTER


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a person would."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and not re.search(r"[ \t]\n|^\s", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_FIRST = ("papka", "programme", "id", "number", "planned_end_on", "curators", "family", "referral")


def as_case(one: Family, code: str) -> str:
    """Write a family as a case file."""
    id_ = code if code[0].isalpha() else f"D-{code}"
    whole = {"papka": CONTRACT_VERSION} | one.data | {"id": id_}
    ordered = {name: whole[name] for name in _FIRST if name in whole} | whole
    # A list shared by two people would be written as an alias, which papka does not read.
    plain = _unshared(ordered)
    return yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _unshared(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unshared(one) for key, one in value.items()}
    return [_unshared(one) for one in value] if isinstance(value, list) else value
