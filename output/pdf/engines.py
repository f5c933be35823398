"""Which PDF engines there are, and which one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.i18n import tr
from .embedded import Rdocx
from .gotenberg import Gotenberg
from .libreoffice import LibreOffice
from .model import PdfEngine, PdfError
from .settings import PdfWishes, wishes


def built_in_engines(near: Path | None = None, *, archive: bool | None = None) -> list[PdfEngine]:
    """Return the engines that papka knows, the best one first.

    A conversion service is among them where the office, or the environment, names its address: who sets one
    up wants it to be used.
    """
    wished = wishes(near)
    return _engines(wished, wished.archive if archive is None else archive)


def _engines(wished: PdfWishes, archive: bool) -> list[PdfEngine]:
    local: list[PdfEngine] = [LibreOffice(archive=archive), Rdocx(archive=archive)]
    if not wished.service:
        return local
    return [Gotenberg(wished.service, outside=wished.outside, archive=archive), *local]


def choose_engine(name: str | None = None, engines: Sequence[PdfEngine] | None = None) -> PdfEngine:
    """Return the engine of a name, or the best one that can work here.

    Raises:
        PdfError: There is none of that name (``unknown_engine``), it cannot work here
            (``engine_unavailable``), or none can (``no_engine``).
    """
    return engine_chain(name, engines)[0]


def engine_chain(
    name: str | None = None,
    engines: Sequence[PdfEngine] | None = None,
    *,
    near: Path | None = None,
    archive: bool | None = None,
) -> list[PdfEngine]:
    """Return the engine that is taken, and those that may stand in for it: none for one that was named.

    Args:
        name: The engine that was asked for.
        engines: Those to choose from; by default those that papka knows.
        near: A folder of the office whose settings count; by default the current folder.
        archive: Whether to draw PDF/A-2b; by default as the office says.

    Raises:
        PdfError: As `choose_engine`.
    """
    known = built_in_engines(near, archive=archive) if engines is None else list(engines)
    if name is None:
        if able := [engine for engine in known if engine.available()]:
            return able
        raise PdfError("no_engine", tr("No PDF engine can work on this machine; see papka doctor."))
    if name == Gotenberg.NAME and engines is None and not any(engine.name == name for engine in known):
        known.append(Gotenberg(""))
    for engine in known:
        if engine.name == name:
            if (lacking := engine.why_not()) is not None:
                words = tr("The PDF engine {name} cannot work here: {reason}.")
                raise PdfError("engine_unavailable", words.format(name=name, reason=lacking))
            return [engine]
    words = tr("There is no PDF engine {name}. Known: {known}.")
    raise PdfError("unknown_engine", words.format(name=name, known=", ".join(e.name for e in known)))


def keeps_running(engine: PdfEngine) -> bool:
    """Tell whether an engine can be kept running: LibreOffice, where a Python knows its bridge."""
    if not isinstance(engine, LibreOffice) or engine.program is None:
        return False
    from .warm import bridge_python

    return bridge_python(engine.program) is not None
