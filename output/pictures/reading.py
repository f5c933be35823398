"""How the pictures read plain facts, and what they say in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ...core.facts import Blank, Choice, Missing, PersonName, Phrase, Record, Rows
from .speech import counted


def text_of(record: Record, name: str) -> str:
    """Return a field as words; nothing for an empty one."""
    found = record[name]
    return "" if isinstance(found, Missing | Blank | Record | Rows) else str(found)


def number_of(record: Record, name: str) -> int | None:
    """Return a whole number, if the field has one."""
    found = record[name]
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def day_of(record: Record, name: str) -> date | None:
    """Return a date, if the field has one."""
    found = record[name]
    return found if isinstance(found, date) else None


def code_of(record: Record, name: str) -> str:
    """Return the code of a choice, or nothing."""
    found = record[name]
    return found.code if isinstance(found, Choice) else ""


def record_of(record: Record, name: str) -> Record | None:
    """Return a record that a field holds, if it holds one."""
    found = record[name]
    return found if isinstance(found, Record) else None


def records_of(value: object) -> tuple[Record, ...]:
    """Return the records of a list."""
    return tuple(one for one in value if isinstance(one, Record)) if isinstance(value, Rows) else ()


def name_of(person: Record) -> PersonName | None:
    """Return a person's name."""
    found = person["name"]
    return found if isinstance(found, PersonName) else None


def short_name(person: Record) -> str:
    """Return a person's first and last name, as a picture shows them: without the patronymic."""
    name = name_of(person)
    return f"{name.first} {name.last}" if name else ""


def relation_of(person: Record) -> str:
    """Return what a member is to the child."""
    found = person["relation"]
    return found.text if isinstance(found, Phrase) else ""


def on(day: date) -> str:
    """Write a date as papers do."""
    return f"{day:%d.%m.%Y}"


def years(number: int) -> str:
    """Write an age."""
    return counted("{count}\u00a0year", "{count}\u00a0years", number)


def points(number: int) -> str:
    """Write a number of points."""
    return counted("{count}\u00a0point", "{count}\u00a0points", number)


def capital(words: str) -> str:
    """Begin with a capital letter and leave the rest as it is."""
    return words[:1].upper() + words[1:]


def sentences(parts: Iterable[str]) -> str:
    """Join sentences, each with a capital letter at its head and a full stop at its end."""
    whole = (part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in parts if part)
    return " ".join(map(capital, whole))
