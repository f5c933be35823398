"""A PDF from outside is read by a process of its own, which may crash, hang or burst in place of papka.

PDFium is C++: what it does with a file that was made to harm it, no handler of errors can catch. So it is
given such files in a process with bounds of time and memory. What comes back is plain: numbers, words, JPEG.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import IO, Any, Literal, NoReturn

from ..core.bounds import PATIENCE, SECONDS, Exceeded
from ..core.errors import PapkaError
from ..core.i18n import current_language, tr

MEMORY = 700 * 2**20
"""How much more memory than at its start the process may have, where the system can be told so."""

MOST_PAGES = 2_000
"""How many pages a PDF may have that is held against the journal."""

Work = Literal["text", "scan"]

_WORK_IS_COUNTED = hasattr(signal, "ITIMER_PROF")
"""Whether the system itself ends a process that has worked for so long, however long it was kept waiting."""


class Apart:
    """A PDF that lies open in a process of its own.

    Attributes:
        pages: How many pages it has.
    """

    def __init__(self, process: subprocess.Popen[bytes], raw: bytes) -> None:
        self._process = process
        assert process.stdin and process.stdout
        self._to: IO[bytes] = process.stdin
        self._from: IO[bytes] = process.stdout
        said, _ = self._answer(len(raw).to_bytes(8, "big") + raw)
        self.pages = int(said["pages"])

    def page(self, number: int) -> tuple[dict[str, Any], bytes]:
        """Return what there is of a page, from 1: plain data, and its picture."""
        return self._answer(number.to_bytes(8, "big"))

    def _answer(self, asked: bytes) -> tuple[dict[str, Any], bytes]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        watch = threading.Timer(SECONDS * PATIENCE if _WORK_IS_COUNTED else SECONDS, stop)
        watch.daemon = True
        watch.start()
        try:
            with suppress(BrokenPipeError):
                self._to.write(asked)
                self._to.flush()
            head = self._from.read(16)
            size, more = int.from_bytes(head[:8], "big"), int.from_bytes(head[8:], "big")
            said, body = self._from.read(size), self._from.read(more)
        finally:
            watch.cancel()
        short = len(head) < 16 or len(said) < size or len(body) < more
        if late.is_set() or (short and self._has_worked_too_long()):
            words = tr("The file is too much work: after {seconds} seconds papka gave it up.")
            raise Exceeded(words.format(seconds=round(SECONDS)))
        if short:
            raise PapkaError(tr("The PDF is damaged."))
        told = json.loads(said)
        if "error" in told:
            raise PapkaError(told["error"])
        return told, body

    def _has_worked_too_long(self) -> bool:
        with suppress(subprocess.TimeoutExpired):
            return _WORK_IS_COUNTED and self._process.wait(1) == -signal.SIGPROF
        return False


@contextmanager
def opened_apart(raw: bytes, work: Work) -> Iterator[Apart]:
    """Open a PDF in a process of its own, which ends with this.

    Raises:
        PapkaError: It cannot be opened: the text says why.
        Exceeded: It wants more time than a file may have.
    """
    command = [sys.executable, "-P", "-m", __name__, work]
    environ = {**os.environ, "PAPKA_LANG": current_language()}
    pipe, silent = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=silent, env=environ) as process:
        try:
            yield Apart(process, raw)
        finally:
            process.kill()
            # What it was still to be told is of no use any more.
            with suppress(OSError):
                process.communicate()


def refuse_harmful(raw: bytes) -> None:
    """Let a PDF from outside be read apart, to its last page: one that does no harm there does none here.

    Raises:
        PapkaError: It is damaged or does harm.
    """
    if raw.startswith(b"%PDF-"):
        with opened_apart(raw, "text"):
            pass


# --- in the process ----------------------------------------------------------------------------------------


def _main() -> NoReturn:
    answers, asked = os.fdopen(os.dup(1), "wb"), sys.stdin.buffer
    sys.stdout = sys.stderr
    _set_bounds()
    _begin_to_count()
    raw = asked.read(int.from_bytes(asked.read(8), "big"))
    try:
        if sys.argv[1] == "text":
            _say(answers, {"pages": _read_through(raw)})
        else:
            _show_pages(raw, asked, answers)
    except PapkaError as error:
        _say(answers, {"error": str(error)})
    except Exception:  # noqa: BLE001  what broken files raise has no common parent
        _say(answers, {"error": tr("The PDF is damaged.")})
    answers.flush()
    os._exit(0)


def _set_bounds() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123
            taken = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


def _begin_to_count() -> None:
    """Give the work that comes now its whole time."""
    if _WORK_IS_COUNTED:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def _say(answers: IO[bytes], told: dict[str, Any], body: bytes = b"") -> None:
    said = json.dumps(told).encode()
    answers.write(len(said).to_bytes(8, "big") + len(body).to_bytes(8, "big") + said + body)
    answers.flush()


def _read_through(raw: bytes) -> int:
    pypdfium2: Any = import_module("pypdfium2")  # it has no types
    try:
        with pypdfium2.PdfDocument(raw) as document:
            if len(document) > MOST_PAGES:
                raise PapkaError(
                    tr("The file has more than {count} pages. Divide it.").format(count=MOST_PAGES)
                )
            for page in document:
                page.get_textpage().get_text_range()
            return len(document)
    except pypdfium2.PdfiumError:
        # What PDFium cannot open does no harm; whoever asked says in his own words what is wrong.
        return 0


def _show_pages(raw: bytes, asked: IO[bytes], answers: IO[bytes]) -> None:
    from .scanning.sources import pdf_pages

    with pdf_pages(raw) as (count, fetch):
        _say(answers, {"pages": count})
        while number := asked.read(8):
            _begin_to_count()
            try:
                kept = fetch(int.from_bytes(number, "big"))
            except PapkaError as error:
                _say(answers, {"error": str(error)})
            else:
                _say(answers, {"colour": kept.colour}, kept.jpeg)


if __name__ == "__main__":
    _main()
