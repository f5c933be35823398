"""Plain data raised to a case, quickly: what did not change since the last time is not checked anew."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from ...core.contract.case import Case
from ...core.contract.countries import Country, in_country
from ...core.loading import case_faults
from .people import Data
from .recasting import repaired

MANY = 6000
"""How many parts of cases are kept."""


class Raiser:
    """Raises plain data to cases. It keeps each part of a case by its text."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._known: dict[tuple[str, str], Any] = {}

    def case(self, data: Data) -> Case | None:
        """Return the case; what cannot be is taken out of the data. None if that is no cure."""
        texts = {name: repr(value) for name, value in data.items() if isinstance(value, dict | list)}
        known = {name: self._known.get((name, texts.get(name, "")), value) for name, value in data.items()}
        case = None
        try:
            case = Case.model_validate(known, context=in_country(self._country))
        except ValidationError:
            return repaired(data, self._country)
        if any(case_faults(data)):
            return repaired(data, self._country)
        if len(self._known) > MANY:
            self._known.clear()
        self._known.update({(name, text): getattr(case, name) for name, text in texts.items()})
        return case


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the collection of garbage look at what is made inside only; all else stays where it is anyway."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
