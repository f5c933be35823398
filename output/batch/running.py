"""`batch`: from an order to the papers of many cases, and to a report of what became of them."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from ...core import i18n
from ...core.aside import own_name
from ...core.errors import AskedWrongly, PapkaError, Refused
from ...core.i18n import tr
from ...core.outside import bytes_of
from ...core.plugging.plugins import Plugins
from ...core.typecheck import nearest
from ..processes import how_many
from ..rendering import Press
from .order import BatchOrder, Job, Plan, case_key, key_of, plan, told_again
from .record import FOLDER, Record, Refusals
from .sharing import Crew, Pace, shared, tasks
from .working import Told, documents_of, query_faults

MOST = 64
MANY = 6
"""From so many cases on, several processes are worth their start."""


@dataclass
class Progress:
    """How far a batch has come.

    Attributes:
        cases: How many cases it has.
        done: How many of them are done, with those of earlier runs.
        lacking: Cases whose programme has none of the documents asked for.
        earlier: Cases and papers that an earlier run did.
        left: Seconds that the rest will take, if it goes on as it went; None: not known yet.
    """

    cases: int
    done: int = 0
    new: int = 0
    same: int = 0
    kept: int = 0
    refused: int = 0
    earlier: int = 0
    earlier_papers: int = 0
    unasked: int = 0
    lacking: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.begun

    @property
    def rate(self) -> float:
        """Papers a second."""
        return (self.new + self.same) / max(self.seconds, 0.001)

    @property
    def left(self) -> float | None:
        """Seconds that are left, if it goes on as it went."""
        here = self.done - self.earlier
        return self.seconds / here * (self.cases - self.done) if here else None


@dataclass(frozen=True)
class BatchReport:
    """What became of a batch.

    Attributes:
        again: The words of the command that goes on with it.
        stopped: Whether somebody stopped it; what is done stays done.
        strange: Programmes whose cases the query does not fit, and why.
    """

    order: BatchOrder
    folder: Path
    progress: Progress
    refusals: Refusals
    again: tuple[str, ...]
    stopped: bool = False
    strange: dict[str, str] = field(default_factory=dict)

    def refused(self) -> Iterator[dict[str, Any]]:
        """Go through what was refused: case, file, document, message, findings."""
        return iter(self.refusals)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        now = self.progress
        return {
            "folder": str(self.folder),
            "day": self.order.day.isoformat(),
            "issue": self.order.issue,
            "stopped": self.stopped,
            "cases": {
                "all": now.cases,
                "done": now.done,
                "earlier": now.earlier,
                "not_asked_for": now.unasked,
                "without_such_documents": now.lacking,
            },
            "papers": {
                "new": now.new,
                "unchanged": now.same,
                "earlier": now.earlier_papers,
                "kept_changed": now.kept,
                "refused": now.refused,
            },
            "waiting": dict(sorted(now.waiting.items())),
            "not_for_the_query": self.strange,
            "seconds": round(now.seconds, 1),
            "refused": list(self.refused()),
        }


Watch = Callable[[Progress], None]


def batch(
    order: BatchOrder,
    *,
    start: Path | None = None,
    executor: Executor | None = None,
    processes: int | None = None,
    watch: Watch | None = None,
) -> BatchReport:
    """Draw up, or issue, papers of many cases; what is wrong with one case stops no other.

    What was done before by the same order stays done: a batch that was stopped, killed even, goes on where it
    was, and a case that has changed since is done anew.

    Args:
        start: The folder worked in; without it the current one.
        executor: Whoever is to do the work: any executor whose workers see the same folders, such as that
            of a Dask cluster. Without it, processes of this computer.
        processes: How many workers there are; 1 and no executor: all is done in this process.
        watch: Is told again and again how far it has come; by ``KeyboardInterrupt`` it stops the batch.

    Raises:
        AskedWrongly: The order contradicts itself, or names what is not there.
        PapkaError: The folder cannot be written to, or the workers are gone.
    """
    start = (start or Path.cwd()).absolute()
    planned = plan(order, start)
    plugins = Plugins(start=start)
    strange = _sound(planned.order, plugins)
    language = i18n.current_language()
    record = Record(planned.folder)
    record.begin()
    job = Job(
        planned.order,
        key_of(planned.order, planned.office, plugins, language),
        str(planned.folder),
        str(start),
        language,
        str(planned.folder / FOLDER / own_name("stop-")),
    )
    if processes is not None and not 1 <= processes <= MOST:
        raise AskedWrongly(tr("Between 1 and {most} processes can work at once.").format(most=MOST))
    count = processes or (how_many() if executor or len(planned.files) >= MANY else 1)
    with record.alone():
        return _Run(planned, job, record, Crew(executor, count), watch, strange).go()


@dataclass
class _Run:
    planned: Plan
    job: Job
    record: Record
    crew: Crew
    watch: Watch | None
    strange: dict[str, str]
    refusals: Refusals = field(default_factory=Refusals)
    known: int = 0

    def go(self) -> BatchReport:
        now = Progress(len(self.planned.files) + len(self.planned.unknown))
        self._tell_unknown(now)
        stop, pace = Path(self.job.stop), Pace()
        going = shared(tasks(self.job, self._left(now), pace), self.crew)
        stopped = False
        try:
            with _telling_all(stop):
                self._watched(now)
                for some in going:
                    for told in some:
                        self._take(now, told)
                        pace.saw(told)
                    self._watched(now)
        except KeyboardInterrupt:
            stopped = True
            stop.touch()
            going.close()
            self._count_again(now)
        except PapkaError as error:
            words = tr("What is done stays done: the same command goes on from there.")
            raise PapkaError(f"{error} {words}") from error
        finally:
            stop.unlink(missing_ok=True)
        again = tuple(told_again(self.planned.order))
        return BatchReport(
            self.planned.order, self.planned.folder, now, self.refusals, again, stopped, self.strange
        )

    def _left(self, now: Progress) -> Iterator[tuple[str, str]]:
        """Go through the cases that are still to be done."""
        done = self.record.done()
        self.known = len(done)
        for file, name in self.planned.named():
            papers = self._papers_of(done, file, name) if done else None
            if papers is None:
                yield str(self.planned.start / file), name
            else:
                now.done += 1
                now.earlier += 1
                now.earlier_papers += papers

    def _count_again(self, now: Progress) -> None:
        """Count the cases that the record knows: some were done while everybody was told to stop."""
        now.done = max(now.done, now.earlier + len(self.record.done()) - self.known)

    def _papers_of(self, done: dict[bytes, int], file: str, name: str) -> int | None:
        try:
            content = bytes_of(self.planned.start / file)
        except OSError:
            return None
        return done.get(bytes.fromhex(case_key(self.job.key, name, content)))

    def _take(self, now: Progress, told: Told) -> None:
        if not told.begun:
            return
        now.done += 1
        now.new += told.new
        now.same += told.same
        now.kept += told.kept
        now.unasked += not told.fits
        now.lacking += told.lacking
        now.waiting.update(told.waiting)
        for one in told.refused:
            now.refused += 1
            for finding in one["findings"]:
                if finding["place"].get("file") == told.file:
                    finding["place"]["file"] = self._near(told.file)
            self.refusals.add({"case": told.case, "file": self._near(told.file), **one})

    def _near(self, file: str) -> str:
        path = Path(file)
        start = self.planned.start
        return str(path.relative_to(start) if path.is_relative_to(start) else path)

    def _tell_unknown(self, now: Progress) -> None:
        """Tell of the lines of the list that name no case."""
        listed = self.planned.order.listed
        for one in self.planned.unknown:
            now.done += 1
            now.refused += 1
            message = tr("There is no case {asked} in the office.").format(asked=one.text)
            told = {"case": one.text, "file": f"{listed}:{one.line}", "document": None}
            self.refusals.add({**told, "message": message, "findings": []})

    def _watched(self, now: Progress) -> None:
        if self.watch is not None:
            self.watch(now)


@contextmanager
def _telling_all(stop: Path) -> Iterator[None]:
    """Let Ctrl-C reach all workers: each ends the case it is at, and begins no other."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def told(number: int, frame: FrameType | None) -> None:
        stop.touch()
        signal.signal(signal.SIGINT, before)
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _sound(order: BatchOrder, plugins: Plugins) -> dict[str, str]:
    """Hold the query and the names of documents against the programmes before any case is opened.

    Returns:
        The programmes that the query does not fit, and why.

    Raises:
        AskedWrongly: No programme has such a document.
        Refused: The query fits no programme.
    """
    methods = {name: plugins.method(name) for name in plugins.programmes()}
    for one in order.documents:
        presses = (Press(method, plugins.language_for(method)) for method in methods.values())
        if not any(documents_of(BatchOrder(documents=(one,)), press) for press in presses):
            _no_document(one, sorted({code for method in methods.values() for code in method.papers}))
    if order.where is None:
        return {}
    faults = {name: query_faults(order.where, method, plugins) for name, method in methods.items()}
    if methods and all(faults.values()):
        fewest = min(faults.values(), key=len)
        raise Refused(tr("The query cannot be used."), fewest)
    return {name: found[0].message for name, found in faults.items() if found}


def _no_document(asked: str, known: list[str]) -> None:
    words = tr("No programme has a document {name}.").format(name=asked)
    near = nearest(asked, known)
    if near:
        words += " " + tr("Did you mean {name}?").format(name=near)
    raise AskedWrongly(words + " " + tr("See: papka template list."))
