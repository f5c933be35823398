"""Work over many cases, shared among processes of this computer; none outlives the one that began it."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection, parent_process

from ..core import i18n

MOST_PROCESSES = 8
FEW = 8
"""Below so many cases nothing is gained by tidying up seldom."""
_SELDOM = (20_000, 20, 20)
"""How many new objects make Python look for unreachable rings among them (it looks at 700 by itself)."""


def how_many() -> int:
    """Return how many processes are worth their start here."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def workers(count: int, begin: Callable[..., None] | None = None, *given: object) -> ProcessPoolExecutor:
    """Return an executor of so many processes, which speak the language of this one.

    Args:
        begin: What each process does first, with what is given.
    """
    start = partial(_begin, i18n.current_language(), begin, *given)
    return ProcessPoolExecutor(count, initializer=start)


def _begin(language: str, begin: Callable[..., None] | None, *given: object) -> None:
    # A key pressed at the terminal reaches every process of it: the first one decides what is to be done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    i18n.speak(language)
    if begin is not None:
        begin(*given)
    # This process does nothing else until it ends.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def _end_with_parent() -> None:
    """End this process when the one that began it is gone: killed, it could not say so."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def seldom_tidied(count: int) -> Iterator[None]:
    """Let Python look for unreachable rings of objects less often while many cases are read.

    What stands already (plugins, compiled rules) is not looked through again each time: a fifth of the work.
    """
    if count < FEW:
        yield
        return
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
