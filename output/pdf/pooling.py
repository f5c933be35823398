"""A pool of engines: LibreOffice kept running, several side by side, and what stands in when one fails.

A paper is copied into a private folder, drawn, held against its Word file, and only then put in its place.
What an engine does not draw is given to another LibreOffice, and then, where no engine was named, to the next
engine.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Self

from .convert import MANY, Finish, PdfResult, Press, Refusal, better, may_be_drawn_by_another
from .engines import engine_chain, keeps_running
from .libreoffice import LibreOffice
from .model import Converted, EngineFailure, PdfEngine, PdfError
from .running import failure, failure_of, private_room, result_names
from .warm import NoStart, Warm

MOST = 4
EACH = 300
"""After how many papers a LibreOffice is started anew: it is known to grow."""
TRIES = 2
_BARREN = 3
_REST = 20.0

Outcome = Path | EngineFailure


def pool(
    workers: int | None = None,
    engine: str | None = None,
    *,
    archive: bool | None = None,
    near: Path | None = None,
) -> Pool:
    """Return a pool of engines, to be used as a context manager.

    Args:
        workers: How many LibreOffice run side by side; by default one for each core, and no more than four.
        engine: The name of an engine; by default the best that can work here, and the next where it fails.
        archive: Whether to draw PDF/A-2b; by default as the office says.
        near: A folder of the office; by default the current folder.

    Raises:
        PdfError: The engine is not known, or cannot work here.
    """
    return Pool(engine_chain(engine, near=near, archive=archive), workers)


class Pool:
    """Engines at work, for any number of threads; `pool` makes one.

    Nothing is started before the first paper. A forked process that has inherited a pool gets engines of its
    own with its first paper; a pool cannot be sent to another process.
    """

    def __init__(self, engines: Sequence[PdfEngine], workers: int | None = None) -> None:
        self.engines = tuple(engines)
        self.workers = max(1, workers) if workers else most_workers()
        self._lock = threading.Lock()
        self._floor: _Floor | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> str:
        raise TypeError("a pool of PDF engines cannot be sent to another process; make one there")

    def convert(self, docx: Path, pdf: Path, finish: Finish | None = None) -> PdfResult:
        """Draw one paper: a PDF that passed the gate lies in its place whole, or the result says why not.

        No paper raises; what ``finish`` raises is raised.

        Raises:
            PdfError: Nothing can be written to temporary files.
            RuntimeError: The pool is closed.
        """
        floor = self._here()
        result: PdfResult | None = None
        for one in self.engines:
            made = floor.made(one, docx, pdf, finish)
            if made.refusal is not None and made.refusal.code == "incomplete" and one.draws_all:
                # It draws whatever there is: words were lost to something else, such as a disk that was full.
                made = floor.made(one, docx, pdf, finish)
            result = better(result, made)
            if not may_be_drawn_by_another(result):
                break
        assert result is not None
        return result

    def to_pdf(self, documents: Sequence[Path], into: Path, finish: Finish | None = None) -> list[PdfResult]:
        """Draw papers into a folder, as `papka.output.pdf.to_pdf` does: one result for each, in order."""
        targets = [into / name for name in result_names(documents)]
        worth = 1 + len(documents) // MANY
        # One more than draws: while a thread checks, another has its paper drawn.
        count = worth if worth < self.workers else self.workers + 1
        with ThreadPoolExecutor(count, "papka-pdf") as threads:
            return list(threads.map(lambda docx, pdf: self.convert(docx, pdf, finish), documents, targets))

    def close(self) -> None:
        """End all that the pool has started; whoever still waits for a paper is told that it crashed."""
        with self._lock:
            self._closed = True
            floor, self._floor = self._floor, None
        if floor is not None and floor.process == os.getpid():
            floor.close()

    def _here(self) -> _Floor:
        """Return the engines of this process."""
        floor = self._floor
        if floor is not None and floor.process != os.getpid():
            # Forked: what was inherited is the parent's, its locks too.
            self._lock, self._floor = threading.Lock(), None
        with self._lock:
            if self._closed:
                raise RuntimeError("this pool of PDF engines is closed")
            if self._floor is None:
                self._floor = _Floor(self.engines, self.workers)
                _close_at_end(self)
            return self._floor


def most_workers() -> int:
    """Return how many LibreOffice may run side by side on this computer."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, MOST)


def _close_at_end(opened: Pool) -> None:
    """Close a pool that nobody has closed, when its process ends."""
    import atexit
    import weakref

    known = weakref.ref(opened)

    def close() -> None:
        if (left := known()) is not None:
            left.close()

    atexit.register(close)
    if "multiprocessing.util" in sys.modules:
        # A process of `multiprocessing` ends without what was registered above.
        sys.modules["multiprocessing.util"].Finalize(None, close, exitpriority=10)


