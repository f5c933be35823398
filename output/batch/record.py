"""The record of a batch: which cases are done, kept beside the papers, so that nothing is done twice.

    .batch/done-<computer>-<process>-<number>.jsonl    one line a case, written when its papers lie there
    .batch/running                                     who is at work on it now

Each process writes a file of its own, line by line: no lock is needed, on a network drive either, and a line
that was cut off by a kill counts for nothing. A line holds digests and names of files, and nothing of what a
case says.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from platform import node
from typing import Any

from ...core.aside import is_gone, own_name
from ...core.errors import AskedWrongly, PapkaError
from ...core.i18n import tr
from ...core.oserrors import not_written, why
from ...core.outside import json_in
from ...core.saving import make_private

FOLDER = ".batch"
_DONE = "done-"
_IN_MEMORY = 2**20
_RUNNING = "running"


class Record:
    """The record of the batches that lie in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / FOLDER

    def begin(self) -> None:
        """Make the folder.

        Raises:
            PapkaError: It cannot be made.
        """
        try:
            make_private(self.home)
        except OSError as error:
            words = tr("The folder {folder} cannot be written to: {reason}.")
            raise PapkaError(words.format(folder=self.folder, reason=why(error))) from error

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else of this computer work on the same folder meanwhile.

        Raises:
            AskedWrongly: Somebody does.
        """
        lock, mine = self.home / _RUNNING, f"{node()} {os.getpid()}".encode()
        for _ in range(2):
            try:
                handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                host, _, number = lock.read_text("utf-8", errors="replace").rpartition(" ")
                if host == node() and not is_gone(number):
                    words = tr(
                        "This batch is running already (process {number} on this computer). Wait for it; "
                        "if it is not so, delete the file {file}."
                    )
                    raise AskedWrongly(words.format(number=number, file=lock)) from None
                # Another computer, or one that was killed: at worst a paper is drawn twice, and is the same.
                lock.unlink(missing_ok=True)
            else:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(mine)
                break
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                if lock.read_bytes() == mine:
                    lock.unlink()

    def done(self) -> dict[bytes, int]:
        """Return the keys of the cases that are done, with the number of their papers.

        A case whose drafts are not all there any more is not done; what was issued the journal knows.
        """
        found: dict[bytes, int] = {}
        for line in self._lines():
            with contextlib.suppress(KeyError, TypeError, ValueError):
                key, papers = bytes.fromhex(line["key"]), line["papers"]
                if line.get("refused") or not all(map(self._is_there, papers)):
                    found.pop(key, None)
                else:
                    found[key] = int(line["count"])
        return found

    def _is_there(self, name: str) -> bool:
        return os.path.exists(self.folder / name)  # noqa: PTH110  a hundred thousand of them

    def _lines(self) -> Iterator[dict[str, Any]]:
        for file in sorted(self.home.glob(f"{_DONE}*.jsonl")):
            with file.open("rb") as stream:
                for line in stream:
                    with contextlib.suppress(ValueError):
                        data = json_in(line)
                        if isinstance(data, dict):
                            yield data


class Writer:
    """Writes the lines of one process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FOLDER / f"{own_name(_DONE)}.jsonl"

    def note(self, key: str, told: dict[str, Any]) -> None:
        """Write down what became of a case, in one step.

        Raises:
            PapkaError: The disk is full, or the folder is gone.
        """
        try:
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, _line({"key": key, **told}))
            finally:
                os.close(handle)
        except OSError as error:
            raise not_written(self._file.name, error) from error


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


class Refusals:
    """What was refused in one run: in a file of its own that goes with it, however much it is."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  as long as the report lives

    def add(self, data: dict[str, Any]) -> None:
        """Add one."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(_line(data))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Go through all of them, in the order in which they came."""
        self._file.seek(0)
        yield from map(json.loads, self._file)
