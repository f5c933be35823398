"""The way to the journal's database: a file of the office (SQLite), or a server by its URL (PostgreSQL)."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from ..errors import AskedWrongly, PapkaError
from ..i18n import tr

LOCK = 0x7061706B61
"""The key of the lock that all writers of a journal on PostgreSQL share: «papka» in bytes."""
WAIT = 60
"""How long a writer waits for the others, in seconds."""
NETWORK = frozenset(("nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "afs", "davfs"))
WRITING = "papka_writing"
"""The option of a connection that is going to write."""


def engine_of(place: Path | str) -> Engine:
    """Return the engine of a journal.

    Raises:
        PapkaError: SQLite would lie on a network drive, where its locks do not hold; or a driver is missing.
        AskedWrongly: The URL cannot be read.
    """
    if isinstance(place, Path):
        return _sqlite(place)
    try:
        return create_engine(place, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise AskedWrongly(tr("The journal's address cannot be read (postgresql+psycopg://…).")) from error
    except ModuleNotFoundError as error:
        raise PapkaError(tr("For a journal on PostgreSQL: pip install papka[postgres].")) from error


def _sqlite(path: Path) -> Engine:
    if on_network(path):
        words = tr(
            "The journal {file} lies on a network drive, where several workers would spoil it. "
            "Put the office on this computer, or set journal: postgresql+psycopg://… in office.yaml."
        )
        raise PapkaError(words.format(file=path.name))
    fresh = not path.exists()
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": WAIT})
    # The driver must not begin by itself: who writes takes the lock at once, so that nobody waits for ever.
    event.listen(engine, "connect", _prepared)
    event.listen(engine, "begin", _locked)
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    return engine


def _prepared(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={WAIT * 1000}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _locked(connection: Any) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def on_network(path: Path) -> bool:
    """Tell whether a path lies on a network drive, as far as the system says."""
    whole = str(path.absolute())
    if whole.startswith("\\\\"):
        return True
    if os.name == "nt":
        import ctypes

        remote = 4
        return bool(ctypes.windll.kernel32.GetDriveTypeW(path.absolute().anchor) == remote)  # type: ignore[attr-defined,unused-ignore]
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    return _kind_of_mount(whole, mounts.read_text("utf-8", errors="replace")) in NETWORK


def _kind_of_mount(path: str, mounts: str) -> str:
    """Return the kind of the file system that a path lies on: that of the deepest mount above it."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if PurePosixPath(path).is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
