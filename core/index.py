"""What was worked out of each case file, kept in the office: the next question need not open them all.

An answer is kept under the SHA-256 of the case file it was worked out of, a key of all else it was made
from, and the span of days for which it holds (`core/dayspan.py`). What does not fit to the letter is worked
out anew. The file ``.index.db`` holds nothing that the cases do not give again: it may be deleted at any
time, a damaged one is thrown away, and where it cannot be written (a read-only folder, a network drive, where
SQLite's locks do not hold) all is worked out each time. Answers are JSON, never code.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import i18n
from .kept import key_of
from .office import Office
from .outside import bytes_of

if TYPE_CHECKING:
    from .plugging.plugins import Plugins

INDEX = ".index.db"
WAIT = 5
"""How long one waits for another papka that writes, in seconds; after that it is worked out and not kept."""

AT_ONCE = 64
"""So many answers are written together: what was worked out until a run is stopped is not lost."""

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    file TEXT, question TEXT, key TEXT, digest TEXT, first INTEGER, last INTEGER, body BLOB, seal BLOB,
    PRIMARY KEY (file, question)) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every case.

    Attributes:
        name: Its name; of each question a case keeps one answer.
        key: All but the case that an answer is made from: code, methods, settings.
    """

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one case file gave.

    Attributes:
        digest: SHA-256 of the file.
        first: The first day for which it holds; so it does until `last`.
        body: The answer as JSON.
    """

    digest: str
    first: date
    last: date
    body: bytes

    @property
    def value(self) -> Any:
        """The answer as plain data."""
        return json.loads(self.body)


def forget(folder: Path) -> None:
    """Throw the index of an office away: it holds names and days out of the cases."""
    for name in (INDEX, f"{INDEX}-wal", f"{INDEX}-shm", f"{INDEX}-journal"):
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file; None if it cannot be read."""
    try:
        return sha256(bytes_of(path)).hexdigest()
    except OSError:
        return None


def question(name: str, office: Office, plugins: Plugins) -> Question:
    """Return a question with the key of all that its answers are made from, beside the case and the day."""
    language = i18n.current_language()
    made_from = (
        *_methods(plugins),
        _installed(),
        office.folder.joinpath("office.yaml").read_bytes(),
        language,
    )
    return Question(f"{name} {language}", key_of("index", name, *made_from))


def _methods(plugins: Plugins) -> Iterator[object]:
    """Go through the files of all plugins: data as it is, code by size and time as Python itself does."""
    for info in plugins.infos:
        yield info.name, info.version, info.fault
        source = Path(getattr(info.module, "__file__", None) or os.devnull)
        # A plugin that is one file stands among strangers.
        for path in sorted(source.parent.rglob("*")) if source.stem == "__init__" else [source]:
            if path.suffix == ".yaml" and "examples" not in path.parts:
                yield path.name, bytes_of(path)
            elif path.suffix == ".py":
                known = path.stat()
                yield str(path), known.st_size, known.st_mtime_ns


def _installed() -> tuple[object, ...]:
    """Say what is installed: the folders that Python imports from are touched when that changes."""
    folders = [
        one for one in sys.path if one.endswith(("site-packages", "dist-packages")) and Path(one).is_dir()
    ]
    return tuple((folder, Path(folder).stat().st_mtime_ns) for folder in folders)


@dataclass
class Index:
    """The answers that an office keeps. It never stands in the way: what it cannot keep, it does not know."""

    path: Path
    _connection: sqlite3.Connection | None = None
    _waiting: list[tuple[object, ...]] = field(default_factory=list)

    @classmethod
    @contextlib.contextmanager
    def of(cls, office: Office) -> Iterator[Index]:
        """Open the index of an office, and keep at the end what was not kept yet."""
        index = cls(office.folder / INDEX)
        index._open()
        try:
            yield index
        finally:
            index._write()
            index._close()

    def answer(self, asked: Question, file: str, digest: str | None, day: date) -> Answer | None:
        """Return what a case file in this very state gave, if that holds for the day."""
        words = "SELECT key, digest, first, last, body, seal FROM answers WHERE file = ? AND question = ?"
        row = next(iter(self._ask(words, (file, asked.name))), None)
        if row is None:
            return None
        key, known, first, last, body, seal = row
        if (key, known) != (asked.key, digest) or seal != _seal(file, asked.name, *row[:5]):
            return None
        if not first <= day.toordinal() <= last:
            return None
        return Answer(known, date.fromordinal(first), date.fromordinal(last), body)

    def holds(self, asked: Question, file: str, digest: str | None, day: date) -> bool:
        """Tell whether there is such an answer, without reading it."""
        words = "SELECT key, digest, first, last FROM answers WHERE file = ? AND question = ?"
        row = next(iter(self._ask(words, (file, asked.name))), None)
        return row is not None and row[:2] == (asked.key, digest) and row[2] <= day.toordinal() <= row[3]

    def keep(self, asked: Question, file: str, answer: Answer) -> None:
        """Keep an answer in place of the one before."""
        days = answer.first.toordinal(), answer.last.toordinal()
        row = (asked.key, answer.digest, *days, answer.body)
        self._waiting.append((file, asked.name, *row, _seal(file, asked.name, *row)))
        if len(self._waiting) >= AT_ONCE:
            self._write()

    def forget_all_but(self, files: Collection[str]) -> None:
        """Forget the cases that are not in the office any more: nothing of theirs may stay."""
        known = {row[0] for row in self._ask("SELECT DISTINCT file FROM answers", ())}
        gone = known - set(files)
        if gone:
            self._change("DELETE FROM answers WHERE file = ?", [(file,) for file in gone])

    # --- the file ----------------------------------------------------------------------------------------

    def _open(self) -> None:
        from .journal.connecting import on_network

        if on_network(self.path) or self.path.is_symlink() or not os.access(self.path.parent, os.W_OK):
            return
        for _ in range(2):
            try:
                with contextlib.suppress(FileExistsError):
                    os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                self._connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
                # Each answer bears its seal, and what is lost is worked out again: nobody waits for the disk.
                for words in ("PRAGMA synchronous=OFF", "PRAGMA secure_delete=ON", _TABLE):
                    self._connection.execute(words)
                self._connection.execute("SELECT key, seal FROM answers LIMIT 1").fetchall()
            except (OSError, sqlite3.OperationalError):
                self._close()
                return
            except sqlite3.DatabaseError:
                self._throw_away()
            else:
                return

    def _ask(self, words: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(words, values).fetchall()
        except sqlite3.OperationalError:
            return []
        except sqlite3.DatabaseError:
            self._throw_away()
            return []

    def _write(self) -> None:
        rows, self._waiting = self._waiting, []
        if rows:
            self._change("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _change(self, words: str, rows: list[tuple[object, ...]]) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(words, rows)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError:
            # Somebody else is writing, or the disk is full.
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        except sqlite3.DatabaseError:
            self._throw_away()

    def _throw_away(self) -> None:
        """Delete a damaged index; this run goes on without, the next one begins anew."""
        self._close()
        for name in (self.path, self.path.with_name(f"{INDEX}-journal")):
            with contextlib.suppress(OSError):
                name.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _seal(*parts: object) -> bytes:
    digest = sha256()
    for part in parts:
        said = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(said) + said)
    return digest.digest()[:16]
