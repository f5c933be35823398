"""Where a person stands in a form, and what they have typed there without finishing it.

Answers are in the draft; half an answer is here, written at each letter. It goes with the draft. It also says
whose window the form is open in: two windows that keep one draft would lose each other's answers.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.outside import json_of
from ...core.paths import Loc
from ...core.saving import make_private

_QUIET = 600
"""Seconds without a letter after which a window on another computer counts as closed."""


@dataclass
class Bookmark:
    """The mark of one form of one case.

    Attributes:
        place: The question before the person; None: not begun, or at the end.
        text: What was typed there and not finished.
        by: Whose window it is: computer and process.
    """

    path: Path
    place: Loc | None = None
    text: str | None = None
    by: str | None = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")

    @classmethod
    def beside(cls, draft: Path) -> Bookmark:
        """Return the mark that belongs to a draft, as it was left."""
        mark = cls(draft.with_suffix(".place"))
        data = _read(mark.path)
        place, text = data.get("place"), data.get("text")
        if isinstance(place, list) and place and all(type(step) in (str, int) for step in place):
            mark.place, mark.text = tuple(place), text if isinstance(text, str) else None
        return mark

    def put(self, place: Loc, text: str | None = None) -> None:
        """Remember a place and what is typed there."""
        if (place, text) != (self.place, self.text) or not self.path.exists():
            self.place, self.text = place, text
            self._write()

    def take(self) -> None:
        """Say that the form is open in this window."""
        self._write()

    def release(self) -> None:
        """Say that the form is open nowhere."""
        if self.path.exists() and self.is_ours:
            self.by = None
            self._write()

    @property
    def is_ours(self) -> bool:
        """Whether no other window has taken the form since."""
        return _read(self.path).get("by") in (None, self.by)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the form is open in another window at this moment."""
        by = _read(self.path).get("by")
        if not isinstance(by, str) or by == self.by:
            return False
        host, _, pid = by.rpartition(":")
        if host == socket.gethostname() and pid.isdecimal():
            return _lives(int(pid))
        return time.time() - self.path.stat().st_mtime < _QUIET

    def refuse_elsewhere(self) -> None:
        """Stop where a person cannot be asked which window is to go on.

        Raises:
            PapkaError: The form is open in another window.
        """
        if self.is_elsewhere:
            words = tr("This form is open in another window, perhaps a colleague's.")
            raise PapkaError(f"{words} {tr('Finish there, or close it.')}")

    def drop(self) -> None:
        """Forget it: the form is done."""
        self.place = self.text = None
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        # It is not flushed to the disk: that would make typing slow, and a process that was killed loses
        # nothing by it.
        place = list(self.place) if self.place is not None else None
        data = json.dumps({"place": place, "text": self.text, "by": self.by})
        beside = self.path.with_suffix(f".place-{os.getpid()}")
        # Half a word is not worth a halt: where nothing can be written, the answer itself will say so.
        with contextlib.suppress(OSError):
            make_private(self.path.parent)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data.encode("ascii"))
            beside.replace(self.path)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json_of(path)
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _lives(pid: int) -> bool:
    """Tell whether a process of this computer still runs."""
    if sys.platform == "win32":
        import ctypes

        asking, running = 0x1000, 259
        handle = ctypes.windll.kernel32.OpenProcess(asking, False, pid)
        code = ctypes.c_ulong()
        known = handle and ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(known) and code.value == running
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
