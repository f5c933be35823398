"""Whether a filter works with what stands in its brackets: it is tried on a made-up value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Literal

from .facts import Choice, PersonName, Phrase, Rich, Rows
from .filters import Filter, LanguagePack

Verdict = Literal["works", "few", "wrong"]

_DAY = date(2020, 2, 29)
_PACK = LanguagePack("-", str, ())
_SAMPLES: dict[str, object] = {
    "text": "слово",
    "number": 1,
    "money": Decimal(1),
    "date": _DAY,
    "time": time(9, 30),
    "bool": True,
    "choice": Choice("female", "женский"),
    "name": PersonName("Лось", "Вера", "Львовна", "female"),
    "phrase": Phrase("слово"),
    "list": Rows(),
    "rich": Rich("слово", frozenset()),
}


def sample_of(kind: str) -> object | None:
    """Return a value of a kind, or None if there is none that stands for all."""
    return _SAMPLES.get(kind)


def tried(known: Filter, value: object, arguments: Sequence[object]) -> Verdict:
    """Try a filter with its arguments; where it fails, look whether it wants more of them or others.

    A filter that fails on the made-up value whatever its arguments are is given the benefit of the doubt.
    """
    if works(known, value, arguments):
        return "works"
    if len(arguments) < known.max_args and any(
        works(known, value, [*arguments, *more]) for more in _more(known.max_args - len(arguments))
    ):
        return "few"
    fewer = [arguments[:count] for count in range(len(arguments))]
    others = list(_more(len(arguments))) if arguments else []
    if any(works(known, value, one) for one in (*fewer, *others) if len(one) <= known.max_args):
        return "wrong"
    return "works"


def _more(most: int) -> Iterator[tuple[object, ...]]:
    for count in range(1, most + 1):
        for one in ("слово", 1, _DAY):
            yield (one,) * count


def works(known: Filter, value: object, arguments: Sequence[object]) -> bool:
    """Tell whether a filter works with a value and arguments."""
    try:
        known.function(value, *arguments, **({"pack": _PACK} if known.speaks else {}))
    except TypeError:
        return False
    except Exception:  # noqa: BLE001 - a stranger's filter may fail on a made-up value as it likes
        return True
    return True
