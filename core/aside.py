"""What a process makes aside, for the time of its work; what a killed one left goes at the next run.

Several computers may work in one office: a file or folder aside bears the name of its computer and the number
of its process. Only of a process of this computer can it be asked whether it is there still.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from platform import node
from uuid import uuid4

_STALE = 24 * 3600.0


def own_name(prefix: str) -> str:
    """Return a name for a file or folder of this process that nobody else uses."""
    return f"{prefix}{_here()}-{os.getpid()}-{uuid4().hex[:8]}"


def sweep(folder: Path, prefix: str) -> None:
    """Remove what processes that are gone left behind: it holds families' papers."""
    for old in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if not is_left(old.name.removeprefix(prefix)) and time.time() - old.lstat().st_mtime <= _STALE:
                continue
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink()


def is_left(name: str) -> bool:
    """Tell whether the process that made something is known to be gone."""
    computer, _, rest = name.partition("-")
    return computer == _here() and is_gone(rest.partition("-")[0])


def is_gone(number: str) -> bool:
    """Tell whether a process of this computer is known to run no more, by its number."""
    # Windows has no way to ask after a process without touching it.
    if not number.isdigit() or sys.platform == "win32":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@cache
def _here() -> str:
    return re.sub(r"[^0-9A-Za-z]", "", node())[:20] or "here"
