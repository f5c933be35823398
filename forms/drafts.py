"""Answers on their way: kept after each of them, so that a lost connection loses nothing.

A draft lies beside the case, for its owner only, and goes when the form is done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import PapkaError
from ..core.i18n import tr
from ..core.outside import bytes_of, json_of
from ..core.paths import Loc, dotted
from ..core.saving import write_atomically
from .fields import takes
from .plain import Value, as_answer, follow, has_room
from .sheet import Sheet

FOLDER = ".forms"
_VERSION = 1


@dataclass(frozen=True)
class Draft:
    """A form that was begun.

    Attributes:
        path: Where it is kept.
        digest: SHA-256 of the case file on which the form was begun; None for a new case.
    """

    path: Path
    digest: str | None

    @classmethod
    def of(cls, case_file: Path, form: str) -> Draft:
        """Return the draft of a form on a case, whether it was begun or not."""
        digest = hashlib.sha256(bytes_of(case_file)).hexdigest() if case_file.is_file() else None
        return cls(case_file.parent / FOLDER / f"{form}.json", digest)

    @property
    def is_begun(self) -> bool:
        """Whether there are answers to go on from."""
        return self.path.is_file()

    def keep(self, sheet: Sheet) -> None:
        """Keep all answers of a sheet, and those that were answered with «не знаю»."""
        answers = [[list(place), _kept(value)] for place, value in sheet.changes().items()]
        data = {
            "papka": "form",
            "version": _VERSION,
            "form": sheet.form.id,
            "programme": sheet.programme.id,
            "case_sha256": self.digest,
            "answers": answers,
            "unknown": [list(place) for place in sorted(sheet.unknown, key=dotted)],
        }
        write_atomically(self.path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))

    def resume(self, sheet: Sheet) -> list[Loc]:
        """Lay the kept answers on a sheet.

        Returns:
            Places where somebody has changed the case since: the kept answer stands in the sheet, and the
            person decides.

        Raises:
            PapkaError: Another version of papka kept them.
        """
        data = self._read()
        clashes: list[Loc] = []
        for loc, value in _answers(data.get("answers")):
            if not (takes(loc, value) and has_room(sheet.data, loc)):
                continue
            # A file that was changed since may hold another answer at the same place.
            now = as_answer(follow(sheet.before, loc))
            if data.get("case_sha256") != self.digest and now is not None and now != value:
                clashes.append(loc)
            sheet.answer(loc, value)
        sheet.unknown |= set(_places(data.get("unknown")))
        return clashes

    def drop(self) -> None:
        """Forget the answers: the form is done, or the person does not want them."""
        self.path.unlink(missing_ok=True)
        if self.path.parent.is_dir() and not any(self.path.parent.iterdir()):
            self.path.parent.rmdir()

    def _read(self) -> dict[str, Any]:
        try:
            data = json_of(self.path)
        except (OSError, ValueError):
            return {}
        if not isinstance(data, dict) or data.get("papka") != "form":
            return {}
        if data.get("version") != _VERSION:
            words = tr(
                "The answers that were begun here were kept by another version of papka: end the form with "
                "that one, or delete {file} to begin anew."
            )
            raise PapkaError(words.format(file=self.path))
        return data


def _kept(value: Value | None) -> Any:
    return value if value is None or isinstance(value, str) else list(value)


def _answers(kept: Any) -> Iterator[tuple[Loc, Value | None]]:
    """Go through the answers of a draft; what papka would not have kept there is passed over."""
    for one in kept if isinstance(kept, list) else ():
        if isinstance(one, list) and len(one) == 2 and _is_answer(one[1]):
            for place in _places([one[0]]):
                yield place, tuple(one[1]) if isinstance(one[1], list) else one[1]


def _places(kept: Any) -> Iterator[Loc]:
    for one in kept if isinstance(kept, list) else ():
        if isinstance(one, list) and one and all(type(step) in (str, int) for step in one):
            yield tuple(one)


def _is_answer(kept: Any) -> bool:
    """Tell whether something is an answer as `Value` says: a text, texts, or the rows of a table."""
    if not isinstance(kept, list):
        return kept is None or isinstance(kept, str)
    rows = all(isinstance(one, dict) and _is_plain(one) for one in kept)
    return rows or all(isinstance(one, str) for one in kept)


def _is_plain(data: Any) -> bool:
    """Tell whether something is as a case file holds it: texts in lists and under names."""
    if isinstance(data, dict | list):
        return all(map(_is_plain, data.values() if isinstance(data, dict) else data))
    return data is None or isinstance(data, str)
