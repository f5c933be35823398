"""Faults on demand: a command of papka is run again and again, and each time something happens at another moment.

The moments are those at which the process opens, makes, renames or deletes a file below a folder (Python's own
audit events), and each look at a database. A child is forked for each trial, so that what was imported stays.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Fault = Literal["none", "kill", "full", "gone"]
_WRITES = ("os.mkdir", "os.rename", "os.link", "shutil.copyfile")
_LOOKS = (
    *_WRITES,
    "os.remove",
    "os.rmdir",
    "os.listdir",
    "os.scandir",
    "sqlite3.connect",
    "os.chmod",
    "os.truncate",
)
_PASSING = (".papka-", ".issuing-", ".signing-", ".destroying-", ".restoring", ".upgrade")
FAULTS: tuple[Fault, ...] = ("kill", "full", "gone")
LONG = bool(os.environ.get("PAPKA_LONG"))


@dataclass(frozen=True)
class Trial:
    """What one run came to.

    Attributes:
        code: The exit code; negative: the signal that ended it.
        moments: How many moments there were until it ended.
    """

    code: int
    moments: int
    said: str


def _watch(below: str, at: int, fault: Fault, told: Path) -> None:
    """Let something happen at a moment; a disk that is gone or full stays so to the end of the process."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event != "open" and event not in _LOOKS:
            return
        path = arguments[0]
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str | os.PathLike) or not os.path.abspath(path).startswith(below):  # noqa: PTH100
            return
        writes = event in _WRITES or (event == "open" and _is_written(arguments))
        if fault == "full" and not writes:
            return
        seen += 1
        if fault == "none":
            os.truncate(told, seen)
        elif fault == "kill" and seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault != "kill" and seen >= at:
            number = errno.ENOSPC if fault == "full" else errno.EIO
            raise OSError(number, os.strerror(number))

    sys.addaudithook(hook)


def _is_written(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax+")
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def tried(act: Callable[[], None], below: Path, at: int = 0, fault: Fault = "none") -> Trial:
    """Run something in a child; at a moment of its own a fault comes."""
    said, moments = below.parent / "said.txt", below.parent / "moments.bin"
    moments.write_bytes(b"")
    child = os.fork()
    if not child:
        code = 9
        try:
            with said.open("w", encoding="utf-8") as out:
                _watch(str(below), at, fault, moments)
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                    code = _code_of(act)
                out.flush()
        finally:
            os._exit(code)
    state = os.waitpid(child, 0)[1]
    return Trial(os.waitstatus_to_exitcode(state), moments.stat().st_size, said.read_text("utf-8"))


def _code_of(act: Callable[[], None]) -> int:
    import traceback

    try:
        act()
    except SystemExit as stop:
        return int(stop.code or 0)
    except BaseException:  # noqa: BLE001 - it is told, and the trial fails by it
        traceback.print_exc()
        return 8
    return 0


def command(*words: object) -> Callable[[], None]:
    """Return the act of typing a command."""

    def act() -> None:
        from papka.core.cli import main

        sys.stdin = io.StringIO("")
        main([str(one) for one in words])

    return act


class Hand(io.TextIOBase):
    """The hand of a worker who reads what was asked last, and answers; it stands where the keyboard does."""

    def __init__(self, said: Path, answer: Callable[[str], str]) -> None:
        self._said, self._answer = said, answer

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        sys.stdout.flush()
        return f"{self._answer(self._said.read_text('utf-8'))}\n"


def trials_of(count: int, name: str) -> Sequence[tuple[Fault, int]]:
    """Return what is tried with a command of so many moments: two of them, or each in the long trial."""
    if LONG:
        return [(fault, at) for fault in FAULTS for at in range(1, count + 1)]
    chance = random.Random(name)
    other: Fault = chance.choice(("full", "gone"))
    return [("kill", chance.randint(1, count)), (other, chance.randint(1, max(1, count // 2)))]


def left_behind(folder: Path) -> list[str]:
    """Return what somebody was going to take away and did not."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name.startswith(_PASSING) or path.name.endswith(".papka-lock")
    ]


def renewed(office: Path, model: Path) -> None:
    """Put an office back as it was; whoever stands in its folder stays there."""
    office.mkdir(parents=True, exist_ok=True)
    for one in office.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    shutil.copytree(model, office, symlinks=True, dirs_exist_ok=True)
