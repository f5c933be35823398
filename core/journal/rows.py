"""What is read back from a journal: who can write to the office, or made an archive, can put anything there.

A row that papka would not have written is not believed: its paths lead to files that are read, signed,
destroyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from ..errors import PapkaError
from ..i18n import tr
from ..outside import is_below
from .entries import Entry, How, Mark, MarkKind, State

Known = TypeVar("Known", Entry, Mark)

_CODE = re.compile(r"[\w-]{1,64}")
_PLAIN = re.compile(r"[^/\\\0]{1,128}")
_LONGEST = 1_000
_KINDS: dict[str, type | tuple[type, ...]] = {
    "day": date,
    "at": datetime,
    "year": int,
    "seq": int,
    "pages": int,
}
_NEEDED = ("id", "case", "document", "item", "day", "facts", "state", "at", "paper", "kind", "name", "how")


@contextmanager
def understood() -> Iterator[None]:
    """Read rows of a journal.

    Raises:
        PapkaError: There are rows that no papka has written.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        words = tr("The journal cannot be used: there is an entry in it that papka has not written.")
        cure = tr("Put it aside and take the office from its last backup: papka restore.")
        raise PapkaError(f"{words} {cure}") from error


def sound(one: Known) -> Known:
    """Return an entry or a mark as it is.

    Raises:
        ValueError: Papka would not have written it.
    """
    for name in one.__slots__:
        _look(name, getattr(one, name))
    codes = [one.id, one.document] if isinstance(one, Entry) else [one.paper]
    if not all(map(_CODE.fullmatch, codes)) or (one.file is not None and not is_below(one.file)):
        raise ValueError("no code or no path")
    if isinstance(one, Entry):
        chosen = one.state in get_args(State) and _PLAIN.fullmatch(one.case) is not None
    else:
        chosen = one.kind in get_args(MarkKind) and one.how in get_args(How)
    if not chosen:
        raise ValueError("no state")
    return one


def _look(name: str, value: Any) -> None:
    """Let a value pass that is of its kind."""
    if value is None and name not in _NEEDED:
        return
    if name == "made_with":
        texts = isinstance(value, dict) and all(
            isinstance(two, str) for pair in value.items() for two in pair
        )
    else:
        kind = date if name == "on" else _KINDS.get(name, str)
        texts = isinstance(value, kind) and not isinstance(value, bool)
        if isinstance(value, str):
            texts = texts and len(value) <= _LONGEST
    if not texts:
        raise ValueError(name)
