"""How a function becomes a filter, and what filters ask of any value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from ....core.facts import Blank, Choice, Missing, PersonName, Phrase, Picture, Record, Rich, Rows
from ....core.filters import Filter, LanguagePack, guarded
from ..printing import to_text

PRINTED = ("text", "number", "money", "date", "time", "bool", "choice", "name", "phrase")
WORDS = ("name", "phrase", "text", "choice")
_Function = TypeVar("_Function", bound=Callable[..., object])


def enter(
    table: list[Filter],
    name: str,
    russian: str,
    *,
    takes: tuple[str, ...],
    gives: str,
    summary: str,
    example: str,
    max_args: int = 0,
    asks_value: bool = False,
    meets_missing: bool = False,
    meets_blank: bool = False,
    speaks: bool = False,
) -> Callable[[_Function], _Function]:
    """Enter a function into a table of filters, and let it see empty values and lines only if it wants to."""

    def entered(function: _Function) -> _Function:
        careful = guarded(function, gives=gives, meets_missing=meets_missing, meets_blank=meets_blank)
        table.append(
            Filter(
                name,
                russian,
                takes,
                gives,
                summary,
                example,
                careful,
                meets_missing,
                max_args,
                asks_value,
                speaks,
            )
        )
        return careful  # type: ignore[return-value]

    return entered


def words_of(pack: LanguagePack | None) -> Callable[[object], str]:
    """Return what makes text of a value in the language of the paper; Russian where no paper is drawn."""
    return pack.printed if pack else to_text


def _kind(value: object) -> str:
    kinds = {
        str: "text",
        bool: "yes or no",
        int: "a number",
        Decimal: "a number",
        date: "a date",
        datetime: "a date",
        PersonName: "a name",
        Phrase: "a phrase",
        Choice: "a choice",
        Rows: "a list",
        Missing: "an empty value",
        Blank: "a line to fill",
        Rich: "words with a look",
        Picture: "a picture",
    }
    return "a record" if isinstance(value, Record) else kinds.get(type(value), "something else")


def refuse(name: str, value: object) -> TypeError:
    """Return the error of a filter that got what it does not work on; it says the kind, never the value."""
    return TypeError(f"{name} does not work on {_kind(value)}")


def whole(name: str, value: object) -> int:
    """Return a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise refuse(name, value)


def is_empty(value: object) -> bool:
    """Tell whether there is nothing to print."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or isinstance(value, Missing) or (isinstance(value, Rows) and not value)


def has_blank(value: object) -> bool:
    """Say whether a list, or a record, is that of a paper without data."""
    if isinstance(value, Record):
        return value.is_blank()
    return isinstance(value, Rows) and any(isinstance(one, Blank) or has_blank(one) for one in value)


def equal(value: object, wanted: object) -> bool:
    """Tell whether a value is the one that a template or a rule names."""
    if isinstance(value, Missing) or isinstance(wanted, Missing):
        return False
    if isinstance(value, Record) and isinstance(wanted, str):
        # What a case refers to by its code is found by that code.
        return "id" in value and value["id"] == wanted
    one = value.text if isinstance(value, Phrase) else value
    other = wanted.text if isinstance(wanted, Phrase) else wanted
    return bool(one == other)
