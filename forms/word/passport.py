"""What a form says of itself when it comes back: which form, of which case, and what stood in it at first.

What stood in a field is kept as a hash: it is enough to see who changed it, and nothing of a family's stands
in the file twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from ...core.programmes.questions import Form
from ..fields import entry
from ..plain import as_answer, follow, items_at
from ..sheet import Sheet
from ..shown import Asked
from .keys import key_of
from .values import even, labels, writable

_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class Passport:
    """What a form says of itself.

    Attributes:
        version: Changes with the fields of the form.
        case: The code of the case; None: a form for a case that is not opened yet.
        digest: SHA-256 of the case file when the form was made.
        items: The codes of the items of each list at that time; empty where items have none.
        was: The hash of what stood in each field.
        own: The hashes of the form's own words, to tell what was written between them.
        names: Whom each name of a choice meant, by code.
    """

    form: str
    programme: str
    version: str
    case: str | None = None
    digest: str | None = None
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_text(cls, text: str) -> Passport | None:
        """Read it; None if it is none: it comes from a stranger's file."""
        try:
            data: dict[str, Any] = json.loads(text) if len(text) <= _LIMIT else {}
            return cls(
                **{name: _word(data[name]) for name in ("form", "programme", "version")},
                **{name: data[name] and _word(data[name]) for name in ("case", "digest")},
                items={_word(k): tuple(_word(one) for one in v) for k, v in data["items"].items()},
                was={_word(k): _word(v) for k, v in data["was"].items()},
                own=tuple(_word(one) for one in data["own"]),
                names={_word(k): _word(v) for k, v in data["names"].items()},
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def before(self, asked: Asked, value: Any) -> bool:
        """Tell whether an answer is what stood in the field when the form was made."""
        return self.was.get(key_of(asked.place), fingerprint(asked, None)) == fingerprint(asked, value)


def passport_of(
    sheet: Sheet, digest: str | None, questions: Sequence[Asked], own: Iterable[str] = ()
) -> Passport:
    """Make the passport of a form that is laid on a case."""
    bases = {part.each for part in sheet.form.parts if part.each}
    items = {
        base: tuple(
            str(one.get("id", "")) if isinstance(one, dict) else ""
            for one in items_at(sheet.data, tuple(base.split(".")))
        )
        for base in sorted(bases)
    }
    was = {
        key_of(one.place): fingerprint(one, one.value)
        for one in questions
        if digest is not None and as_answer(follow(sheet.data, one.place)) is not None
    }
    case = str(sheet.data["id"]) if digest else None
    version = version_of(sheet.form)
    names = _names(questions)
    return Passport(sheet.form.id, sheet.programme.id, version, case, digest, items, was, tuple(own), names)


def _names(questions: Sequence[Asked]) -> dict[str, str]:
    """Return whom each name means; one that means different things in different fields is left out."""
    found: dict[str, set[str]] = {}
    for one in (cell for asked in questions for cell in (asked, *asked.columns) if cell.refers):
        for code, label in labels(one).items():
            found.setdefault(writable(label), set()).add(code)
    return {label: codes.pop() for label, codes in sorted(found.items()) if len(codes) == 1}


def fingerprint(asked: Asked, value: Any) -> str:
    """Return the hash of an answer at a place."""
    said = json.dumps([key_of(asked.place), even(asked, value)], ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


def version_of(form: Form) -> str:
    """Return what changes when a field of the form comes, goes or becomes another one."""
    shape = []
    for part in form.parts:
        base = tuple(part.each.split(".")) if part.each else ()
        for one in part.ask:
            known = entry((*base, *one.field.split(".")), columns=one.columns)
            columns = [[column.name, column.kind] for column in known.columns] if known else []
            shape.append([part.each, one.field, known.kind if known else None, columns])
    return sha256(json.dumps(shape).encode()).hexdigest()[:8]


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
