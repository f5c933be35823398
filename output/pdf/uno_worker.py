"""Keeps one LibreOffice running and draws with it what it is told to; run apart by `warm.Warm`.

    python uno_worker.py PROGRAM PROFILE PIPE PARENT LEFT…

It is run by a Python that LibreOffice's own bridge can be imported in, seldom papka's; so it imports nothing
of papka. Each order is a line of JSON on standard input, {"id", "source", "target"} with addresses of files,
and so is each answer: {"id", "said"}, where "said" is "drawn" or what went wrong. The first answer says that
LibreOffice is there. Whatever ends, papka, LibreOffice or this, ends the others, and what is LEFT goes with
them: the private folders and the sockets.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

WORD = "MS Word 2007 XML"
PDF = "writer_pdf_Export"
NO_UNO, NO_OFFICE = 3, 4
_TICK = 0.5


def main(program: str, profile: str, pipe: str, parent: int, left: list[str]) -> int:
    """Start LibreOffice, and draw until standard input ends."""
    # The folder of this file is no place to import from.
    here = str(Path(__file__).parent)
    sys.path[:] = [place for place in sys.path if place != here]
    try:
        import uno  # type: ignore[import-not-found]
    except ImportError:
        return NO_UNO
    orders: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_read, args=(orders, left), daemon=True).start()
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
    silent = subprocess.DEVNULL
    office = subprocess.Popen(
        [program, f"-env:UserInstallation={profile}", *options, f"--accept=pipe,name={pipe};urp;"],
        stdin=silent,
        stdout=silent,
        stderr=silent,
    )
    threading.Thread(target=_watch, args=(office, parent, left), daemon=True).start()
    desktop = _desktop(uno, pipe)
    _answer({"said": "ready", "office": office.pid})
    while True:
        order = orders.get()
        said = _draw(uno, desktop, order["source"], order["target"])
        if said != "drawn":
            # Raises where there is no LibreOffice any more: then the paper is not to blame by itself.
            desktop.getCurrentFrame()
        _answer({"id": order["id"], "said": said})


def _read(orders: queue.Queue[Any], left: list[str]) -> None:
    for line in sys.stdin.buffer:
        orders.put(json.loads(line))
    _end(left)


def _watch(office: subprocess.Popen[bytes], parent: int, left: list[str]) -> None:
    """End when LibreOffice does, or papka: another child of papka may hold standard input open."""
    while office.poll() is None:
        if sys.platform != "win32" and os.getppid() != parent:
            _end(left)
        time.sleep(_TICK)
    os._exit(NO_OFFICE)


def _end(left: list[str]) -> None:
    """End LibreOffice with all its children and this, and remove the private folders."""
    if sys.platform == "win32":
        _remove(left)
        subprocess.call(["taskkill", "/PID", str(os.getpid()), "/T", "/F"])
        os._exit(0)
    group = os.getpgrp()
    if group == os.getpid() and os.fork() == 0:
        # Outside of the group, it outlives what it ends.
        os.setsid()
        os.killpg(group, signal.SIGKILL)
        for _ in range(20):
            if _remove(left):
                break
            time.sleep(0.1)
        os._exit(0)
    time.sleep(10)
    os._exit(0)


def _remove(left: list[str]) -> bool:
    for path in map(Path, left):
        shutil.rmtree(path, ignore_errors=True)
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return not any(map(os.path.lexists, left))


def _desktop(uno: Any, pipe: str) -> Any:
    """Wait until LibreOffice answers; how long that may take is for papka to say."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except Exception:  # noqa: BLE001  # what is not there yet is told in several ways
            time.sleep(0.02)


def _draw(uno: Any, desktop: Any, source: str, target: str) -> str:
    def named(**values: Any) -> tuple[Any, ...]:
        made = []
        for name, value in values.items():
            one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
            one.Name, one.Value = name, value
            made.append(one)
        return tuple(made)

    # No macro is ever run (0), no link brought up to date (0); the filter is named, so that a file which only
    # calls itself .docx is refused instead of guessed at.
    careful = named(Hidden=True, ReadOnly=True, MacroExecutionMode=0, UpdateDocMode=0, FilterName=WORD)
    try:
        paper = desktop.loadComponentFromURL(source, "_blank", 0, careful)
    except Exception:  # noqa: BLE001  # whatever the bridge raises: the paper is not drawn
        return "not_read"
    if paper is None:
        return "not_read"
    try:
        paper.storeToURL(target, named(FilterName=PDF))
    except Exception:  # noqa: BLE001
        return "not_written"
    finally:
        paper.close(True)
    return "drawn"


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]))
