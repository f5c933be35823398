"""A file that somebody named or put there: read only if it is one, and no more of it than is sensible.

A pipe would be waited for without end, a device gives bytes without end.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

MOST = 64 * 2**20
"""How large a file may be where its reader says nothing else."""

MOST_JSON = 16 * 2**20
"""How large a file may be that papka keeps for itself."""

_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NoFile(OSError):
    """A device, a pipe or a socket stands where a file should be."""


def bytes_of(path: Path, most: int = MOST) -> bytes:
    """Read a file from outside.

    Raises:
        OSError: It cannot be read, is no ordinary file, or is larger than that; `oserrors.why` says which.
    """
    with opened_file(path) as stream:
        body = stream.read(most + 1)
    if len(body) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return body


def is_below(name: str) -> bool:
    """Tell whether a file of this name, with / between folders, stays below the folder that it is put in."""
    parts = name.split("/")
    if "\0" in name or any(part in ("", ".", "..") for part in parts):
        return False
    if os.name != "nt":
        return True
    return (
        "\\" not in name
        and ":" not in name
        and not any(_DEVICES.match(one) or one[-1] in " ." for one in parts)
    )


def json_of(path: Path, most: int = MOST_JSON) -> Any:
    """Read a file of JSON that anybody may have written; its shape is for the caller to look at.

    Raises:
        OSError: As `bytes_of`.
        ValueError: It is no JSON that can be used.
    """
    return json_in(bytes_of(path, most))


def json_in(raw: bytes | str) -> Any:
    """Read JSON that anybody may have written.

    Raises:
        ValueError: It is none; or it is nested too deep, or holds half a sign or a number that no file keeps.
    """
    try:
        data = json.loads(raw, parse_constant=_no_number)
        if (b"\\ud" if isinstance(raw, bytes) else "\\ud") in raw.lower():  # type: ignore[operator]
            # Half a sign can be neither written nor said: here it is no text.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return data


def _no_number(_: str) -> NoReturn:
    raise ValueError("no number")


def refuse_device(path: Path) -> None:
    """Stop before a file is put in the place of a device or a pipe, which many programs of the computer use.

    Raises:
        OSError: There is one.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return
    if kind not in (stat.S_IFREG, stat.S_IFDIR):
        raise NoFile(errno.ENODEV, os.strerror(errno.ENODEV), str(path))


def opened_file(path: Path) -> BinaryIO:
    """Open a file from outside to be read.

    Raises:
        OSError: It cannot be read, or is no ordinary file.
    """
    handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    known = os.fstat(handle)
    if stat.S_ISREG(known.st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(known.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise NoFile(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
