"""What was brought in before, so that nothing comes in twice: digests only, in the office's folder.

A family is noted under its code before its case is written, and once more after. Killed between the two, the
next run finds either the case or the code that was meant for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from ...core.oserrors import not_opened, not_written
from ...core.outside import bytes_of, json_in
from ...core.saving import locked, make_private
from .mapping import FOLDER

NAME = "brought.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One family that was brought in.

    Attributes:
        number: A digest of the case number, if there is one.
        people: A digest of who the family is.
        case: The folder of its case.
        done: Whether the case has been written.
    """

    number: str | None
    people: str | None
    case: str
    done: bool


def digest_of_number(number: str | None) -> str | None:
    """Return the digest of a case number; spaces and capitals make no difference."""
    said = "".join((number or "").casefold().split())
    return sha256(said.encode()).hexdigest() if said else None


class Ledger:
    """The record of an office of what was brought in."""

    def __init__(self, office: Path) -> None:
        self._file = office / FOLDER / NAME
        self.entries: list[Entry] = []
        self.read()

    def read(self) -> None:
        """Read what others have written meanwhile."""
        try:
            lines = bytes_of(self._file).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            raise not_opened(self._file.name, error) from error
        self.entries = [one for line in lines if (one := _entry(line)) is not None]

    def find(self, number: str | None, people: str | None) -> Entry | None:
        """Return the last entry of a family: by the number of its case, or by its people."""
        digest = digest_of_number(number)
        same = (one for one in reversed(self.entries) if digest and one.number == digest)
        by_people = (one for one in reversed(self.entries) if people and one.people == people)
        return next(same, None) or next(by_people, None)

    def locked(self) -> AbstractContextManager[None]:
        """Hold the ledger while codes are given: two who bring in the same file give the same codes."""
        make_private(self._file.parent)
        return locked(self._file)

    def add(self, entries: Iterable[Entry], *, lasting: bool = True) -> None:
        """Note families.

        Args:
            lasting: Make the note outlast a power cut; a note that the next run finds out by itself need not.
        """
        text = "".join(json.dumps(asdict(one)) + "\n" for one in entries)
        try:
            make_private(self._file.parent)
            handle = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab+") as stream:
                # A line that a killed program left half is ended, and means nothing.
                if stream.tell():
                    stream.seek(-1, os.SEEK_END)
                    text = text if stream.read(1) == b"\n" else "\n" + text
                stream.write(text.encode())
                stream.flush()
                if lasting:
                    os.fsync(stream.fileno())
        except OSError as error:
            raise not_written(self._file.name, error) from error


def _entry(line: str) -> Entry | None:
    try:
        return Entry(**json_in(line))
    except (ValueError, TypeError):
        return None
