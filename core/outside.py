"""A file that somebody named or put there: read only if it is one, and no more of it than is sensible.

A pipe would be waited for without end, a device gives bytes without end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

MOST = 64 * 2**20
"""How large a file may be where its reader says nothing else."""

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


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
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
