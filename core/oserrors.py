"""Why the system would not do it, in the reader's language."""

from __future__ import annotations

import errno

from .i18n import tr


def why(error: OSError) -> str:
    """Say in a few words why a file or a folder could not be used; no path is named."""
    known = {
        errno.ENOENT: tr("it is not there"),
        errno.EACCES: tr("there is no right to it, or another program holds it open"),
        errno.EPERM: tr("there is no right to it, or another program holds it open"),
        errno.EROFS: tr("the disk can only be read"),
        errno.ENOSPC: tr("the disk is full"),
        errno.EISDIR: tr("it is a folder"),
        errno.ENOTDIR: tr("a file stands where a folder should be"),
        errno.EEXIST: tr("a file stands where a folder should be"),
        errno.ENAMETOOLONG: tr("the name is too long"),
    }
    return known.get(error.errno or 0, tr("the system refused it ({code})").format(code=error.errno))
