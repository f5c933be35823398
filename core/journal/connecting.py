"""The way to the journal's database: a file of the office (SQLite), or a server by its URL (PostgreSQL)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from ..errors import AskedWrongly, PapkaError
from ..i18n import tr
from ..oserrors import why

LOCK = 0x7061706B61
"""The key of the lock that all writers of a journal on PostgreSQL share: «papka» in bytes."""
WAIT = 60
"""How long a writer waits for the others, in seconds."""
NETWORK = frozenset(("nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "afs", "davfs"))
_ROOM = 128 * 1024
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
        engine = create_engine(place, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise AskedWrongly(tr("The journal's address cannot be read (postgresql+psycopg://…).")) from error
    except ModuleNotFoundError as error:
        raise PapkaError(tr("For a journal on PostgreSQL: pip install papka[postgres].")) from error
    event.listen(engine, "handle_error", _on_server)
    return engine


def _sqlite(path: Path) -> Engine:
    if on_network(path):
        words = tr(
            "The journal {file} lies on a network drive, where several workers would spoil it. "
            "Put the office on this computer, or set journal: postgresql+psycopg://… in office.yaml."
        )
        raise PapkaError(words.format(file=path.name))
    fresh = not path.exists()
    if path.is_symlink() if fresh else not path.is_file():
        # SQLite would make its files where the link leads, beside a device even.
        words = tr("The journal {file} cannot be used: {reason}. What was not recorded did not happen.")
        cure = tr("Put it aside and take the office from its last backup: papka restore.")
        said = words.format(file=path.name, reason=tr("it is no ordinary file"))
        raise PapkaError(f"{said} {cure}")
    engine = create_engine("sqlite://", poolclass=NullPool, creator=lambda: _connected(path))
    event.listen(engine, "begin", _locked)
    event.listen(engine, "handle_error", lambda context: _in_file(context, path))
    if fresh:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            words = tr("The journal {file} cannot be written: {reason}. Nothing was recorded.")
            raise PapkaError(words.format(file=path.name, reason=why(error))) from error
    return engine


def _in_file(context: ExceptionContext, path: Path) -> None:
    """Say in words why SQLite would not do it; what it was asked for holds no place in that."""
    said = str(context.original_exception).lower()
    if not isinstance(context.original_exception, sqlite3.DatabaseError) or "constraint" in said:
        return
    if "locked" in said and "full" not in said:
        reason = tr("another program holds it for too long")
        cure = tr("Close what else works in this office, or try again in a minute.")
    elif "full" in said or _is_full(path):
        reason = tr("the disk is full")
        cure = tr("Make room on the disk and run the same again.")
    elif "malformed" in said or "not a database" in said:
        reason = tr("the file is damaged")
        cure = tr("Put it aside and take the office from its last backup: papka restore.")
    elif "readonly" in said or "unable to open" in said:
        reason = tr("it is not there, or there is no right to write to it and its folder")
        cure = tr("See that the disk is there and the folder is yours, then run the same again.")
    else:
        reason = tr("the disk does not answer")
        cure = tr("See that the disk is there and sound, then run the same again.")
    words = tr("The journal {file} cannot be used: {reason}. What was not recorded did not happen.")
    raise PapkaError(words.format(file=path.name, reason=reason) + " " + cure) from context.original_exception


def _is_full(path: Path) -> bool:
    """Tell whether the disk has no room for what SQLite writes beside the journal."""
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False


def _on_server(context: ExceptionContext) -> None:
    """Say that a server does not answer; its address may hold a password and is not named."""
    error = context.sqlalchemy_exception
    if not context.is_disconnect and not isinstance(error, OperationalError | InterfaceError | InternalError):
        return
    if context.is_pre_ping:
        return
    words = tr(
        "The server with the journal does not answer, or refused. What was not recorded did not happen; a "
        "number that was given waits for its paper. Ask who looks after the server, then run the same again."
    )
    raise PapkaError(words) from context.original_exception


def _connected(path: Path) -> sqlite3.Connection:
    """Open the file; on a full disk, or where it may only be read, it can at least be looked at and saved."""
    connection = None
    try:
        # The driver begins nothing by itself: who writes takes the lock at once, and nobody waits for ever.
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={WAIT * 1000}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if connection is not None:
            connection.close()
        if "locked" in str(error) or not _is_at_rest(path):
            raise
        return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
    return connection


def _is_at_rest(path: Path) -> bool:
    """Tell whether all of a journal stands in its file: nobody is writing, and nobody was cut off."""
    waiting = path.with_name(f"{path.name}-wal")
    try:
        return path.stat().st_size > 0 and (not waiting.exists() or waiting.stat().st_size == 0)
    except OSError:
        return False


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
