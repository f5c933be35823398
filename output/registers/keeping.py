"""What cases gave, put into the office's index and taken out of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from ...core.dayspan import Watched
from ...core.errors import PapkaError
from ...core.i18n import tr
from ...core.index import Answer, Index, Question, digest_of
from ...core.office import Office, find_office
from ...core.plugging.plugins import BUILT_IN, Plugins
from ...core.rules.asking import Value
from ...core.rules.tables import Found, Listed
from ..processes import how_many, seldom_tidied, workers

MANY = 60
"""From so many cases on, several processes are worth their start."""

_AT_ONCE = 8

Given = TypeVar("Given")
Made = TypeVar("Made")
Taken = TypeVar("Taken")
Span = tuple[date, date]


def read_watched(
    read: Callable[[date], Given], day: date, plugins: Plugins, pack: Callable[[Given], Any]
) -> tuple[Any, Span]:
    """Work something out for a day, packed as plain data, with the first and the last day for which it holds.

    A stranger's filter may look at a day in a way that cannot be followed: then it holds for the day alone.
    """
    strange = (one for one in plugins.infos if one.name not in BUILT_IN and one.fault is None)
    if not any({"papka_filters", "papka_languages"} & set(one.hooks) for one in strange):
        watched = Watched.of(day)
        try:
            return pack(read(watched)), watched.span.days()
        except (PapkaError, ArithmeticError, LookupError, TypeError, ValueError):
            # Either the case is at fault, which the plain day will tell, or the watching.
            pass
    return pack(read(day)), (day, day)


def through_index(
    index: Index,
    asked: Question,
    office: Office,
    paths: Sequence[Path],
    day: date,
    work_out: Callable[[Sequence[Path]], Iterator[tuple[Taken, Answer | None]]],
) -> Iterator[tuple[Path, Taken | Answer]]:
    """Go through cases in their order: from the index what it knows, the others worked out and kept."""
    names = {path: _name(path, office) for path in paths}
    digests = {path: digest_of(path) if name else None for path, name in names.items()}
    new = [path for path in paths if not index.holds(asked, names[path], digests[path], day)]
    fresh, waiting = work_out(new), set(new)
    for path in paths:
        name = names[path]
        known = None if path in waiting else index.answer(asked, name, digests[path], day)
        if known is not None:
            yield path, known
            continue
        # What the index held a moment ago and holds no more is worked out here and now.
        taken, answer = next(fresh) if path in waiting else next(work_out([path]))
        if answer is not None and name:
            index.keep(asked, name, answer)
        yield path, taken
    next(fresh, None)
    if len(paths) == len(office.case_files()):
        index.forget_all_but(set(names.values()))


def _name(path: Path, office: Office) -> str:
    """Return how the index calls a case file; an empty name for one that lies in no or another office."""
    here = find_office(path.resolve().parent)
    if here is None or here.folder.resolve() != office.folder.resolve():
        return ""
    return path.resolve().relative_to(office.folder.resolve()).as_posix()


# --- in several processes --------------------------------------------------------------------------------


def worked_out(
    paths: Sequence[Path], make: Callable[[Plugins], Callable[[Path], Made]], plugins: Plugins
) -> Iterator[Made]:
    """Work something out of cases, in their order; many are shared among processes, the result is the same.

    Args:
        make: Makes what reads one case, once in each process.
    """
    processes = how_many()
    if len(paths) < MANY or processes == 1:
        read = make(plugins) if paths else None
        with seldom_tidied(len(paths)):
            yield from (read(path) for path in paths if read is not None)
        return
    with workers(processes, _begin, make) as pool:
        yield from pool.map(_read, paths, chunksize=_AT_ONCE)


_own: dict[str, Callable[[Path], Any]] = {}
"""What reads cases in this process, when it is one of several."""


def _begin(make: Callable[[Plugins], Callable[[Path], Any]]) -> None:
    _own["read"] = make(Plugins())


def _read(path: Path) -> Any:
    return _own["read"](path)


def shown(taken: Iterable[Made], count: int) -> Iterable[Made]:
    """Show on a terminal how far the reading of many cases has come."""
    if count < MANY or not sys.stderr.isatty():
        return taken
    from rich.console import Console
    from rich.progress import track

    return track(taken, tr("Cases"), count, console=Console(stderr=True), transient=True)


# --- as plain data ---------------------------------------------------------------------------------------


def packed(found: Found | None) -> Any:
    """Return what a case adds to a report as plain data.

    Raises:
        TypeError: It adds figures, which are not kept.
    """
    if found is None:
        return None
    return [found.programme, [[_packed_row(one) for one in part] for part in found.parts]]


def unpacked(data: Any) -> Found:
    """Return what was packed."""
    programme, parts = data
    return Found(programme, tuple([_row(one) for one in part] for part in parts))


def _packed_row(one: Any) -> list[Any]:
    if not isinstance(one, Listed):
        raise TypeError("figures are not kept")
    return [_packed(one.day), [_packed(value) for value in one.row], one.whose, one.key]


def _row(data: Any) -> Listed:
    day, row, whose, key = data
    known = _value(day)
    return Listed(known if isinstance(known, date) else None, tuple(map(_value, row)), whose, key)


def _packed(value: Value) -> Any:
    if value is None or type(value) in (int, str):
        return value
    if isinstance(value, date | time | Decimal):
        kind = "d" if isinstance(value, date) else "t" if isinstance(value, time) else "n"
        return {kind: str(value)}
    return str(value)


def _value(data: Any) -> Value:
    if not isinstance(data, dict):
        return data  # type: ignore[no-any-return]
    ((kind, text),) = data.items()
    if kind == "d":
        return date.fromisoformat(text)
    return time.fromisoformat(text) if kind == "t" else Decimal(text)