class _Floor:
    """The engines of one process, and the private folder that papers pass through."""

    def __init__(self, engines: Sequence[PdfEngine], workers: int) -> None:
        self.process = os.getpid()
        self._stack = ExitStack()
        self._room = self._stack.enter_context(private_room())
        self._count = 0
        self._lock = threading.Lock()
        self._draw: dict[str, Callable[[Path, Path], Outcome]] = {}
        for one in engines:
            together = _Together(one)
            self._draw[one.name] = together.draw
            if isinstance(one, LibreOffice) and keeps_running(one):
                running = _Running(one, workers, self._room, together)
                self._stack.callback(running.close)
                self._draw[one.name] = running.draw

    def made(self, engine: PdfEngine, docx: Path, pdf: Path, finish: Finish | None) -> PdfResult:
        """Draw a paper with one engine, and keep it if it passes."""
        press = Press(engine, finish, one=True)
        try:
            with self._job() as room:
                copy = room / "paper.docx"
                if (refusal := press.taken(docx, copy)) is not None:
                    return press.refused(docx, pdf, refusal)
                outcome = self._draw[engine.name](copy, room)
                if isinstance(outcome, EngineFailure):
                    return press.checked(Converted(copy, None, outcome), docx, pdf)
                return press.checked(Converted(copy, outcome), docx, pdf)
        except OSError as error:
            failed = failure_of(error)
            return press.refused(docx, pdf, Refusal(failed.code, failed.text))

    @contextmanager
    def _job(self) -> Iterator[Path]:
        with self._lock:
            self._count += 1
            room = self._room / "in" / f"{self._count:07}"
        room.mkdir(mode=0o700)
        try:
            yield room
        finally:
            rmtree(room, ignore_errors=True)

    def close(self) -> None:
        self._stack.close()


class _Running:
    """LibreOffice kept running, several of them; each draws one paper at a time."""

    def __init__(self, engine: LibreOffice, count: int, room: Path, instead: _Together) -> None:
        self._engine = engine
        self._room = room
        self._instead = instead
        self._places = threading.Semaphore(count)
        self._lock = threading.Lock()
        self._idle: list[Warm] = []
        self._all: set[Warm] = set()
        self._closed = False
        self._barren = 0
        self._rests_until = 0.0
        self._why = failure("crashed")

    def draw(self, paper: Path, room: Path) -> Outcome:
        """Draw a paper; what one LibreOffice does not draw, another one, or a fresh one, tries."""
        failed = None
        for number in range(TRIES):
            target = room / f"{number}.pdf"
            try:
                failed = self._drawn(paper, target)
            except NoStart as error:
                failed = error.failed
                return self._instead.draw(paper, room) if failed.code == "no_start" else failed
            if failed is None:
                return target
        assert failed is not None
        return failed

    def _drawn(self, paper: Path, target: Path) -> EngineFailure | None:
        with self._places:
            warm = None
            try:
                warm = self._ready()
                return warm.draw(paper, target)
            finally:
                self._back(warm)

    def _ready(self) -> Warm:
        """Return one that runs, of those that have waited longest; start one if none does."""
        while (waiting := self._waiting()) is not None:
            if waiting.alive and waiting.drawn < EACH:
                return waiting
            self._ended(waiting)
        with self._lock:
            if self._closed or time.monotonic() < self._rests_until:
                raise NoStart(self._why)
        assert self._engine.program is not None
        try:
            made = Warm(
                self._engine.program,
                archive=self._engine.archive,
                seconds=self._engine.stall,
                beside=self._room,
            )
        except NoStart as error:
            with self._lock:
                self._why = error.failed
                self._barren += 1
                if self._barren >= _BARREN:
                    self._rests_until = time.monotonic() + _REST
            raise
        with self._lock:
            self._barren = 0
            if not self._closed:
                self._all.add(made)
                return made
        made.stop()
        raise NoStart(self._why)

    def _waiting(self) -> Warm | None:
        with self._lock:
            return self._idle.pop(0) if self._idle else None

    def _back(self, warm: Warm | None) -> None:
        if warm is None:
            return
        if warm.alive:
            with self._lock:
                if not self._closed:
                    self._idle.append(warm)
                    return
        self._ended(warm)

    def _ended(self, warm: Warm) -> None:
        with self._lock:
            self._all.discard(warm)
        warm.stop()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            running, self._idle = list(self._all), []
        for one in running:
            one.stop()


@dataclass(eq=False)
class _Job:
    """A paper that waits to be drawn."""

    paper: Path
    room: Path
    outcome: Outcome | None = None


@dataclass
class _Together:
    """An engine that is started for each drawing: it draws all papers that wait, with one start."""

    engine: PdfEngine
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: list[_Job] = field(default_factory=list)

    def draw(self, paper: Path, room: Path) -> Outcome:
        """Draw a paper, and with it what others wait for; or let another who draws take it along."""
        if self.engine.takes_one:
            return _outcome(self.engine.convert([paper], room / self.engine.name)[0])
        mine = _Job(paper, room)
        with self._lock:
            self._waiting.append(mine)
        with self._turn:
            if mine.outcome is None:
                self._draw_waiting()
        assert mine.outcome is not None
        return mine.outcome

    def _draw_waiting(self) -> None:
        with self._lock:
            jobs, self._waiting = self._waiting, []
        try:
            made = self.engine.convert([job.paper for job in jobs], jobs[0].room / self.engine.name)
            for job, one in zip(jobs, made, strict=True):
                outcome = _outcome(one)
                if isinstance(outcome, Path):
                    target = job.room / f"{self.engine.name}.pdf"
                    outcome = outcome.rename(target)
                job.outcome = outcome
        except PdfError as error:
            for job in jobs:
                job.outcome = job.outcome or EngineFailure(error.code, str(error))
        finally:
            for job in jobs:
                if job.outcome is None:
                    job.outcome = failure("crashed")


def _outcome(made: Converted) -> Outcome:
    return made.pdf if made.pdf is not None else made.failure or failure("no_pdf")
