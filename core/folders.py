"""Where an office begins, and where papka keeps what it can make anew.

Read at each start, so it needs neither a YAML parser nor the contract.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

SETTINGS = "office.yaml"
_LANGUAGE = re.compile(rb"^(?:\xef\xbb\xbf)?language:\s*['\"]?(ru|en)\b", re.MULTILINE)


def office_folder(start: Path) -> Path | None:
    """Return the office that a folder lies in, if it lies in one."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def language_here(start: Path) -> str | None:
    """Return the language that the office of a folder sets."""
    folder = office_folder(start)
    if folder is None:
        return None
    try:
        found = _LANGUAGE.search((folder / SETTINGS).read_bytes())
    except OSError:
        return None
    return found[1].decode() if found else None


def cache_folder() -> Path:
    """Return where papka keeps what it can make anew.

    Raises:
        RuntimeError: The user has no home folder.
    """
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "papka"


def is_own(path: Path) -> bool:
    """Tell whether a file or folder is the user's, no link, and nobody else may write to it.

    Windows keeps a user's local data from other users by its own means.

    Raises:
        OSError: It is not there.
    """
    known = path.lstat()
    if sys.platform == "win32":
        return True
    return known.st_uid == os.geteuid() and not known.st_mode & 0o022 and not stat.S_ISLNK(known.st_mode)
