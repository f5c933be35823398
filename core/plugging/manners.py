"""What a plugin may not do to the process that loads it: papka puts it back and says so.

A library that a plugin needs may do the same without its author knowing; so it is told, and the plugin works.
"""

from __future__ import annotations

import locale
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from ..i18n import tr

SLOW = 5.0
"""How many seconds a plugin may take before it is told."""

clock = monotonic
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
_OURS = ("PAPKA_", "LANG", "LC_")


@contextmanager
def watched(tell: Callable[[str], None]) -> Iterator[None]:
    """Watch what is run inside; tell in the reader's words how long it took and what it changed."""
    begun, before = clock(), [(one, one.take()) for one in _SHARED]
    try:
        yield
    finally:
        taken = clock() - begun
        changed = [one for one, was in before if one.take() != was]
        for one, was in before:
            if one in changed:
                with suppress(OSError, ValueError, TypeError, locale.Error, RecursionError):
                    one.put(was)
        if taken > SLOW:
            tell(tr("It takes {seconds} seconds to load.").format(seconds=round(taken)))
        if changed:
            names = ", ".join(one.words() for one in changed)
            tell(tr("It changed for all of papka: {names}. That was put back.").format(names=names))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all plugins of a process share."""

    words: Callable[[], str]
    take: Callable[[], Any]
    put: Callable[[Any], object]


def _folder() -> Path | None:
    with suppress(OSError):
        return Path.cwd()
    return None


def _go(folder: Path | None) -> None:
    if folder is not None:
        os.chdir(folder)


def _path() -> tuple[list[str], tuple[str, ...]]:
    return sys.path, tuple(sys.path)


def _put_path(before: tuple[list[str], tuple[str, ...]]) -> None:
    sys.path, entries = before
    sys.path[:] = entries


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}


def _put_environment(before: dict[str, str]) -> None:
    for name in _environment().keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


def _errors() -> list[Any]:
    """Return which warnings are errors; a library that hushes its own may do so."""
    return [one for one in warnings.filters if one[0] == "error"]


def _put_errors(before: list[Any]) -> None:
    for one in [one for one in _errors() if one not in before]:
        warnings.filters.remove(one)  # type: ignore[attr-defined]
    # Python remembers what it has looked up among the filters until it is told that they changed.
    warnings.filterwarnings("default", module="a module of this name is nowhere")
    del warnings.filters[0]  # type: ignore[attr-defined]


def _handlers() -> dict[Any, Any]:
    """Return who is called at each signal; nobody where they cannot be set."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {one: signal.getsignal(one) for one in _SIGNALS}


def _put_handlers(before: dict[Any, Any]) -> None:
    for one, handler in before.items():
        if handler is not None:
            signal.signal(one, handler)


def _streams() -> tuple[Any, ...]:
    return sys.stdin, sys.stdout, sys.stderr


def _put_streams(before: tuple[Any, ...]) -> None:
    sys.stdin, sys.stdout, sys.stderr = before


_SHARED = (
    _Shared(lambda: tr("the current folder"), _folder, _go),
    _Shared(lambda: tr("where Python looks for modules"), _path, _put_path),
    _Shared(
        lambda: tr("the locale"),
        lambda: locale.setlocale(locale.LC_ALL),
        lambda before: locale.setlocale(locale.LC_ALL, before),
    ),
    _Shared(lambda: tr("the environment"), _environment, _put_environment),
    _Shared(lambda: tr("warnings, which became errors"), _errors, _put_errors),
    _Shared(lambda: tr("how papka is stopped"), _handlers, _put_handlers),
    _Shared(
        lambda: tr("what happens when papka fails"),
        lambda: sys.excepthook,
        lambda before: setattr(sys, "excepthook", before),
    ),
    _Shared(lambda: tr("where papka writes"), _streams, _put_streams),
    _Shared(lambda: tr("how deep Python may go"), sys.getrecursionlimit, sys.setrecursionlimit),
)
