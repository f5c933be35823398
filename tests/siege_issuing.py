"""One of many callers who issue papers at once, while disks fail: python siege_issuing.py OFFICE FIRST LAST [SEED].

It issues one paper of each case from FIRST up to LAST that has none yet. With a SEED the disk is now and then full
or gone for a moment; what could not be done is done at the next round.
"""

import errno
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def failing(below: str, chance: random.Random) -> Callable[[], None]:
    """Let file operations below a folder fail now and then; return what puts an end to it."""
    fault, left, busy = 0, 0, True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal fault, left
        if not busy or event not in (
            "open",
            "os.mkdir",
            "os.rename",
            "os.remove",
            "os.listdir",
            "os.scandir",
        ):
            return
        path = arguments[0]
        if not isinstance(path, str | os.PathLike) or not os.path.abspath(path).startswith(below):  # noqa: PTH100
            return
        if left == 0 and chance.random() < 0.004:
            fault, left = chance.choice((errno.ENOSPC, errno.EIO, errno.ESTALE)), chance.randint(1, 12)
        if left:
            left -= 1
            raise OSError(fault, os.strerror(fault))

    def end() -> None:
        nonlocal busy
        busy = False

    sys.addaudithook(hook)
    return end


def main() -> None:
    """Issue until all are issued."""
    from papka.core.errors import PapkaError
    from papka.output.api import IssueOrder, issue

    office, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.chdir(office)
    wanted = [f"c{n:04}" for n in range(first, last)]
    waiting = [name for name in wanted if not list((office / "cases" / name / "issued").glob("*.docx"))]
    if len(sys.argv) > 4:
        failing(str(office), random.Random(f"{sys.argv[4]} {os.getpid()}"))
    stopped = 0
    while waiting:
        again = []
        for name in waiting:
            try:
                done = issue(IssueOrder(f"cases/{name}/case.yaml", ("krg_request_card",), pdf=False))
                if [one.result for one in done] not in (["issued"], ["already"]):
                    stopped += 1
                    again.append(name)
            except (PapkaError, OSError):
                stopped += 1
                again.append(name)
            print("tried", flush=True)
        waiting = again
    print(f"done {stopped}")


if __name__ == "__main__":
    main()
