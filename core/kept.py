"""What papka has worked out and keeps between runs, so that the next one begins where this one ended.

It is kept in the user's own cache folder and never holds a word of a case: templates made ready, and what was
read out of a method's files and found right. Everything has a key that holds all it was made from: the files,
the words of the language, and the code that read them. So it cannot go stale; what is damaged, missing or
somebody else's is made anew.

A template is kept as Python's own code, as Python keeps a module beside its source, and data as Python's own
objects: whoever could write an entry could have papka run what he likes. So an entry is read only from a
folder and a file that belong to the user and that nobody else may write to, and only if it is to the byte
what was written under its key.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from .folders import cache_folder
from .outside import bytes_of

Made = TypeVar("Made")
MOST = 600
"""How many entries are kept; the oldest make room."""

MAX_ENTRY = 16 * 2**20
_MAGIC = b"papka kept 1\n"
_HERE = Path(__file__).parent.parent


def key_of(*parts: object) -> str:
    """Return the key of an entry; papka's own code and Python's version are always a part of it.

    Args:
        parts: All that the entry is made from: bytes, text, or anything whose ``repr`` says what it is.
    """
    from hashlib import sha256

    digest = sha256()
    for part in (_surroundings(), *parts):
        said = part if isinstance(part, bytes | str) else repr(part)
        body = said if isinstance(said, bytes) else said.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(body) + body)
    return digest.hexdigest()


@cache
def _surroundings() -> str:
    from jinja2 import __version__ as jinja2
    from pydantic import VERSION as PYDANTIC

    from .. import __version__

    # In a checkout the version stays and the code changes.
    stamps = sorted((*_stamps(_HERE / "core"), *_stamps(_HERE / "output")))
    return repr((__version__, sys.version, sys.implementation.cache_tag, jinja2, PYDANTIC, stamps))


def _stamps(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for one in found:
            if one.name.endswith(".py"):
                known = one.stat()
                yield one.path, known.st_size, known.st_mtime_ns
            elif one.is_dir() and not one.name.startswith(("__", "locale")):
                yield from _stamps(one.path)


def recall(key: str) -> bytes | None:
    """Return what was kept under a key, or None."""
    try:
        home = cache_folder() / "kept"
        if not _is_ours(home.lstat(), stat.S_IFDIR):
            return None
        body = _read(home / key)
    except (OSError, RuntimeError):
        return None
    sealed, content = body[: len(_MAGIC) + 32], body[len(_MAGIC) + 32 :]
    return content if sealed == _MAGIC + _seal(key, content) else None


def keep(key: str, content: bytes) -> None:
    """Keep something under a key; where there is no place for it, the next run works it out again."""
    if len(content) > MAX_ENTRY:
        return
    with contextlib.suppress(OSError, RuntimeError):
        home = cache_folder() / "kept"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(home.lstat(), stat.S_IFDIR):
            return
        draft = home / f".{key}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MAGIC + _seal(key, content) + content)
            draft.replace(home / key)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _make_room(home)


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def remembered(kind: type[Made], files: Sequence[Path], make: Callable[[], Made]) -> Made:
    """Return what is made of a method's files: as it was kept, or made now and kept; a fault is never kept.

    Args:
        kind: The class of what is made; it has to be papka's own.
    """
    try:
        key = key_of("data", kind.__qualname__, [(file.name, bytes_of(file)) for file in files])
    except OSError:
        return make()  # which says what is wrong with the file
    content = recall(key)
    if content is not None:
        with contextlib.suppress(Exception):
            made = pickle.loads(content)  # as safe as the code above: the seal and the owner were looked at
            if isinstance(made, kind):
                return made
    made = make()
    keep(key, pickle.dumps(made))
    return made


def _seal(key: str, content: bytes) -> bytes:
    from hashlib import sha256

    return sha256(key.encode("ascii") + content).digest()


def _read(file: Path) -> bytes:
    handle = os.open(file, os.O_RDONLY | _NO_LINK | _BINARY)
    with os.fdopen(handle, "rb") as stream:
        known = os.fstat(stream.fileno())
        if not _is_ours(known, stat.S_IFREG) or known.st_size > MAX_ENTRY + 1_000:
            raise PermissionError(file)
        return stream.read()


def _is_ours(known: os.stat_result, kind: int) -> bool:
    """Tell whether a file or folder is the user's, and nobody else may write to it."""
    if stat.S_IFMT(known.st_mode) != kind:
        return False
    # Windows keeps a user's local data from other users by its own means.
    return sys.platform == "win32" or (known.st_uid == os.geteuid() and not known.st_mode & 0o022)


def _make_room(home: Path) -> None:
    with os.scandir(home) as found:
        files = sorted((one.stat().st_mtime_ns, one.path) for one in found if one.is_file())
    for _, path in files[: max(len(files) - MOST, 0)]:
        Path(path).unlink(missing_ok=True)
