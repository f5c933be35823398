"""Why the system would not do it, in the reader's language."""

from __future__ import annotations

import errno

from .errors import PapkaError
from .i18n import tr
from .outside import NoFile

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else []))
_GONE = "EIO ESTALE ENOTCONN ENODEV ENXIO EHOSTDOWN EHOSTUNREACH ETIMEDOUT EREMOTEIO"
_NO_ANSWER = tuple(getattr(errno, name) for name in _GONE.split() if hasattr(errno, name))


def not_opened(name: object, error: OSError) -> PapkaError:
    """Return the error of a file that could not be opened: why."""
    return PapkaError(tr("{file} cannot be opened: {reason}.").format(file=name, reason=why(error)))


def not_written(name: object, error: OSError) -> PapkaError:
    """Return the error of a file that could not be written: why, and what helps against that."""
    number = error.errno or 0
    cure = tr("Close it if it is open, and check the folder.")
    if isinstance(error, NoFile):
        cure = tr("Name another file.")
    elif number in _NO_ROOM:
        cure = tr("Make room on the disk and run the same again.")
    elif number in _NO_ANSWER:
        cure = tr("See that the disk is there and sound, then run the same again.")
    elif number in (errno.EROFS, errno.EACCES, errno.EPERM):
        cure = tr("Close it if it is open, and see that you may write to the folder.")
    words = tr("{file} could not be written: {reason}.").format(file=name, reason=why(error))
    return PapkaError(f"{words} {cure}")


def why(error: OSError) -> str:
    """Say in a few words why a file or a folder could not be used; no path is named."""
    if isinstance(error, NoFile):
        return tr("it is no ordinary file")
    known = {
        **dict.fromkeys(_NO_ROOM, tr("the disk is full")),
        errno.ENOENT: tr("it is not there"),
        errno.EACCES: tr("there is no right to it, or another program holds it open"),
        errno.EPERM: tr("there is no right to it, or another program holds it open"),
        errno.EROFS: tr("the disk can only be read"),
        errno.EISDIR: tr("it is a folder"),
        errno.ENOTDIR: tr("a file stands where a folder should be"),
        errno.EEXIST: tr("a file stands where a folder should be"),
        errno.ENAMETOOLONG: tr("the name is too long"),
        errno.ENODEV: tr("it is no ordinary file"),
        errno.ENXIO: tr("it is no ordinary file"),
        errno.EFBIG: tr("it is too large"),
        errno.ELOOP: tr("it is a link that leads round in a circle"),
        **dict.fromkeys(_NO_ANSWER, tr("the disk does not answer")),
    }
    return known.get(error.errno or 0, tr("the system refused it ({code})").format(code=error.errno))
