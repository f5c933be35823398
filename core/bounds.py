"""What comes from outside has so much time, memory and depth, and no more.

A template, a form, a scan can be made so that a program that reads it never ends or takes all memory. Such a
file is refused where its shape gives it away; what gets past that is stopped here: by the system's alarm in
the main thread, for that is heard even in the middle of a search for a pattern, and by a thread that watches
memory, and time where there is no alarm.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType, TracebackType

from .errors import PapkaError
from .i18n import tr

SECONDS = 20.0
"""How long one file may be worked at; the slowest of our own takes a hundredth of it. It is processor time: a
computer that is busy elsewhere refuses no paper."""

PATIENCE = 10
"""So many times as long the work may take by the clock on the wall."""

MEMORY = 700 * 2**20
"""How much memory may be taken meanwhile."""

_STEP = 0.1


class Exceeded(PapkaError):
    """A file wants more time, memory or depth than it may have."""


class _TimeIsOver(BaseException):
    """Stops the work; no handler of ordinary errors on the way takes it."""


class _MemoryIsOver(BaseException):
    """Stops the work, as above."""


class bounded:
    """Do something with a file from outside within bounds; may be nested, and the outer bounds hold too.

    What runs inside a single call of a library that is not Python is stopped after that call.

    Raises:
        Exceeded: The work was stopped; nothing of it is left.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self.begun = self.worked = 0.0
        self.most = 0
        self.stop: type[BaseException] | None = None
        self.thread = 0
        self._clock: Callable[[], float] = time.process_time

    def __enter__(self) -> bounded:
        """Begin."""
        self.thread = threading.get_ident()
        self._clock = _clock_of(self.thread)
        self.begun, self.worked = time.monotonic(), self._clock()
        self.most = 0
        self.stop = None
        _watch.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and say in one way what was exceeded."""
        _watch.remove(self)
        if self.stop and not isinstance(error, _TimeIsOver | _MemoryIsOver):
            # It was done at the last moment: what is on its way must not arrive elsewhere.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), None)
        self.stop = None
        if isinstance(error, _TimeIsOver):
            words = tr("The file is too much work: after {seconds} seconds papka gave it up.")
            raise Exceeded(words.format(seconds=round(self.seconds))) from None
        if isinstance(error, _MemoryIsOver | MemoryError):
            raise Exceeded(tr("The file takes more memory than a file may have.")) from None
        if isinstance(error, RecursionError):
            raise Exceeded(tr("The file is nested too deep.")) from None

    def left(self) -> float:
        """Return how many seconds are left at the most; below 0 the time is over."""
        work = self.seconds - (self._clock() - self.worked)
        return min(work, self.seconds * PATIENCE - (time.monotonic() - self.begun))


def _clock_of(thread: int) -> Callable[[], float]:
    """Return what tells the processor time of a thread; of the whole process where nothing else does."""
    if hasattr(time, "pthread_getcpuclockid"):
        return partial(time.clock_gettime, time.pthread_getcpuclockid(thread))
    return time.process_time


class _Watch:
    """Watches all that is under way."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: a process that was forked has no other thread."""
        self.lock = threading.Lock()
        self.work: list[bounded] = []
        self.awake = threading.Event()
        self.thread: threading.Thread | None = None
        self.hears = False

    def add(self, one: bounded) -> None:
        """Begin to watch."""
        self.work.append(one)
        if self.thread is None:
            self._begin()
        if not self.awake.is_set():
            self.awake.set()
        self._set_alarm(one.thread)

    def remove(self, one: bounded) -> None:
        """End to watch."""
        with self.lock, suppress(ValueError):
            self.work.remove(one)
        self._set_alarm(one.thread)

    def _begin(self) -> None:
        with self.lock:
            if self.thread is None:
                self.hears = _listen()
                self.thread = threading.Thread(target=self._run, name="papka-bounds", daemon=True)
                self.thread.start()

    def _set_alarm(self, thread: int) -> None:
        if self.hears and thread == threading.main_thread().ident:
            left = [one.left() for one in self.work if one.thread == thread and one.stop is None]
            signal.setitimer(signal.ITIMER_REAL, max(min(left), 0.01) if left else 0)

    def overdue(self, thread: int) -> type[BaseException] | None:
        """Return what stops a thread whose alarm rings; if it was kept waiting, the alarm is set anew."""
        for one in self.work:
            if one.thread == thread and one.stop is None and one.left() <= 0:
                one.stop = _TimeIsOver
                return one.stop
        self._set_alarm(thread)
        return None

    def _run(self) -> None:
        while True:
            if not self.work:
                self.awake.clear()
                if not self.work:
                    self.awake.wait()
            time.sleep(_STEP)
            taken = _taken()
            with self.lock:
                for one in list(self.work):
                    self._look(one, taken)

    def _look(self, one: bounded, taken: int) -> None:
        one.most = one.most or taken + one.memory
        if one.stop is not None:
            return
        if taken > one.most:
            one.stop = _MemoryIsOver
        elif one.left() < (-1 if self.hears else 0):
            one.stop = _TimeIsOver
        else:
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(one.thread), ctypes.py_object(one.stop))


def _listen() -> bool:
    """Listen to the alarm, if there is one and nobody else has it; only the main thread can."""
    alarm = getattr(signal, "SIGALRM", None)
    if alarm is None or not hasattr(signal, "setitimer"):
        return False
    with suppress(ValueError):
        if signal.getsignal(alarm) is signal.SIG_DFL:
            signal.signal(alarm, _ring)
    return signal.getsignal(alarm) is _ring


def _ring(_: int, __: FrameType | None) -> None:
    stop = _watch.overdue(threading.get_ident())
    if stop is not None:
        raise stop


def _taken() -> int:
    """Return how much memory this process has; nothing where the system does not say it cheaply."""
    with suppress(OSError, ValueError, IndexError), open("/proc/self/statm", "rb") as stream:  # noqa: PTH123
        return int(stream.read().split()[1]) * _PAGE
    return 0


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_watch = _Watch()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watch.reset)
