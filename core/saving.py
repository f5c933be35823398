"""Writing a file whole or not at all, and a case file only over what its writer has seen.

Two workers share a folder. Who saves says by a digest what he had before him; if the file has changed since,
nothing is overwritten: his version is laid beside it, and both are shown.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from .aside import is_gone, own_name, sweep
from .errors import PapkaError
from .i18n import tr
from .oserrors import not_opened, not_written
from .outside import bytes_of, refuse_device

LOCK = ".papka-lock"
ASIDE = ".papka-"
"""What a file is called while it is written; one that a killed program left goes at the next `sweep`."""
MINE = "mine"
"""What the name of a version bears that was refused, and laid beside the file."""

PATIENCE = 20.0
"""How long one waits for another who is saving, in seconds; an older lock was left by a killed program."""

_PAUSE = 0.05


class Changed(PapkaError):
    """A file was changed by somebody else since it was read; nothing was overwritten.

    Attributes:
        mine: Where the version that was to be saved lies now.
        ours: What was to be saved.
        theirs: What the file holds; None if it is not there any more.
    """

    def __init__(self, path: Path, mine: Path, ours: bytes, theirs: bytes | None) -> None:
        words = tr(
            "{file} was changed by somebody else after you opened it, so it was not overwritten. "
            "Your version lies beside it: {mine}."
        )
        cure = tr("Bring your lines over into {file}, then delete {mine}.")
        names = {"file": path.name, "mine": mine.name}
        super().__init__(f"{words.format(**names)} {cure.format(**names)}")
        self.path, self.mine, self.ours, self.theirs = path, mine, ours, theirs


def digest_of(content: bytes) -> str:
    """Return the SHA-256 by which a version of a file is known."""
    return sha256(content).hexdigest()


def save(path: Path, content: bytes, seen: str | None) -> None:
    """Save a file over the version that its writer has seen, and over no other.

    Papka's own writers wait for each other by a lock file, made in one step, which a shared folder knows
    too. A program that knows nothing of it, such as Notepad, is noticed unless it writes between the last
    look and the rename that follows it at once.

    Args:
        seen: The digest of what was read; None if there was no file.

    Raises:
        Changed: The file holds something else by now; the new version was written beside it.
        PapkaError: The folder cannot be written to; what stood there stands unchanged.
    """
    with locked(path):
        sweep(path.parent, ASIDE)
        if _digest_at(path) == seen and _replaced(path, content, seen):
            return
        theirs = _content(path)
        if theirs == content:
            return
        mine = _beside(path)
        write_atomically(mine, content)
    raise Changed(path, mine, content, theirs)


def _replaced(path: Path, content: bytes, seen: str | None) -> bool:
    """Write a file aside, look once more whether nobody was quicker, and rename it."""
    draft = _draft(path, content, mode=_mode(path))
    try:
        if _digest_at(path) != seen:
            draft.unlink(missing_ok=True)
            return False
        draft.replace(path)
        _settle(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise not_written(path.name, error) from error
    return True


def write_atomically(path: Path, content: bytes) -> None:
    """Write bytes under a temporary name in the same folder, flush them to the disk, then rename.

    The file is readable by its owner only: it may hold a family's data.

    Raises:
        PapkaError: The folder cannot be written to; what stood there before stands unchanged.
    """
    draft = _draft(path, content)
    try:
        draft.replace(path)
        _settle(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise not_written(path.name, error) from error


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are lacking, closed to other users: papers will lie in it."""
    if folder.exists():
        return
    for one in (*reversed(folder.parents), folder):
        if not one.exists():
            one.mkdir(mode=0o700, exist_ok=True)


def _draft(path: Path, content: bytes, mode: int = 0o600) -> Path:
    try:
        refuse_device(path)
        make_private(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=own_name(ASIDE))
    except OSError as error:
        raise not_written(path.name, error) from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode != 0o600:
            draft.chmod(mode)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise not_written(path.name, error) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _mode(path: Path) -> int:
    """Return the rights of a file that is replaced: who could read it, a colleague perhaps, still can."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o600


def _content(path: Path) -> bytes | None:
    try:
        return bytes_of(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise not_opened(path, error) from error


def _digest_at(path: Path) -> str | None:
    content = _content(path)
    return None if content is None else digest_of(content)


def _beside(path: Path) -> Path:
    stem = f"{path.stem}.{MINE}-{datetime.now():%Y%m%d-%H%M%S}"
    names = (
        path.with_name(f"{stem}{more}{path.suffix}") for more in ("", *(f"-{n}" for n in range(2, 1000)))
    )
    return next(name for name in names if not name.exists())


# --- one after another -----------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file for a moment: a file beside it, which only one can make."""
    lock = path.with_name(f".{path.name}{LOCK}")
    mine = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}".encode()
    _take(lock, mine, path)
    try:
        yield
    finally:
        if _read(lock) == mine:
            with contextlib.suppress(OSError):
                lock.unlink()


def _take(lock: Path, mine: bytes, path: Path) -> None:
    begun = since = time.monotonic()
    seen = b""
    while not _made(lock, mine, path):
        held = _read(lock)
        if held != seen:
            seen, since = held, time.monotonic()
        if _is_dead(held) or time.monotonic() - since > PATIENCE:
            _break(lock, held)
        if time.monotonic() - begun > 3 * PATIENCE:
            words = tr("{file} is being saved by somebody else; try again in a minute.")
            raise PapkaError(words.format(file=path.name))
        time.sleep(_PAUSE)


def _made(lock: Path, mine: bytes, path: Path) -> bool:
    """Make the lock, if nobody has it: the system lets only one make a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except PermissionError as error:
        if sys.platform == "win32" and lock.exists():  # being deleted just now
            return False
        raise not_written(path.name, error) from error
    except OSError as error:
        raise not_written(path.name, error) from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(mine)
    return True


def _read(lock: Path) -> bytes:
    try:
        return lock.read_bytes()
    except OSError:
        return b""


def _is_dead(held: bytes) -> bool:
    """Tell whether a lock was left by a program of this computer that runs no more."""
    host, _, rest = held.decode(errors="replace").partition(" ")
    return host == socket.gethostname() and is_gone(rest.partition(" ")[0])


def _break(lock: Path, held: bytes) -> None:
    """Take a lock away that was left behind; if somebody has just taken it himself, give it back."""
    aside = lock.with_name(f"{lock.name}-{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        lock.rename(aside)
        if _read(aside) != held:
            os.link(aside, lock)
        aside.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the rename itself last; Windows has no way to ask for that."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
