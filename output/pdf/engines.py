"""Which PDF engines there are, and which one is taken."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.i18n import tr
from .embedded import Rdocx
from .libreoffice import LibreOffice
from .model import PdfEngine, PdfError


def built_in_engines() -> list[PdfEngine]:
    """Return the engines that papka knows, the best one first."""
    return [LibreOffice(), Rdocx()]


def choose_engine(name: str | None = None, engines: Sequence[PdfEngine] | None = None) -> PdfEngine:
    """Return the engine of a name, or the best one that can work here.

    Raises:
        PdfError: There is none of that name (``unknown_engine``), it cannot work here
            (``engine_unavailable``), or none can (``no_engine``).
    """
    known = built_in_engines() if engines is None else list(engines)
    if name is None:
        for engine in known:
            if engine.available():
                return engine
        raise PdfError("no_engine", tr("No PDF engine can work on this machine; see papka doctor."))
    for engine in known:
        if engine.name == name:
            if (lacking := engine.why_not()) is not None:
                words = tr("The PDF engine {name} cannot work here: {reason}.")
                raise PdfError("engine_unavailable", words.format(name=name, reason=lacking))
            return engine
    words = tr("There is no PDF engine {name}. Known: {known}.")
    raise PdfError("unknown_engine", words.format(name=name, known=", ".join(e.name for e in known)))
