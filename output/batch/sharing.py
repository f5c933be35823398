"""The cases of a batch shared among workers: here, in processes, on any executor; a lost one loses nothing.

Few tasks are under way at once, each a handful of cases: so memory stays as it is, however many there are. A
task that was lost with its worker is done again case by case, so that a case that kills its worker is found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from typing import NamedTuple

from ...core.errors import PapkaError
from ...core.i18n import tr
from ..processes import workers
from .order import Job, Task
from .working import Told, clear_desks, work

AT_ONCE = 25
"""So many papers are worth a task: fewer, and the way to the worker counts; more, and progress stutters."""
MOST_CASES = 50
AHEAD = 3
"""So many tasks wait for each worker, so that none is idle."""

Made = Generator[list[Told], None, list[Task]]


@dataclass
class Pace:
    """How many cases make a task, as far as the papers of a case are known by now."""

    cases: int = 0
    papers: int = 0

    def saw(self, told: Told) -> None:
        """Take notice of what a case gave."""
        self.cases += 1
        self.papers += told.new + told.same

    @property
    def size(self) -> int:
        """The number of cases of the next task."""
        if self.cases < AT_ONCE // 5:
            return 2
        return max(1, min(MOST_CASES, round(AT_ONCE * self.cases / max(self.papers, 1))))


class Crew(NamedTuple):
    """Who works on a batch.

    Attributes:
        executor: Somebody else's; None: processes of this computer.
        hands: How many workers it has.
    """

    executor: Executor | None = None
    hands: int = 1


def tasks(job: Job, cases: Iterable[tuple[str, str]], pace: Pace) -> Iterator[Task]:
    """Gather cases into tasks."""
    gathered: list[tuple[str, str]] = []
    for one in cases:
        gathered.append(one)
        if len(gathered) >= pace.size:
            yield Task(job, tuple(gathered))
            gathered = []
    if gathered:
        yield Task(job, tuple(gathered))


def shared(given: Iterator[Task], crew: Crew) -> Generator[list[Told], None, None]:
    """Have tasks done, and yield what became of their cases as it comes.

    Raises:
        PapkaError: The workers are gone, or cannot do this batch at all.
    """
    if crew.executor is not None:
        yield from _by(crew.executor, given, crew.hands)
    elif crew.hands > 1:
        yield from _in_processes(given, crew.hands)
    else:
        try:
            for task in given:
                yield work(task)
        finally:
            clear_desks()


def _by(executor: Executor, given: Iterator[Task], count: int) -> Iterator[list[Told]]:
    """Have tasks done by somebody else's executor."""
    lost = yield from _driven(executor, given, count * AHEAD)
    alone = deque(_singly(lost))
    while alone:
        task = alone.popleft()
        again = yield from _driven(executor, iter([task]), 1)
        if again:
            yield [_killer(task)]


def _in_processes(given: Iterator[Task], count: int) -> Iterator[list[Told]]:
    """Have tasks done by processes of this computer; where one dies, others are begun in their place."""
    alone: deque[Task] = deque()
    while True:
        with workers(count) as pool:
            if alone:
                # One at a time: if the workers die again, it is known of which case.
                task = alone.popleft()
                if (yield from _driven(pool, iter([task]), 1)):
                    yield [_killer(task)]
                elif alone:
                    yield from _rest(pool, alone)
                if alone:
                    continue
            lost = yield from _driven(pool, given, count * AHEAD)
        if not lost:
            return
        alone.extend(_singly(lost))


def _rest(pool: Executor, alone: deque[Task]) -> Iterator[list[Told]]:
    """Go on with single cases as long as the workers live."""
    while alone:
        task = alone.popleft()
        if (yield from _driven(pool, iter([task]), 1)):
            yield [_killer(task)]
            return


def _driven(executor: Executor, given: Iterator[Task], window: int) -> Made:
    """Have tasks done, only a few under way at once; return those whose worker was lost."""
    under_way: dict[Future[list[Told]], Task] = {}
    lost: list[Task] = []
    more = True
    try:
        while more or under_way:
            while more and len(under_way) < window and not lost:
                task = next(given, None)
                if task is None:
                    more = False
                else:
                    _submit(executor, task, under_way, lost)
            if lost and not under_way:
                break
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield from _taken(future, under_way.pop(future), lost)
    finally:
        for future in under_way:
            future.cancel()
    return lost


def _submit(
    executor: Executor, task: Task, under_way: dict[Future[list[Told]], Task], lost: list[Task]
) -> None:
    try:
        under_way[executor.submit(work, task)] = task
    except BrokenExecutor:
        lost.append(task)
    except RuntimeError as error:
        # It was shut down.
        raise _gone() from error


def _taken(future: Future[list[Told]], task: Task, lost: list[Task]) -> Iterator[list[Told]]:
    try:
        yield future.result()
    except PapkaError:
        raise
    except CancelledError as error:
        raise _gone() from error
    except Exception:  # noqa: BLE001  whatever the executor tells when a worker is lost
        lost.append(task)


def _singly(lost: Iterable[Task]) -> Iterator[Task]:
    for task in lost:
        yield from (Task(task.job, (case,)) for case in task.cases)


def _killer(task: Task) -> Told:
    """Say of a case that whoever draws it dies."""
    file, name = task.cases[0]
    told = Told(name, file)
    words = tr(
        "The program that draws it up stopped at once: killed by the system, out of memory perhaps. "
        "Try this case by itself: papka render {file}"
    )
    told.refuse(words.format(file=file))
    return told


def _gone() -> PapkaError:
    return PapkaError(tr("The workers of the batch are gone."))
