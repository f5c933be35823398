"""A process that has papka loaded and gives each shot a process of its own, so that start-up is paid once.

It reads requests as lines of JSON and answers each with a line: how the shot ended, how long it took, how
much memory it had, and which processes it left behind.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
WARM = (
    "papka.core.commands", "papka.core.editing", "papka.output.commands", "papka.output.bench.commands",
    "papka.output.issued.issue_commands", "papka.output.issued.status_commands",
    "papka.output.packets.packet_commands", "papka.output.scanning.commands", "papka.output.signing.commands",
    "papka.output.registers.commands", "papka.output.keeping.commands", "papka.output.explaining.why_commands",
    "papka.forms.form_commands", "papka.forms.word.commands", "papka.forms.tables.commands",
    "papka.kit.commands", "papka.output.scanning.reading", "papka.output.pdf.gate", "pypdf", "pypdfium2",
)  # fmt: skip


def main() -> None:
    """Answer requests until there are no more."""
    from importlib import import_module

    for name in WARM:
        import_module(name)
    warm_up()
    # What a shot leaves behind becomes a child of this process, and so is seen.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    answers = os.fdopen(os.dup(1), "w")
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            answers.close()
            fire(request)
        print(json.dumps(watched(child, request["seconds"])), file=answers, flush=True)


def warm_up() -> None:
    """Run harmless commands, so that plugins, programmes and words are loaded before the first shot."""
    from papka.core.cli import main as papka

    root = Path(__file__).parents[2]
    template, case = (
        root / "forms/templates/com_refusal.docx",
        root / "plugins/kurgan_ipss/examples/bezotchestva.yaml",
    )
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        for words in (["template", "check", template, "--programme", "kurgan_ipss"], ["check", case]):
            with suppress(SystemExit):
                papka([str(word) for word in words])


def fire(request: dict[str, Any]) -> None:
    """Be the command: its folder, its environment, its limits, its arguments. Never returns."""
    os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environ"])
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, request["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    closed = oddly(os.environ.pop("SIEGE", ""))
    for one, name in enumerate(("stdin", "stdout", "stderr")):
        there = one not in closed
        stream = os.fdopen(one, "w" if one else "r", encoding="utf-8", closefd=False) if there else None
        setattr(sys, name, stream)
    # Plugins of the shot: an interpreter of its own would have read this at its start.
    sys.path[:0] = [str(Path(one).resolve()) for one in os.environ.get("PYTHONPATH", "").split(":") if one]
    import tempfile

    tempfile.tempdir = None
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
    from papka.core.cli import main as papka

    sys.argv = ["papka", *request["arguments"]]
    code = 1
    try:
        papka(request["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  as the interpreter would tell it
        traceback.print_exc()
    # What is to be done at the end is done; only the taking down of a whole interpreter is left out.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def oddly(how: str) -> set[int]:
    """Take away what a command may take for granted: its folder, its streams; return those that are closed."""
    what, *streams = how.split() or [""]
    closed = {int(one) for one in streams}
    for one in closed:
        os.close(one)
    if what == "gone":
        shutil.rmtree(os.getcwd())  # noqa: PTH109
    elif what == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    elif what == "broken":
        reading, writing = os.pipe()
        os.close(reading)
        os.dup2(writing, 1)
    return closed


def watched(child: int, seconds: float) -> dict[str, Any]:
    """Wait for a shot, end it if it is late, and count what it left behind."""
    began = time.monotonic()
    late = False
    while True:
        pid, status, used = os.wait4(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - began > seconds:
            late = True
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.002)
    taken = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    return {
        "code": code, "late": late, "seconds": taken, "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024, "left": left_behind(),
    }  # fmt: skip


def left_behind() -> list[str]:
    """Name and end the processes that outlived a shot."""
    found = []
    for _ in range(20):  # one that was told to end may need a moment
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        alive = []
        for pid in map(int, listed):
            try:
                if not os.waitpid(pid, os.WNOHANG)[0]:
                    alive.append(pid)
            except ChildProcessError:
                continue
        if not alive:
            return []
        time.sleep(0.05)
        found = alive
    names = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in found]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return names


if __name__ == "__main__":
    main()
