"""The one place that turns a value of the vocabulary into printed text."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from ...core.facts import Blank, Choice, PersonName, Phrase, Rich
from ...core.filters import Unprintable
from .dates import date_short
from .names import decline_name
from .numbers import number_text
from .phrases import decline_phrase
from .typography import hard_spaces


def to_text(value: object) -> str:
    """Turn a plain value into the text that a paper shows.

    Raises:
        Unprintable: The value is missing, is a record or a list, or is none of the vocabulary's.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, PersonName):
        return decline_name(value)
    if isinstance(value, Phrase):
        return decline_phrase(value)
    if isinstance(value, Choice | Blank):
        return str(value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int | Decimal | date | time):
        return _figures(value)
    if isinstance(value, Rich):
        return to_text(value.value)
    raise Unprintable.of(value)


def printed(value: object) -> str:
    """Turn a plain value into printed text, with hard spaces where an official line must not break.

    Raises:
        Unprintable: As `to_text` does.
    """
    return hard_spaces(to_text(value))


def _figures(value: int | Decimal | date | time) -> str:
    if isinstance(value, datetime):
        return f"{date_short(value)} {value:%H:%M}"
    if isinstance(value, date):
        return date_short(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return number_text(value) if isinstance(value, Decimal) else str(value)
