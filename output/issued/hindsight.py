"""A paper of a past day and a case of today: what stands on the paper, and came about only later.

A case is known as of a day wherever its things bear days (`Case.as_of`). Some facts are kept in one state
only, the latest: who changed the passport has no other one in the case. Such a fact tells by a day of its own
that it is younger than the paper; of what bears no day at all, nothing can be told but that it is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ...core import yamltext
from ...core.findings import Finding, Place
from ...core.i18n import tr
from ..rendering import Press, Rendered

if TYPE_CHECKING:
    from ...core.opening import OpenCase
    from ...core.programmes.region import Method

_CAME_ABOUT = frozenset({"issued_on", "agreement_on", "trained_on", "introduced_on", "done_on"})
"""Days on which something came about that a case keeps in its latest state; what else has a day is left out
of a paper of an earlier one (`Case.as_of`), or looks ahead, as a term does."""


def later_facts(opened: OpenCase, method: Method, sources: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Go through the facts that a paper shows, and that came about after its day.

    Args:
        sources: The map of the paper as it lies on its card; None: there is none, and nothing can be told.
    """
    from ..explaining.changes import words_of
    from ..explaining.leaves import Leaves, place

    asked = [text for text in (sources or {}).get("values", ()) if text.rpartition(".")[2] in _CAME_ABOUT]
    if sources is None or not asked:
        return
    day = date.fromisoformat(sources["day"])
    known = Leaves.of(opened.case, opened.case.as_of(day)).values
    text = None
    for path in asked:
        at = place(path)
        came = known.get(at)
        if not isinstance(came, date) or came <= day:
            continue
        text = text or yamltext.read(opened.path.read_bytes())
        words = words_of(at, method.programme)
        spot = Place(opened.path.name, text.spot(at).line, path=path, words=words)
        message = tr("It stands on the paper of {day}, and came about after that day.")
        cure = tr(
            "If another one held then (an earlier passport), write that into the case and issue the paper "
            "anew: --correct REASON. If the day of the paper is wrong, mend the day."
        )
        yield Finding("R-LATER", "warning", message.format(day=f"{day:%d.%m.%Y}"), cure, place=spot)


def later_on_draft(press: Press, opened: OpenCase, draft: Rendered, on: date) -> Iterator[Finding]:
    """Go through the same on a paper that was drawn and not issued; it is traced only if there is cause.

    Args:
        on: The day that was asked for when it was drawn.
    """
    day = draft.day or on
    if any(came > day for came in _came_about(opened.case.as_of(day))):
        from ..explaining.sources import sources_of

        yield from later_facts(opened, press.method, sources_of(press, opened, draft, on))


def _came_about(thing: BaseModel) -> Iterator[date]:
    """Go through the days on which what a case keeps in its latest state came about."""
    for name, value in thing.__dict__.items():
        if isinstance(value, BaseModel):
            yield from _came_about(value)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, BaseModel):
                    yield from _came_about(one)
        elif name in _CAME_ABOUT and isinstance(value, date):
            yield value
